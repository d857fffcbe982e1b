package localdoor

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// consoleBearer goes the console page's whole way.
func (s *stand) consoleBearer(t *testing.T, desk string) string {
	t.Helper()
	res, body := s.request("POST", "/local/v1/console", "", with(desk))
	if res.StatusCode != 200 {
		t.Fatalf("ticket: %d %s", res.StatusCode, body)
	}
	res, body = s.request("POST", "/local/v1/console/bearer", `{"ticket":"`+strings.Split(body, `"`)[3]+`"}`, nil)
	if res.StatusCode != 200 {
		t.Fatalf("bearer: %d %s", res.StatusCode, body)
	}
	return strings.Split(body, `"`)[3]
}

func inFrame(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "iframe") }

func TestTheConsoleStandsInAFrameOfTheDeskAlone(t *testing.T) {
	s := open(t)
	res, body := s.request("GET", "/console/", "", inFrame)
	csp := res.Header.Get("Content-Security-Policy")
	if res.StatusCode != 200 || !strings.Contains(body, "管理画面") || strings.Contains(body, noncePlaceholder) ||
		!strings.Contains(csp, "frame-ancestors 'self'") || res.Header.Get("X-Frame-Options") != "SAMEORIGIN" || res.Header.Get("Set-Cookie") != "" {
		t.Fatalf("%d %s %s", res.StatusCode, csp, body)
	}
	if res, _ := s.request("GET", "/console/assets/c.js", "", nil); res.StatusCode != 200 {
		t.Errorf("its script: %d", res.StatusCode)
	}
	for name, change := range map[string]func(*http.Request){
		"in a window of its own": func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "document") },
		"typed": func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Dest", "document")
			r.Header.Set("Sec-Fetch-Site", "none")
		},
		"in another site's frame":   func(r *http.Request) { inFrame(r); r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"fetched":                   func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "empty") },
		"in a rebound name's frame": func(r *http.Request) { inFrame(r); r.Host = "evil.example:" + s.port },
	} {
		for _, path := range []string{"/console/", "/console/index.html"} {
			if res, body := s.request("GET", path, "", change); res.StatusCode != http.StatusForbidden {
				t.Errorf("%s, %s: %d %s", path, name, res.StatusCode, body)
			}
		}
	}
	for _, path := range []string{"/console/.gitkeep", "/console/../index.html", "/console/assets", "/console/nothing"} {
		if res, _ := s.request("GET", path, "", inFrame); res.StatusCode == 200 {
			t.Errorf("%s was served", path)
		}
	}
}

