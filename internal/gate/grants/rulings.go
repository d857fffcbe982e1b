package grants

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

var errRules = sekisho.Fail(sekisho.KindDenied, "rules.broken")

// refusal is a ruling that refuses, as an error that still knows who decided.
type refusal struct{ Ruling }

func (r refusal) Error() string { return r.Err.Error() }
func (r refusal) Unwrap() error { return r.Err }

// err is nil where it is allowed. A ruling that does not say why it refuses,
// and the one of rules that nobody handed in, refuses all the same.
func (r Ruling) err() error {
	if r.Allowed && r.Err == nil {
		return nil
	}
	if r.Err == nil {
		r.Err = errRules
	}
	return refusal{r}
}

// said is a ruling as a row's detail has it.
func (r Ruling) said() map[string]string {
	return map[string]string{"policies": r.Policies, "policies_version": strconv.Itoa(r.Version)}
}

// saidBy is the ruling behind a refusal, or nothing.
func saidBy(err error) map[string]string {
	if r, ok := errors.AsType[refusal](err); ok {
		return r.said()
	}
	return nil
}

// mayBegin asks the policies about a session that is to be opened.
func (b *Book) mayBegin(ctx context.Context, s Session) (Ruling, error) {
	return b.mayOpen(ctx, s, b.Training.Ready(ctx, s.Person, s.Device, s.Connection) == nil)
}

// mayGoOn asks them about one that is open. Its person was trained when it began:
// a course that runs out meanwhile ends nobody's call.
func (b *Book) mayGoOn(ctx context.Context, s Session) (Ruling, error) {
	return b.mayOpen(ctx, s, true)
}

func (b *Book) mayOpen(ctx context.Context, s Session, trained bool) (Ruling, error) {
	if b.Rules == nil {
		return Ruling{}, errRules
	}
	r := b.Rules.Open(ctx, s, Facts{Posture: b.Posture.Holds(s.Connection) == nil, Trained: trained})
	return r, r.err()
}

// mayReach asks the policies about a desktop. They hear how the lease, the PC and
// the choice of the person stand now, so that their own forbids are a second lock
// and no repetition of the first.
func (b *Book) mayReach(ctx context.Context, s Session, d sekisho.DesktopID) (Ruling, error) {
	if b.Rules == nil {
		return Ruling{}, errRules
	}
	err := b.db.Read(ctx, func(tx storage.Tx) error { return chosen(ctx, tx, s, d) })
	if err != nil && !errors.Is(err, errDesktop) {
		return Ruling{}, err
	}
	_, alive := b.live(s.ID)
	r := b.Rules.Reach(ctx, s, d, Facts{Posture: b.Posture.Holds(s.Connection) == nil, Trained: true, Alive: alive, Listed: err == nil})
	return r, r.err()
}

// Rejudge asks the policies again about every live session, and about what it
// has reached: one that may no longer be open ends, and who may no longer reach
// what he has open loses it. What cannot be found out closes too; where that is
// a failure of a kind that passes, a busy database, time that ran out, only from the second time
// on, so that one such moment does not empty a whole centre.
func (b *Book) Rejudge(ctx context.Context) {
	patient, unclear := !b.unclear.Load(), false
	closes := func(err error) bool {
		if err == nil {
			return false
		}
		if ctx.Err() != nil || storage.Passing(err) {
			unclear = true
			return !patient
		}
		return true
	}
	for _, s := range b.bySession.all() {
		s.mu.Lock()
		session, live, reached := s.session, s.live, slices.Clone(s.reached)
		s.mu.Unlock()
		if !live {
			continue
		}
		if _, err := b.mayGoOn(ctx, session); closes(err) {
			b.End(session.ID, sekisho.Unknown, sekisho.CodeOf(err))
			continue
		}
		for _, d := range reached {
			if _, err := b.mayReach(ctx, session, d); closes(err) {
				b.narrow(session.Person, d)
			}
		}
	}
	b.unclear.Store(unclear)
}

// RejudgeDevice asks the policies at once about what is open on one PC, and what
// was reached from it, after something that spoke for it was taken away. Here no
// failure is waited out.
func (b *Book) RejudgeDevice(ctx context.Context, d sekisho.DeviceID) {
	for _, s := range b.bySession.all() {
		s.mu.Lock()
		session, live, reached := s.session, s.live, slices.Clone(s.reached)
		s.mu.Unlock()
		if !live || session.Device != d {
			continue
		}
		if _, err := b.mayGoOn(ctx, session); err != nil {
			b.End(session.ID, sekisho.Unknown, sekisho.CodeOf(err))
			continue
		}
		for _, d := range reached {
			if _, err := b.mayReach(ctx, session, d); err != nil {
				b.narrow(session.Person, d)
			}
		}
	}
}

// reached notes that a session has reached a desktop, and says whether it still lives.
func (b *Book) reached(id sekisho.SessionID, d sekisho.DesktopID) bool {
	s := b.bySession.get(id)
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.session.ID != id || !s.lease.Alive(b.clk.Mono()) {
		return false
	}
	if !slices.Contains(s.reached, d) {
		s.reached = append(s.reached, d)
	}
	return true
}

// chosen says whether a session's person was chosen for a desktop whose level fits.
func chosen(ctx context.Context, tx storage.Tx, s Session, d sekisho.DesktopID) error {
	found, err := strings1[sekisho.DesktopID](ctx, tx, mayReach+" AND d.desktop = ?", append(reachArgs(s), string(d))...)
	if err == nil && len(found) != 1 {
		err = errDesktop
	}
	return err
}
