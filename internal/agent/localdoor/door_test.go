package localdoor

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

func TestPageIsServedToItsWindowAlone(t *testing.T) {
	s := open(t)
	window := func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "none")
		r.Header.Set("Sec-Fetch-Dest", "document")
	}
	res, body := s.request("GET", "/", "", window)
	if res.StatusCode != 200 || !strings.Contains(body, "関所") || strings.Contains(body, noncePlaceholder) {
		t.Fatalf("page: %d %s", res.StatusCode, body)
	}
	csp := res.Header.Get("Content-Security-Policy")
	_, nonce, _ := strings.Cut(csp, "'nonce-")
	nonce, _, _ = strings.Cut(nonce, "'")
	if len(nonce) < 22 || strings.Count(body, nonce) != 2 {
		t.Errorf("nonce %q is not in both places of %s", nonce, body)
	}
	for _, want := range []string{"default-src 'none'", "'wasm-unsafe-eval'", "connect-src 'self' ws://" + s.host, "frame-ancestors 'none'", "trusted-types default"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy lacks %q: %s", want, csp)
		}
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin", "Set-Cookie": ""} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if again, _ := s.request("GET", "/", "", window); again.Header.Get("Content-Security-Policy") == csp {
		t.Error("the nonce is used twice")
	}
	if res, _ := s.request("GET", "/assets/app.js", "", nil); res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("script: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	for _, path := range []string{"/.gitkeep", "/assets", "/assets/../.gitkeep", "/nothing", "/models/x.onnx", "/local/v1/nothing", "//etc/passwd"} {
		if res, body := s.request("GET", path, "", nil); res.StatusCode != 404 && res.StatusCode != 403 {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
}

// Requests that no page of ours makes. Each is refused before anything else is
// looked at, although it carries the right bearer.
func TestForeignRequests(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	for name, c := range map[string]struct {
		method, path string
		change       func(*http.Request)
	}{
		"rebound host":             {"GET", "/local/v1/status", func(r *http.Request) { r.Host = "attacker.example:" + s.port }},
		"host by number":           {"GET", "/local/v1/status", func(r *http.Request) { r.Host = "127.0.0.1:" + s.port }},
		"host localhost":           {"GET", "/local/v1/status", func(r *http.Request) { r.Host = "localhost:" + s.port }},
		"host of another port":     {"GET", "/local/v1/status", func(r *http.Request) { r.Host = Name + ":1" }},
		"host with a final dot":    {"GET", "/local/v1/status", func(r *http.Request) { r.Host = Name + ".:" + s.port }},
		"foreign origin":           {"POST", "/local/v1/connect", func(r *http.Request) { r.Header.Set("Origin", "https://attacker.example") }},
		"another port of loopback": {"POST", "/local/v1/connect", func(r *http.Request) { r.Header.Set("Origin", "http://"+Name+":1") }},
		"same name over https":     {"POST", "/local/v1/connect", func(r *http.Request) { r.Header.Set("Origin", "https://"+s.host) }},
		"null origin":              {"POST", "/local/v1/connect", func(r *http.Request) { r.Header.Set("Origin", "null") }},
		"two origins":              {"POST", "/local/v1/connect", func(r *http.Request) { r.Header["Origin"] = []string{s.origin, "http://x"} }},
		"change without an origin": {"POST", "/local/v1/connect", func(r *http.Request) { r.Header.Del("Origin") }},
		"cross-site fetch":         {"GET", "/local/v1/status", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		"same-site, other port":    {"GET", "/local/v1/status", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }},
		"no browser":               {"GET", "/local/v1/status", func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }},
		"typed address of a fetch": {"GET", "/local/v1/status", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") }},
		"the page in a frame": {"GET", "/", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "none")
			r.Header.Set("Sec-Fetch-Dest", "iframe")
		}},
		"page by cross-site link": {"GET", "/", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Dest", "document")
		}},
		"planted service worker":     {"GET", "/assets/app.js", func(r *http.Request) { r.Header.Set("Service-Worker", "script") }},
		"service worker by its dest": {"GET", "/assets/app.js", func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "serviceworker") }},
		"PUT":                        {"PUT", "/local/v1/connect", nil},
		"OPTIONS (preflight)":        {"OPTIONS", "/local/v1/connect", nil},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := s.request(c.method, c.path, "", func(r *http.Request) {
				with(bearer)(r)
				if c.change != nil {
					c.change(r)
				}
			})
			if res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.foreign_request") {
				t.Errorf("%d %s", res.StatusCode, body)
			}
			if h := res.Header.Get("Access-Control-Allow-Origin"); h != "" {
				t.Errorf("allows origin %s", h)
			}
		})
	}
	if acts := s.agent.done(); acts != "" {
		t.Errorf("a foreign request acted: %s", acts)
	}
	if res, body := s.request("POST", "/local/v1/connect", "", with(bearer)); res.StatusCode != 200 {
		t.Errorf("control: %d %s", res.StatusCode, body)
	}
}

