package operators

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Day is a day of the calendar in Japan, as "2027-03-31"; "" is no day.
// Days compare as their texts do.
type Day string

// japan has had one offset and no summer time since 1952.
var japan = time.FixedZone("Japan", 9*60*60)

// DayOf is the day that a moment falls on in Japan.
func DayOf(at time.Time) Day { return Day(at.In(japan).Format(time.DateOnly)) }

// Valid says whether d is "" or a day that the calendar has, from 2000 to 2199.
func (d Day) Valid() bool {
	if d == "" {
		return true
	}
	at, err := time.ParseInLocation(time.DateOnly, string(d), japan)
	return err == nil && at.Year() >= 2000 && at.Year() < 2200
}

// End is the midnight, in Japan, with which d is over; zero for no day.
func (d Day) End() time.Time {
	at, err := time.ParseInLocation(time.DateOnly, string(d), japan)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, 1).UTC()
}

// over says whether a last day has passed. One that cannot be read has.
func (d Day) over(now time.Time) bool { return d != "" && !now.Before(d.End()) }

// OnLeft registers what ends with a person's contract beside his sessions. It is
// tried again until it succeeds, so it must not mind being done twice.
func (r *Operators) OnLeft(fn func(context.Context, sekisho.PersonID) error) {
	r.mu.Lock()
	r.onLeft = append(r.onLeft, fn)
	r.mu.Unlock()
}

// EndContracts does what ends with the last day for everybody whose last day is
// over. From the first moment after it such a person is not active for anybody
// who asks; this takes away what was open or kept. Call it at the start, at each
// midnight in Japan and now and then.
func (r *Operators) EndContracts(ctx context.Context) (n int, err error) {
	var due []Person
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		due, err = selectPeople(ctx, tx, now, "WHERE p.last_day <> '' AND p.last_day < ? AND p.left_at = 0", string(DayOf(now)))
		return err
	})
	var failed []error
	for _, p := range due {
		r.tell(p) // closing waits for nothing
		if err := r.leave(ctx, p); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", p.ID, err))
			continue
		}
		n++
	}
	if err = errors.Join(append(failed, err)...); err != nil {
		return n, fmt.Errorf("operators: end contracts: %w", err)
	}
	return n, nil
}

// endNow is EndContracts after a change that is committed: what fails is said, and
// tried again by whoever calls EndContracts now and then.
func (r *Operators) endNow(ctx context.Context) {
	if _, err := r.EndContracts(ctx); err != nil {
		slog.ErrorContext(ctx, "what a contract's end takes away is still there", "error", err)
	}
}

func (r *Operators) leave(ctx context.Context, p Person) error {
	r.mu.RLock()
	fns := r.onLeft
	r.mu.RUnlock()
	for _, fn := range fns {
		if err := fn(ctx, p.ID); err != nil {
			return err
		}
	}
	return r.db.Write(ctx, func(tx storage.Tx) error {
		res, err := tx.Exec(ctx, "UPDATE operators_people SET left_at = ?, password = ? WHERE id = ? AND last_day = ? AND left_at = 0",
			storage.Micros(r.clk.Now()), string(PasswordNone), string(p.ID), string(p.LastDay))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return err // another node did it, or the day was moved meanwhile
		}
		if err := closeWays(ctx, tx, p.ID); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "person.left", Actor: audit.Actor{Process: "server"}, Object: object(p.ID), Closing: true,
			Detail: map[string]string{"last_day": string(p.LastDay)},
		})
	})
}

// closeWays takes a person's console sessions and unused links away.
func closeWays(ctx context.Context, tx storage.Tx, id sekisho.PersonID) error {
	if _, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE person = ?", string(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM operators_links WHERE person = ?", string(id))
	return err
}
