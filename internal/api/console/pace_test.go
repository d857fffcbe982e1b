package console_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// TestWhoIsTurnedAwayIsInTheLog: every refusal of the door itself, with who and
// where from, and never in the caller's own words.
func TestWhoIsTurnedAwayIsInTheLog(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	for name, try := range map[string]struct {
		b      *browser
		header http.Header
		method string
		path   string
		reason string
		who    bool
		route  string
	}{
		"another role":    {admin, nil, "GET", "/incidents", "console.role_missing", true, "GET /incidents"},
		"evidence":        {admin, nil, "GET", "/evidence/" + strings.Repeat("0", 64) + "?reason=x", "console.role_missing", true, "GET /evidence/{hash}"},
		"nobody":          {c.browser(), nil, "GET", "/floor", "console.signed_out", false, "GET /floor"},
		"made-up cookie":  {&browser{c: c, header: http.Header{}, cookie: "invented"}, nil, "GET", "/people", "console.signed_out", false, "GET /people"},
		"foreign origin":  {admin, http.Header{"Origin": {"https://example.com"}}, "POST", "/people", "console.foreign_origin", false, "none"},
		"rebound host":    {admin, http.Header{"Host": {"console.example.com"}}, "GET", "/people", "console.foreign_host", false, "none"},
		"no such route":   {admin, nil, "GET", "/secrets-of-somebody", "request.not_found", false, "none"},
		"a plain route":   {admin, nil, "GET", "/audit/export", "console.role_missing", true, "GET /audit/export"},
		"another's words": {admin, nil, "GET", "/incidents/見本-花子", "console.role_missing", true, "GET /incidents/{id}"},
	} {
		before := len(c.rows("door.refused"))
		try.b.header = http.Header{}
		if try.header != nil {
			try.b.header = try.header
		}
		if a := try.b.do(try.method, try.path, nil); a.code() != try.reason {
			t.Errorf("%s: %d %s", name, a.status, a.body)
			continue
		}
		rows := c.rows("door.refused")
		if len(rows) != before+1 {
			t.Errorf("%s: %d rows", name, len(rows)-before)
			continue
		}
		e := rows[0].Event
		if e.Reason != try.reason || e.Decision != audit.Deny || e.Object.ID != "console" || e.Detail["route"] != try.route || e.Personal["source"] != "127.0.0.1" {
			t.Errorf("%s: %+v", name, e)
		}
		if (e.Actor.Person == c.who["admin"].ID) != try.who {
			t.Errorf("%s: by %q", name, e.Actor.Person)
		}
	}
	admin.header = http.Header{}
	before := len(c.rows("door.refused"))
	if a := admin.do("GET", "/people", nil); a.status != http.StatusOK || len(c.rows("door.refused")) != before {
		t.Errorf("control: %d", a.status)
	}
}

// TestStrangersAreSlowedDown: whoever has not signed in gets his share, and the
// log one row of it; whoever has signed in goes on.
func TestStrangersAreSlowedDown(t *testing.T) {
	c := newCentre(t, true)
	admin, stranger := c.as("admin"), c.browser()
	busy := 0
	for range 200 {
		switch a := stranger.do("POST", "/session/passkey/begin", nil); {
		case a.code() == "request.busy" && a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
			busy++
		case a.status != http.StatusOK:
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if busy < 80 || busy > 100 {
		t.Errorf("%d of 200 were refused", busy)
	}
	if rows := c.rows("door.flooded"); len(rows) != 1 || rows[0].Event.Detail["route"] != "POST /session/passkey/begin" {
		t.Errorf("%+v", rows)
	}
	if a := admin.do("GET", "/people", nil); a.status != http.StatusOK {
		t.Errorf("somebody who has signed in: %d %s", a.status, a.body)
	}
	if a := admin.do("GET", "/session", nil); a.status != http.StatusOK {
		t.Errorf("who somebody is: %d %s", a.status, a.body)
	}
	c.clk.Advance(time.Minute)
	if a := stranger.do("POST", "/session/passkey/begin", nil); a.status != http.StatusOK {
		t.Errorf("for ever: %d %s", a.status, a.body)
	}
}

// A body that is announced and does not come, for a route that reads none.
func TestBodiesHaveTheirTime(t *testing.T) {
	c := newCentre(t, true)
	c.door.BodyTime(100 * time.Millisecond)
	conn := made(net.Dial("tcp", strings.TrimPrefix(c.server.URL, "http://")))(t)
	defer conn.Close()
	_, err := fmt.Fprintf(conn, "GET /api/console/v1/session HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\n", strings.TrimPrefix(origin, "http://"))
	must(t, err)
	must(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
	if _, err := bufio.NewReader(conn).ReadByte(); isTimeout(err) {
		t.Error("a body that never comes keeps its connection")
	}
}

func isTimeout(err error) bool {
	ne, ok := errors.AsType[net.Error](err)
	return ok && ne.Timeout()
}

// failing is a room that cannot write just now.
type failing struct {
	console.SignIn
	down bool
}

func (f *failing) Logout(ctx context.Context, token string) error {
	if f.down {
		return errors.New("the disk is full")
	}
	return f.SignIn.Logout(ctx, token)
}

// TestLeftAloneStaysLeftAlone: a session that was left alone does not come back
// because its end could not be written.
func TestLeftAloneStaysLeftAlone(t *testing.T) {
	c := newCentre(t, true)
	room := &failing{SignIn: c.people}
	c.config.SignIn = room
	c.server.Config.Handler = made(console.New(c.config))(t)
	b := c.as("admin")
	for range 30 { // the page refreshes itself, which keeps the room's own count of idle time from running out
		c.clk.Advance(time.Minute)
		b.do("GET", "/people?refresh=1", nil)
	}
	room.down = true
	for range 2 {
		if a := b.do("GET", "/people?refresh=1", nil); a.status == http.StatusOK {
			t.Fatal("a session that was left alone came back")
		}
	}
	room.down = false
	for range 2 {
		if a := b.do("GET", "/people", nil); a.status != http.StatusUnauthorized {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
}
