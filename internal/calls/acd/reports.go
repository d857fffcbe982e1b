package acd

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Facts hands over the log's facts from a moment to another, in order: at most 93 days.
func (r *ACD) Facts(ctx context.Context, from, to time.Time, each func(Fact)) error {
	if !from.Before(to) || to.Sub(from) > maxSpan {
		return fmt.Errorf("acd: facts: %w", errPeriod)
	}
	err := r.db.Read(ctx, func(tx storage.Tx) error { return eachFact(ctx, tx, from, to, each) })
	if err != nil {
		return fmt.Errorf("acd: facts: %w", err)
	}
	return nil
}

// Count counts the log from a moment to another by spans (see NewTally).
func (r *ACD) Count(ctx context.Context, from, to time.Time, span time.Duration) (*Tally, error) {
	t, err := NewTally(span)
	if err != nil {
		return nil, fmt.Errorf("acd: count: %w", err)
	}
	return t, r.Facts(ctx, from, to, t.Add)
}

// Attendance gives the days that begin from a moment to another. A day that goes on
// beyond to has no end yet.
func (r *ACD) Attendance(ctx context.Context, from, to time.Time) ([]Attendance, error) {
	t := NewAttendances()
	if err := r.Facts(ctx, from, to, t.Add); err != nil {
		return nil, err
	}
	return t.Days(), nil
}

// Occupancy gives operators' time by spans, of those whom who names (nil: all).
// What somebody did before from and still does is counted from his next state on.
func (r *ACD) Occupancy(ctx context.Context, from, to time.Time, span time.Duration, who func(sekisho.PersonID) bool) ([]Load, error) {
	t, err := NewLoads(span, who)
	if err != nil {
		return nil, fmt.Errorf("acd: occupancy: %w", err)
	}
	if err := r.Facts(ctx, from, to, t.Add); err != nil {
		return nil, err
	}
	if now := r.now(); to.After(now) {
		to = now
	}
	return t.Until(to), nil
}

// Forget deletes the log of events before a moment, and gives how many.
func (r *ACD) Forget(ctx context.Context, before time.Time) (n int64, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		res, err := tx.Exec(ctx, "DELETE FROM acd_events WHERE at < ?", storage.Micros(before))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("acd: forget: %w", err)
	}
	return n, nil
}