func TestTicketsAndBearers(t *testing.T) {
	s := open(t)
	ticket := s.ticket()
	bearer := s.bearerFor(t, ticket)
	if res, body := s.request("GET", "/local/v1/status", "", with(bearer)); res.StatusCode != 200 || !strings.Contains(body, `"phase":"ready"`) {
		t.Fatalf("control: %d %s", res.StatusCode, body)
	}
	refused := func(what, ticket string) {
		t.Helper()
		if res, body := s.request("POST", "/local/v1/bearer", `{"ticket":"`+ticket+`"}`, nil); res.StatusCode != http.StatusGone || strings.Contains(body, "bearer\":") {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	refused("used ticket", ticket)
	refused("guessed ticket", secret())
	refused("empty ticket", "")
	late := s.ticket()
	s.clock.pass(ticketLife)
	refused("late ticket", late)
	for what, change := range map[string]func(*http.Request){
		"no bearer":      nil,
		"wrong bearer":   with(secret()),
		"empty bearer":   with(""),
		"bearer, cookie": func(r *http.Request) { r.Header.Set("Cookie", "bearer="+bearer) },
		"other scheme":   func(r *http.Request) { r.Header.Set("Authorization", "Basic "+bearer) },
	} {
		for _, act := range []string{"GET /local/v1/status", "POST /local/v1/connect", "POST /local/v1/disconnect", "GET /api/desk/v1/me"} {
			method, path, _ := strings.Cut(act, " ")
			if res, body := s.request(method, path, "", change); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "local.bearer_required") {
				t.Errorf("%s, %s: %d %s", what, act, res.StatusCode, body)
			}
		}
	}
	newer := s.bearerFor(t, s.ticket())
	if res, _ := s.request("GET", "/local/v1/status", "", with(bearer)); res.StatusCode != http.StatusForbidden {
		t.Errorf("the older page still has authority: %d", res.StatusCode)
	}
	if res, _ := s.request("GET", "/local/v1/status", "", with(newer)); res.StatusCode != 200 {
		t.Errorf("the newer page has none: %d", res.StatusCode)
	}
	if acts := s.agent.done(); acts != "" {
		t.Errorf("acted without authority: %s", acts)
	}
}

func TestTicketExchangeClearsWhatOthersPlanted(t *testing.T) {
	s := open(t)
	res, _ := s.request("POST", "/local/v1/bearer", `{"ticket":"`+s.ticket()+`"}`, nil)
	if h := res.Header.Get("Clear-Site-Data"); !strings.Contains(h, `"storage"`) || !strings.Contains(h, `"cache"`) {
		t.Errorf("Clear-Site-Data: %q", h)
	}
}

func TestMalformedLocalBodies(t *testing.T) {
	s := open(t)
	for body, status := range map[string]int{
		"":                 422,
		"{":                422,
		`{"ticket":1}`:     422,
		`{"tickets":"x"}`:  422,
		`{"ticket":"x"}{}`: 422,
		`{"ticket":"` + strings.Repeat("x", maxLocalBody) + `"}`: 413,
	} {
		if res, answer := s.request("POST", "/local/v1/bearer", body, nil); res.StatusCode != status || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%.40s: %d %s", body, res.StatusCode, answer)
		}
	}
}

func TestSquatterIsNamed(t *testing.T) {
	for _, address := range []string{"[::1]:0", "127.0.0.1:0", "0.0.0.0:0", "[::]:0"} {
		t.Run(address, func(t *testing.T) {
			squatter, err := net.Listen("tcp", address)
			if err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("cannot listen there: %v", err)
				}
				t.Skipf("cannot listen there: %v", err)
			}
			defer squatter.Close()
			port := squatter.Addr().(*net.TCPAddr).Port
			listeners, _, err := Listen(port)
			if !errors.Is(err, errPort) {
				t.Fatalf("opened beside a squatter: %v, %v", listeners, err)
			}
			if runtime.GOOS == "linux" && !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
				t.Errorf("does not name the holder: %v", err)
			}
			// Whatever was held meanwhile is free again.
			squatter.Close()
			listeners, _, err = Listen(port)
			if err != nil {
				t.Fatalf("control: %v", err)
			}
			for _, l := range listeners {
				l.Close()
			}
		})
	}
}

func TestGatekeeperFailsClosed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := gatekeeper{l, 0, func(net.Conn, int) error { return errors.New("no such row") }}
	accepted := make(chan error, 1)
	go func() { _, err := g.Accept(); accepted <- err }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes of a connection whose owner is not known", n)
	}
	l.Close()
	if err := <-accepted; !errors.Is(err, net.ErrClosed) {
		t.Errorf("accepted: %v", err)
	}
}

func TestModels(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/a.onnx", []byte("model"), 0o600); err != nil {
		t.Fatal(err)
	}
	pin := wire.LocalModel{Role: "embedder", Name: "a.onnx", SHA256: "9372c470eeadd5ecd9c3c74c2b3cb633f8e2f2fad799250a0f70d652b6b825e4"}
	m, err := LoadModels(dir, []wire.LocalModel{pin})
	if err != nil {
		t.Fatal(err)
	}
	if b, ok := m.content("a.onnx"); !ok || string(b) != "model" || len(m.List()) != 1 {
		t.Errorf("%q %v", b, m.List())
	}
	if _, ok := m.content("b.onnx"); ok {
		t.Error("served a model that is not pinned")
	}
	if err := os.WriteFile(dir+"/a.onnx", []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadModels(dir, []wire.LocalModel{pin}); err == nil {
		t.Error("took a model with another hash")
	}
	if b, _ := m.content("a.onnx"); !bytes.Equal(b, []byte("model")) {
		t.Error("a change on disk reached the page")
	}
	if _, err := LoadModels(dir, []wire.LocalModel{pin, {Name: "missing"}}); err == nil {
		t.Error("took half an engine")
	}
}
