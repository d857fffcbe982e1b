package acd

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/clients"
)

type people struct{}

func (people) Holds(context.Context, storage.Tx, sekisho.PersonID, sekisho.Role) (bool, error) {
	return true, nil
}

func (people) Keeps(context.Context, storage.Tx, sekisho.PersonID, sekisho.Role) (bool, error) {
	return true, nil
}

// room is the ACD on a real database, beside the real clients.
type room struct {
	*ACD
	t      testing.TB
	db     *storage.DB
	clk    *clock.Fake
	log    *audit.Log
	client clients.Client
	work   clients.Work
	other  clients.Work // another client's
}

func newRoom(t testing.TB, db *storage.DB) *room {
	t.Helper()
	ctx := t.Context()
	r := &room{t: t, db: db, clk: clock.NewFake(noon)}
	must(t, db.Migrate(ctx, audit.Schema, clients.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	r.log = log
	cl := clients.New(db, r.clk, log, people{})
	r.client, err = cl.Create(ctx, "admin", "見本の会社")
	must(t, err)
	r.work, err = cl.AddWork(ctx, "admin", r.client.ID, "受付")
	must(t, err)
	second, err := cl.Create(ctx, "admin", "別の会社")
	must(t, err)
	r.other, err = cl.AddWork(ctx, "admin", second.ID, "受付")
	must(t, err)
	r.ACD, err = New(db, r.clk, log, Deps{Clients: cl})
	must(t, err)
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the room until stop is called.
func (r *room) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.Run(ctx); err != nil {
			r.t.Error(err)
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

// settled waits until everything that was put in before has been followed.
func (r *room) settled() {
	r.t.Helper()
	done := make(chan struct{})
	var once sync.Once
	mark := sekisho.CallID(fmt.Sprint("mark", rand.Uint64()))
	r.OnAct(func(a Act) {
		if f, ok := a.(Refused); ok {
			if e, ok := f.Event.(CallLeaves); ok && e.Call == mark {
				once.Do(func() { close(done) })
			}
		}
	})
	r.Do(CallLeaves{Call: mark})
	select {
	case <-done:
	case <-time.After(time.Minute):
		r.t.Fatal("the room does not answer")
	}
}

func (r *room) facts() (out []Fact) {
	r.t.Helper()
	must(r.t, r.Facts(r.t.Context(), noon.Add(-24*time.Hour), noon.Add(48*time.Hour), func(f Fact) { out = append(out, f) }))
	return out
}

func (r *room) plain(name string) Queue {
	s := Standard()
	s.TellEvery, s.Home = 0, true
	return Queue{Client: r.client.ID, Work: r.work.ID, Name: name, Settings: s}
}

func TestQueuesAreConfigured(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		first, err := r.Create(ctx, "sv", r.plain("一般"))
		must(t, err)
		overflow := r.plain("英語")
		overflow.Skills, overflow.Overflow, overflow.MaxWait = []Skill{{"英語", 5}}, first.ID, time.Minute
		second, err := r.Create(ctx, "sv", overflow)
		must(t, err)
		s := second.Settings
		s.HomeLittle = true
		changed, err := r.Change(ctx, "sv", second.ID, "英語（改）", s)
		must(t, err)
		all, err := r.List(ctx)
		must(t, err)
		if len(all) != 2 || !reflect.DeepEqual(all[1], changed) && !reflect.DeepEqual(all[0], changed) {
			t.Fatalf("%+v, want %+v among them", all, changed)
		}
		foreign := r.plain("別")
		foreign.Client, foreign.Work, foreign.Overflow = r.other.Client, r.other.ID, first.ID
		mixed := r.plain("混")
		mixed.Work = r.other.ID
		for code, q := range map[string]Queue{"queue.overflow": foreign, "queue.work": mixed, "queue.name_taken": r.plain("一般"), "queue.name": r.plain("a\nb")} {
			if _, err := r.Create(ctx, "sv", q); sekisho.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		must(t, r.Retire(ctx, "sv", second.ID))
		if _, err := r.Change(ctx, "sv", second.ID, "英語", s); sekisho.CodeOf(err) != "queue.retired" {
			t.Errorf("changed what is retired: %v", err)
		}
		if err := r.Retire(ctx, "sv", "nobody's"); sekisho.CodeOf(err) != "queue.unknown" {
			t.Error(err)
		}
		must(t, r.SetSkills(ctx, "sv", "op", map[string]int{"英語": 7}))
		for _, bad := range []map[string]int{{"英語": 0}, {"英語": 11}, {"": 1}, {"a\x00": 1}} {
			if err := r.SetSkills(ctx, "sv", "op", bad); sekisho.CodeOf(err) != "acd.skills" {
				t.Errorf("%v: %v", bad, err)
			}
		}
		can, err := r.Skills(ctx)
		if err != nil || !maps.Equal(can["op"], map[string]int{"英語": 7}) {
			t.Fatalf("%v, %v", can, err)
		}
		must(t, r.log.Flush(ctx))
		var kinds []string
		entries, err := r.log.Search(ctx, audit.Filter{Limit: 100})
		must(t, err)
		for _, e := range entries {
			kinds = append(kinds, e.Event.Kind)
		}
		for _, kind := range []string{"queue.created", "queue.changed", "queue.retired", "agent.skills_changed"} {
			n := 0
			for _, k := range kinds {
				if k == kind {
					n++
				}
			}
			if want := map[bool]int{true: 2, false: 1}[kind == "queue.created"]; n != want {
				t.Errorf("%s: %d rows, want %d", kind, n, want)
			}
		}
	})
}

func TestSettingsAreJudged(t *testing.T) {
	for code, changes := range map[string][]func(*Settings){
		"queue.strategy": {func(s *Settings) { s.Strategy = "" }, func(s *Settings) { s.Priority = 10 }, func(s *Settings) { s.Priority = -1 }},
		"queue.places":   {func(s *Settings) { s.Office = false }, func(s *Settings) { s.HomeLittle = true }, func(s *Settings) { s.MinTier = "" }, func(s *Settings) { s.MinTier = "D" }},
		"queue.length":   {func(s *Settings) { s.MaxLength = 0 }, func(s *Settings) { s.MaxLength = 1001 }},
		"queue.times": {
			func(s *Settings) { s.RingFor = 0 }, func(s *Settings) { s.RingFor = time.Hour }, func(s *Settings) { s.Target = 0 }, func(s *Settings) { s.MaxWait = -1 },
			func(s *Settings) { s.WrapUp = 2 * time.Hour }, func(s *Settings) { s.TellEvery = time.Second }, func(s *Settings) { s.ShortWithin = time.Hour },
		},
		"queue.skills": {
			func(s *Settings) { s.Skills = []Skill{{"a", 0}} }, func(s *Settings) { s.Skills = []Skill{{"a", 11}} }, func(s *Settings) { s.Skills = []Skill{{"a", 1}, {"a", 2}} },
			func(s *Settings) { s.Skills = make([]Skill, 9) }, func(s *Settings) { s.Widen = []Widening{{time.Minute, 2}, {time.Second, 3}} },
			func(s *Settings) { s.Widen = []Widening{{time.Second, 2}, {time.Minute, 2}} }, func(s *Settings) { s.Widen = []Widening{{2 * time.Hour, 2}} },
		},
		"queue.codes": {func(s *Settings) { s.CodeNeeded = true }, func(s *Settings) { s.Codes = []string{"a", "a"} }, func(s *Settings) { s.Codes = []string{""} }},
	} {
		for i, change := range changes {
			s := Standard()
			change(&s)
			if err := s.valid(); sekisho.CodeOf(err) != code {
				t.Errorf("%s, %d: %v", code, i, err)
			}
		}
	}
	if err := Standard().valid(); err != nil {
		t.Error(err)
	}
	if (Settings{}).valid() == nil {
		t.Error("the zero value is a queue")
	}
}

// An operator answers in the moment in which his offer times out: either he has the
// caller or the queue has, and nobody else ever.
func TestAnswerMeetsTimeout(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	q, err := r.Create(t.Context(), "sv", r.plain("一般"))
	must(t, err)
	offers := make(chan Offer, 1)
	over := make(chan Act, 4)
	r.OnAct(func(a Act) {
		switch a := a.(type) {
		case Offer:
			offers <- a
		case Connect, Withdraw, Left:
			over <- a
		}
	})
	stop := r.start()
	defer stop()
	r.Do(AgentIn{Agent: "op", Seat: office, Works: []sekisho.WorkID{r.work.ID}})
	connected, waited := 0, 0
	for i := range 10_000 {
		call := sekisho.CallID(fmt.Sprint(i))
		r.Do(CallArrives{Call: call, Queue: q.ID})
		r.Do(AgentState{Agent: "op", State: Ready})
		o := <-offers
		if o.Call != call {
			t.Fatalf("%d: offered %s", i, o.Call)
		}
		var both sync.WaitGroup
		events := []Event{Answer{Token: o.Token}, Timeout{Token: o.Token}}
		for k := range events { // now this one is begun first, now that one
			both.Go(func() { r.Do(events[(k+i)%2]) })
		}
		both.Wait()
		switch (<-over).(type) {
		case Connect:
			connected++
			r.Do(AgentState{Agent: "op", State: Away})
			r.Do(TalkEnds{Call: call, Cause: calls.ByCaller})
			r.Do(WrapUpDone{Agent: "op"})
		case Withdraw:
			waited++
			r.Do(CallLeaves{Call: call, Cause: calls.Abandoned})
		}
		if l, ok := (<-over).(Left); !ok || l.Call != call {
			t.Fatalf("%d: %+v", i, l)
		}
	}
	if connected+waited != 10_000 || connected < 100 || waited < 100 {
		t.Fatalf("%d + %d", connected, waited)
	}
	t.Logf("answered %d times, timed out %d times", connected, waited)
}

// What the board counted as it happened is what anybody counts from the log, by
// another way: one call after the other.
func TestBoardEqualsRecount(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		stop := r.start()
		live, err := NewTally(15 * time.Minute)
		must(t, err)
		loads, err := NewLoads(30*time.Minute, nil)
		must(t, err)
		var told []Fact
		last := noon
		_, err = play(7, 20_000, func(at time.Time, _ Event, _ []Act, facts []Fact) {
			for _, f := range facts {
				live.Add(f)
				loads.Add(f)
				told = append(told, f)
			}
			last = at
		})
		must(t, err)
		r.writer.put(told)
		for end := time.Now().Add(2 * time.Minute); r.writer.behind() > 0 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond) // a stop waits for the disk 10 s at most
		}
		stop()
		to := last.Add(time.Second)
		counted, err := r.Count(ctx, noon, to, 15*time.Minute)
		must(t, err)
		if !reflect.DeepEqual(live.Queues(), counted.Queues()) || len(live.Queues()) < 20 {
			t.Fatalf("%d cells live, %d counted", len(live.Queues()), len(counted.Queues()))
		}
		var logged []Fact
		must(t, r.Facts(ctx, noon, to, func(f Fact) {
			if f.Kind != FactStarted {
				logged = append(logged, f)
			}
		}))
		if !reflect.DeepEqual(logged, told) {
			t.Fatalf("%d facts were kept of %d, or others", len(logged), len(told))
		}
		sum := Figures{}
		for _, c := range live.Works() {
			sum = sum.Plus(c.Figures)
		}
		if got := recount(logged); got != sum {
			t.Fatalf("counted call by call:\n%+v, live:\n%+v", got, sum)
		}
		if sum.Answered < 100 || sum.Abandoned < 50 || sum.Callbacks == 0 || sum.Handled < 100 {
			t.Errorf("%+v: nothing happened", sum)
		}
		compareLoads(t, loads.Until(to), logged, to)
	})
}

