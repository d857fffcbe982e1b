package bench

import (
	"slices"
	"testing"
	"time"
)

// TestRoadMeasuresEverything runs the whole of Road in small. Rates are not
// judged: the machine is shared.
func TestRoadMeasuresEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("starts OpenVPN and dozens of tunnels")
	}
	small := roadSize{rounds: 1, round: 300 * time.Millisecond, delays: []time.Duration{0, 20 * time.Millisecond}, idle: 20, seats: 20, closes: 5}
	got, err := small.all(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range got {
		names = append(names, r.Name)
		if r.Value < 0 || r.N == 0 || r.Unit == "" || r.Labels == nil || r.Peers == nil {
			t.Errorf("%+v", r)
		}
		if r.Name == "tunnel_mbps" && (r.Value == 0 || len(r.Peers) == 0) {
			t.Errorf("%+v", r)
		}
	}
	want := []string{"tunnel_mbps", "tunnel_mbps", "tunnel_mbps", "tunnel_mbps", "idle_peer_bytes", "disconnect_ms", "flow_closed_ms", "flow_closed_ms", "close_all_ms", "close_all_ms"}
	if !slices.Equal(names, want) {
		t.Fatal(names)
	}
}
