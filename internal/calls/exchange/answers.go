package exchange

import (
	"context"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// answers lets whoever asks the ACD for something wait for what it made of it: an
// offer by its token, an own call by its id.
type answers[K comparable] struct {
	mu      sync.Mutex
	waiting map[K]chan error
}

func newAnswers[K comparable]() *answers[K] { return &answers[K]{waiting: map[K]chan error{}} }

func (a *answers[K]) expect(token K) chan error {
	ch := make(chan error, 1)
	a.mu.Lock()
	a.waiting[token] = ch
	a.mu.Unlock()
	return ch
}

func (a *answers[K]) settle(token K, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ch, ok := a.waiting[token]; ok {
		ch <- err
		delete(a.waiting, token)
	}
}

func (a *answers[K]) forget(token K) { a.mu.Lock(); delete(a.waiting, token); a.mu.Unlock() }

// answering is how long an answer may take to be counted.
const answering = 5 * time.Second

// Answer takes the call that rings at one's own seat.
func (x *Exchange) Answer(ctx context.Context, by Session, token uint64) error {
	s := x.seat(by.Person)
	session, ok := s.live()
	if !ok || session.ID != by.ID {
		return errSession
	}
	if _, o := s.at(); o == nil || o.token != token {
		return errOffer
	}
	if !x.Lines.Ready(by.ID) {
		return errLine
	}
	settled := x.answers.expect(token)
	defer x.answers.forget(token)
	x.ACD.Do(acd.Answer{Token: token})
	ctx, stop := context.WithTimeout(ctx, answering)
	defer stop()
	select {
	case err := <-settled:
		return err
	case <-ctx.Done():
		return errOffer
	}
}

// Decline gives the call that rings back.
func (x *Exchange) Decline(_ context.Context, by Session, token uint64) error {
	s := x.seat(by.Person)
	if _, o := s.at(); o == nil || o.token != token {
		return errOffer
	}
	x.ACD.Do(acd.Decline{Token: token})
	return nil
}

// own makes somebody busy with a call that no queue gave him, if the ACD lets him:
// his lease, place and PC must be good for its level, and he must be free.
func (x *Exchange) own(ctx context.Context, p sekisho.PersonID, id sekisho.CallID, l sekisho.Level) error {
	settled := x.owns.expect(id)
	defer x.owns.forget(id)
	x.ACD.Do(acd.OwnCall{Agent: p, Call: id, Level: l})
	ctx, stop := context.WithTimeout(ctx, answering)
	defer stop()
	select {
	case err := <-settled:
		return err
	case <-ctx.Done():
		x.ACD.Do(talkEnds(id, calls.Cancelled)) // should it be counted yet
		return errStage
	}
}
