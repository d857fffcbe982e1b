package inspect

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// keys is a registry by hand.
type keys map[string]uint64

func (k keys) Number(key, name string) (uint64, bool) { v, ok := k[key+"!"+name]; return v, ok }

func goodKeys() keys {
	k := keys{
		`SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System!InactivityTimeoutSecs`: 600,
		`SYSTEM\CurrentControlSet\Services\USBSTOR!Start`:                                 4,
	}
	for _, p := range firewallProfiles {
		k[firewallSet+p+"!EnableFirewall"], k[firewallSet+p+"!DefaultOutboundAction"] = 1, 1
	}
	return k
}

func answered(t *testing.T, name string) windowsAnswer {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseWindows(b)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var november = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func TestAGoodWindows(t *testing.T) {
	r := windowsSight(goodKeys(), answered(t, "windows-good.json"), true, november).report(device, "windows", 0)
	r.Number = 1
	if !r.Valid() {
		t.Fatalf("%+v", r)
	}
	for _, f := range r.Findings {
		if f.Seen != "yes" {
			t.Errorf("%s: %+v", f.Check, f)
		}
	}
	if f := finding(t, r, "os_age"); f.Value != 10 {
		t.Errorf("%+v", f)
	}
	if f := finding(t, r, "screen_lock"); f.Value != 600 {
		t.Errorf("%+v", f)
	}
	// The router's own radio is no neighbour; a neighbour's two are two marks.
	if n := r.Network; n.Link != "wireless" || !n.Scanned || n.Router != wire.PlaceMark(device, "10:6f:3f:01:02:03") || len(n.Around) != 3 {
		t.Errorf("%+v", n)
	}
}

func TestABadWindows(t *testing.T) {
	k := goodKeys()
	k[firewallPolicy+"PublicProfile!EnableFirewall"] = 0 // a group policy overrides
	k[`SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System!InactivityTimeoutSecs`] = 0
	r := windowsSight(k, answered(t, "windows-bad.json"), true, november).report(device, "windows", 0)
	for _, f := range r.Findings {
		if want := map[string]string{"os_age": "yes"}[f.Check]; f.Seen != want && (want != "" || f.Seen != "no") {
			t.Errorf("%s: %+v", f.Check, f)
		}
	}
	if f := finding(t, r, "os_age"); f.Value != 312 {
		t.Errorf("%+v", f)
	}
	if f := finding(t, r, "virtual_machine"); !slices.Equal(f.Names, []string{"Hyper-V"}) {
		t.Errorf("%+v", f)
	}
	if r.Network.Link != "wired" || r.Network.Scanned {
		t.Errorf("%+v", r.Network)
	}
}

func TestAWindowsThatSaysNothing(t *testing.T) {
	for name, s := range map[string]sight{
		"no script":  windowsSight(keys{}, windowsAnswer{}, false, november),
		"all nulls":  windowsSight(keys{}, answered(t, "windows-nothing.json"), true, november),
		"no answers": windowsSight(keys{}, windowsAnswer{}, true, november),
	} {
		for _, f := range s.report(device, "windows", 0).Findings {
			if f.Seen != "unknown" {
				t.Errorf("%s: %s is %s", name, f.Check, f.Seen)
			}
		}
	}
}

func TestBitLockerIsOnOnlyWhenItIsDone(t *testing.T) {
	for state, want := range map[int]Fact{-1: Unknown, 0: Unknown, 1: Yes, 2: No, 3: No, 4: No, 5: No, 6: No, 7: Unknown, 8: No} {
		if got := bitLocker(&state).Is; got != want {
			t.Errorf("%d: %v", state, got)
		}
	}
}

func FuzzWindowsAnswer(f *testing.F) {
	for _, name := range []string{"good", "bad", "nothing"} {
		b, err := os.ReadFile("testdata/windows-" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := parseWindows(b)
		if err != nil {
			return
		}
		r := windowsSight(goodKeys(), a, true, november).report(device, "windows", 0)
		r.Number = 1
		if !r.Valid() {
			t.Fatalf("%+v", r)
		}
	})
}
