package drills

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// unsigned asks the desk door from inside the tunnel, as a program on the PC
// would that has found its way in beside the agent.
func unsigned(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	r.Control = c.Call(ctx, http.MethodGet, "me", nil, nil) == nil
	codes := []string{}
	try := func(strip ...string) error {
		req, err := c.Sign(ctx, http.MethodGet, "me", nil)
		if err != nil {
			return err
		}
		for _, h := range strip {
			req.Header.Del(h)
		}
		codes = append(codes, rawpc.CodeOf(c.Do(req, nil)))
		return nil
	}
	err = errors.Join(
		try(wire.HeaderSignature, wire.HeaderConnection, wire.HeaderCounter),
		try(wire.HeaderSignature), try(wire.HeaderCounter), try(wire.HeaderConnection))
	r.Refused = all(codes, "request.unsigned")
	r.Evidence = strings.Join(codes, ", ")
	return err
}

// all says whether there are codes and each is want.
func all(codes []string, want string) bool {
	for _, c := range codes {
		if c != want {
			return false
		}
	}
	return len(codes) > 0
}

// replayedRequest sends one rightly signed request twice, and an older one.
func replayedRequest(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	send := func(counter uint64) error {
		req, err := c.SignAs(ctx, counter, http.MethodGet, "me", nil)
		if err != nil {
			return err
		}
		return c.Do(req, nil)
	}
	r.Control = send(5000) == nil && send(4999) == nil // requests may overtake each other
	again, old, none := rawpc.CodeOf(send(5000)), rawpc.CodeOf(send(3)), rawpc.CodeOf(send(0))
	r.Refused = all([]string{again, old, none}, "request.replayed")
	r.Evidence = fmt.Sprintf("the same again: %s; one far behind: %s; counter 0: %s", again, old, none)
	return nil
}

// otherRequestKey uses one connection's signature, or its name, on another's tunnel.
func otherRequestKey(ctx context.Context, f *Field, r *Result) error {
	a, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	r.Control = a.Call(ctx, http.MethodGet, "me", nil, nil) == nil && b.Call(ctx, http.MethodGet, "me", nil, nil) == nil

	stolen, err := a.Sign(ctx, http.MethodGet, "me", nil) // A's, rightly signed, on B's tunnel
	if err != nil {
		return err
	}
	elsewhere := rawpc.CodeOf(b.Do(stolen, nil))
	forger := *signerOf(a, b.Keys.Lease)
	forged, err := forger.SignAs(ctx, 7000, http.MethodGet, "me", nil) // in A's name by B's key, on A's tunnel
	if err != nil {
		return err
	}
	wrong := rawpc.CodeOf(a.Do(forged, nil))
	r.Refused = all([]string{elsewhere, wrong}, "request.unsigned")
	r.Evidence = fmt.Sprintf("another's request on this tunnel: %s; this name by another's key: %s", elsewhere, wrong)
	return nil
}

// signerOf is a connection in name alone, with another lease key.
func signerOf(c *rawpc.Connection, key ed25519.PrivateKey) *rawpc.Connection {
	return &rawpc.Connection{PC: c.PC, Answer: c.Answer, Keys: rawpc.Keys{Lease: key}}
}

// alteredRequest changes method, path, query and body of a rightly signed request.
func alteredRequest(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	good, err := json.Marshal(wire.ConsentAnswer{Version: 1, Accept: false})
	if err != nil {
		return err
	}
	bad, err := json.Marshal(wire.ConsentAnswer{Version: 1, Accept: true})
	if err != nil {
		return err
	}
	codes := []string{}
	for _, change := range []func(*http.Request){
		func(q *http.Request) { q.Body, q.ContentLength = io.NopCloser(bytes.NewReader(bad)), int64(len(bad)) },
		func(q *http.Request) { q.URL.Path = "/api/desk/v1/approvals" },
		func(q *http.Request) { q.URL.RawQuery = "lang=en" },
		func(q *http.Request) { q.Method = http.MethodGet }, // a route as well
		func(q *http.Request) { q.Header.Set(wire.HeaderCounter, "9000") },
		func(q *http.Request) {
			q.Header.Set(wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(make([]byte, 64)))
		},
	} {
		req, err := c.Sign(ctx, http.MethodPost, "consent", good)
		if err != nil {
			return err
		}
		change(req)
		codes = append(codes, rawpc.CodeOf(c.Do(req, nil)))
	}
	r.Control = c.Consent(ctx) == nil
	r.Refused = all(codes, "request.unsigned")
	r.Evidence = "body, path, query, method, counter, signature changed: " + strings.Join(codes, ", ")
	return nil
}

