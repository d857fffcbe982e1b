package training

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestGraceThenRefusalThenTrainedAndOn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s := r.seat("op", "pc-1")
		r.must(s.ready()) // never asked: grace begins now
		_, err := s.login()
		r.must(err)
		r.clk.Advance(14*day - time.Second)
		r.must(s.ready())
		r.clk.Advance(2 * time.Second)
		r.refused(s.ready(), "training.required")
		if _, err := s.login(); sekisho.CodeOf(err) != "training.required" {
			t.Fatalf("the opening transaction let him in: %v", err)
		}
		due, refused, err := r.Due(t.Context(), s.By)
		r.must(err)
		if !refused || due.Open != 5 || due.Due == nil {
			t.Fatalf("due %+v, refused %v", due, refused)
		}
		s.everything()
		r.must(s.ready())
		id, err := s.login()
		r.must(err)
		if rows := r.rows("training.confirmed"); len(rows) != 1 || rows[0].Session != id || rows[0].Detail["records"] != "5" {
			t.Fatalf("confirmed rows %v", rows)
		}
		elsewhere := r.seat("op", "pc-2")
		r.must(elsewhere.ready()) // confirmed, so it counts everywhere
		r.clk.Advance(366 * day)
		r.refused(elsewhere.ready(), "training.required")
		for kind, n := range map[string]int{"training.seeded": 1, "training.begun": 1, "training.passed": 1, "document.acknowledged": 4} {
			if rows := r.rows(kind); len(rows) != n {
				t.Errorf("%d rows of %s, want %d", len(rows), kind, n)
			}
		}
	})
}

// In quarantine nobody has shown his face: what was done there must not open
// work for anybody who logs in elsewhere.
func TestWhatNoLoginConfirmedCountsWhereItWasDoneAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.overdue("op")
		s := r.seat("op", "pc-1")
		s.everything()
		r.must(s.ready())
		again := r.seat("op", "pc-1") // the same PC, connected again
		r.refused(again.ready(), "training.required")
		o, err := r.Overview(t.Context(), again.By)
		r.must(err)
		if !o.Courses[0].Done || o.Documents[0].Done != nil {
			t.Errorf("the quiz counts on its PC and the signatures on their connection: %+v", o)
		}
		other := r.seat("op", "pc-2")
		if o, err = r.Overview(t.Context(), other.By); err != nil || o.Courses[0].Done {
			t.Errorf("the quiz of another PC counts: %+v, %v", o.Courses[0], err)
		}
		if p, err := r.People(t.Context(), []sekisho.PersonID{"op"}); err != nil || p["op"].State(r.clk.Now()) != StateOverdue {
			t.Errorf("the console believes what nobody confirmed: %+v, %v", p, err)
		}
		again.acknowledge("policy", "standard", "telework", "pledge") // signed for again, on this connection
		_, err = again.login()
		r.must(err)
		r.must(other.ready())
	})
}

// On a shared PC anybody of the group can name a colleague: a quiz that was
// passed in his name becomes his by a login on that very connection alone.
func TestAQuizAtASharedPCIsNobodysWithoutALoginOnItsConnection(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.overdue("op")
		colleague := r.seat("op", "pc-1") // says that he is op
		colleague.Shared = true
		colleague.everything()
		op := r.seat("op", "pc-1")
		op.Shared = true
		op.acknowledge("policy", "standard", "telework", "pledge")
		r.refused(op.ready(), "training.required")
		_, err := op.login()
		r.refused(err, "training.required")
		if r := op.take(0); !r.Passed {
			t.Fatalf("control: %+v", r)
		}
		r.must(op.ready())
		_, err = op.login()
		r.must(err)
		r.must(r.seat("op", "pc-2").ready())
	})
}

