package pc_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/sekisho/sekisho/internal/api/pc"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/networks"
)

// everywhere lets every address through: these tests are about what comes after.
type everywhere struct{}

func (everywhere) Allows(context.Context, networks.Door, netip.Addr) error { return nil }

// onlyFrom lets one address through.
type onlyFrom netip.Addr

func (o onlyFrom) Allows(_ context.Context, door networks.Door, from netip.Addr) error {
	if door == networks.Agents && from == netip.Addr(o) {
		return nil
	}
	return networks.ErrRefused
}

// refusals keeps what was written.
type refusals []audit.Event

func (r *refusals) Afterwards(e audit.Event) { *r = append(*r, e) }

func TestAddressesThatAreNotOnTheListGetNothing(t *testing.T) {
	var written refusals
	door := pc.New(pc.Deps{Clock: clock.System(), Networks: onlyFrom(netip.MustParseAddr("192.0.2.9")), Log: &written})
	ask := func(from string) int {
		r := httptest.NewRequest("GET", "/api/pc/v1/nowhere", nil)
		r.RemoteAddr, r.TLS = from, &tls.ConnectionState{HandshakeComplete: true, Version: tls.VersionTLS13}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w.Code
	}
	for _, from := range []string{"192.0.2.10:4000", "[2001:db8::1]:4000", "127.0.0.1:4000", "nonsense"} {
		if code := ask(from); code != http.StatusForbidden {
			t.Errorf("%s: %d", from, code)
		}
	}
	if code := ask("192.0.2.9:4000"); code != http.StatusNotFound { // the control: through the list, to no such route
		t.Errorf("from the list: %d", code)
	}
	if len(written) < 4 || written[0].Reason != "network.refused" {
		t.Errorf("%+v", written)
	}
}
