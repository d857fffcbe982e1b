package recordings

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Box keeps keys and numbers closed in the database (foundation/seal).
type Box interface {
	Wrap(purpose, id string, clear []byte) ([]byte, error)
	Unwrap(purpose, id string, wrapped []byte) ([]byte, error)
}

// Keys are the server's named secrets (foundation/seal).
type Keys interface {
	Secret(ctx context.Context, name string, draw func() ([]byte, error)) ([]byte, error)
}

// Audit is the log.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// Scope says whose recordings somebody may hear.
type Scope interface {
	// Works gives the works of a client company whose recordings are v's to hear.
	Works(ctx context.Context, v Viewer, client sekisho.ClientID) (Works, error)
}

// Works are some of a client company's works. The zero value is none.
type Works struct {
	All  bool // also what belongs to no work
	Only []sekisho.WorkID
}
