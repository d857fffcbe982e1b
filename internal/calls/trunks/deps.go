package trunks

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

// Switchboard takes calls that come in. Arrive is called in a goroutine of its own
// and may take as long as the call rings; a call that it leaves without an answer
// is refused when it returns.
type Switchboard interface{ Arrive(*Incoming) }
