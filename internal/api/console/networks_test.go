package console_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/networks"
)

// TestAddressesThatAreNotOnTheListGetNothing: the test's browser sits on the
// server's own machine; through a proxy its address is not known.
func TestAddressesThatAreNotOnTheListGetNothing(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var view console.NetworksView
	b.do("GET", "/networks", nil).into(t, &view)
	if view.Source != "127.0.0.1" || len(view.Lists) != 2 || len(view.Lists[0].Ranges) != 0 {
		t.Fatalf("%+v", view)
	}
	put := func(b *browser, door string, seen int, ranges ...string) reply {
		return b.do("PUT", "/networks/"+door, map[string]any{"seen": seen, "ranges": append([]string{}, ranges...)})
	}
	if a := put(b, "console", 0, "192.0.2.1/24"); a.code() != "network.range" {
		t.Errorf("%d %s", a.status, a.body)
	}
	far := c.as("admin")
	far.header = http.Header{"X-Forwarded-For": {"192.0.2.9"}}
	if a := put(far, "console", 0, "192.0.2.0/24"); a.code() != "network.locks_you_out" {
		t.Errorf("saved from where nobody knows: %d %s", a.status, a.body)
	}
	if a := far.do("GET", "/people", nil); a.status != http.StatusOK { // the control
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := put(b, "console", 0, "192.0.2.0/24"); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, path := range []string{"/", "/assets/a-1.js", "/api/console/v1/people", "/api/console/v1/session"} {
		if a := far.raw("GET", path, nil); a.status != http.StatusForbidden || a.code() != "network.refused" {
			t.Errorf("%s: %d %.100s", path, a.status, a.body)
		}
	}
	if a := b.do("GET", "/people", nil); a.status != http.StatusOK { // loopback is the way back
		t.Errorf("%d %s", a.status, a.body)
	}
	rows := c.rows("door.refused")
	if len(rows) == 0 || rows[0].Event.Reason != "network.refused" {
		t.Errorf("%+v", rows)
	}
	if err := c.networks.Allows(t.Context(), networks.Agents, netip.MustParseAddr("203.0.113.1")); err != nil {
		t.Errorf("the agents' door: %v", err)
	}
}
