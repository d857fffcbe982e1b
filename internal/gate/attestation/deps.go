package attestation

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Log is the audit log.
type Log interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}