// recount looks at each call's own story.
func recount(facts []Fact) (f Figures) {
	stories := map[sekisho.CallID][]Fact{}
	for _, x := range facts {
		if x.Call != "" {
			stories[x.Call] = append(stories[x.Call], x)
		}
	}
	for _, story := range stories {
		if story[0].Queue == "" {
			continue // an operator's own
		}
		talked := false
		for i, x := range story {
			switch x.Kind {
			case FactQueued:
				f.Queued++
				if talked {
					f.Again++
				}
			case FactAnswered:
				called := false // back, after he had left his place
				for _, before := range story[:i] {
					called = called || before.Kind == FactCallback
				}
				if !talked && !called {
					f.Answered++
					f.Waited += x.Waited
					f.Longest = max(f.Longest, x.Waited)
					if x.Waited <= 20*time.Second {
						f.InTarget++
					}
				}
				talked = true
			case FactAbandoned:
				if !talked {
					f.Abandoned++
					f.Longest = max(f.Longest, x.Waited)
					if x.Waited < 5*time.Second {
						f.Short++
					}
				}
			case FactOverflowed:
				if !talked {
					f.Overflowed++
				}
			case FactTurned:
				f.TurnedAway++
			case FactCallback:
				f.Callbacks++
			case FactLeft:
				f.LeftBehind++
			case FactMissed:
				f.Missed++
			case FactDeclined:
				f.Declined++
			case FactTalked:
				f.Handled, f.Talk, f.Hold = f.Handled+1, f.Talk+x.Talk, f.Hold+x.Hold
			case FactInterrupted:
				f.Interrupted, f.Talk, f.Hold = f.Interrupted+1, f.Talk+x.Talk, f.Hold+x.Hold
			case FactHandedOver:
				f.HandedOver, f.Talk, f.Hold = f.HandedOver+1, f.Talk+x.Talk, f.Hold+x.Hold
			case FactWrapped:
				f.Wrap += x.Wrap
			}
		}
	}
	return f
}

