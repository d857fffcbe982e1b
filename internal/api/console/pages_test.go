package console_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sekisho/sekisho/internal/api/console"
)

var html = http.Header{"Accept": {"text/html,application/xhtml+xml"}}

func TestPageHasAFreshNonce(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	b.header = html
	nonce := regexp.MustCompile(`'nonce-([A-Za-z0-9+/=]{20,})'`)
	seen := map[string]bool{}
	for range 3 {
		a := b.raw("GET", "/", nil)
		policy := a.header.Get("Content-Security-Policy")
		found := nonce.FindStringSubmatch(policy)
		if a.status != http.StatusOK || found == nil || seen[found[1]] {
			t.Fatalf("%d, policy %q", a.status, policy)
		}
		seen[found[1]] = true
		if strings.Contains(a.body, "__NONCE__") || strings.Count(a.body, found[1]) != 2 {
			t.Errorf("the page does not carry its nonce: %s", a.body)
		}
		for _, want := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval';", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types default"} {
			if !strings.Contains(policy, want) {
				t.Errorf("policy lacks %q: %s", want, policy)
			}
		}
		for _, hole := range []string{"unsafe-inline", "'unsafe-eval'", "*", "data: blob", "http:"} {
			if strings.Contains(policy, hole) {
				t.Errorf("policy has the hole %q: %s", hole, policy)
			}
		}
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Frame-Options") != "DENY" || !strings.Contains(a.header.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("headers: %v", a.header)
		}
	}
}

func TestPageOrAsset(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	for name, try := range map[string]struct {
		method, path, accept string
		status               int
		kind, cache          string
	}{
		"a route inside the page":   {"GET", "/devices/x", "text/html", 200, "text/html", "no-store"},
		"the link of an invitation": {"GET", "/invitation", "text/html", 200, "text/html", "no-store"},
		"a script":                  {"GET", "/assets/a-1.js", "*/*", 200, "text/javascript", "public, max-age=31536000, immutable"},
		"a style sheet":             {"GET", "/assets/a-1.css", "text/css", 200, "text/css", "public, max-age=31536000, immutable"},
		"the icon":                  {"GET", "/icon.svg", "image/*", 200, "image/svg+xml", "no-cache"},
		"a script that is gone":     {"GET", "/assets/b-2.js", "*/*", 404, "application/problem+json", "no-store"},
		"gone, but asks for a page": {"GET", "/assets/b-2.js", "text/html", 404, "application/problem+json", "no-store"},
		"not a page":                {"GET", "/devices", "application/json", 404, "application/problem+json", "no-store"},
		"a kind nobody serves":      {"GET", "/secret.unknown-kind", "*/*", 404, "application/problem+json", "no-store"},
		"the keep file":             {"GET", "/.gitkeep", "*/*", 404, "application/problem+json", "no-store"},
		"the page as a file":        {"GET", "/index.html", "*/*", 404, "application/problem+json", "no-store"},
		"out of the folder":         {"GET", "/assets/..%2f..%2fgo.mod", "*/*", 404, "application/problem+json", "no-store"},
		"posting to a page":         {"POST", "/devices", "text/html", 405, "application/problem+json", "no-store"},
		"asking for the head":       {"HEAD", "/", "text/html", 200, "text/html", "no-store"},
	} {
		b.header = http.Header{"Accept": {try.accept}}
		a := b.raw(try.method, try.path, nil)
		if a.status != try.status || !strings.HasPrefix(a.header.Get("Content-Type"), try.kind) || a.header.Get("Cache-Control") != try.cache {
			t.Errorf("%s: %d %q %q", name, a.status, a.header.Get("Content-Type"), a.header.Get("Cache-Control"))
		}
		if strings.Contains(a.body, "module github.com") || (try.method == "HEAD" && a.body != "") {
			t.Errorf("%s: body %q", name, a.body)
		}
	}
}

func TestAssetsAreCompressedAndKnownAgain(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	b.header = http.Header{"Accept-Encoding": {"gzip"}}
	a := b.raw("GET", "/assets/a-1.js", nil)
	z, err := gzip.NewReader(strings.NewReader(a.body))
	if a.header.Get("Content-Encoding") != "gzip" || err != nil {
		t.Fatalf("%v, %v", a.header, err)
	}
	if plain := string(made(io.ReadAll(z))(t)); plain != string(page["assets/a-1.js"].Data) {
		t.Error("unpacked, it is another file")
	}
	b.header = http.Header{"If-None-Match": {a.header.Get("ETag")}}
	if a := b.raw("GET", "/assets/a-1.js", nil); a.status != http.StatusNotModified || a.body != "" {
		t.Errorf("known again: %d", a.status)
	}
}

func TestBundleThatWasNotBuilt(t *testing.T) {
	c := newCentre(t, true)
	build := func(files fstest.MapFS) (*console.Door, error) {
		whole := c.config
		whole.Pages = files
		return console.New(whole)
	}
	if _, err := build(fstest.MapFS{"index.html": {Data: []byte("<p>no placeholder")}}); err == nil {
		t.Error("a page without a place for its nonce was taken")
	}
	c.server.Config.Handler = made(build(fstest.MapFS{".gitkeep": {}}))(t)
	b := c.browser()
	b.header = html
	if a := b.raw("GET", "/", nil); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "make build") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
