package training

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// asking puts the practice among what is asked of everybody.
func (r *room) asking(months int) {
	r.Helper()
	rules, err := r.Rules(r.Context())
	r.must(err)
	rules.Practice, rules.PracticeMonths = true, months
	_, err = r.SetRules(r.Context(), "admin", rules)
	r.must(err)
}

// choice is a place among those shown whose choice is right, or wrong.
func (s *seat) choice(n wire.PracticeRun, right bool) int {
	s.Helper()
	place := -1
	s.must(s.db.Read(s.Context(), func(tx storage.Tx) error {
		kept, err := loadRun(s.Context(), tx, n.ID, s.Person)
		if err != nil {
			return err
		}
		sc, err := scenarioAt(s.Context(), tx, kept.scenario, kept.version)
		for i, own := range kept.shown {
			if sc.Turns[kept.turn].Choices[own].Right == right {
				place = i
			}
		}
		return err
	}))
	return place
}

// play goes through one scenario, at first with some wrong choices.
func (s *seat) play(id sekisho.ScenarioID, slips int) wire.PracticeChosen {
	s.Helper()
	n, err := s.BeginPractice(s.Context(), s.By, id)
	s.must(err)
	for {
		got, err := s.Choose(s.Context(), s.By, n.ID, wire.PracticeChoice{Step: n.Turn.Step, Chosen: s.choice(n, n.Slips >= slips)})
		s.must(err)
		if got.Done != nil {
			return got
		}
		n = got.Run
	}
}

func (s *seat) playAll() {
	s.Helper()
	all, err := s.Scenarios(s.Context())
	s.must(err)
	for _, sc := range all {
		s.play(sc.ID, 1)
	}
}

func TestPracticeIsAskedLikeACourse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s := r.seat("op", "pc-1")
		s.everything()
		_, err := s.login()
		r.must(err)
		r.clk.Advance(20 * day)
		r.must(s.ready()) // nobody asks for it
		r.asking(6)
		r.clk.Advance(14*day - time.Second)
		r.must(s.ready()) // in grace from the day on which it was asked
		r.clk.Advance(2 * time.Second)
		r.refused(s.ready(), "training.required")
		s.playAll()
		r.must(s.ready())
		other := r.seat("op", "pc-2")
		r.refused(other.ready(), "training.required") // no login has confirmed who played
		if p, err := r.People(t.Context(), []sekisho.PersonID{"op"}); err != nil || p["op"].State(r.clk.Now()) != StateOverdue {
			t.Errorf("the console believes what nobody confirmed: %+v, %v", p, err)
		}
		_, err = s.login()
		r.must(err)
		r.must(other.ready())
		r.clk.Advance(170 * day)
		o, err := r.Practice(t.Context(), s.By)
		if r.must(err); !o.Asked || !o.Done || !o.Soon || o.Until == nil {
			t.Fatalf("not reminded: %+v", o)
		}
		r.clk.Advance(20 * day)
		r.refused(s.ready(), "training.required")
		for kind, n := range map[string]int{"practice.seeded": 1, "practice.begun": 8, "practice.done": 8} {
			if rows := r.rows(kind); len(rows) != n {
				t.Errorf("%d rows of %s, want %d", len(rows), kind, n)
			}
		}
		records, err := r.taken("")
		r.must(err)
		practised := 0
		for _, one := range records {
			if one.Result == ResultPractised && one.Title.JA != "" && one.Session != "" {
				practised++
			}
		}
		if practised != 8 {
			t.Errorf("%d records of practice", practised)
		}
	})
}

// TestAskingMoreOftenGivesNoNewGrace to whoever was overdue before, or never played.
func TestAskingMoreOftenGivesNoNewGrace(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.must(r.db.Write(t.Context(), func(tx storage.Tx) error { // a course that ends meanwhile is not what is asked here
		_, err := tx.Exec(t.Context(), "UPDATE training_courses SET valid_months = 60")
		return err
	}))
	played, never := r.seat("op", "pc-1"), r.seat("op2", "pc-2")
	for _, s := range []*seat{played, never} {
		s.everything()
		_, err := s.login()
		r.must(err)
	}
	r.asking(12)
	played.playAll()
	r.clk.Advance(20 * day)
	r.refused(never.ready(), "training.required")
	r.asking(11)
	r.refused(never.ready(), "training.required")
	r.must(played.ready())
	r.clk.Advance(340 * day)
	r.refused(played.ready(), "training.required") // since 11 months
	r.asking(10)
	r.refused(played.ready(), "training.required")
	played.playAll()
	r.must(played.ready())
	r.clk.Advance(170 * day)
	r.asking(5) // this alone makes it due: with a grace of its own
	r.must(played.ready())
	r.clk.Advance(10 * day)
	r.asking(4)
	r.clk.Advance(5 * day)
	r.refused(played.ready(), "training.required")
}

// TestThePracticeIsNotSwitchedOffByItsScenarios: the last one stays while it is
// asked, and one that comes back is due as it was.
func TestThePracticeIsNotSwitchedOffByItsScenarios(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.asking(0)
	all, err := r.Scenarios(t.Context())
	r.must(err)
	for _, sc := range all[1:] {
		r.must(r.RetireScenario(t.Context(), "admin", sc.ID))
	}
	r.refused(r.RetireScenario(t.Context(), "admin", all[0].ID), "practice.last_scenario")
	r.clk.Advance(20 * day)
	text, err := seeds.ReadFile("seed/practice.txt")
	r.must(err)
	_, faults, err := r.ImportScenarios(t.Context(), "admin", string(text), false)
	if r.must(err); len(faults) > 0 {
		t.Fatal(faults)
	}
	back, err := r.Scenarios(t.Context())
	r.must(err)
	for _, sc := range back {
		if !sc.Since.Equal(day0) {
			t.Errorf("%s is asked since %v", sc.ID, sc.Since)
		}
	}
	if len(back) != len(all) {
		t.Errorf("%d of %d are back", len(back), len(all))
	}
}