// compareLoads counts operators' time a second way: by every state's length as a whole.
func compareLoads(t *testing.T, loads []Load, facts []Fact, to time.Time) {
	t.Helper()
	busy, free := time.Duration(0), time.Duration(0)
	last := map[sekisho.PersonID]Fact{}
	add := func(f Fact, until time.Time) {
		switch f.State {
		case Talking, Hold, WrapUp:
			busy += until.Sub(f.At)
		case Ready, Reserved, Ringing:
			free += until.Sub(f.At)
		}
	}
	for _, f := range facts {
		if f.Kind == FactState {
			add(last[f.Agent], f.At)
			last[f.Agent] = f
		}
	}
	for _, f := range last {
		add(f, to)
	}
	sum := Load{}
	for _, l := range loads {
		if l.From.Truncate(30*time.Minute) != l.From || l.Busy < 0 || l.Busy+l.Free > 12*30*time.Minute {
			t.Errorf("%+v of 12 operators in half an hour", l)
		}
		sum.Busy, sum.Free = sum.Busy+l.Busy, sum.Free+l.Free
	}
	if sum.Busy != busy || sum.Free != free || busy == 0 || free == 0 {
		t.Errorf("busy %v, want %v; free %v, want %v", sum.Busy, busy, sum.Free, free)
	}
}

