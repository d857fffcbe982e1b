package localdoor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestForwardCarriesOnlyWhatItMust(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	res, body := s.request("POST", "/api/desk/v1/approvals", `{"kind":"face_enrolment"}`, func(r *http.Request) {
		with(bearer)(r)
		r.Header.Set("Cookie", "a=b")
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("X-Forwarded-For", "1.2.3.4")
		r.Header.Set("Sekisho-Signature", "forged")
		r.Header.Set("Connection", "keep-alive, X-Hop")
	})
	if res.StatusCode != 200 || body != `{"ok":true}` {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	if c := res.Header.Get("Set-Cookie"); c != "" {
		t.Errorf("a cookie came back: %s", c)
	}
	if got := s.far.requests(); len(got) != 1 || got[0] != `POST /api/desk/v1/approvals {"kind":"face_enrolment"}` {
		t.Errorf("far end got %q", got)
	}
	for _, name := range []string{"Cookie", "Authorization", "Origin", "X-Forwarded-For", "Sekisho-Signature", "X-Hop"} {
		if v := s.far.head.Get(name); v != "" {
			t.Errorf("%s went through the tunnel: %s", name, v)
		}
	}
	if s.far.head.Get("Accept-Language") != "en" {
		t.Error("the language did not go through")
	}
	s.request("GET", "/api/desk/v1/records?before=3", "", with(bearer))
	if got := s.far.requests(); len(got) != 2 || got[1] != "GET /api/desk/v1/records?before=3 " {
		t.Errorf("far end got %q", got)
	}
}

// What the agent composes and signs itself, and paths that dress up as allowed ones.
func TestAgentRoutesAreRefusedToPages(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	for _, route := range []string{
		"POST /api/desk/v1/login-nonce", "POST /api/desk/v1/sessions", "POST /api/desk/v1/faces", "GET /api/desk/v1/roster",
		"POST /api/desk/v1/incidents", "POST /api/desk/v1/evidence/00", "POST /api/desk/v1/pins", "POST /api/desk/v1/session/end",
		"GET /api/desk/v1/shared", "POST /api/desk/v1/shared/key", "POST /api/desk/v1/shared/taken", "GET /api/desk/v1/shared/targets", "POST /api/desk/v1/shared/faces",
		"GET /api/desk/v1/login-nonce", "GET /api/desk/v1/", "GET /api/desk/v1/ME", "POST /api/desk/v1/me",
		"GET /api/desk/v1/approvals/../sessions", "GET /api/desk/v1/approvals/a/b", "GET /api/desk/v1/approvals/",
		"POST /api/desk/v1/consent/", "GET /api/desk/v1/approvals/%2e%2e%2fsessions", "POST /api/desk/v1//sessions",
		"GET /api/desk/v1/desktops/x/stream", // without an upgrade
	} {
		method, path, _ := strings.Cut(route, " ")
		if res, body := s.request(method, path, "", with(bearer)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.agent_only") {
			t.Errorf("%s: %d %s", route, res.StatusCode, body)
		}
	}
	for _, path := range []string{"/api/console/v2/floor", "/api/pc/v1/trust", "/api/phone/v1/x"} {
		if res, body := s.request("GET", path, "", with(bearer)); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
	if got := s.far.requests(); len(got) != 0 {
		t.Errorf("reached the tunnel: %q", got)
	}
}

func TestLiveRoutesNeedASession(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	s.far.live.Store(false)
	for _, route := range []string{"GET /api/desk/v1/desktops", "GET /api/desk/v1/records", "POST /api/desk/v1/records/x/objection", "GET /api/desk/v1/room", "POST /api/desk/v1/room"} {
		method, path, _ := strings.Cut(route, " ")
		if res, body := s.request(method, path, "", with(bearer)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "session.required") {
			t.Errorf("%s: %d %s", route, res.StatusCode, body)
		}
	}
	if res, body := s.request("GET", "/api/desk/v1/me", "", with(bearer)); res.StatusCode != 200 {
		t.Errorf("quarantine route: %d %s", res.StatusCode, body)
	}
	ws, _, err := s.dial(t.Context(), "/api/desk/v1/desktops/x/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	_ = ws.Write(t.Context(), websocket.MessageText, []byte(`{"bearer":"`+bearer+`"}`))
	if _, _, err := ws.Read(t.Context()); reasonIn(err) != "session.required" {
		t.Errorf("stream without a session: %v", err)
	}
}

func reasonIn(err error) string {
	closed := websocket.CloseError{}
	if errors.As(err, &closed) {
		return closed.Reason
	}
	return ""
}

func TestOversizeBodies(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	if res, body := s.request("POST", "/api/desk/v1/consent", strings.Repeat("x", maxDeskBody+1), with(bearer)); res.StatusCode != 413 {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if got := s.far.requests(); len(got) != 0 {
		t.Errorf("reached the tunnel: %q", got)
	}
}

// stream opens a desktop's socket as the page does.
func (s *stand) stream(t *testing.T, first string) *websocket.Conn {
	t.Helper()
	ws, _, err := s.dial(t.Context(), "/api/desk/v1/desktops/d1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow() })
	ws.SetReadLimit(-1)
	if err := ws.Write(t.Context(), websocket.MessageText, []byte(first)); err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestStreamRelaysBothWays(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	ws := s.stream(t, `{"bearer":"`+bearer+`"}`)
	large := bytes.Repeat([]byte{1, 2, 3, 0xff}, 20<<10)
	for _, message := range [][]byte{[]byte("RFB 003.008\n"), {}, large} {
		if err := ws.Write(t.Context(), websocket.MessageBinary, message); err != nil {
			t.Fatal(err)
		}
		kind, got, err := ws.Read(t.Context())
		if err != nil || kind != websocket.MessageBinary || !bytes.Equal(got, message) {
			t.Fatalf("%v, %d bytes, %v", kind, len(got), err)
		}
	}
	if got := s.far.requests(); len(got) != 1 || strings.Contains(got[0], bearer) {
		t.Errorf("far end got %q", got)
	}
}

func TestStreamNeedsBearerAndOrigin(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	for what, first := range map[string]string{"none": `{}`, "wrong": `{"bearer":"` + secret() + `"}`, "no JSON": `RFB 003.008`, "long": strings.Repeat(" ", maxLocalBody+1)} {
		if _, _, err := s.stream(t, first).Read(t.Context()); reasonIn(err) != "local.bearer_required" {
			t.Errorf("%s bearer: %v", what, err)
		}
	}
	for what, change := range map[string]func(http.Header){
		"no origin":      func(h http.Header) { h.Del("Origin") },
		"foreign origin": func(h http.Header) { h.Set("Origin", "http://attacker.example") },
		"other port":     func(h http.Header) { h.Set("Origin", "http://"+Name+":1") },
		"cross-site":     func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
	} {
		for _, path := range []string{"/api/desk/v1/desktops/d1/stream", "/local/v1/guard"} {
			if ws, res, err := s.dial(t.Context(), path, change); err == nil || res == nil || res.StatusCode != http.StatusForbidden {
				ws.CloseNow()
				t.Errorf("%s on %s: %v", what, path, err)
			}
		}
	}
	if got := s.far.requests(); len(got) != 0 {
		t.Errorf("reached the tunnel: %q", got)
	}
	if _, _, err := s.dial(t.Context(), "/api/desk/v1/me", nil); err == nil {
		t.Error("a WebSocket on a route that has none")
	}
	control := s.stream(t, `{"bearer":"`+bearer+`"}`)
	if err := control.Write(t.Context(), websocket.MessageBinary, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := control.Read(t.Context()); err != nil {
		t.Errorf("control: %v", err)
	}
}

// A busy desktop is cut off: what the page reads after the abort is only what
// had reached its own side before, then a reset.
func TestAbortCutsBusyStream(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	flood := make(chan struct{})
	s.far.flow = func(ctx context.Context, ws *websocket.Conn) {
		block := bytes.Repeat([]byte{7}, 64<<10)
		for i := 0; ; i++ {
			if ws.Write(ctx, websocket.MessageBinary, block) != nil {
				return
			}
			if i == 16 {
				close(flood)
			}
		}
	}
	ws := s.stream(t, `{"bearer":"`+bearer+`"}`)
	read := 0
	for range 20 { // the page reads for a while, then is slow
		_, b, err := ws.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		read += len(b)
	}
	<-flood
	s.far.live.Store(false)
	if n := s.Abort(); n != 1 {
		t.Errorf("aborted %d flows, want 1", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for {
		_, _, err := ws.Read(ctx)
		if err != nil {
			if ctx.Err() != nil {
				t.Error("the stream is still open")
			}
			break
		}
	}
	if n := s.Abort(); n != 0 {
		t.Errorf("%d flows left", n)
	}
	if res, body := s.request("GET", "/local/v1/status", "", with(bearer)); res.StatusCode != 200 {
		t.Errorf("the page cannot ask for its status any more: %d %s", res.StatusCode, body)
	}
}

func TestNewPageTakesStreamsOver(t *testing.T) {
	s := open(t)
	ws := s.stream(t, `{"bearer":"`+s.bearerFor(t, s.ticket())+`"}`)
	if err := ws.Write(t.Context(), websocket.MessageBinary, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.bearerFor(t, s.ticket())
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, _, err := ws.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("the older page's stream goes on: %v", err)
	}
}

func TestFarEndsReasonReachesThePage(t *testing.T) {
	s := open(t)
	s.far.flow = func(_ context.Context, ws *websocket.Conn) {
		ws.Close(websocket.StatusPolicyViolation, "desktop.unreachable")
	}
	ws := s.stream(t, `{"bearer":"`+s.bearerFor(t, s.ticket())+`"}`)
	if _, _, err := ws.Read(t.Context()); reasonIn(err) != "desktop.unreachable" {
		t.Errorf("got %v", err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	ws := s.stream(t, `{"bearer":"`+bearer+`"}`)
	guard := s.guardSocket(t, bearer)
	done := make(chan error, 1)
	go func() { done <- s.Door.Close() }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Close hangs")
	}
	for _, c := range []*websocket.Conn{ws, guard} {
		if _, _, err := c.Read(t.Context()); err == nil || errors.Is(err, io.EOF) && t.Context().Err() != nil {
			t.Error("a socket outlived the door")
		}
	}
}