// liveRoutes are the routes of the desk door that want a session.
var liveRoutes = []struct{ method, path string }{
	{http.MethodGet, "desktops"},
	{http.MethodGet, "desktops/018f0000-0000-7000-8000-000000000000/stream"},
	{http.MethodGet, "records"},
	{http.MethodGet, "room"},
	{http.MethodPost, "room"},
	{http.MethodPost, "records/018f0000-0000-7000-8000-000000000000/objection"},
	{http.MethodGet, "events"},
	{http.MethodPost, "session/end"},
}

// liveInQuarantine asks every work route before anybody is verified.
func liveInQuarantine(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	r.Refused = true
	seen := []string{}
	for _, route := range liveRoutes {
		code := rawpc.CodeOf(c.Call(ctx, route.method, route.path, struct{}{}, nil))
		r.Refused = r.Refused && code == "session.required"
		seen = append(seen, route.path[:min(len(route.path), 16)]+": "+code)
	}
	for _, path := range []string{"people", "../console/v1/people", "me/../desktops", "%64esktops", "desktops/"} {
		code := rawpc.CodeOf(c.Call(ctx, http.MethodGet, path, nil, nil))
		r.Refused = r.Refused && (code == "session.required" || code == "request.not_found" || code == "request.unsigned")
		seen = append(seen, path+": "+code)
	}
	r.Evidence = strings.Join(seen, ", ")
	s, err := f.login(ctx, c, nil)
	if err != nil {
		return err
	}
	r.Control = s.reaches(ctx) == nil && c.Call(ctx, http.MethodGet, "records", nil, nil) == nil
	return nil
}

// quarantineFlow keeps a TCP connection that was opened in quarantine and asks a
// work route over it once the lease is alive.
func quarantineFlow(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	flow, err := c.Tunnel.DialTCP(ctx, c.Gateway(80))
	if err != nil {
		return err
	}
	defer flow.Close()
	ask := func(path string) error {
		req, err := c.Sign(ctx, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		return c.DoOn(flow, req, nil)
	}
	if err := ask("me"); err != nil {
		return err
	}
	s, err := f.login(ctx, c, nil)
	if err != nil {
		return err
	}
	err = ask("desktops")
	refused, ok := errors.AsType[*rawpc.Refused](err)
	r.Refused = ok && refused.Status == http.StatusMisdirectedRequest
	r.Evidence = fmt.Sprintf("the quarantine's flow under a live lease: %v", err)
	r.Control = s.reaches(ctx) == nil
	return nil
}

// otherDesktop asks for a virtual desktop that the person was not given.
func otherDesktop(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	ids := []sekisho.DesktopID{}
	for _, to := range [][]string{{person}, {}} {
		var made struct {
			ID sekisho.DesktopID `json:"id"`
		}
		if err := f.Admin.Post(ctx, "desktops", map[string]any{"name": f.Tag(), "host": "127.0.0.1", "port": 5999, "secret": "drill"}, &made); err != nil {
			return err
		}
		if err := f.Admin.Put(ctx, "desktops/"+string(made.ID)+"/people", map[string]any{"people": to}, nil); err != nil {
			return err
		}
		ids = append(ids, made.ID)
	}
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	var list []wire.DeskDesktop
	if err := s.Call(ctx, http.MethodGet, "desktops", nil, &list); err != nil {
		return err
	}
	mine := stream(ctx, s, ids[0])
	theirs := stream(ctx, s, ids[1])
	r.Control = len(list) == 1 && list[0].ID == ids[0] && mine == "RFB 003.008" // the gateway's greeting
	r.Refused = theirs == "request.not_found" || theirs == "desktop.not_found"
	r.Evidence = fmt.Sprintf("listed: %d of 2; another's: %s; his own: %s", len(list), theirs, mine)
	return nil
}
