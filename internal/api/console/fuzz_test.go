package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// FuzzRequests throws bytes at the door as an administrator's browser: whatever
// they are, the answer is never a failure of ours and never speaks of our insides.
func FuzzRequests(f *testing.F) {
	for _, path := range []string{
		"/people", "/people/0198f000-0001-7000-8000-000000000000", "/devices", "/devices/x/approve", "/desktops", "/desktops/x/people", "/policies/home",
		"/session/passkey/finish", "/invitations/begin", "/setup/finish", "/approvals/x/decide",
	} {
		f.Add("POST", path, `{"name":"見本","login":"x","roles":["operator"],"token":"a","ceremony":"b","credential":{"id":""},"reason":"r"}`, "")
	}
	f.Add("PATCH", "/people/x", `{"roles":null}`, "")
	f.Add("PUT", "/policies/home", `{"name":"home","version":-1,"absent_ms":1e99}`, "")
	f.Add("GET", "/audit", "", "person=%00&before=99999999999999999999&from=0001-01-01T00:00:00Z&text=%25%5C_")
	f.Add("GET", "/audit/-1/proof", "", "")
	f.Add("GET", "/evidence/..%2f..%2fmaster.key", "", "reason=x")
	f.Add("DELETE", "/desktops/%2e%2e", "", "")
	c := newCentre(f, true)
	b := c.as("admin")
	held := b.cookie
	f.Fuzz(func(t *testing.T, method, path, body, query string) {
		c.t = t
		if !map[string]bool{"GET": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true}[method] || len(path) > 500 || len(query) > 2000 || path == "/session/end" {
			return
		}
		target := "/api/console/v1" + path
		if query != "" {
			target += "?" + query
		}
		if _, err := http.NewRequest(method, c.server.URL+target, nil); err != nil {
			return // no client could send it
		}
		var in any
		if method != "GET" && method != "DELETE" {
			in = body
		}
		b.cookie = held
		c.clk.Advance(5 * time.Millisecond) // away from the limits
		a := b.raw(method, target, in)
		if a.status >= http.StatusInternalServerError && a.status != http.StatusServiceUnavailable {
			t.Errorf("%s %s: %d %s", method, target, a.status, a.body)
		}
		for _, inside := range []string{"goroutine", "sql:", "SELECT", "panic", ".go:"} {
			if a.status >= 400 && strings.Contains(a.body, inside) {
				t.Errorf("%s %s: the answer speaks of our insides: %s", method, target, a.body)
			}
		}
	})
}
