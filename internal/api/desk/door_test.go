package desk

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

// fake stands in for every district; it counts what got through.
type fake struct {
	Gate
	Faces
	Posture
	Guard
	clk    *clock.Fake
	caller Caller
	known  bool
	epoch  uint64
	hold   chan struct{} // an upload waits for it
	held   atomic.Int32  // that wait for it

	mu      sync.Mutex
	reached []string
	rows    []audit.Event
}

func (f *fake) reach(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reached = append(f.reached, what)
}

// Afterwards is the audit log.
func (f *fake) Afterwards(e audit.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = append(f.rows, e)
}

// Evidence reads all, as the room does.
func (f *fake) Evidence(_ context.Context, _ Caller, _ string, body io.Reader) error {
	if f.hold != nil {
		f.held.Add(1)
		select {
		case <-f.hold:
		case <-time.After(5 * time.Second): // a door without bounds fails its test, and does not hang it
		}
	}
	if _, err := io.ReadAll(body); err != nil {
		return fmt.Errorf("fake: %w", err)
	}
	f.reach("evidence")
	return nil
}

func (f *fake) Caller(netip.Addr) (Caller, bool) { return f.caller, f.known }
func (f *fake) Epoch(net.Conn) uint64            { return f.epoch }
func (f *fake) Me(context.Context, Caller) (wire.Me, error) {
	f.reach("me")
	return wire.Me{Missing: []string{}}, nil
}
func (f *fake) Standing(context.Context, Caller, bool) (wire.PostureStanding, error) {
	f.reach("posture")
	return wire.PostureStanding{Checks: []wire.PostureChecked{}}, nil
}
func (f *fake) Records(context.Context, Caller, int64) (wire.Records, error) {
	f.reach("records")
	return wire.Records{Records: []wire.Record{}}, nil
}
func (f *fake) Desktops(context.Context, Caller) ([]wire.DeskDesktop, error) {
	f.reach("desktops")
	return []wire.DeskDesktop{}, nil
}
func (f *fake) Answer(context.Context, Caller, wire.ConsentAnswer) error {
	f.reach("consent")
	return nil
}
func (f *fake) Desktop(context.Context, Caller, sekisho.DesktopID, net.Conn, net.Conn) error {
	return nil
}

type client struct {
	t    testing.TB
	url  string
	key  ed25519.PrivateKey
	id   sekisho.ConnectionID
	next uint64
}

func setUp(t testing.TB, change ...func(*Districts)) (*fake, *client) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	id := sekisho.ConnectionID(wire.NewID())
	f := &fake{known: true, caller: Caller{Connection: id, Device: "d", Person: "p", LeaseKey: pub}}
	f.clk = clock.NewFake(time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC))
	d := Districts{Gate: f, Faces: f, Posture: f, Guard: f, Road: f, Clock: f.clk, Log: f, Training: &learner{}, Room: roomer{}, Practice: &learner{}, Shared: &sharer{}}
	for _, fn := range change {
		fn(&d)
	}
	door := New(d)
	srv := httptest.NewUnstartedServer(door)
	srv.Config = door.Server()
	srv.Start()
	t.Cleanup(srv.Close)
	return f, &client{t: t, url: srv.URL, key: key, id: id}
}

// signed is a rightly signed request.
func (c *client) signed(method, path, body string) (*http.Request, error) {
	c.next++
	sign := wire.RequestToSign{Connection: c.id, Counter: c.next, Method: method, Path: path, Body: hashOf(body)}
	r, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set(wire.HeaderConnection, string(c.id))
	r.Header.Set(wire.HeaderCounter, strconv.FormatUint(c.next, 10))
	r.Header.Set(wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(ed25519.Sign(c.key, sign.SigningInput())))
	return r, nil
}

