package training

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func ownScript(t testing.TB) string {
	t.Helper()
	text, err := seeds.ReadFile("seed/practice.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// small is a file of one scenario that is right.
const small = `[scenario door]
title.ja: 扉
title.en: Door
about.ja: 扉を閉める
about.en: Shut the door
customer: c09
[turn start]
who: home
say.ja: 扉が開いている
say.en: The door is open
[right]
text.ja: 閉める
text.en: Shut it
why.ja: 見えなくなる
why.en: Nobody sees in
rule: telework 1.2
[wrong]
text.ja: そのまま
text.en: Leave it
why.ja: 見える
why.en: It can be seen
rule: telework 1.2
`

func TestOwnScenariosNameRulesThatStand(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	own, refs, faults := readScript(ownScript(t))
	if len(faults) > 0 || len(own) < 8 || len(customers) != 12 {
		t.Fatalf("%d scenarios, %d customers, %v", len(own), len(customers), faults)
	}
	r.must(r.db.Read(t.Context(), func(tx storage.Tx) error {
		missing, err := unwritten(t.Context(), tx, refs)
		if len(missing) > 0 {
			t.Errorf("rules that do not stand: %v", missing)
		}
		return err
	}))
	black := false
	for _, s := range own {
		for _, turn := range s.Turns {
			black = black || turn.Black
		}
	}
	if !black {
		t.Error("no scenario shows the black screen")
	}
}

func TestScriptFaultsNameLineAndFieldAndNothingIsStored(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		before, err := r.Scenarios(t.Context())
		r.must(err)
		replace := func(old, with string) string { return strings.Replace(small, old, with, 1) }
		for name, c := range map[string]struct {
			text string
			want ScriptFault
		}{
			"empty":              {"# nothing\n", ScriptFault{1, "", scriptEmpty}},
			"not UTF-8":          {"\xff\xfe", ScriptFault{1, "", scriptEncoding}},
			"too large":          {strings.Repeat("#", MaxScript+1), ScriptFault{1, "", scriptTooLarge}},
			"no field":           {replace("who: home", "home"), ScriptFault{8, "", scriptLine}},
			"unknown section":    {replace("[right]", "[good]"), ScriptFault{11, "", scriptSection}},
			"choice first":       {replace("[turn start]\n", ""), ScriptFault{7, "who", scriptUnknown}},
			"bad name":           {replace("[scenario door]", "[scenario Door 1]"), ScriptFault{1, "", scriptID}},
			"twice":              {small + small, ScriptFault{23, "", scriptTwice}},
			"unknown field":      {replace("who: home", "who: home\ncolour: red"), ScriptFault{9, "colour", scriptUnknown}},
			"field twice":        {replace("who: home", "who: home\nwho: phone"), ScriptFault{9, "who", scriptTwice}},
			"one language":       {replace("title.en: Door\n", ""), ScriptFault{1, "title.en", scriptMissing}},
			"no who":             {replace("who: home\n", ""), ScriptFault{7, "who", scriptMissing}},
			"foreign who":        {replace("who: home", "who: police"), ScriptFault{8, "who", scriptValue}},
			"a real customer":    {replace("customer: c09", "customer: 090-1111-2222"), ScriptFault{6, "customer", scriptValue}},
			"too long":           {replace("text.ja: 閉める", "text.ja: "+strings.Repeat("閉", maxChoice+1)), ScriptFault{12, "text.ja", scriptTooLong}},
			"no turns":           {small[:strings.Index(small, "[turn")], ScriptFault{1, "", scriptTurns}},
			"no wrong choice":    {small[:strings.Index(small, "[wrong]")], ScriptFault{7, "", scriptChoices}},
			"only wrong":         {replace("[right]", "[wrong]"), ScriptFault{7, "", scriptChoices}},
			"back":               {replace("why.en: Nobody sees in", "why.en: Nobody sees in\nnext: start"), ScriptFault{16, "next", scriptNext}},
			"malformed rule":     {replace("rule: telework 1.2", "rule: see the book"), ScriptFault{16, "rule", scriptValue}},
			"rule of no rules":   {replace("rule: telework 1.2", "rule: telework 99.9"), ScriptFault{16, "rule", scriptRule}},
			"turn nobody enters": {replace("why.en: Nobody sees in", "why.en: Nobody sees in\nnext: end") + "[turn lost]" + small[strings.Index(small, "\nwho"):], ScriptFault{24, "", scriptReach}},
		} {
			_, faults, err := r.ImportScenarios(t.Context(), "admin", c.text, false)
			r.must(err)
			if len(faults) == 0 || faults[0] != c.want {
				t.Errorf("%s: %v, want %v", name, faults, c.want)
			}
			for _, f := range faults {
				if wire.TextOf(f.Code) == wire.TextOf("internal") {
					t.Errorf("%s has no text", f.Code)
				}
			}
		}
		after, err := r.Scenarios(t.Context())
		if r.must(err); len(after) != len(before) || len(r.rows("practice.imported")) != 0 {
			t.Errorf("%d scenarios before, %d after", len(before), len(after))
		}
	})
}