// TestANameAloneTouchesNoColleaguesQuiz: neither the one under way, nor by a pause.
func TestANameAloneTouchesNoColleaguesQuiz(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.overdue("op")
		op := r.seat("op", "pc-1")
		op.Shared = true
		under, err := op.Begin(t.Context(), op.By, ownCourse)
		r.must(err)
		colleague := r.seat("op", "pc-1") // says that he is op
		colleague.Shared = true
		if o, err := r.Overview(t.Context(), colleague.By); err != nil || o.Courses[0].Attempt != nil {
			t.Errorf("a name alone shows the quiz under way: %+v, %v", o, err)
		}
		if _, err := r.Answer(t.Context(), colleague.By, under.ID, wire.TrainingAnswer{Chosen: []int{0}}); sekisho.CodeOf(err) != errNoAttempt.Code {
			t.Errorf("a name alone answers it: %v", err)
		}
		if got := colleague.take(100); got.Passed {
			t.Fatal("control: passed")
		}
		if again, err := op.Begin(t.Context(), op.By, ownCourse); err != nil || again.ID != under.ID {
			t.Errorf("his own: %+v, %v", again, err)
		}
		if o, err := r.Overview(t.Context(), op.By); err != nil || o.Courses[0].RetryAt != nil {
			t.Errorf("he must pause for what another one failed: %+v, %v", o, err)
		}
	})
}

func TestKeyNeverLeavesBeforeTheAnswer(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	_, pool, err := r.Questions(t.Context(), ownCourse)
	r.must(err)
	explain := map[string]wire.Words{}
	for _, q := range pool {
		explain[q.Text.JA] = q.Explain
	}
	a, err := s.Begin(t.Context(), s.By, ownCourse)
	r.must(err)
	for place := 0; ; place++ {
		overview, err := r.Overview(t.Context(), s.By)
		r.must(err)
		for _, sent := range []any{a, overview} {
			raw, err := json.Marshal(sent)
			r.must(err)
			for _, word := range []string{`"explain"`, `"correct"`, `"rule"`, `"right":[`, explain[a.Question.Text.JA].JA, explain[a.Question.Text.JA].EN} {
				if strings.Contains(string(raw), word) {
					t.Fatalf("question %d: the page gets %s", place, word)
				}
			}
		}
		got := s.answer(a, s.rightOptions(a))
		if !got.Correct || got.Explain.JA == "" || got.Explain.EN == "" || !strings.HasPrefix(got.Rule, "telework ") {
			t.Fatalf("after the answer: %+v", got)
		}
		if got.Result != nil {
			break
		}
		a = got.Attempt
	}
}

func TestAnswersThatDoNotCount(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s, other := r.seat("op", "pc-1"), r.seat("op2", "pc-2")
		a, err := s.Begin(t.Context(), s.By, ownCourse)
		r.must(err)
		right := s.rightOptions(a)
		wrong := []int{(right[0] + 1) % len(a.Question.Options)}
		try := func(by By, id sekisho.AttemptID, place int, chosen []int, code string) {
			t.Helper()
			_, err := r.Answer(t.Context(), by, id, wire.TrainingAnswer{Place: place, Chosen: chosen})
			r.refused(err, code)
		}
		try(other.By, a.ID, 0, right, "training.attempt_unknown")
		try(s.By, "nothing", 0, right, "training.attempt_unknown")
		try(s.By, a.ID, 1, right, "training.answered")
		try(s.By, a.ID, -1, right, "training.answered")
		for _, chosen := range [][]int{nil, {}, {99}, {-1}, {0, 0}, {0, 1, 2, 3, 4, 5, 6, 7, 8}} {
			try(s.By, a.ID, 0, chosen, "training.answer")
		}
		// Both answers at once: one counts, and the other learns nothing.
		var all sync.WaitGroup
		codes := make(chan string, 2)
		for _, chosen := range [][]int{right, wrong} {
			all.Go(func() {
				_, err := r.Answer(t.Context(), s.By, a.ID, wire.TrainingAnswer{Place: 0, Chosen: chosen})
				code := ""
				if err != nil {
					code = sekisho.CodeOf(err)
				}
				codes <- code
			})
		}
		all.Wait()
		first, second := <-codes, <-codes
		if first+second != "training.answered" {
			t.Fatalf("two answers to one question: %q, %q", first, second)
		}
		// The page comes back on another connection and goes on where it was.
		back := r.seat("op", "pc-1")
		again, err := back.Begin(t.Context(), back.By, ownCourse)
		r.must(err)
		if again.ID != a.ID || again.Answered != 1 || again.Question.Place != 1 {
			t.Fatalf("taken up at %+v", again)
		}
	})
}

