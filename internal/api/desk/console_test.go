package desk

import (
	"net"
	"net/http"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

// carried notes what reached the console.
type carried struct{ got []string }

func (c *carried) Carry(w http.ResponseWriter, r *http.Request, by Caller, _ net.Conn) {
	c.got = append(c.got, r.Method+" "+r.URL.RequestURI()+" "+string(by.Session))
	w.WriteHeader(http.StatusNoContent)
}

// TestNothingReachesTheConsoleWithoutALiveLease: every way of asking, signed or
// not, in quarantine, on a flow of another lease, and after the end.
func TestNothingReachesTheConsoleWithoutALiveLease(t *testing.T) {
	console := &carried{}
	f, c := setUp(t, func(d *Districts) { d.Console = console })
	live := func(epoch uint64) { f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, epoch }
	dead := func() { f.caller.Session, f.caller.Epoch = "", 0 }
	for _, tc := range []struct {
		name, path string
		set        func()
		change     func(*http.Request)
		status     int
		code       string
	}{
		{"quarantine", "floor", dead, nil, 403, "session.required"},
		{"a flow of quarantine", "floor", func() { live(0) }, nil, 421, "connection.quarantine"},
		{"a flow of an older lease", "floor", func() { live(6) }, nil, 421, "connection.quarantine"},
		{"unsigned", "floor", func() { live(7) }, func(r *http.Request) { r.Header.Del(wire.HeaderSignature) }, 403, "request.unsigned"},
		{"signed for another path", "floor", func() { live(7) }, func(r *http.Request) { r.URL.Path = wire.ConsolePrefix + "people" }, 403, "request.unsigned"},
		{"a way round", "a/../floor", func() { live(7) }, nil, 404, "request.not_found"},
		{"after the end", "floor", func() { live(7); dead() }, nil, 403, "session.required"},
		{"a cookie and a bearer instead", "floor", dead, func(r *http.Request) {
			r.Header.Set("Cookie", "__Host-sekisho=x")
			r.Header.Set("Authorization", "Bearer x")
		}, 403, "session.required"},
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			tc.set()
			if status, code := c.request(method, wire.ConsolePrefix+tc.path, "", tc.change); status != tc.status || code != tc.code {
				t.Errorf("%s, %s: %d %s", tc.name, method, status, code)
			}
		}
	}
	if len(console.got) != 0 {
		t.Fatalf("reached the console: %q", console.got)
	}
	live(7)
	for _, method := range []string{"GET", "PUT", "DELETE"} { // the control
		if status, code := c.request(method, wire.ConsolePrefix+"floor?x=y", "", nil); status != http.StatusNoContent {
			t.Errorf("%s: %d %s", method, status, code)
		}
	}
	if len(console.got) != 3 || console.got[1] != "PUT /api/console/v1/floor?x=y s" {
		t.Errorf("%q", console.got)
	}
}
