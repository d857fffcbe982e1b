package pc_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// Whatever is sent to whichever route, by a PC that is issued: the answer is
// no failure of ours, and one that a person can read.
func FuzzDoor(f *testing.F) {
	c := newCentre(f, storagetest.SQLite(f))
	a := c.issued("PC-001")
	l := c.line(a)
	routes := []string{"enrol", "enrolments/status", "pins", "bindings/nonce", "connections", "trust", "nothing"}
	for i := range routes {
		f.Add(uint8(i), []byte(`{}`))
	}
	f.Add(uint8(0), []byte(`{"secret":"AAAAAAAAAAAAAAAAAAAAAA","csr":"MA","key_kind":"tpm","ek":"MA","hostname":"a","platform":"b","agent":"c"}`))
	f.Add(uint8(1), []byte(`{"device":"0198c5a0-0000-7000-8000-000000000000","ticket":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`))
	f.Add(uint8(2), []byte(`{"connection":"","checkpoint":"test.example/log\n1\nAAAA\n\n— x AAAA\n"}`))
	f.Add(uint8(4), []byte(`{"payload":"e30","signature":"MEQCIA"}`))
	f.Fuzz(func(t *testing.T, route uint8, body []byte) {
		c.clk.Advance(2 * time.Second) // away from the limits
		path := routes[int(route)%len(routes)]
		got, err := l.roundTrip(http.MethodPost, "/api/pc/v1/"+path, body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if got.status == http.StatusOK {
			if path != "bindings/nonce" {
				t.Fatalf("%s took %q", path, body)
			}
			return
		}
		if got.status >= 500 || wire.TextOf(got.problem.Code) == wire.TextOf("internal") {
			t.Fatalf("%s answered %d %s to %q", path, got.status, got.problem.Code, body)
		}
	})
}
