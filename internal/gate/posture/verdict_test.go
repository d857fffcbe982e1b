package posture

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const pc sekisho.DeviceID = "0198f000-0003-7000-8000-000000000001"

// Addresses of an office and its neighbours.
const (
	router, other                = "10:6f:3f:01:02:03", "10:6f:3f:99:99:99"
	beside1, beside2, beside3    = "34:76:c5:aa:bb:01", "50:c7:bf:00:11:22", "9c:3d:cf:10:20:30"
	elsewhere1, elsewhere2, cafe = "e8:de:27:00:00:01", "e8:de:27:00:00:02", "ca:fe:00:00:00:01"
)

func mark(macs ...string) []string {
	out := []string{}
	for _, m := range macs {
		out = append(out, wire.PlaceMark(pc, m))
	}
	return out
}

// good is what a well-kept PC reports.
func good() wire.PostureReport {
	r := wire.PostureReport{Number: 1, Platform: "windows", Agent: "1.2.0", Network: wire.PostureNetwork{
		Link: "wireless", Router: wire.PlaceMark(pc, router), Scanned: true, Around: mark(beside1, beside2, beside3),
	}}
	for _, check := range wire.PostureChecks {
		if check != "place" && check != "agent_version" {
			r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: "yes", Value: map[string]int{"os_age": 12, "screen_lock": 300}[check], Names: []string{}})
		}
	}
	return r
}

func say(r *wire.PostureReport, check, seen string, value int, names ...string) {
	for i, f := range r.Findings {
		if f.Check == check {
			r.Findings[i].Seen, r.Findings[i].Value, r.Findings[i].Names = seen, value, names
		}
	}
}

// all are rules that ask for everything.
func all() wire.PostureRules {
	r := builtin("home", sekisho.PlaceHome)
	for i := range r.Rules {
		r.Rules[i].Level, r.Rules[i].On = Close, everywhere
	}
	r.Agent = "1.2.0"
	r.Places = []wire.PosturePlace{{Name: "本社", Routers: []string{router}, Around: []string{beside1, beside2, beside3}}}
	return r
}

func judged(r *wire.PostureReport, rules wire.PostureRules) Verdict {
	return judge(seen{report: r, device: pc}, rules)
}

func outcome(v Verdict, check string) Checked {
	i := slices.IndexFunc(v.Checks, func(c Checked) bool { return c.Check == check })
	return v.Checks[i]
}

func TestAGoodPCPassesEverything(t *testing.T) {
	r := good()
	v := judged(&r, all())
	if v.Err != nil || len(v.Checks) != len(wire.PostureChecks) {
		t.Fatalf("%v %+v", v.Err, v.Checks)
	}
	for _, c := range v.Checks {
		if c.Outcome != Pass || c.Failing() {
			t.Errorf("%+v", c)
		}
	}
}