func TestImportedScenariosGetVersions(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s := r.seat("op", "pc-1")
		fate := func(text string, dry bool) string {
			t.Helper()
			plan, faults, err := r.ImportScenarios(t.Context(), "admin", text, dry)
			if r.must(err); len(faults) > 0 || len(plan) != 1 {
				t.Fatalf("%v %v", plan, faults)
			}
			return fmt.Sprintf("%s %d", plan[0].Fate, plan[0].Version)
		}
		changed := strings.Replace(small, "Shut it", "Shut the door", 1)
		for i, c := range []struct {
			text string
			dry  bool
			want string
		}{{small, true, "new 1"}, {small, false, "new 1"}, {small, false, "same 1"}, {changed, true, "version 2"}} {
			if got := fate(c.text, c.dry); got != c.want {
				t.Fatalf("%d: %s, want %s", i, got, c.want)
			}
		}
		n, err := s.BeginPractice(t.Context(), s.By, "door")
		r.must(err)
		if got := fate(changed, false); got != "version 2" {
			t.Fatal(got)
		}
		// A run keeps the version that it began with; the next one has the new.
		_, err = s.Choose(t.Context(), s.By, n.ID, wire.PracticeChoice{Step: 0, Chosen: s.choice(n, true)})
		r.must(err)
		n, err = s.BeginPractice(t.Context(), s.By, "door")
		if r.must(err); n.Turn.Choices[s.choice(n, true)].EN != "Shut the door" {
			t.Fatalf("%+v", n.Turn)
		}
		r.must(r.RetireScenario(t.Context(), "admin", "door"))
		r.refused(r.RetireScenario(t.Context(), "admin", "door"), "practice.scenario_unknown")
		_, err = s.BeginPractice(t.Context(), s.By, "door")
		r.refused(err, "practice.scenario_unknown")
		if got := fate(changed, false); got != "new 3" {
			t.Fatal(got)
		}
		if rows := r.rows("practice.imported"); len(rows) != 3 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

func FuzzScript(f *testing.F) {
	f.Add(ownScript(f))
	f.Add(small)
	f.Add("[scenario a]\n[turn b]\n[right]\nnext: b\n")
	f.Add("\ufeff[wrong]\r\n:\r#")
	f.Fuzz(func(t *testing.T, text string) {
		out, _, faults := readScript(text)
		if (len(out) == 0) == (len(faults) == 0) || len(faults) > maxFaults {
			t.Fatalf("%d scenarios and %d faults", len(out), len(faults))
		}
		lines := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") + 1
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > lines {
				t.Fatalf("fault %+v in %d lines", fault, lines)
			}
		}
		for _, s := range out {
			for i, turn := range s.Turns {
				for _, c := range turn.Choices {
					if c.Right && (c.Next <= i || c.Next > len(s.Turns)) {
						t.Fatalf("%s: turn %d leads to %d", s.ID, i, c.Next)
					}
				}
			}
		}
	})
}
