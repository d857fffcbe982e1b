package presence

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Tally is how many incidents of a span of time stand alike.
type Tally struct {
	State    sekisho.State
	Decision string
	Evidence string
	N        int
}

// Decisions counts incidents that happened before a moment: those that were decided
// within a time of their happening, and the others. Decided ones count from since
// on, undecided ones without end.
func (p *Presence) Decisions(ctx context.Context, since, before time.Time, within time.Duration) (inTime, late int, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) error {
		all := 0
		err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN decision <> '' AND decided - at <= ? THEN 1 ELSE 0 END), 0)
			FROM presence_incidents WHERE at < ? AND (at >= ? OR decision = '')`,
			within.Microseconds(), storage.Micros(before), storage.Micros(since)).Scan(&all, &inTime)
		late = all - inTime
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("presence: decisions: %w", err)
	}
	return inTime, late, nil
}

// Tallies counts incidents from a moment, inclusive, to another, exclusive. It
// tells of nobody.
func (p *Presence) Tallies(ctx context.Context, from, to time.Time) (out []Tally, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, `SELECT state, decision, evidence, COUNT(*) FROM presence_incidents WHERE at >= ? AND at < ?
			GROUP BY state, decision, evidence ORDER BY state, decision, evidence`, storage.Micros(from), storage.Micros(to))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Tally
			var state string
			if err := rows.Scan(&state, &t.Decision, &t.Evidence, &t.N); err != nil {
				return err
			}
			if t.State, err = sekisho.ParseState(state); err != nil {
				return err
			}
			out = append(out, t)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("presence: tallies: %w", err)
	}
	return out, nil
}
