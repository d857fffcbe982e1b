package grants

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// shifts are until when people may work: without an end, until a test says otherwise.
type shifts struct {
	mu    sync.Mutex
	until time.Time
	err   error
}

func (s *shifts) say(until time.Time, err error) {
	s.mu.Lock()
	s.until, s.err = until, err
	s.mu.Unlock()
}

func (s *shifts) Until(context.Context, sekisho.PersonID, sekisho.Place) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until, s.err
}

// TestSessionsKeepToTheShift: none opens outside, and one that is open ends with it.
func TestSessionsKeepToTheShift(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		p := c.connect(c.person("op", sekisho.RoleOperator)).enrol()
		before := p.statement(nil)
		outside := sekisho.Fail(sekisho.KindDenied, "shift.outside")
		c.shifts.say(time.Time{}, outside)
		if _, err := c.book.Open(t.Context(), p.ID, before); sekisho.CodeOf(err) != "shift.outside" {
			t.Fatalf("opened outside: %v", err)
		}
		if _, err := c.book.LoginNonce(t.Context(), p.ID); sekisho.CodeOf(err) != "shift.outside" {
			t.Fatalf("asked for a face outside: %v", err)
		}
		c.shifts.say(time.Time{}, errors.New("the database is away"))
		if _, err := c.book.Open(t.Context(), p.ID, before); err == nil {
			t.Fatal("opened by a shift that cannot be read")
		}
		end := c.clk.Now().Add(2 * time.Second)
		c.shifts.say(end, nil)
		s := p.login()
		if !s.ShiftEnds.Equal(end) || c.book.EndShifts(t.Context()) != 0 {
			t.Fatalf("%v, want %v", s.ShiftEnds, end)
		}

		// Extended: the end that comes is asked for once more.
		later := end.Add(time.Second)
		c.shifts.say(later, nil)
		c.clk.Advance(2 * time.Second)
		if c.book.EndShifts(t.Context()) != 0 {
			t.Fatal("ended although it was extended")
		}
		if st, _ := c.book.Connection(s.Connection); !st.Live || !st.Session.ShiftEnds.Equal(later) {
			t.Fatalf("%+v", st.Session.ShiftEnds)
		}
		// Before its end a failure to read leaves what is known; at its end it closes.
		c.shifts.say(time.Time{}, errors.New("the database is away"))
		if c.book.RecheckShifts(t.Context()) != 0 {
			t.Error("ended before its time")
		}
		c.clk.Advance(time.Second)
		if c.book.EndShifts(t.Context()) != 1 {
			t.Fatal("goes on after the shift")
		}
		if st, _ := c.book.Connection(s.Connection); st.Live {
			t.Error("still live")
		}
		c.mu.Lock()
		last := c.ended[len(c.ended)-1]
		c.mu.Unlock()
		if last.Reason != "shift.over" {
			t.Errorf("reason %q", last.Reason)
		}
		// Taken away in the middle: it ends at once.
		c.shifts.say(c.clk.Now().Add(time.Hour), nil)
		p.login()
		c.shifts.say(time.Time{}, outside)
		if c.book.RecheckShifts(t.Context()) != 1 {
			t.Error("goes on without a shift")
		}
	})
}
