package grants

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
)

// closedByShift is the reason of sessions that end with a shift.
const closedByShift = "shift.over"

var errShift = sekisho.Fail(sekisho.KindDenied, "shift.outside")

// shift gives until when a session may live by its person's shift. Shifts that
// nobody handed in refuse.
func (b *Book) shift(ctx context.Context, p sekisho.PersonID, place sekisho.Place) (time.Time, error) {
	if b.Shifts == nil {
		return time.Time{}, errShift
	}
	return b.Shifts.Until(ctx, p, place)
}

// EndShifts ends every session whose shift is over, and says how many. The end
// that a session knows is looked at in memory; one that has come is asked for
// once more, since it may have been extended, and what cannot be found out then
// is over. Call it every second.
func (b *Book) EndShifts(ctx context.Context) (n int) {
	now := b.clk.Now()
	for _, s := range b.byPerson.all() {
		s.mu.Lock()
		due := s.live && !s.session.ShiftEnds.IsZero() && !now.Before(s.session.ShiftEnds)
		session := s.session
		s.mu.Unlock()
		if due && b.reshift(ctx, s, session) {
			n++
		}
	}
	return n
}

// RecheckShifts asks anew until when every live session may go on: after a
// change, and now and then for what another node changed. A failure to read
// leaves what is known, which EndShifts keeps to.
func (b *Book) RecheckShifts(ctx context.Context) (n int) {
	for _, s := range b.byPerson.all() {
		s.mu.Lock()
		live, session := s.live, s.session
		s.mu.Unlock()
		if live && b.reshift(ctx, s, session) {
			n++
		}
	}
	return n
}

// reshift asks for one session, and says whether that ended it.
func (b *Book) reshift(ctx context.Context, s *seat, session Session) bool {
	until, err := b.shift(ctx, session.Person, session.Policy.Place)
	over := !session.ShiftEnds.IsZero() && !b.clk.Now().Before(session.ShiftEnds)
	switch {
	case err == nil:
		s.mu.Lock()
		if s.live && s.session.ID == session.ID {
			s.session.ShiftEnds = until
		}
		s.mu.Unlock()
		return false
	case sekisho.KindOf(err) != sekisho.KindDenied && !over:
		return false
	}
	return b.End(session.ID, sekisho.Unknown, closedByShift)
}