// The room as it runs: skills that are kept, the board of today, and a restart.
func TestBoardAndRestart(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		plain := r.plain("英語")
		plain.Skills, plain.WrapUp = []Skill{{"英語", 5}}, 0
		q, err := r.Create(ctx, "sv", plain)
		must(t, err)
		must(t, r.SetSkills(ctx, "sv", "op", map[string]int{"英語": 5}))
		before := runtime.NumGoroutine()
		stop := r.start()
		r.Do(CallArrives{Call: "1", Queue: q.ID})
		r.Do(AgentIn{Agent: "op", Seat: office, Works: []sekisho.WorkID{r.work.ID}})
		r.settled()
		r.clk.Advance(10 * time.Second)
		r.Do(AgentState{Agent: "op", State: Ready})
		r.Do(Answer{Token: 1})
		r.settled()
		b := r.Board()
		if len(b.Queues) != 1 || b.Queues[0].Talking != 1 || b.Queues[0].Today.Answered != 1 || b.Queues[0].Today.Waited != 10*time.Second ||
			len(b.Agents) != 1 || b.Agents[0].State != Talking || b.Agents[0].Call != "1" {
			t.Fatalf("%+v", b)
		}
		r.clk.Advance(time.Minute)
		r.Do(TalkEnds{Call: "1", Cause: calls.ByCaller})
		must(t, r.SetSkills(ctx, "sv", "op", nil)) // he can do it no more
		r.Do(CallArrives{Call: "2", Queue: q.ID})
		r.Do(CallArrives{Call: "3", Queue: q.ID, Level: sekisho.LevelNone})
		r.Do(CallLeaves{Call: "3", Cause: calls.ForCallback})
		r.settled()
		if b := r.Board(); b.Queues[0].Waiting != 1 || b.Queues[0].Callbacks != 1 || b.Agents[0].State != Ready {
			t.Fatalf("%+v", b)
		}
		stop()
		if r.Panics() != 0 || r.Board().Behind != 0 {
			t.Fatalf("%d panics, %d behind", r.Panics(), r.Board().Behind)
		}
		r.clk.Advance(time.Minute)
		again, err := New(db, r.clk, r.log, r.deps)
		must(t, err)
		r.ACD = again
		stop = r.start()
		r.settled()
		if today := r.Board().Queues[0].Today; today.Answered != 1 || today.Talk != time.Minute || today.Queued != 3 {
			t.Errorf("after the restart: %+v", today)
		}
		if q := r.Board().Queues[0]; q.Callbacks != 1 || q.Waiting != 0 {
			t.Errorf("a place was not kept: %+v", q)
		}
		stop()
		days, err := r.Attendance(ctx, noon.Add(-time.Hour), noon.Add(time.Hour))
		if err != nil || len(days) != 1 || !days[0].Start.Equal(noon) || !days[0].End.Equal(noon.Add(70*time.Second)) {
			t.Errorf("%+v, %v", days, err)
		}
		if n, err := r.Forget(ctx, noon.Add(24*time.Hour)); err != nil || n == 0 || len(r.facts()) != 0 {
			t.Errorf("%d rows, %v", n, err)
		}
		if _, err := r.Count(ctx, noon, noon.Add(time.Hour), 7*time.Minute); sekisho.CodeOf(err) != "acd.span" {
			t.Error(err)
		}
		if err := r.Facts(ctx, noon, noon.Add(94*24*time.Hour), nil); sekisho.CodeOf(err) != "acd.period" {
			t.Error(err)
		}
		for range 100 { // timers of the runtime end in their own time
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
	})
}

// A listener that fails costs its own act alone.
func TestAPanicEndsNothing(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	q, err := r.Create(t.Context(), "sv", r.plain("一般"))
	must(t, err)
	r.OnAct(func(a Act) {
		if _, ok := a.(Announce); ok {
			panic("listener")
		}
	})
	stop := r.start()
	defer stop()
	r.Do(CallArrives{Call: "1", Queue: q.ID})
	r.Do(CallArrives{Call: "2", Queue: q.ID})
	r.settled()
	if b := r.Board(); b.Queues[0].Waiting != 2 || r.Panics() != 2 {
		t.Fatalf("%+v, %d panics", b, r.Panics())
	}
}
