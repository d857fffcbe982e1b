package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// EraseBefore removes every personal value of events older than t: the end of
// their retention. Proofs stay valid: the log holds only the commitment, which
// without its salt says nothing. That it was done is an event itself. It works in
// steps, so that writers do not wait for it.
func (l *Log) EraseBefore(ctx context.Context, t time.Time) (total int64, err error) {
	const step = 1000 // values
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
