package exchange

import (
	"context"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/calls/acd"
)

// answers lets whoever answers an offer wait for what the ACD made of it.
type answers struct {
	mu      sync.Mutex
	waiting map[uint64]chan error
}

func newAnswers() *answers { return &answers{waiting: map[uint64]chan error{}} }

func (a *answers) expect(token uint64) chan error {
	ch := make(chan error, 1)
	a.mu.Lock()
	a.waiting[token] = ch
	a.mu.Unlock()
	return ch
}

func (a *answers) settle(token uint64, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ch, ok := a.waiting[token]; ok {
		ch <- err
		delete(a.waiting, token)
	}
}

func (a *answers) forget(token uint64) { a.mu.Lock(); delete(a.waiting, token); a.mu.Unlock() }

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