// request builds a rightly signed request; change may spoil it.
func (c *client) request(method, path, body string, change func(*http.Request)) (int, string) {
	c.t.Helper()
	r, err := c.signed(method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var p wire.Problem
	if res.StatusCode >= 400 {
		if err := json.Unmarshal(b, &p); err != nil {
			c.t.Fatalf("no problem document: %s", b)
		}
	}
	return res.StatusCode, p.Code
}

func TestDoorRefuses(t *testing.T) {
	_, otherKey, _ := ed25519.GenerateKey(nil)
	cases := []struct {
		name, method, path, body string
		change                   func(*http.Request)
		set                      func(*fake)
		status                   int
		code                     string
	}{
		{"control", "GET", "/api/desk/v1/me", "", nil, nil, 200, ""},
		{"address without a connection", "GET", "/api/desk/v1/me", "", nil, func(f *fake) { f.known = false }, 403, "connection.unknown"},
		{"no signature", "GET", "/api/desk/v1/me", "", func(r *http.Request) { r.Header.Del(wire.HeaderSignature) }, nil, 403, "request.unsigned"},
		{"another connection's id", "GET", "/api/desk/v1/me", "", func(r *http.Request) { r.Header.Set(wire.HeaderConnection, wire.NewID()) }, nil, 403, "request.unsigned"},
		{"another key", "GET", "/api/desk/v1/me", "", func(r *http.Request) {
			r.Header.Set(wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(ed25519.Sign(otherKey, []byte("x"))))
		}, nil, 403, "request.unsigned"},
		{"path changed after signing", "GET", "/api/desk/v1/me", "", func(r *http.Request) { r.URL.Path = "/api/desk/v1/consent" }, nil, 403, "request.unsigned"},
		{"body changed after signing", "POST", "/api/desk/v1/consent", `{"version":1,"accept":false}`, func(r *http.Request) {
			b := `{"version":1,"accept":true} `
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(b)), int64(len(b))
		}, nil, 403, "request.unsigned"},
		{"unknown field", "POST", "/api/desk/v1/consent", `{"version":1,"accept":true,"admin":true}`, nil, nil, 422, "request.malformed"},
		{"not JSON", "POST", "/api/desk/v1/consent", `\x00`, nil, nil, 422, "request.malformed"},
		{"two documents", "POST", "/api/desk/v1/consent", `{"version":1,"accept":true}{}`, nil, nil, 422, "request.malformed"},
		{"too large", "POST", "/api/desk/v1/consent", strings.Repeat("x", maxBody+1), nil, nil, 413, "request.too_large"},
		{"live route in quarantine", "GET", "/api/desk/v1/desktops", "", nil, nil, 403, "session.required"},
		{"live route on a quarantine flow", "GET", "/api/desk/v1/desktops", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 0 }, 421, "connection.quarantine"},
		{"live route on an older lease's flow", "GET", "/api/desk/v1/desktops", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 6 }, 421, "connection.quarantine"},
		{"live control", "GET", "/api/desk/v1/desktops", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 200, ""},
		{"self-check in quarantine", "POST", "/api/desk/v1/room", `{"rules":0,"answers":[],"remark":"","photo":""}`, nil, nil, 403, "session.required"},
		{"self-check read in quarantine", "GET", "/api/desk/v1/room", "", nil, nil, 403, "session.required"},
		{"self-check in another's name", "POST", "/api/desk/v1/room", `{"rules":0,"answers":[],"remark":"","photo":"","person":"p"}`, nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 422, "request.malformed"},
		{"self-check control", "POST", "/api/desk/v1/room", `{"rules":0,"answers":[],"remark":"","photo":""}`, nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 200, ""},
		{"records before a letter", "GET", "/api/desk/v1/records?before=x", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 422, "request.malformed"},
		{"records before the first", "GET", "/api/desk/v1/records?before=-1", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 422, "request.malformed"},
		{"records control", "GET", "/api/desk/v1/records?before=3", "", nil, func(f *fake) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7 }, 200, ""},
		{"no such route", "GET", "/api/desk/v1/people", "", nil, nil, 404, "request.not_found"},
		{"a way round", "GET", "/api/desk/v1/me/../desktops", "", nil, nil, 404, "request.not_found"},
		{"another method", "DELETE", "/api/desk/v1/me", "", nil, nil, 404, "request.not_found"},
		{"upload of other bytes than its name", "PUT", "/api/desk/v1/evidence/" + hashOf("a"), "b", nil, nil, 403, "request.unsigned"},
		{"upload control", "PUT", "/api/desk/v1/evidence/" + hashOf("a"), "a", nil, nil, 200, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f, c := setUp(t)
			if tc.set != nil {
				tc.set(f)
			}
			status, code := c.request(tc.method, tc.path, tc.body, tc.change)
			if status != tc.status || code != tc.code {
				t.Errorf("got %d %q, want %d %q", status, code, tc.status, tc.code)
			}
			if tc.status != 200 && len(f.reached) > 0 {
				t.Errorf("refused, yet %v was reached", f.reached)
			}
			f.refused(t, tc.code)
		})
	}
}

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// refused fails unless the log holds exactly one row, with this code; none for "".
func (f *fake) refused(t *testing.T, code string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if code == "" {
		if len(f.rows) != 0 {
			t.Errorf("let in, yet the log says %+v", f.rows)
		}
		return
	}
	if len(f.rows) != 1 {
		t.Fatalf("%d rows of a refusal: %+v", len(f.rows), f.rows)
	}
	row := f.rows[0]
	if row.Kind != "door.refused" || row.Decision != audit.Deny || row.Reason != code {
		t.Errorf("%+v", row)
	}
	if f.known && (row.Actor.Device != "d" || row.Actor.Person != "p" || row.Detail["connection"] != string(f.caller.Connection)) {
		t.Errorf("the row does not say who it was: %+v", row)
	}
	if strings.Contains(row.Detail["route"], "..") || strings.Contains(row.Detail["route"], "people") {
		t.Errorf("the caller's own words are in the log: %q", row.Detail["route"])
	}
}

func TestDoorRefusesReplay(t *testing.T) {
	f, c := setUp(t)
	c.request("GET", "/api/desk/v1/me", "", nil)
	c.next-- // the same counter, rightly signed, once more
	if status, code := c.request("GET", "/api/desk/v1/me", "", nil); status != 403 || code != "request.replayed" {
		t.Fatalf("replay: %d %q", status, code)
	}
	if len(f.reached) != 1 {
		t.Fatalf("reached %v", f.reached)
	}
}

// TestWindow compares the window with a set: a counter is taken once, never
// twice, and never when it lies 1,024 or more below the highest.
func TestWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w window
		used := map[uint64]bool{}
		high := uint64(0)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			n := rapid.OneOf(
				rapid.Uint64Range(0, 4096),
				rapid.Map(rapid.IntRange(-1100, 1100), func(d int) uint64 { return uint64(max(0, int(high)+d)) }),
			).Draw(t, "n")
			want := n > 0 && n+windowBits > high && !used[n]
			if got := w.use(n); got != want {
				t.Fatalf("use(%d) with high %d = %v, want %v", n, high, got, want)
			}
			if want {
				used[n] = true
				high = max(high, n)
			}
		}
	})
}
