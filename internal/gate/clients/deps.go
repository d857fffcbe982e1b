package clients

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// People knows roles (gate/operators).
type People interface {
	// Holds says whether an active person has a role, read in tx.
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
	// Keeps says whether a role is stored with a person, suspended or not, read in tx.
	Keeps(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
}
