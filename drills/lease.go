package drills

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// session is a PC with a live session and its lease loop under a drill's control.
type session struct {
	*rawpc.Connection
	answer wire.SessionAnswer
	lease  *rawpc.Lease
}

// renewals says what to answer to a nonce; nil is the honest answer.
type renewals func(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal

// witness approves a question as the demonstration's supervisor.
func (f *Field) witness(ctx context.Context) func(wire.Approval) error {
	return func(a wire.Approval) error { return f.decide(ctx, "supervisor", a) }
}

// decide approves a question as a seeded person who has been told its code.
func (f *Field) decide(ctx context.Context, login string, a wire.Approval) error {
	by, err := f.As(ctx, login)
	if err != nil {
		return err
	}
	return by.Post(ctx, "approvals/"+string(a.ID)+"/decide", map[string]any{"approve": true, "code": a.Code}, nil)
}

// work brings a PC and a person of its own to a live session.
func (f *Field) work(ctx context.Context, answer renewals) (*session, error) {
	person, err := f.Person(ctx)
	if err != nil {
		return nil, err
	}
	return f.workAs(ctx, person, "demo", answer)
}

// workAs is work for a person and a policy of the drill's choice.
func (f *Field) workAs(ctx context.Context, person, policy string, answer renewals) (*session, error) {
	p, err := f.issueTo(ctx, person, policy)
	if err != nil {
		return nil, err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	s, err := f.login(ctx, c, answer)
	if err != nil {
		c.Close()
	}
	return s, err
}

// login enrols a face on a connection, opens a session and keeps its lease.
func (f *Field) login(ctx context.Context, c *rawpc.Connection, answer renewals) (*session, error) {
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	return open(ctx, c, answer)
}

// open opens a session on a connection whose face is enrolled.
func open(ctx context.Context, c *rawpc.Connection, answer renewals) (*session, error) {
	a, err := c.Login(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	s := &session{Connection: c, answer: a}
	if s.lease, err = c.Lease(a.Session.ID); err != nil {
		return nil, err
	}
	if answer != nil {
		s.lease.Answer = func(n wire.LeaseNonce) *wire.LeaseRenewal { return answer(s.lease, n) }
	}
	go func() { _ = s.lease.Run(ctx) }() // ends with the drill
	return s, nil
}

// Honest is one live session that many drills share as their control: it
// renews as it should while they do what they should not.
func (f *Field) Honest(ctx context.Context) (*session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.honest != nil {
		return f.honest, nil
	}
	s, err := f.work(f.ctx, nil)
	if err != nil {
		return nil, err
	}
	f.honest, f.closed = s, append(f.closed, s.Close)
	return s, nil
}

// reaches says whether the session still reaches what only a live lease may.
func (s *session) reaches(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	conn, err := s.Tunnel.DialTCP(ctx, s.Gateway(80)) // a flow of this moment: none is shared
	if err != nil {
		return err
	}
	defer conn.Close()
	r, err := s.Sign(ctx, http.MethodGet, "desktops", nil)
	if err != nil {
		return err
	}
	return s.DoOn(conn, r, nil)
}

// lasts waits d and says how the session stands then.
func (s *session) lasts(ctx context.Context, d time.Duration) error {
	if err := sleep(ctx, d); err != nil {
		return err
	}
	return s.reaches(ctx)
}

const beyond = wire.LeaseTTL + wire.Tick + 400*time.Millisecond

// spoiled is the form of every drill on renewals: an honest session lives on
// past the lease's time, a spoiled one does not.
func spoiled(spoil func() renewals) func(context.Context, *Field, *Result) error {
	return func(ctx context.Context, f *Field, r *Result) error {
		honest, err := f.Honest(ctx)
		if err != nil {
			return err
		}
		bad, err := f.work(ctx, spoil())
		if err != nil {
			return err
		}
		defer bad.Close()
		if err := bad.reaches(ctx); err != nil {
			return fmt.Errorf("the session under attack was never alive: %w", err)
		}
		code := rawpc.CodeOf(bad.lasts(ctx, beyond))
		row, err := f.ended(ctx, bad)
		r.Refused, r.Evidence = code == "session.required" && err == nil, fmt.Sprintf("after %.1f s: %s; %s", beyond.Seconds(), code, row)
		r.Control = honest.reaches(ctx) == nil
		return nil
	}
}

// ended finds the audit row of a session's end.
func (f *Field) ended(ctx context.Context, s *session) (Row, error) {
	return f.Audit(ctx, "session.ended", func(r Row) bool { return r.Session == string(s.answer.Session.ID) })
}

func present(n wire.LeaseNonce) wire.LeaseRenewal {
	return wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: sekisho.Present, InState: time.Minute}
}

// silence answers nothing at all.
func silence(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal { return nil }

func always(r renewals) func() renewals { return func() renewals { return r } }

// replay answers the first nonce rightly and sends that answer again for ever.
func replay() renewals {
	var first *wire.LeaseRenewal
	return func(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
		if first == nil {
			r := present(n)
			first = &r
		}
		return first
	}
}

// guessed answers each nonce under the next counter with a nonce of its own.
func guessed(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
	r := present(n)
	r.Counter, r.Nonce = n.Counter+1, [16]byte{1}
	return &r
}

// oldVerdict answers with a verdict that is two seconds old.
func oldVerdict(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
	r := present(n)
	r.Age = 2 * time.Second
	return &r
}

// heldBack keeps each answer until the lease's time has passed.
func heldBack() renewals {
	return func(l *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
		r := present(n)
		time.AfterFunc(wire.LeaseTTL+wire.Tick, func() { _ = l.Send(r) }) // the session may be gone by then
		return nil
	}
}

// notLooking reports a state other than presence for ever, and lies about since when.
func notLooking(state sekisho.State) func() renewals {
	return always(func(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
		r := present(n)
		r.State, r.InState = state, 100*time.Millisecond
		return &r
	})
}

// badStates reports, in a session each, every state that must end it at once,
// and states that nobody knows.
func badStates(ctx context.Context, f *Field, r *Result) error {
	honest, err := f.Honest(ctx)
	if err != nil {
		return err
	}
	states := []sekisho.State{sekisho.Unknown, sekisho.Onlooker, sekisho.Other, sekisho.Covered, sekisho.Spoof, sekisho.Break, sekisho.Lost, 99, 255}
	seen, errs := make([]string, len(states)), make([]error, len(states))
	var all sync.WaitGroup
	for i, state := range states {
		all.Go(func() { seen[i], errs[i] = f.badState(ctx, state) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	r.Refused, r.Evidence = true, strings.Join(seen, ", ")
	r.Control = honest.reaches(ctx) == nil
	return nil
}

// badState reports one state; a session that still works a second later is an error.
func (f *Field) badState(ctx context.Context, state sekisho.State) (seen string, err error) {
	told := make(chan time.Time, 1)
	s, err := f.work(ctx, func(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
		r := present(n)
		if n.Counter > 1 { // the first is honest: the session must have been alive
			r.State = state
			select {
			case told <- time.Now():
			default:
			}
		}
		return &r
	})
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.reaches(ctx); err != nil {
		return "", fmt.Errorf("state %d: the session was never alive: %w", state, err)
	}
	select {
	case <-told:
	case <-time.After(5 * time.Second):
		return "", fmt.Errorf("state %d: no second nonce came", state)
	}
	if err := s.lasts(ctx, time.Second); rawpc.CodeOf(err) != "session.required" {
		return "", fmt.Errorf("state %d: a second later the session says %v", state, err)
	}
	row, err := f.ended(ctx, s)
	return fmt.Sprintf("%d: %s", state, row.Reason), err
}

// absentForEver is away under a policy that allows ten seconds.
func absentForEver(ctx context.Context, f *Field, r *Result) error {
	honest, err := f.Honest(ctx)
	if err != nil {
		return err
	}
	bad, err := f.work(ctx, notLooking(sekisho.Absent)())
	if err != nil {
		return err
	}
	defer bad.Close()
	if err := bad.lasts(ctx, 5*time.Second); err != nil {
		return fmt.Errorf("closed before its time: %w", err)
	}
	code := rawpc.CodeOf(bad.lasts(ctx, 10*time.Second))
	row, err := f.ended(ctx, bad)
	r.Refused, r.Evidence = code == "session.required" && err == nil, fmt.Sprintf("after 15 s: %s; %s", code, row)
	r.Control = honest.reaches(ctx) == nil
	return nil
}

// noise keeps the tunnel busy with everything but a verdict.
func noise(ctx context.Context, f *Field, r *Result) error {
	honest, err := f.Honest(ctx)
	if err != nil {
		return err
	}
	bad, err := f.work(ctx, silence)
	if err != nil {
		return err
	}
	defer bad.Close()
	sent := 0
	for until := time.Now().Add(beyond); time.Now().Before(until); sent++ {
		_ = bad.Call(ctx, http.MethodGet, "me", nil, nil) // what it answers is not the question
		_ = bad.lease.SendRaw([]byte("SK\x01\x02 alive"))
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	code := rawpc.CodeOf(bad.reaches(ctx))
	row, err := f.ended(ctx, bad)
	r.Refused, r.Evidence = code == "session.required" && err == nil, fmt.Sprintf("%d requests and datagrams: %s; %s", sent, code, row)
	r.Control = honest.reaches(ctx) == nil
	return nil
}

// otherKey signs one session's renewals with another connection's key.
func otherKey(ctx context.Context, f *Field, r *Result) error {
	victim, err := f.work(ctx, silence)
	if err != nil {
		return err
	}
	defer victim.Close()
	helper, err := f.work(ctx, nil)
	if err != nil {
		return err
	}
	defer helper.Close()
	for until := time.Now().Add(beyond); time.Now().Before(until); {
		if n := victim.lease.Last(); n.Counter > 0 {
			_ = helper.lease.Send(present(n)) // signed by the helper, from the helper's address
			forged, err := present(n).Sign(func(m []byte) []byte { return ed25519.Sign(helper.Keys.Lease, m) })
			if err != nil {
				return err
			}
			_ = victim.lease.SendRaw(forged) // signed by the helper, from the victim's address
			mine, err := present(n).Sign(func(m []byte) []byte { return ed25519.Sign(victim.Keys.Lease, m) })
			if err != nil {
				return err
			}
			_ = helper.lease.SendRaw(mine) // signed by the victim, from the helper's address
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	code := rawpc.CodeOf(victim.reaches(ctx))
	row, err := f.ended(ctx, victim)
	r.Refused, r.Evidence = code == "session.required" && err == nil, code+"; "+row.String()
	r.Control = helper.reaches(ctx) == nil
	return nil
}

// deadStaysDead answers rightly again after the lease has ended.
func deadStaysDead(ctx context.Context, f *Field, r *Result) error {
	s, err := f.work(ctx, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	if r.Control = s.reaches(ctx) == nil; !r.Control {
		return nil
	}
	for s.lease.Last().Counter == 0 { // the first nonce is under way
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	bad := present(s.lease.Last())
	bad.State = sekisho.Onlooker
	if err := errors.Join(s.lease.Send(bad), sleep(ctx, 300*time.Millisecond)); err != nil {
		return err
	}
	for range 10 {
		_ = s.lease.Send(present(s.lease.Last())) // "the stranger has gone"
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	code := rawpc.CodeOf(s.reaches(ctx))
	row, err := f.ended(ctx, s)
	r.Refused, r.Evidence = code == "session.required" && err == nil, code+"; "+row.String()
	return nil
}

// oldFlow keeps a TCP flow of a session, lets the session end, logs in again
// and uses the old flow: the new lease must not revive it.
func oldFlow(ctx context.Context, f *Field, r *Result) error {
	s, err := f.work(ctx, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	flow, err := s.Tunnel.DialTCP(ctx, s.Gateway(80))
	if err != nil {
		return err
	}
	defer flow.Close()
	ask := func() error {
		req, err := s.Sign(ctx, http.MethodGet, "desktops", nil)
		if err != nil {
			return err
		}
		return s.DoOn(flow, req, nil)
	}
	if err := ask(); err != nil {
		return fmt.Errorf("the flow never worked: %w", err)
	}
	away := present(s.lease.Last())
	away.State = sekisho.Onlooker
	if err := errors.Join(s.lease.Send(away), sleep(ctx, 300*time.Millisecond)); err != nil {
		return err
	}
	again, err := open(ctx, s.Connection, nil)
	if err != nil {
		return err
	}
	r.Control = again.reaches(ctx) == nil
	err = ask()
	r.Refused, r.Evidence = err != nil, fmt.Sprintf("on the flow of the ended session: %v", err)
	return nil
}

func leaseDrills() []Drill {
	return []Drill{
		{"lease without answers", "the agent is killed, the cable pulled", spoiled(always(silence))},
		{"replayed renewal", "an old answer is sent again and again", spoiled(replay)},
		{"renewal for a guessed nonce", "answers made ahead of time", spoiled(always(guessed))},
		{"renewal with an old verdict", "a verdict is kept in store", spoiled(always(oldVerdict))},
		{"held-back renewals", "answers are collected and sent later", spoiled(heldBack)},
		{"unsure without end", "a half-hidden face for ever", spoiled(notLooking(sekisho.Unsure))},
		{"work on after a bad verdict", "the agent reports what it sees and the program goes on", badStates},
		{"absent without end", "the operator has gone for lunch", absentForEver},
		{"lease kept alive by anything but a verdict", "requests, datagrams, keep-alives", noise},
		{"renewal signed by another session", "two operators help each other", otherKey},
		{"dead lease revived", "the stranger has gone, go on as before", deadStaysDead},
		{"flow of an ended session under a new one", "a connection is kept over the blackout", oldFlow},
	}
}
