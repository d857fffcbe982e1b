package passwords

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// People knows who may use a password, and roles (gate/operators).
type People interface {
	// PasswordHolder gives who signs in with a password under a login now, or "".
	PasswordHolder(ctx context.Context, tx storage.Tx, login string) (sekisho.PersonID, error)
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
}

// Keys are the server's own secrets (foundation/seal).
type Keys interface {
	// Secret is the secret of that name, made by draw the first time.
	Secret(ctx context.Context, name string, draw func() ([]byte, error)) ([]byte, error)
}

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}
