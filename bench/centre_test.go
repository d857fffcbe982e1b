package bench

import (
	"slices"
	"testing"
	"time"
)

// Both run from the checkout's root on the binaries of make build, as the
// benchmark does. Times are not judged: the machine is shared.

func TestLeasesMeasureEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server and a fleet")
	}
	t.Chdir("..")
	small := leaseSize{peers: 24, logins: 8, close: 12, renew: 5 * time.Second, bin: "bin", generator: "./test/load/fleet", cores: split(2)}
	got, err := small.all(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	got = slices.DeleteFunc(got, func(r Result) bool { // half a node says so, and shows nothing of a whole one
		return r.Name == "leases_per_node" && r.N == 0 && r.OK == "not shown" && r.Labels["not_measured"] != ""
	})
	complete(t, got, "logins_300", "login_under_load_ms", "leases_per_core", "lease_renewal_ms", "leases_server_cpu", "leases_bytes_per_operator", "close_all_ms")
	for _, r := range got {
		if r.Name == "leases_per_core" && (r.N < 24 || r.Labels["leases_lost"] != "0") {
			t.Errorf("%+v", r)
		}
	}
}

// TestWhoComputesWhere: from four cores on the server has the promise's two.
func TestWhoComputesWhere(t *testing.T) {
	for n, want := range map[int][2]string{1: {"0-0", "1-1"}, 2: {"0-0", "1-1"}, 3: {"0-0", "1-2"}, 4: {"0-1", "2-3"}, 16: {"0-1", "2-15"}} {
		if c := split(n); c.servers() != want[0] || c.drivers() != want[1] || c.wholeNode != (n >= 4) {
			t.Errorf("%d cores: server on %s, PCs on %s", n, c.servers(), c.drivers())
		}
	}
}

func TestLapsesAreMeasuredAndHold(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers and waits for leases to lapse")
	}
	t.Chdir("..")
	t.Setenv("SEKISHO_BENCH_LAPSES", "2")
	t.Setenv("SEKISHO_BENCH_LAPSED_AGENTS", "1")
	got, err := Lapse(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	name := "lapse_closed_ms"
	if len(got) == 7 && got[0].N == 0 { // no namespaces here; with CI=1 Lapse has failed
		t.Log(got[0].Labels)
		got = got[2:]
		complete(t, got, name, name, name, name, name)
	} else {
		complete(t, got, name, name, name, name, name, name, name)
	}
	for _, r := range got {
		if r.Value <= 0 {
			t.Errorf("%+v", r)
		}
	}
}

func complete(t *testing.T, got []Result, names ...string) {
	t.Helper()
	if len(got) != len(names) {
		t.Fatalf("%d results, not %d: %+v", len(got), len(names), got)
	}
	for i, r := range got {
		if r.Name != names[i] || r.N == 0 || r.Unit == "" || r.Labels == nil || r.Peers == nil || r.Low > r.Value || r.High < r.Value {
			t.Errorf("%+v", r)
		}
	}
}