func TestFailedQuizPausesAndIsNotRoundedUp(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	result := s.take(4) // 11 of 15 are 73 %
	if result.Passed || result.Percent != 73 || result.RetryAt == nil {
		t.Fatalf("result %+v", result)
	}
	_, err := s.Begin(t.Context(), s.By, ownCourse)
	r.refused(err, "training.pause")
	r.clk.Advance(10*time.Minute - time.Second)
	_, err = s.Begin(t.Context(), s.By, ownCourse)
	r.refused(err, "training.pause")
	r.clk.Advance(time.Second)
	if result = s.take(3); !result.Passed || result.Percent != 80 { // 12 of 15, exactly
		t.Fatalf("result %+v", result)
	}
	if rows := r.rows("training.failed"); len(rows) != 1 || rows[0].Detail["percent"] != "73" {
		t.Fatalf("rows %v", rows)
	}
}

func TestRemindedBeforeTheEnd(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	s.everything()
	_, err := s.login()
	r.must(err)
	due, _, err := r.Due(t.Context(), s.By)
	if r.must(err); due.Open != 0 || due.Due != nil {
		t.Fatalf("%+v", due)
	}
	r.clk.Advance(340 * day)
	due, refused, err := r.Due(t.Context(), s.By)
	if r.must(err); due.Open != 1 || due.Due == nil || refused {
		t.Fatalf("%+v, refused %v", due, refused)
	}
	s.take(0)
	if due, _, err = r.Due(t.Context(), s.By); err != nil || due.Open != 0 {
		t.Fatalf("%+v, %v", due, err)
	}
}

func TestRulesThatRefuseNobody(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.overdue("op")
	s := r.seat("op", "pc-1")
	r.refused(s.ready(), "training.required")
	rules, err := r.Rules(t.Context())
	r.must(err)
	rules.Required = false
	stale := rules
	next, err := r.SetRules(t.Context(), "admin", rules)
	r.must(err)
	r.must(s.ready())
	_, err = r.SetRules(t.Context(), "admin", stale)
	r.refused(err, "training.changed_meanwhile")
	next.GraceDays = 91
	_, err = r.SetRules(t.Context(), "admin", next)
	r.refused(err, "training.rules")
	if rows := r.rows("training.rules_changed"); len(rows) != 1 || rows[0].Detail["required"] != "true → false" {
		t.Fatalf("rows %v", rows)
	}
}

// What cannot be read refuses: a room without its tables lets nobody work.
func TestUnreadableRefuses(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	r.must(r.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "DROP TABLE training_acknowledgements")
		return err
	}))
	if s.ready() == nil {
		t.Error("ready although nothing is known")
	}
	if _, err := s.login(); err == nil {
		t.Error("opened although nothing is known")
	}
	if _, refused, err := r.Due(t.Context(), s.By); err == nil || !refused {
		t.Error("due although nothing is known")
	}
}

func TestDemoIsMarkedAndComplete(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.must(r.SeedDemo(t.Context(), []sekisho.PersonID{"a"}, []sekisho.PersonID{"b"}))
	r.must(r.seat("a", "pc-1").ready())
	r.refused(r.seat("b", "pc-2").ready(), "training.required")
	all, err := r.taken("")
	r.must(err)
	if len(all) != 5 {
		t.Fatalf("%d records", len(all))
	}
	for _, one := range all {
		if one.Class != classDemo || one.Person != "a" {
			t.Errorf("record %+v", one)
		}
	}
}
