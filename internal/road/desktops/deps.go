package desktops

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Box keeps passwords closed in the database (foundation/seal).
type Box interface {
	Wrap(purpose, id string, clear []byte) ([]byte, error)
	Unwrap(purpose, id string, wrapped []byte) ([]byte, error)
}

// Audit is the log.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}
