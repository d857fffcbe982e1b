package inspect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

const device = "0198f000-0003-7000-8000-000000000001"

func finding(t *testing.T, r wire.PostureReport, check string) wire.PostureFinding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding for %s", check)
	return wire.PostureFinding{}
}

func TestAnEmptySightIsUnknownThroughout(t *testing.T) {
	r := sight{}.report(device, "darwin", 0)
	r.Number = 1
	if !r.Valid() || len(r.Findings) != len(wire.PostureChecks)-2 || r.Network.Link != "unknown" || r.Network.Router != "" {
		t.Fatalf("%+v", r)
	}
	for _, f := range r.Findings {
		if f.Seen != "unknown" {
			t.Errorf("%s is %s", f.Check, f.Seen)
		}
	}
}

func TestThisPCsReportIsWithinItsBounds(t *testing.T) {
	r := Look(t.Context(), device)
	r.Number = 1
	if !r.Valid() {
		t.Fatalf("%+v", r)
	}
}

// What leaves the PC are names of our own lists and marks: no process, no camera,
// no address of the place.
func TestNothingOfThePCsOwnWordsLeaves(t *testing.T) {
	s := sight{
		Remote:        none(remoteControl.running([]string{"AnyDesk.exe", "secret-editor", "Mein Tagebuch.exe"}), true),
		VirtualCamera: virtualCameras([]Device{{Name: "Taro's OBS Virtual Camera"}}, true),
		Network:       network{Link: "wireless", Router: "10:6f:3f:01:02:03", Scanned: true, Around: []string{"34:76:c5:aa:bb:01"}},
	}
	r := s.report(device, "linux", time.Second)
	if f := finding(t, r, "remote_control"); f.Seen != "no" || !slices.Equal(f.Names, []string{"AnyDesk"}) {
		t.Errorf("%+v", f)
	}
	if f := finding(t, r, "virtual_camera"); f.Seen != "no" || strings.Contains(strings.Join(f.Names, " "), "Taro") {
		t.Errorf("%+v", f)
	}
	if r.Network.Router != wire.PlaceMark(device, "10-6F-3F-01-02-03") || len(r.Network.Around) != 1 || strings.Contains(r.Network.Around[0], ":") {
		t.Errorf("%+v", r.Network)
	}
	if wire.PlaceMark("another", "10:6f:3f:01:02:03") == r.Network.Router {
		t.Error("two PCs name a router alike")
	}
}

func TestARoutersOwnRadiosAreNoNeighbours(t *testing.T) {
	n := network{
		Link: "wireless", Router: "10:6f:3f:01:02:03", Own: "10:6f:3f:01:02:04", Scanned: true,
		Around: []string{"10:6f:3f:01:02:04", "10:6f:3f:01:02:05", "12:6f:3f:01:02:04", "34:76:c5:aa:bb:01", "34:76:c5:aa:bb:01", "no address"},
	}
	if got := n.marks(device).Around; !slices.Equal(got, []string{wire.PlaceMark(device, "34:76:c5:aa:bb:01")}) {
		t.Errorf("%v", got)
	}
}

func TestNamesAreBounded(t *testing.T) {
	for _, list := range []programs{remoteControl, screenCapture, antivirus, machines} {
		for process, name := range list {
			if process != strings.ToLower(process) || strings.HasSuffix(process, ".exe") {
				t.Errorf("%q would never be found", process)
			}
			r := wire.PostureReport{Number: 1, Network: wire.PostureNetwork{Link: "unknown"}, Findings: []wire.PostureFinding{{Check: "antivirus", Seen: "yes", Names: []string{name}}}}
			if !r.Valid() {
				t.Errorf("%q cannot be reported", name)
			}
		}
	}
	if got := found(strings.Split("ijklmnopqabcdefgh", "")); len(got) != 8 || !slices.IsSorted(got) {
		t.Errorf("%v", got)
	}
}
