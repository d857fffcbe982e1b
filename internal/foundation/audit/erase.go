package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Erase removes a personal value of an event, or all of them where field is "".
// Proofs stay valid: the log holds only the commitment, which without its salt
// says nothing. That it was erased is an event itself.
func (l *Log) Erase(ctx context.Context, event, field string) (n int64, err error) {
	err = l.db.Write(ctx, func(tx storage.Tx) error {
		query, args := "DELETE FROM audit_clear WHERE event = ?", []any{event}
		if field != "" {
			query, args = query+" AND field = ?", append(args, field)
		}
		res, err := tx.Exec(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("audit: erase: %w", err)
		}
		if n, err = res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return l.Append(ctx, tx, Event{Kind: "audit.erased", Actor: Actor{Process: "server"}, Object: Object{Type: "event", ID: event}, Detail: map[string]string{"field": field}})
	})
	return n, err
}

// EraseBefore removes every personal value of events older than t: the end of
// their retention. It works in steps, so that writers do not wait for it.
func (l *Log) EraseBefore(ctx context.Context, t time.Time) (total int64, err error) {
	const step = 1000
	for {
		var n int64
		err := l.db.Write(ctx, func(tx storage.Tx) error {
			res, err := tx.Exec(ctx, `DELETE FROM audit_clear WHERE event IN (SELECT c.event FROM audit_clear c
				JOIN audit_leaves l ON l.id = c.event WHERE l.at < ? LIMIT ?)`, storage.Micros(t), step)
			if err != nil {
				return fmt.Errorf("audit: erase: %w", err)
			}
			if n, err = res.RowsAffected(); err != nil || n == 0 {
				return err
			}
			return l.Append(ctx, tx, Event{Kind: "audit.erased", Actor: Actor{Process: "server"},
				Detail: map[string]string{"before": t.UTC().Format(timeForm), "values": fmt.Sprint(n)}})
		})
		if err != nil || n == 0 {
			return total, err
		}
		total += n
	}
}
