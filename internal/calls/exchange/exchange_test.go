package exchange

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// phone is a party in a test: it says one tone and keeps what it hears.
type phone struct {
	mu     sync.Mutex
	heard  ears
	to     calls.Sink
	voice  speaker
	cut    bool
	once   sync.Once
	over   chan struct{}
	cause  calls.Cause
	digits func(calls.Digit)
	keys   []calls.Digit
}

func newPhone(hz float64, source uint32) *phone {
	return &phone{voice: speaker{hz: hz, law: calls.PCMU, source: source}, over: make(chan struct{})}
}

func (p *phone) Take(f calls.Frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.cut {
		p.heard.Take(f)
	}
}
func (p *phone) Codec() calls.Codec           { return calls.PCMU }
func (p *phone) Listen(s calls.Sink)          { p.mu.Lock(); p.to = s; p.mu.Unlock() }
func (p *phone) Hang(c calls.Cause)           { p.once.Do(func() { p.cause = c; close(p.over) }) }
func (p *phone) Ended() <-chan struct{}       { return p.over }
func (p *phone) Cause() calls.Cause           { <-p.over; return p.cause }
func (p *phone) Quality() calls.Quality       { return calls.Quality{} }
func (p *phone) OnDigit(fn func(calls.Digit)) { p.mu.Lock(); p.digits = fn; p.mu.Unlock() }
func (p *phone) SendDigit(d calls.Digit) error {
	p.mu.Lock()
	p.keys = append(p.keys, d)
	p.mu.Unlock()
	return nil
}

func (p *phone) press(d calls.Digit) {
	p.mu.Lock()
	fn := p.digits
	p.mu.Unlock()
	fn(d)
}

// say says 20 ms of the phone's tone to whoever listens.
func (p *phone) say() {
	p.mu.Lock()
	to, cut := p.to, p.cut
	p.mu.Unlock()
	if to != nil && !cut {
		p.voice.say(to)
	}
}

// silent mutes the phone both ways, as the end of a lease does.
func (p *phone) silent() { p.mu.Lock(); p.cut = true; p.mu.Unlock() }

