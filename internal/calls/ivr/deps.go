package ivr

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// House is what this room asks of others. Each answer is read in tx.
type House interface {
	// Client says whether there is a client company whose contract goes on (gate/clients).
	Client(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (bool, error)
	// Queue says whether a queue is this client company's (calls/acd).
	Queue(ctx context.Context, tx storage.Tx, c sekisho.ClientID, q sekisho.QueueID) (bool, error)
	// MayDial says whether flows of a client company may be put through to a number (calls/trunks).
	MayDial(ctx context.Context, tx storage.Tx, c sekisho.ClientID, n calls.Number) (bool, error)
}

// Box keeps the keys of look-ups (foundation/seal).
type Box interface {
	Wrap(purpose, id string, clear []byte) ([]byte, error)
	Unwrap(purpose, id string, wrapped []byte) ([]byte, error)
}
