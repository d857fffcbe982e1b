package app

import (
	"context"
	"time"
)

// How soon a shift's end closes what it allowed, and what another node changed is heard of.
const (
	shiftsEvery  = time.Second
	shiftsAnew   = time.Minute
	shiftsWithin = 20 * time.Second
)

// shiftListeners join what follows a change of shifts.
func (s *Server) shiftListeners() {
	s.people.OnLeft(s.shifts.ForgetPerson)
	s.shifts.OnChange(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shiftsWithin)
		defer cancel()
		s.book.RecheckShifts(ctx)
		s.changes.show("shift.changed", nil)
		for _, seat := range s.book.Live() {
			s.changes.tell(seat.Person, "shift.changed", nil)
		}
	})
}

// endShifts ends sessions with their shifts.
func (s *Server) endShifts(ctx context.Context) error {
	tick := time.NewTicker(shiftsEvery)
	defer tick.Stop()
	for anew := s.clock.Mono(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		s.book.EndShifts(ctx)
		if s.clock.Mono()-anew >= shiftsAnew {
			s.book.RecheckShifts(ctx)
			anew = s.clock.Mono()
		}
	}
}