// TestTheConsolesBearerOpensTheConsoleAlone: and the desk's opens none of it.
func TestTheConsolesBearerOpensTheConsoleAlone(t *testing.T) {
	s := open(t)
	desk := s.bearerFor(t, s.ticket())
	console := s.consoleBearer(t, desk)
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} { // the control
		if res, body := s.request(method, "/api/console/v1/people/x?y=z", "", with(console)); res.StatusCode != 200 || body != `{"ok":true}` {
			t.Errorf("%s: %d %s", method, res.StatusCode, body)
		}
	}
	if got := s.far.requests(); len(got) != 5 || got[2] != "PUT /api/console/v1/people/x?y=z " {
		t.Errorf("far end got %q", got)
	}
	for name, c := range map[string]struct{ method, path, bearer string }{
		"the desk's bearer at the console":        {"GET", "/api/console/v1/people", desk},
		"none":                                    {"GET", "/api/console/v1/people", ""},
		"the console's at the desk":               {"GET", "/api/desk/v1/desktops", console},
		"the console's at the agent":              {"POST", "/local/v1/disconnect", console},
		"the console's for another page":          {"POST", "/local/v1/console", console},
		"the console's, for a rule document":      {"POST", "/local/v1/acknowledge", console},
		"the console's, for the agent's standing": {"GET", "/local/v1/status", console},
	} {
		if res, body := s.request(c.method, c.path, "", with(c.bearer)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.bearer_required") {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"a cookie instead":         func(r *http.Request) { r.Header.Set("Cookie", "__Host-sekisho="+console) },
		"foreign origin":           func(r *http.Request) { with(console)(r); r.Header.Set("Origin", "http://localhost:1") },
		"a change without origin":  func(r *http.Request) { with(console)(r); r.Header.Del("Origin") },
		"another site's fetch":     func(r *http.Request) { with(console)(r); r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another port of loopback": func(r *http.Request) { with(console)(r); r.Header.Set("Sec-Fetch-Site", "same-site") },
	} {
		if res, body := s.request("DELETE", "/api/console/v1/people/x", "", change); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
	for _, path := range []string{"/api/console/v1/", "/api/console/v1/a/../b", "/api/console/v1/a%2fb", "/api/console/v1//x", "/api/console/v1/events"} {
		if res, body := s.request("GET", path, "", with(console)); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
	if res, body := s.request("PUT", "/local/v1/status", "", with(desk)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.foreign_request") {
		t.Errorf("PUT beside the console: %d %s", res.StatusCode, body)
	}
	if got := s.far.requests(); len(got) != 5 {
		t.Errorf("reached the tunnel: %q", got)
	}
	for _, name := range []string{"Cookie", "Authorization", "Origin"} {
		if v := s.far.head.Get(name); v != "" {
			t.Errorf("%s went through the tunnel", name)
		}
	}
}

// TestTheConsoleEndsWithTheSession: ticket, bearer and socket, at once; and there
// is none without a session.
func TestTheConsoleEndsWithTheSession(t *testing.T) {
	s := open(t)
	desk := s.bearerFor(t, s.ticket())
	console := s.consoleBearer(t, desk)
	ws, _, err := s.dial(t.Context(), "/api/console/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	_ = ws.Write(t.Context(), websocket.MessageText, []byte(`{"bearer":"`+console+`"}`))
	_ = ws.Write(t.Context(), websocket.MessageText, []byte("hello"))
	if _, b, err := ws.Read(t.Context()); err != nil || string(b) != "hello" {
		t.Fatalf("control: %q %v", b, err)
	}
	res, body := s.request("POST", "/local/v1/console", "", with(desk))
	if res.StatusCode != 200 {
		t.Fatal(body)
	}
	waiting := strings.Split(body, `"`)[3]

	start := time.Now()
	s.far.live.Store(false)
	s.Abort()
	if _, _, err := ws.Read(t.Context()); err == nil || time.Since(start) > time.Second {
		t.Errorf("the socket stayed open for %v: %v", time.Since(start), err)
	}
	if res, body := s.request("POST", "/local/v1/console", "", with(desk)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "session.required") {
		t.Errorf("a ticket without a session: %d %s", res.StatusCode, body)
	}
	s.far.live.Store(true) // the next session: nothing of the last one opens it
	before := len(s.far.requests())
	if res, body := s.request("GET", "/api/console/v1/people", "", with(console)); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.bearer_required") {
		t.Errorf("the bearer of the last session: %d %s", res.StatusCode, body)
	}
	if res, body := s.request("POST", "/local/v1/console/bearer", `{"ticket":"`+waiting+`"}`, nil); res.StatusCode != http.StatusGone || !strings.Contains(body, "local.console_ticket") {
		t.Errorf("a ticket of the last session: %d %s", res.StatusCode, body)
	}
	if got := s.far.requests(); len(got) != before {
		t.Errorf("reached the tunnel: %q", got)
	}
	console = s.consoleBearer(t, desk)
	s.bearerFor(t, s.ticket()) // another desk page takes over
	if res, _ := s.request("GET", "/api/console/v1/people", "", with(console)); res.StatusCode != http.StatusForbidden {
		t.Errorf("the console of the older page still answers: %d", res.StatusCode)
	}
}
