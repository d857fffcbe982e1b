package console_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/wire"
)

// listen opens the events socket as b's page would.
func (b *browser) listen(header http.Header) (*websocket.Conn, int, error) {
	h := http.Header{"Origin": {origin}}
	if b.cookie != "" {
		h.Set("Cookie", "__Host-sekisho="+b.cookie)
	}
	for name, values := range header {
		h.Del(name)
		if values[0] != "" {
			h.Set(name, values[0])
		}
	}
	addr := b.c.server.Listener.Addr().String()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}}
	conn, res, err := websocket.Dial(b.c.t.Context(), strings.Replace(origin, "http", "ws", 1)+"/api/console/v1/events", &websocket.DialOptions{HTTPHeader: h, HTTPClient: client})
	if conn != nil {
		b.c.t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, res.StatusCode, err
}

func next(t *testing.T, conn *websocket.Conn) wire.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var e wire.Event
	must(t, wsjson.Read(ctx, conn, &e))
	return e
}

func TestEventsGoToWhomTheyConcern(t *testing.T) {
	c := newCentre(t, true)
	hears := map[string][]string{
		"sv":      {"floor.changed", "approval.changed", "incident.changed"},
		"admin":   {"act.changed", "approval.changed", "device.changed"},
		"officer": {"act.changed", "approval.changed", "incident.changed"},
		"auditor": {"act.changed", "incident.changed"},
	}
	conns := map[string]*websocket.Conn{}
	for login := range hears {
		conn, _, err := c.as(login).listen(nil)
		must(t, err)
		if e := next(t, conn); e.Type != "hello" || e.V != 1 || e.Seq != 1 {
			t.Fatalf("%s: %+v", login, e)
		}
		conns[login] = conn
	}
	for _, kind := range []string{"floor.changed", "unknown.kind", "act.changed", "approval.changed", "device.changed", "incident.changed"} {
		c.changes.tell(kind)
	}
	for login, want := range hears {
		for i, kind := range want {
			if e := next(t, conns[login]); e.Type != kind || e.Seq != uint64(i)+2 {
				t.Errorf("%s heard %+v, want %s", login, e, kind)
			}
		}
	}
}

func TestEventsRefuse(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("sv")
	for name, try := range map[string]struct {
		b      *browser
		header http.Header
		status int
	}{
		"a stranger":      {c.browser(), nil, http.StatusUnauthorized},
		"a foreign page":  {b, http.Header{"Origin": {"http://evil.example"}}, http.StatusForbidden},
		"another port":    {b, http.Header{"Origin": {"http://console.localhost:9999"}}, http.StatusForbidden},
		"no origin":       {b, http.Header{"Origin": {""}}, http.StatusForbidden},
		"said cross-site": {b, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
	} {
		if conn, status, err := try.b.listen(try.header); err == nil || status != try.status || conn != nil {
			t.Errorf("%s: %d %v", name, status, err)
		}
	}
	for range console.MaxPerPerson {
		_, _, err := b.listen(nil)
		must(t, err) // the control
	}
	if _, status, err := b.listen(nil); err == nil || status != http.StatusServiceUnavailable {
		t.Errorf("one socket too many: %d %v", status, err)
	}
}

// TestEventsEndWithTheSession: who signs out hears nothing more.
func TestEventsEndWithTheSession(t *testing.T) {
	c := newCentre(t, true)
	c.door.Recheck(50 * time.Millisecond)
	b := c.as("sv")
	conn, _, err := b.listen(nil)
	must(t, err)
	next(t, conn)
	b.do("POST", "/session/end", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != 4401 {
		t.Errorf("the socket ended with %v", err)
	}
}

// TestEventsTakeNoOrders: a page that sends anything is cut off.
func TestEventsTakeNoOrders(t *testing.T) {
	c := newCentre(t, true)
	conn, _, err := c.as("sv").listen(nil)
	must(t, err)
	next(t, conn)
	must(t, conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"close everything"}`)))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("the socket ended with %v", err)
	}
}