func TestPracticeKeyNeverLeavesBeforeTheChoice(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	all, err := r.Scenarios(t.Context())
	r.must(err)
	for _, sc := range all {
		n, err := s.BeginPractice(t.Context(), s.By, sc.ID)
		r.must(err)
		for done := false; !done; {
			raw, err := json.Marshal(n)
			r.must(err)
			for _, word := range []string{`"right"`, `"why"`, `"rule"`, `"next"`} {
				if strings.Contains(string(raw), word) {
					t.Fatalf("%s: the page gets %s", sc.ID, word)
				}
			}
			for _, c := range sc.Turns[n.Turn.Place].Choices {
				if strings.Contains(string(raw), c.Why.JA) || strings.Contains(string(raw), c.Why.EN) {
					t.Fatalf("%s: the page gets the reason of %q", sc.ID, c.Text.JA)
				}
			}
			got, err := s.Choose(t.Context(), s.By, n.ID, wire.PracticeChoice{Step: n.Turn.Step, Chosen: s.choice(n, true)})
			r.must(err)
			if !got.Right || got.Why.JA == "" || got.Why.EN == "" || got.Rule == "" {
				t.Fatalf("after the choice: %+v", got)
			}
			n, done = got.Run, got.Done != nil
		}
	}
}

func TestChoicesThatAreNotTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s, other := r.seat("op", "pc-1"), r.seat("op2", "pc-2")
		_, err := s.BeginPractice(t.Context(), s.By, "nothing")
		r.refused(err, "practice.scenario_unknown")
		n, err := s.BeginPractice(t.Context(), s.By, "paper")
		r.must(err)
		try := func(by By, id sekisho.PracticeID, step, chosen int, code string) {
			t.Helper()
			_, err := r.Choose(t.Context(), by, id, wire.PracticeChoice{Step: step, Chosen: chosen})
			r.refused(err, code)
		}
		try(other.By, n.ID, 0, 0, "practice.run_unknown")
		try(s.By, n.ID, 1, 0, "practice.step")
		try(s.By, n.ID, -1, 0, "practice.step")
		try(s.By, n.ID, 0, -1, "practice.choice")
		try(s.By, n.ID, 0, len(n.Turn.Choices), "practice.choice")
		// Two choices at once: one counts, and the other learns nothing.
		var both sync.WaitGroup
		codes := make(chan string, 2)
		for place := range 2 {
			both.Go(func() {
				_, err := r.Choose(t.Context(), s.By, n.ID, wire.PracticeChoice{Step: 0, Chosen: place})
				code := ""
				if err != nil {
					code = sekisho.CodeOf(err)
				}
				codes <- code
			})
		}
		both.Wait()
		if first, second := <-codes, <-codes; first+second != "practice.step" {
			t.Fatalf("two choices in one turn: %q, %q", first, second)
		}
		again, err := s.BeginPractice(t.Context(), s.By, "paper")
		if r.must(err); again.ID != n.ID || again.Turn.Step != 1 {
			t.Fatalf("taken up at %+v", again)
		}
		done := s.play("paper", 1)
		try(s.By, n.ID, 9, 0, "practice.over")
		if done.Run.Turn != nil || done.Run.ID != n.ID {
			t.Fatalf("%+v", done)
		}
	})
}

func TestRunsOfADayAreBounded(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	for range maxRunsPerDay {
		s.play("away", 0)
	}
	_, err := s.BeginPractice(t.Context(), s.By, "away")
	r.refused(err, "practice.often")
	r.clk.Advance(24*time.Hour + time.Second)
	s.play("away", 0)
}

// Whatever is chosen, a run ends, and never without a right choice in its last turn.
func TestEveryWayThroughEnds(t *testing.T) {
	own, _, faults := readScript(ownScript(t))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	rapid.Check(t, func(t *rapid.T) {
		sc := own[rapid.IntRange(0, len(own)-1).Draw(t, "scenario")]
		n := sc.begin("op", day0)
		for range maxSteps + 1 {
			if n.state != attemptOpen {
				break
			}
			place := rapid.IntRange(-1, maxChoices).Draw(t, "place")
			c, next, ok := sc.choose(n, place, day0)
			switch {
			case ok != (place >= 0 && place < len(n.shown)):
				t.Fatalf("place %d of %d: %v", place, len(n.shown), ok)
			case !ok && next.step != n.step, ok && !c.Right && next.turn != n.turn, ok && c.Right && next.turn <= n.turn:
				t.Fatalf("from %+v to %+v", n, next)
			case next.state == practiceDone && !c.Right:
				t.Fatal("ended by a wrong choice")
			}
			n = next
		}
	})
}

func TestPracticeCanBeLoosenedOnlyWhereItSaysSo(t *testing.T) {
	six, twelve, once, none := Rules{Practice: true, PracticeMonths: 6}, Rules{Practice: true, PracticeMonths: 12}, Rules{Practice: true}, Rules{}
	for _, c := range []struct {
		old, next Rules
		loose     bool
	}{{six, twelve, true}, {six, once, true}, {six, none, true}, {once, none, true}, {none, once, false}, {once, six, false}, {twelve, six, false}, {six, six, false}} {
		if got := len(loosens(c.old, c.next)) > 0; got != c.loose {
			t.Errorf("%+v → %+v: %v", c.old, c.next, got)
		}
	}
}
