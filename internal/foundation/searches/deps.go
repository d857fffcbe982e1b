package searches

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Log is what this room needs of the audit log.
type Log interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Page(ctx context.Context, f audit.Filter) (audit.Found, error)
	ProveAll(ctx context.Context, seqs []int64) ([]checkpoint.Proof, error)
	Attest(ctx context.Context, e audit.Event, also func(tx storage.Tx) error) (checkpoint.Proof, error)
}