// Each check alone refuses: by what was seen, by not being known, and by being left out.
func TestEachCheckRefusesAlone(t *testing.T) {
	for _, check := range wire.PostureChecks {
		spoil := map[string]func(*wire.PostureReport){
			"no":      func(r *wire.PostureReport) { say(r, check, "no", 0, "AnyDesk") },
			"unknown": func(r *wire.PostureReport) { say(r, check, "unknown", 0) },
			"left out": func(r *wire.PostureReport) {
				r.Findings = slices.DeleteFunc(r.Findings, func(f wire.PostureFinding) bool { return f.Check == check })
			},
			"looked at too long ago": func(r *wire.PostureReport) {
				for i := range r.Findings {
					if r.Findings[i].Check == check {
						r.Findings[i].AgoMS = wire.PostureStale.Milliseconds() + 1
					}
				}
			},
		}
		switch check {
		case "place":
			spoil = map[string]func(*wire.PostureReport){
				"no": func(r *wire.PostureReport) { r.Network.Router = wire.PlaceMark(pc, other) }, "unknown": func(r *wire.PostureReport) { r.Network.Router = "" },
				"looked at too long ago": func(r *wire.PostureReport) { r.Network.AgoMS = wire.PostureStale.Milliseconds() + 1 },
			}
		case "agent_version":
			spoil = map[string]func(*wire.PostureReport){"no": func(r *wire.PostureReport) { r.Agent = "1.1.9" }, "unknown": func(r *wire.PostureReport) { r.Agent = "dev" }}
		}
		for how, change := range spoil {
			r := good()
			change(&r)
			v := judged(&r, all())
			if c := outcome(v, check); v.Err != errRefused || !c.Failing() || (how == "no") != (c.Outcome == Fail) {
				t.Errorf("%s, %s: %v %+v", check, how, v.Err, c)
			}
			warned := all()
			warned.Rules[slices.Index(wire.PostureChecks, check)].Level = Warn
			if v := judged(&r, warned); v.Err != nil || !outcome(v, check).Failing() {
				t.Errorf("%s, %s: a rule that warns closes: %v", check, how, v.Err)
			}
			off := all()
			off.Rules[slices.Index(wire.PostureChecks, check)].Level = Off
			if v := judged(&r, off); v.Err != nil || outcome(v, check).Failing() {
				t.Errorf("%s, %s: a rule that is off speaks: %v", check, how, v.Err)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	for check, limit := range map[string]int{"os_age": 120, "screen_lock": 600} {
		for value, want := range map[int]string{0: Pass, limit: Pass, limit + 1: Fail} {
			r := good()
			say(&r, check, "yes", value)
			if c := outcome(judged(&r, all()), check); c.Outcome != want || (want == Fail) != (c.Word == "over") {
				t.Errorf("%s %d: %+v", check, value, c)
			}
		}
	}
}

// Unknown fails only where the policy asks for the check on that system; a system
// that no rule knows is asked for everything.
func TestUnknownFailsOnlyWhereItIsAsked(t *testing.T) {
	for platform, fails := range map[string]bool{"windows": true, "linux": false, "darwin": false, "plan9": true, "": true} {
		rules := Nothing("x")
		i := slices.Index(wire.PostureChecks, "antivirus")
		rules.Rules[i].Level, rules.Rules[i].On = Close, []string{"windows"}
		r := good()
		r.Platform = platform
		say(&r, "antivirus", "unknown", 0)
		if v := judged(&r, rules); (v.Err != nil) != fails {
			t.Errorf("%q: %v", platform, v.Err)
		}
	}
}

func TestNoReportIsARefusalWhereAnythingCloses(t *testing.T) {
	r := good()
	old := wire.PostureStale + time.Millisecond
	for name, c := range map[string]struct {
		s    seen
		want *sekisho.Error
	}{
		"none":          {seen{}, errMissing},
		"no report":     {seen{broken: true}, errStatement},
		"just in time":  {seen{report: &r, device: pc, age: wire.PostureStale}, nil},
		"too old":       {seen{report: &r, device: pc, age: old}, errStale},
		"old and wrong": {seen{broken: true, age: old}, errStatement},
	} {
		if v := judge(c.s, all()); v.Err != c.want {
			t.Errorf("%s: %v, want %v", name, v.Err, c.want)
		}
		if v := judge(c.s, builtin("office", sekisho.PlaceOffice)); v.Err != nil {
			t.Errorf("%s: rules that only warn refuse: %v", name, v.Err)
		}
		if v := judge(c.s, Nothing("demo")); v.Err != nil || slices.ContainsFunc(v.Checks, Checked.Failing) {
			t.Errorf("%s: rules that ask for nothing refuse: %v", name, v.Err)
		}
	}
}

// The company's router in a café: its MAC and its own radios are there, its
// neighbours are not.
func TestPlace(t *testing.T) {
	own := wire.PosturePlace{Name: "自宅", Routers: mark(cafe), Around: mark(beside1)}
	desk := wire.PosturePlace{Name: "有線の席", Routers: []string{other}}
	for name, c := range map[string]struct {
		link, router string
		scanned      bool
		around       []string
		places       []wire.PosturePlace
		want         string
	}{
		"the office":                            {"wireless", router, true, []string{beside1, beside3}, all().Places, "yes"},
		"the office on a cable":                 {"wired", router, true, []string{beside2, beside3, cafe}, all().Places, "yes"},
		"the office's router in a café":         {"wireless", router, true, []string{elsewhere1, elsewhere2}, all().Places, "other_place"},
		"one neighbour is not enough":           {"wireless", router, true, []string{beside1, elsewhere2}, all().Places, "other_place"},
		"the router in a café, on a cable":      {"wired", router, true, []string{elsewhere1}, all().Places, "other_place"},
		"the router, nobody could look around":  {"wired", router, false, nil, all().Places, Unknown},
		"another router among the neighbours":   {"wireless", other, true, []string{beside1, beside2, beside3}, all().Places, "other_router"},
		"a place without neighbours on a cable": {"wired", other, false, nil, []wire.PosturePlace{desk}, "yes"},
		"a place without neighbours by radio":   {"wireless", other, true, []string{beside1}, []wire.PosturePlace{desk}, "other_place"},
		"no router":                             {"wired", "", true, []string{beside1, beside2}, all().Places, Unknown},
		"no link":                               {"unknown", router, true, []string{beside1, beside2}, all().Places, Unknown},
		"no place is named":                     {"wired", router, true, []string{beside1, beside2}, nil, "none"},
		"the PC's own place":                    {"wireless", cafe, true, []string{beside1}, nil, "none"},
	} {
		n := wire.PostureNetwork{Link: c.link, Router: wire.PlaceMark(pc, c.router), Scanned: c.scanned, Around: mark(c.around...)}
		if word, _ := placed(n, marked(c.places, pc)); word != c.want {
			t.Errorf("%s: %s, want %s", name, word, c.want)
		}
		if c.router == cafe {
			if word, names := placed(n, []wire.PosturePlace{own}, nil); word != "yes" || names[0] != "自宅" {
				t.Errorf("%s: %s", name, word)
			}
			if word, _ := placed(n, []wire.PosturePlace{{Name: "another PC's", Routers: []string{wire.PlaceMark("other", cafe)}}}); word != "other_router" {
				t.Errorf("%s: the place of another PC: %s", name, word)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	for pair, want := range map[[2]string][2]bool{
		{"1.2.0", "1.2.0"}: {false, true}, {"1.2", "1.2.0"}: {false, true}, {"v1.10.0", "1.9.9"}: {false, true}, {"1.1.9", "1.2.0"}: {true, true},
		{"dev", "1.2.0"}: {}, {"1.2.0-rc1", "1.2.0"}: {}, {"", "1.0.0"}: {}, {"1.2.0", ""}: {}, {"99999999.0.0", "1.0.0"}: {},
	} {
		if old, ok := older(pair[0], pair[1]); old != want[0] || ok != want[1] {
			t.Errorf("%v: %v %v", pair, old, ok)
		}
	}
}

// Whatever a report says, more asked is never less refused, and a check that did
// not pass under a closing rule always refuses.
func TestAskingForMoreNeverAdmitsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := good()
		r.Platform = rapid.SampledFrom([]string{"windows", "linux", "darwin", "plan9"}).Draw(t, "platform")
		r.Agent = rapid.SampledFrom([]string{"1.2.0", "1.0.0", "dev"}).Draw(t, "agent")
		r.Network.Router = rapid.SampledFrom([]string{"", wire.PlaceMark(pc, router), wire.PlaceMark(pc, other)}).Draw(t, "router")
		for i := range r.Findings {
			r.Findings[i].Seen = rapid.SampledFrom([]string{"yes", "no", "unknown"}).Draw(t, "seen")
			r.Findings[i].Value = rapid.IntRange(0, 1000).Draw(t, "value")
		}
		rules := all()
		for i := range rules.Rules {
			rules.Rules[i].Level = rapid.SampledFrom([]string{Off, Warn, Close}).Draw(t, "level")
			rules.Rules[i].On = rapid.SliceOfDistinct(rapid.SampledFrom(wire.PosturePlatforms), rapid.ID[string]).Draw(t, "on")
		}
		before := judged(&r, rules)
		closing := slices.ContainsFunc(before.Checks, func(c Checked) bool { return c.Level == Close && c.Outcome != Pass })
		if (before.Err != nil) != closing {
			t.Fatalf("%v with %+v", before.Err, before.Checks)
		}
		i := rapid.IntRange(0, len(rules.Rules)-1).Draw(t, "stricter")
		rules.Rules[i].Level, rules.Rules[i].On = Close, everywhere
		if after := judged(&r, rules); before.Err != nil && after.Err == nil {
			t.Fatal("a stricter rule admits")
		}
	})
}