// hears measures a tone in what is heard from now on, over n frames.
func (p *phone) hears(hz float64, n int, everybody ...*phone) float64 {
	p.mu.Lock()
	p.heard = ears{}
	p.mu.Unlock()
	for range n {
		for _, o := range everybody {
			o.say()
		}
		time.Sleep(Beat)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.level(hz, 0, len(p.heard.pcm))
}

// lab is an exchange with the real state machine of the ACD, and phones.
type lab struct {
	t     *testing.T
	x     *Exchange
	clk   clock.Clock
	mu    sync.Mutex
	lines map[sekisho.SessionID]*phone
	tapes []*reel
	rows  []audit.Event
	dials chan *phone // who answers what is dialled; closed: nobody
	flow  ivr.Flow
}

func (l *lab) Line(id sekisho.SessionID) (Leg, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.lines[id]
	return p, ok
}

func (l *lab) Ready(id sekisho.SessionID) bool { _, ok := l.Line(id); return ok }

func (l *lab) Cut(id sekisho.SessionID) {
	l.mu.Lock()
	p := l.lines[id]
	delete(l.lines, id)
	l.mu.Unlock()
	if p != nil {
		p.silent()
	}
}

func (l *lab) May(o Outgoing) error {
	if o.To == "110" {
		return errors.New("not this one")
	}
	return nil
}

func (l *lab) Dial(ctx context.Context, _ Outgoing) (Leg, error) {
	select {
	case p := <-l.dials:
		if ctx.Err() != nil { // who answers is another's
			l.dials <- p
			return nil, ctx.Err()
		}
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *lab) Published(context.Context, sekisho.FlowID) (ivr.Flow, ivr.Facts, error) {
	return l.flow, ivr.Facts{Level: sekisho.LevelNone}, nil
}

func (l *lab) Prompt(p sekisho.PromptID) ([]byte, error) { return make([]byte, 4*samples), nil }
func (l *lab) Words(string) []byte                       { return nil }

func (l *lab) Lookup(context.Context, sekisho.CallID, ivr.HookStep) (map[string]string, error) {
	return map[string]string{"rank": "gold"}, nil
}

// reel is a tape that keeps its two sides.
type reel struct {
	about          About
	caller, centre ears
	marks          []string
	mu             sync.Mutex
	ended          bool
}

func (r *reel) side(e *ears) calls.Sink {
	return calls.SinkFunc(func(f calls.Frame) { r.mu.Lock(); e.Take(f); r.mu.Unlock() })
}
func (r *reel) Caller() calls.Sink { return r.side(&r.caller) }
func (r *reel) Centre() calls.Sink { return r.side(&r.centre) }
func (r *reel) mark(m string)      { r.mu.Lock(); r.marks = append(r.marks, m); r.mu.Unlock() }
func (r *reel) Pause(_ context.Context, _ Session, why string) error {
	r.mark("pause " + why)
	return nil
}
func (r *reel) Resume(context.Context, Session) error { r.mark("resume"); return nil }
func (r *reel) Mask(_ context.Context, _ Session, on bool) error {
	r.mark(fmt.Sprint("mask ", on))
	return nil
}
func (r *reel) With(_ context.Context, p sekisho.PersonID) error {
	r.mark("with " + string(p))
	return nil
}
func (r *reel) End() { r.mu.Lock(); r.ended = true; r.mu.Unlock() }

func (l *lab) Begin(a About, _ sekisho.QueueID, _ sekisho.PersonID) (Tape, error) {
	r := &reel{about: a}
	l.mu.Lock()
	l.tapes = append(l.tapes, r)
	l.mu.Unlock()
	return r, nil
}
func (l *lab) Message(a About, q sekisho.QueueID) (Tape, error) { return l.Begin(a, q, "") }

func (l *lab) Skills(sekisho.PersonID) (map[string]int, []sekisho.WorkID) {
	return nil, []sekisho.WorkID{"orders"}
}
func (l *lab) ClientOf(context.Context, sekisho.WorkID) (sekisho.ClientID, error) { return "acme", nil }

func (l *lab) Append(_ context.Context, _ storage.Tx, e audit.Event) error {
	l.Afterwards(e)
	return nil
}
func (l *lab) Afterwards(e audit.Event) { l.mu.Lock(); l.rows = append(l.rows, e); l.mu.Unlock() }

// router runs the ACD's machine in one goroutine, as the room does.
type router struct {
	m    *acd.Machine
	clk  clock.Clock
	todo chan acd.Event
	on   func(acd.Act)
	done chan struct{}
}

func (r *router) Do(e acd.Event) {
	select {
	case r.todo <- e:
	case <-r.done:
	}
}
func (r *router) OnAct(fn func(acd.Act))                        { r.on = fn }
func (r *router) Serves(sekisho.QueueID, sekisho.ClientID) bool { return true }
func (r *router) Of(sekisho.WorkID) (sekisho.QueueID, bool)     { return "q", true }
func (r *router) run() {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var e acd.Event = acd.Tick{}
		select {
		case <-r.done:
			return
		case e = <-r.todo:
		case <-tick.C:
		}
		acts, _ := r.m.Do(e, r.clk.Now())
		for _, a := range acts {
			r.on(a)
		}
	}
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{t: t, clk: clock.System(), lines: map[sekisho.SessionID]*phone{}, dials: make(chan *phone, 4)}
	l.flow = ivr.Flow{Start: "hello", Nodes: []ivr.Node{
		{ID: "hello", Play: &ivr.Play{Prompt: "p", Next: "wait"}},
		{ID: "wait", Queue: &ivr.Queue{Queue: "q", Most: 600, Overflow: "bye"}},
		{ID: "bye", Hangup: &ivr.Hangup{}},
	}}
	r := &router{m: acd.NewMachine(acd.NewOneNode()), clk: l.clk, todo: make(chan acd.Event, 1000), done: make(chan struct{})}
	db := storagetest.SQLite(t)
	if err := db.Migrate(t.Context(), Schema); err != nil {
		t.Fatal(err)
	}
	l.x = New(db, l.clk, Config{Country: "81", KeepFor: 2 * time.Second}, Deps{
		ACD: r, Lines: l, Trunks: l, Flows: l, Prompts: l, Hooks: l, Tapes: l, People: l, Clients: l, Audit: l,
		Alive: func(Session) bool { return true }, Changed: func(sekisho.PersonID) {}, Board: func() {},
	})
	settings := acd.Standard()
	settings.Home, settings.WrapUp, settings.TellEvery = true, 0, 0
	r.Do(acd.SetRules{Rules: acd.Rules{HomeLevel: sekisho.LevelNone, KeepFor: 2 * time.Second}})
	r.Do(acd.SetQueue{Queue: acd.Queue{ID: "q", Client: "acme", Work: "orders", Name: "注文", Settings: settings}})
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(r.run)
	wait.Go(func() {
		if err := l.x.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		l.until("every call to end", func() bool { return len(l.x.Calls()) == 0 })
		close(r.done)
		wait.Wait()
	})
	l.until("the exchange to run", func() bool { l.x.mu.Lock(); defer l.x.mu.Unlock(); return l.x.ctx != nil })
	return l
}

func (l *lab) until(what string, ok func() bool) {
	l.t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (l *lab) session(p sekisho.PersonID, n int) Session {
	return Session{ID: sekisho.SessionID(fmt.Sprint(p, n)), Person: p, Place: sekisho.PlaceHome, Tier: sekisho.TierA, Class: sekisho.ClassFace, Epoch: uint64(n)}
}

// sits has somebody open a session, connect a softphone and take calls.
func (l *lab) sits(p sekisho.PersonID, n int, hz float64) (Session, *phone) {
	l.t.Helper()
	s, line := l.session(p, n), newPhone(hz, uint32(1000+n))
	l.mu.Lock()
	l.lines[s.ID] = line
	l.mu.Unlock()
	l.x.LeaseOpened(s)
	l.x.LineReady(s.ID, p)
	return s, line
}

func (l *lab) ready(s Session) {
	l.t.Helper()
	if err := l.x.State(l.t.Context(), s, acd.Ready, ""); err != nil {
		l.t.Fatal(err)
	}
}

// rings has a caller call.
func (l *lab) rings(hz float64) *phone {
	p := newPhone(hz, 1)
	go l.x.Arrive(&arrival{p: p})
	return p
}

type arrival struct{ p *phone }

func (a *arrival) About() About {
	return About{Trunk: "t", Work: "orders", Flow: "f", Called: "+81312345678", Caller: "+819011112222"}
}
func (a *arrival) Ring() error                         { return nil }
func (a *arrival) Answer(context.Context) (Leg, error) { return a.p, nil }
func (a *arrival) Refuse(c calls.Cause)                { a.p.Hang(c) }
func (a *arrival) Gone() <-chan struct{}               { return nil }

// answers waits until it rings and answers.
func (l *lab) answers(s Session) *View {
	l.t.Helper()
	l.until("it to ring", func() bool { return l.x.At(s.Person).Offer != nil })
	if err := l.x.Answer(l.t.Context(), s, l.x.At(s.Person).Offer.Token); err != nil {
		l.t.Fatal(err)
	}
	l.until("the talk", func() bool { v := l.x.At(s.Person).Call; return v != nil && v.Stage == string(talking) })
	return l.x.At(s.Person).Call
}

func (l *lab) ended(cause string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.rows {
		if r.Kind == "call.ended" && r.Reason == cause {
			return true
		}
	}
	return false
}

func loud(l float64) bool   { return l > 0.15 }
func silent(l float64) bool { return l < 0.005 }

// The whole way: flow, queue, talk, hold, recording, end.
func TestACallFromRingToRow(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	if got := caller.hears(900, 20, operator, caller); !loud(got) {
		t.Errorf("the caller hears the operator at %.3f", got)
	}
	if got := operator.hears(500, 20, operator, caller); !loud(got) {
		t.Errorf("the operator hears the caller at %.3f", got)
	}
	if err := l.x.Hold(t.Context(), s, v.ID, true); err != nil {
		t.Fatal(err)
	}
	if got := operator.hears(500, 10, operator, caller); !silent(got) {
		t.Errorf("on hold the operator hears the caller at %.3f", got)
	}
	if got := caller.hears(900, 10, operator, caller); !silent(got) || len(caller.heard.pcm) < 5*samples {
		t.Errorf("on hold the caller hears the operator at %.3f, and %d samples of music", got, len(caller.heard.pcm))
	}
	if err := l.x.Hold(t.Context(), s, v.ID, false); err != nil {
		t.Fatal(err)
	}
	if got := operator.hears(500, 10, operator, caller); !loud(got) {
		t.Errorf("after the hold the operator hears the caller at %.3f", got)
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
	l.until("the row", func() bool { return l.ended("operator") })
	if c := caller.Cause(); c != calls.ByOperator {
		t.Errorf("the caller's leg ended by %s", c)
	}
	tape := l.tapes[0]
	tape.mu.Lock()
	defer tape.mu.Unlock()
	if !tape.ended || !loud(tape.caller.level(500, 0, len(tape.caller.pcm))) || !loud(tape.centre.level(900, 0, 20*samples)) {
		t.Errorf("tape: ended %v, caller %.3f, centre %.3f", tape.ended, tape.caller.level(500, 0, len(tape.caller.pcm)), tape.centre.level(900, 0, 20*samples))
	}
}

// The lease dies in the middle of a talk: not one word more reaches the PC or
// comes from it, the caller is not hung up on, and the same operator gets him back.
func TestLeaseLostInTalk(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	l.answers(s)
	l.x.LeaseEnded(s.ID, s.Person, sekisho.Onlooker)
	if got := operator.hears(500, 10, operator, caller); got != 0 {
		t.Errorf("a PC without a lease hears the caller at %.3f", got)
	}
	if got := caller.hears(900, 10, operator, caller); !silent(got) {
		t.Errorf("the caller hears a PC without a lease at %.3f", got)
	}
	l.until("the caller to wait", func() bool { all := l.x.Calls(); return len(all) == 1 && all[0].Stage == string(inQueue) })
	select {
	case <-caller.Ended():
		t.Fatal("the caller was hung up on")
	default:
	}
	again, line := l.sits("aoki", 2, 1100)
	l.until("it to ring again", func() bool { o := l.x.At("aoki").Offer; return o != nil && o.Back })
	l.answers(again)
	if got := caller.hears(1100, 10, line, caller); !loud(got) {
		t.Errorf("back again, the caller hears at %.3f", got)
	}
	if got := operator.hears(500, 5, line, caller); got != 0 {
		t.Errorf("the dead line hears %.3f", got)
	}
	caller.Hang(calls.ByCaller)
	l.until("the row", func() bool { return l.ended("caller") })
}

// 休憩 is one button: a break for the ACD too, and afterwards calls come again.
func TestBreakIsOneButton(t *testing.T) {
	l := newLab(t)
	s, _ := l.sits("aoki", 1, 900)
	l.ready(s)
	l.until("ready", func() bool { return l.x.At("aoki").State == "ready" })
	l.x.LeaseEnded(s.ID, s.Person, sekisho.Break)
	l.until("a break", func() bool { return l.x.At("aoki").State == "break" })
	l.sits("aoki", 2, 900)
	l.until("ready again", func() bool { return l.x.At("aoki").State == "ready" })
	away, _ := l.sits("mori", 3, 700) // who took no calls before takes none after
	l.until("away", func() bool { return l.x.At("mori").State == "away" })
	l.x.LeaseEnded(away.ID, "mori", sekisho.Break)
	l.sits("mori", 4, 700)
	l.until("away again", func() bool { return l.x.At("mori").State == "away" })
}

// A lease that dies in any stage leaves nobody who hears a word at that PC.
func TestLeaseLostInEveryStage(t *testing.T) {
	for name, act := range map[string]func(l *lab, s Session, v *View, third *phone){
		"hold": func(l *lab, s Session, v *View, _ *phone) {
			if err := l.x.Hold(l.t.Context(), s, v.ID, true); err != nil {
				l.t.Fatal(err)
			}
		},
		"consult": func(l *lab, s Session, v *View, third *phone) {
			l.dials <- third
			if err := l.x.Consult(l.t.Context(), s, v.ID, "03-9999-0000"); err != nil {
				l.t.Fatal(err)
			}
			l.until("the consultation", func() bool { a := l.x.At(s.Person).Call; return a != nil && a.ThirdIn })
		},
		"meeting": func(l *lab, s Session, v *View, third *phone) {
			l.dials <- third
			if err := l.x.Consult(l.t.Context(), s, v.ID, "03-9999-0000"); err != nil {
				l.t.Fatal(err)
			}
			l.until("the consultation", func() bool { a := l.x.At(s.Person).Call; return a != nil && a.ThirdIn })
			if err := l.x.Meet(l.t.Context(), s, v.ID); err != nil {
				l.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			s, operator := l.sits("aoki", 1, 900)
			l.ready(s)
			caller, third := l.rings(500), newPhone(1300, 3)
			v := l.answers(s)
			act(l, s, v, third)
			l.x.LeaseEnded(s.ID, s.Person, sekisho.Onlooker)
			if got := operator.hears(500, 10, operator, caller, third) + operator.hears(1300, 5, operator, caller, third); got != 0 {
				t.Errorf("hears %.3f", got)
			}
			l.until("the caller to wait", func() bool { all := l.x.Calls(); return len(all) == 1 && all[0].Stage == string(inQueue) })
			if got := caller.hears(900, 10, operator, caller, third); !silent(got) {
				t.Errorf("the caller hears the PC at %.3f", got)
			}
			if got := caller.hears(1300, 10, operator, caller, third); !silent(got) {
				t.Errorf("the caller hears whom the operator asked at %.3f", got)
			}
			caller.Hang(calls.ByCaller)
			l.until("the row", func() bool { return l.ended("abandoned") })
		})
	}
}

// Secure capture: neither operator nor tape hears the caller, nor any key.
func TestMaskedDigits(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	if err := l.x.Mask(t.Context(), s, v.ID, true); err != nil {
		t.Fatal(err)
	}
	tape := l.tapes[0]
	tape.mu.Lock()
	tape.caller = ears{}
	tape.mu.Unlock()
	if got := operator.hears(500, 10, operator, caller); got != 0 {
		t.Errorf("the operator hears %.4f", got)
	}
	tape.mu.Lock()
	if got := tape.caller.level(500, 0, len(tape.caller.pcm)); got != 0 || len(tape.caller.pcm) == 0 {
		t.Errorf("the tape hears %.4f of %d samples", got, len(tape.caller.pcm))
	}
	tape.mu.Unlock()
	if got := caller.hears(900, 10, operator, caller); !loud(got) {
		t.Errorf("the caller hears the operator at %.3f", got)
	}
	if err := l.x.Mask(t.Context(), s, v.ID, false); err != nil {
		t.Fatal(err)
	}
	if got := operator.hears(500, 10, operator, caller); !loud(got) {
		t.Errorf("afterwards the operator hears %.4f", got)
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
}

// A supervisor hears only under a live lease of his own, after the log has it, and
// is heard by exactly whom the mode says.
func TestWatching(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	if err := l.x.Watch(t.Context(), "sv", v.ID, Listen); err == nil {
		t.Fatal("listened without a lease")
	}
	sv, ear := l.sits("sv", 3, 1500)
	if err := l.x.Watch(t.Context(), "sv", v.ID, Listen); err != nil {
		t.Fatal(err)
	}
	all := []*phone{operator, caller, ear}
	if got := ear.hears(500, 25, all...); !loud(got) {
		t.Errorf("the supervisor hears the caller at %.3f", got)
	}
	if got := operator.hears(1500, 15, all...); !silent(got) {
		t.Errorf("listening, the operator hears the supervisor at %.3f", got)
	}
	if err := l.x.Watch(t.Context(), "sv", v.ID, Whisper); err != nil {
		t.Fatal(err)
	}
	operator.hears(1500, 15, all...)
	if got := operator.hears(1500, 15, all...); !loud(got) {
		t.Errorf("whispering, the operator hears the supervisor at %.3f", got)
	}
	if got := caller.hears(1500, 15, all...); !silent(got) {
		t.Errorf("whispering, the caller hears the supervisor at %.3f", got)
	}
	l.x.LeaseEnded(sv.ID, "sv", sekisho.Absent)
	if got := ear.hears(500, 10, all...); got != 0 {
		t.Errorf("without a lease the supervisor hears %.3f", got)
	}
	l.until("the talk of two", func() bool { a := l.x.At(s.Person).Call; return a != nil && len(a.Watchers) == 0 })
	if got := caller.hears(900, 15, all...); !loud(got) {
		t.Errorf("left alone, the caller hears the operator at %.3f", got)
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
	watched := 0
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.rows {
		if r.Kind == "call.watched" {
			watched++
		}
	}
	if watched != 2 {
		t.Errorf("%d rows of watching, want 2", watched)
	}
}

// Nobody but the one who has a call does anything with it.
func TestAnotherOperatorsCall(t *testing.T) {
	l := newLab(t)
	s, _ := l.sits("aoki", 1, 900)
	l.ready(s)
	l.rings(500)
	v := l.answers(s)
	other, _ := l.sits("mori", 5, 700)
	for name, act := range map[string]func() error{
		"hold":     func() error { return l.x.Hold(t.Context(), other, v.ID, true) },
		"hang up":  func() error { return l.x.HangUp(t.Context(), other, v.ID) },
		"mask":     func() error { return l.x.Mask(t.Context(), other, v.ID, true) },
		"transfer": func() error { return l.x.Transfer(t.Context(), other, v.ID, "queue:q") },
		"old session": func() error {
			old := s
			old.ID = "gone"
			return l.x.HangUp(t.Context(), old, v.ID)
		},
	} {
		if err := act(); err == nil {
			t.Errorf("%s: done", name)
		}
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Errorf("control: %v", err)
	}
}

// An operator calls somebody, who answers; a number that may not be called is not.
func TestDialling(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	if _, err := l.x.Dial(t.Context(), s, Outgoing{To: "110", Own: "+81312345678", Work: "orders"}, sekisho.LevelNone); err == nil {
		t.Fatal("110 was called")
	}
	customer := newPhone(600, 9)
	l.dials <- customer
	id, err := l.x.Dial(t.Context(), s, Outgoing{To: "+81399990000", Own: "+81312345678", Work: "orders"}, sekisho.LevelNone)
	if err != nil {
		t.Fatal(err)
	}
	l.until("the talk", func() bool { v := l.x.At("aoki").Call; return v != nil && v.Stage == string(talking) })
	if got := operator.hears(600, 10, operator, customer); !loud(got) {
		t.Errorf("hears the customer at %.3f", got)
	}
	if err := l.x.Press(t.Context(), s, id, '7'); err != nil || len(customer.keys) != 1 {
		t.Errorf("key: %v %v", err, customer.keys)
	}
	customer.Hang(calls.ByCaller)
	l.until("the row", func() bool { return l.ended("caller") })
}

// What the ACD refuses is refused to whoever dials, and leaves nothing behind.
func TestOwnCallsAreForWhoMayHaveThem(t *testing.T) {
	l := newLab(t)
	s, _ := l.sits("aoki", 1, 900)
	o := Outgoing{To: "+81399990000", Own: "+81312345678", Work: "orders"}
	if _, err := l.x.Dial(t.Context(), s, o, sekisho.LevelFull); err == nil {
		t.Fatal("a call with personal data was placed from home")
	}
	if n := len(l.x.Calls()); n != 0 || l.x.At("aoki").Call != nil {
		t.Fatalf("%d calls are left", n)
	}
	l.dials <- newPhone(600, 9)
	if _, err := l.x.Dial(t.Context(), s, o, sekisho.LevelNone); err != nil {
		t.Fatal(err)
	}
	l.until("the talk", func() bool { v := l.x.At("aoki").Call; return v != nil && v.Stage == string(talking) })
	sv := l.session("sv", 3)
	sv.Class, sv.Camera = sekisho.ClassApproved, false
	l.mu.Lock()
	l.lines[sv.ID] = newPhone(1500, 3)
	l.mu.Unlock()
	l.x.LeaseOpened(sv)
	full, _ := l.sits("mori", 5, 700)
	l.ready(full)
	id := l.x.At("aoki").Call.ID
	if err := l.x.Watch(t.Context(), "sv", id, Listen); err != nil {
		t.Errorf("no personal data: %v", err)
	}
}

// Whom an operator asked and gave up is not joined when he answers after all.
func TestAnAnswerThatNobodyWaitsFor(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	for _, to := range []string{"03-1111-2222", "03-3333-4444"} {
		if err := l.x.Consult(t.Context(), s, v.ID, to); err != nil {
			t.Fatal(err)
		}
		if to == "03-1111-2222" {
			if err := l.x.Back(t.Context(), s, v.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	second := newPhone(1300, 4)
	l.dials <- second
	l.until("the second to be joined", func() bool { a := l.x.At("aoki").Call; return a != nil && a.ThirdIn })
	if got := operator.hears(1300, 10, operator, caller, second); !loud(got) {
		t.Errorf("hears the second at %.3f", got)
	}
	if err := l.x.Back(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
	if c := second.Cause(); c != calls.ByOperator {
		t.Errorf("the second ended by %s", c)
	}
	if got := operator.hears(500, 10, operator, caller, second); !loud(got) {
		t.Errorf("back, the caller is heard at %.3f", got)
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
}

// Another takes the call over: the operator hears nothing more, the veil is never
// lifted by it, and who watched before does not hear what follows.
func TestTakingOver(t *testing.T) {
	l := newLab(t)
	s, operator := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	_, ear := l.sits("sv", 3, 1500)
	_, other := l.sits("watcher", 4, 1700)
	if err := l.x.Watch(t.Context(), "watcher", v.ID, Listen); err != nil {
		t.Fatal(err)
	}
	if err := l.x.Mask(t.Context(), s, v.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := l.x.TakeOver(t.Context(), "sv", v.ID); err == nil {
		t.Fatal("taken over while digits are masked")
	}
	if err := l.x.Mask(t.Context(), s, v.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := l.x.TakeOver(t.Context(), "sv", v.ID); err != nil {
		t.Fatal(err)
	}
	all := []*phone{operator, caller, ear, other}
	if got := ear.hears(500, 10, all...); !loud(got) {
		t.Errorf("the supervisor hears the caller at %.3f", got)
	}
	if got := operator.hears(500, 10, all...) + other.hears(500, 10, all...); got != 0 {
		t.Errorf("operator and watcher hear %.3f", got)
	}
	l.until("the operator to be free", func() bool { return l.x.At("aoki").Call == nil })
	caller.Hang(calls.ByCaller)
	l.until("the row", func() bool { return l.ended("caller") })
}

// A result can be written after a call that was on hold.
func TestWrapUpAfterHold(t *testing.T) {
	l := newLab(t)
	settings := acd.Standard()
	settings.Home, settings.WrapUp, settings.Codes = true, time.Minute, []string{"done"}
	l.x.ACD.Do(acd.SetQueue{Queue: acd.Queue{ID: "q", Client: "acme", Work: "orders", Name: "注文", Settings: settings}})
	s, _ := l.sits("aoki", 1, 900)
	l.ready(s)
	l.rings(500)
	v := l.answers(s)
	for _, on := range []bool{true, false} {
		if err := l.x.Hold(t.Context(), s, v.ID, on); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := l.x.HangUp(t.Context(), s, v.ID); err != nil {
		t.Fatal(err)
	}
	l.until("the wrap-up", func() bool { a := l.x.At("aoki"); return a.WrapUp != nil && a.WrapUp.Call == v.ID })
	if err := l.x.Written(t.Context(), s, v.ID, "done", "ok"); err != nil {
		t.Fatal(err)
	}
	l.until("ready again", func() bool { return l.x.At("aoki").State == "ready" })
}

// A queue that takes nobody in leaves no caller to music for ever.
func TestAQueueThatIsFull(t *testing.T) {
	l := newLab(t)
	s, _ := l.sits("aoki", 1, 900)
	l.ready(s)
	caller := l.rings(500)
	v := l.answers(s)
	if err := l.x.Transfer(t.Context(), s, v.ID, "queue:nowhere"); err != nil {
		t.Fatal(err)
	}
	if c := caller.Cause(); c != calls.Crowded {
		t.Errorf("ended by %s", c)
	}
	l.until("the row", func() bool { return l.ended("crowded") })
}
