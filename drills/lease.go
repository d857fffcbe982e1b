package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// witness approves a question as the demonstration's supervisor.
func (f *Field) witness(ctx context.Context) func(wire.Approval) error {
	return func(a wire.Approval) error {
		sv, err := f.As(ctx, "supervisor")
		if err != nil {
			return err
		}
		return sv.Post(ctx, "approvals/"+string(a.ID)+"/decide", map[string]any{"approve": true, "code": a.Code}, nil)
	}
}

// work brings a PC of its own to a live session. answer is the lease's answer
// to each nonce; nil is the honest one.
func (f *Field) work(ctx context.Context, login string, answer func(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal) (*session, error) {
	p, err := f.issue(ctx, login)
	if err != nil {
		return nil, err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
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

// reaches says whether the session still reaches what only a live lease may.
func (s *session) reaches(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	s.Fresh()
	return s.Call(ctx, http.MethodGet, "desktops", nil, nil)
}

// lasts waits d and says how the session stands then.
func (s *session) lasts(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return s.reaches(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

const beyond = wire.LeaseTTL + wire.Tick + 400*time.Millisecond

// spoiled is the form of every drill on renewals: an honest session lives on
// past the lease's time, a spoiled one does not.
func spoiled(spoil func(l *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal) func(context.Context, *Field, *Result) error {
	return func(ctx context.Context, f *Field, r *Result) error {
		honest, err := f.work(ctx, "operator", nil)
		if err != nil {
			return err
		}
		defer honest.Close()
		bad, err := f.work(ctx, "operator2", spoil)
		if err != nil {
			return err
		}
		defer bad.Close()
		if err := bad.reaches(ctx); err != nil {
			return fmt.Errorf("the session under attack was never alive: %w", err)
		}
		err = bad.lasts(ctx, beyond)
		r.Refused, r.Evidence = err != nil, fmt.Sprintf("after %.1f s: %s", beyond.Seconds(), rawpc.CodeOf(err))
		r.Control = honest.reaches(ctx) == nil
		return nil
	}
}

func present(n wire.LeaseNonce) wire.LeaseRenewal {
	return wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: sekisho.Present, InState: time.Minute}
}

// silence answers nothing at all.
func silence(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal { return nil }

// replay answers the first nonce rightly and sends that answer again for ever.
func replay() func(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal {
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
func heldBack() func(*rawpc.Lease, wire.LeaseNonce) *wire.LeaseRenewal {
	return func(l *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
		r := present(n)
		time.AfterFunc(wire.LeaseTTL+wire.Tick, func() { _ = l.Send(r) }) // the session may be gone by then
		return nil
	}
}

// unsureForEver answers unsure without end.
func unsureForEver(_ *rawpc.Lease, n wire.LeaseNonce) *wire.LeaseRenewal {
	r := present(n)
	r.State, r.InState = sekisho.Unsure, 100*time.Millisecond // it lies about how long
	return &r
}

// noise keeps the tunnel busy with everything but a verdict.
func noise(ctx context.Context, f *Field, r *Result) error {
	honest, err := f.work(ctx, "operator", nil)
	if err != nil {
		return err
	}
	defer honest.Close()
	bad, err := f.work(ctx, "operator2", silence)
	if err != nil {
		return err
	}
	defer bad.Close()
	until := time.Now().Add(beyond)
	for time.Now().Before(until) {
		_ = bad.Call(ctx, http.MethodGet, "me", nil, nil) // what it answers is not the question
		_ = bad.lease.SendRaw([]byte("SK\x01\x02 alive"))
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	err = bad.reaches(ctx)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	r.Control = honest.reaches(ctx) == nil
	return nil
}

// otherKey signs one session's renewal with another connection's key.
func otherKey(ctx context.Context, f *Field, r *Result) error {
	victim, err := f.work(ctx, "operator", silence)
	if err != nil {
		return err
	}
	defer victim.Close()
	helper, err := f.work(ctx, "operator2", nil)
	if err != nil {
		return err
	}
	defer helper.Close()
	until := time.Now().Add(beyond)
	for time.Now().Before(until) {
		if n := victim.lease.Last(); n.Counter > 0 {
			_ = helper.lease.Send(present(n)) // signed by the helper, from the helper's address
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	err = victim.reaches(ctx)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	r.Control = helper.reaches(ctx) == nil
	return nil
}

// deadStaysDead answers rightly again after the lease has ended.
func deadStaysDead(ctx context.Context, f *Field, r *Result) error {
	s, err := f.work(ctx, "operator", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	r.Control = s.reaches(ctx) == nil
	n := s.lease.Last()
	bad := present(n)
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
	err = s.reaches(ctx)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
