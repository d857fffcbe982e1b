package readiness

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
)

func TestWhatMakesAMeasureGreen(t *testing.T) {
	for name, test := range map[string]struct {
		rule  func(Tally) Light
		tally Tally
		want  Light
	}{
		"everybody":                     {share, Tally{Green: 40}, Green},
		"nobody to judge":               {share, Tally{}, Unknown},
		"38 of 40":                      {share, Tally{Green: 38, Red: 2}, Amber},
		"a tenth lacks it":              {share, Tally{Green: 36, Red: 4}, Amber},
		"more than a tenth":             {share, Tally{Green: 35, Red: 5}, Red},
		"somebody soon":                 {share, Tally{Green: 39, Amber: 1}, Amber},
		"one of whom nothing is known":  {share, Tally{Green: 39, Unknown: 1}, Unknown},
		"most are unknown":              {share, Tally{Green: 10, Amber: 5, Unknown: 25}, Unknown},
		"one setting fails":             {worst, Tally{Green: 2, Red: 1, Unknown: 1}, Red},
		"one setting is unknown":        {worst, Tally{Green: 2, Amber: 1, Unknown: 1}, Unknown},
		"one setting is a choice":       {worst, Tally{Green: 2, Amber: 1}, Amber},
		"two administrators":            {two, Tally{Green: 2}, Green},
		"one, and one who cannot":       {two, Tally{Green: 1, Amber: 1}, Red},
		"one, and one who may be there": {two, Tally{Green: 1, Unknown: 1}, Unknown},
		"none":                          {two, Tally{}, Red},
	} {
		if got := test.rule(test.tally); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestUnknownIsNeverGreen, whatever else was found; and what is worse is never better.
func TestUnknownIsNeverGreen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 50)
		tally := Tally{n.Draw(t, "green"), n.Draw(t, "amber"), n.Draw(t, "red"), n.Draw(t, "unknown")}
		for name, rule := range map[string]func(Tally) Light{"share": share, "worst": worst} {
			got := rule(tally)
			if got == Green && (tally.All() == 0 || tally.Green != tally.All()) {
				t.Fatalf("%s: %+v is green", name, tally)
			}
			more := tally
			more.Red++
			if rule(more) == Green || got == Red && rule(more) != Red {
				t.Fatalf("%s: one more that fails makes %+v %s", name, tally, rule(more))
			}
		}
		if tally.Green < 2 && two(tally) == Green {
			t.Fatalf("%+v is two", tally)
		}
	})
}

func TestAPartIsJudgedByItsOwn(t *testing.T) {
	m := Measures[slices.IndexFunc(Measures, func(m Measure) bool { return m.ID == TPM })]
	f := found{subjects: []Subject{{"a", Green}, {"b", Red}, {"b", Red}, {"c", ""}}}
	a := m.measured(f, func(p sekisho.PersonID) bool { return p == "a" })
	b := m.measured(f, func(p sekisho.PersonID) bool { return p == "b" })
	c := m.measured(f, func(p sekisho.PersonID) bool { return p == "c" })
	none := m.measured(f, func(sekisho.PersonID) bool { return false })
	if a.Light != Green || len(a.Who) != 0 || b.Light != Red || len(b.Who) != 1 || c.Light != Unknown || c.Trouble != Untold || none.Light != Unknown || none.Trouble != Nothing {
		t.Errorf("%+v\n%+v\n%+v\n%+v", a, b, c, none)
	}
	f.failed = true
	if out := m.measured(f, nil); out.Light != Unknown || out.Trouble != Unreadable || out.Tally.All() != 0 {
		t.Errorf("what could not be read: %+v", out)
	}
}

// TestEveryMeasureIsWhole: each name stands once, in a block, with a unit and a rule.
func TestEveryMeasureIsWhole(t *testing.T) {
	seen, blocks := map[ID]bool{}, map[Block]int{}
	for _, m := range Measures {
		if m.ID == "" || seen[m.ID] || m.rule == nil || m.Unit != Persons && m.Unit != PCs && m.Unit != Things {
			t.Errorf("%+v", m)
		}
		seen[m.ID] = true
		blocks[m.Block]++
	}
	for _, b := range []Block{Technical, Physical, Human, Ruled} {
		if blocks[b] < 5 || blocks[b] > 9 {
			t.Errorf("%s has %d", b, blocks[b])
		}
	}
}

func TestHowARoomStands(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	r := Builtin()
	months := func(n int) time.Time { return now.AddDate(0, -n, 0) }
	for name, test := range map[string]struct {
		checks []Check
		light  Light
		state  string
	}{
		"never":                              {nil, Red, "none"},
		"waits":                              {[]Check{{State: Waiting, At: now}}, Amber, "waiting"},
		"accepted":                           {[]Check{{State: Accepted, At: months(5)}}, Green, "accepted"},
		"its last moment":                    {[]Check{{State: Accepted, At: months(6)}}, Amber, "late"},
		"over":                               {[]Check{{State: Accepted, At: months(8)}}, Red, "over"},
		"returned":                           {[]Check{{State: Returned, At: now}}, Red, "returned"},
		"returned after an accepted one":     {[]Check{{State: Returned, At: now}, {State: Accepted, At: months(1)}}, Red, "returned"},
		"a new one waits, the old one holds": {[]Check{{State: Waiting, At: now}, {State: Accepted, At: months(5)}}, Green, "waiting"},
		"a new one waits, the old one does not hold": {[]Check{{State: Waiting, At: now}, {State: Accepted, At: months(8)}}, Amber, "waiting"},
		"a state that nobody knows":                  {[]Check{{State: "good", At: now}}, Red, "good"},
	} {
		if s := r.stand(test.checks, now); s.Light != test.light || s.State != test.state {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestRulesThatNobodyMaySet(t *testing.T) {
	if err := Builtin().Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Rules){
		"photograph":          func(r *Rules) { r.Photo = "" },
		"validity":            func(r *Rules) { r.ValidMonths = 25 },
		"no validity":         func(r *Rules) { r.ValidMonths = 0 },
		"kept for ever":       func(r *Rules) { r.KeepDays = 731 },
		"late for ever":       func(r *Rules) { r.LateDays = 91 },
		"no questions":        func(r *Rules) { r.Questions = nil },
		"one twice":           func(r *Rules) { r.Questions[1].ID = r.Questions[0].ID },
		"a name":              func(r *Rules) { r.Questions[0].ID = "Private" },
		"no English":          func(r *Rules) { r.Questions[0].Text.EN = " " },
		"two lines":           func(r *Rules) { r.Questions[0].Text.JA = "a\nb" },
		"a text too long":     func(r *Rules) { r.Questions[0].Text.JA = string(make([]rune, 201)) },
		"a broken text":       func(r *Rules) { r.Questions[0].Text.EN = "\xff" },
		"a control character": func(r *Rules) { r.Questions[0].Text.EN = "a\x00b" },
	} {
		r := Builtin()
		if spoil(&r); r.Check() == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
