package roles

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

// People knows the built-in roles and whether there have been two administrators (gate/operators).
type People interface {
	// RolesOf gives the built-in roles of an active person, read in tx; an error for anybody else.
	RolesOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID) ([]sekisho.Role, error)
	// FourEyesIn says whether there are, or have been, two administrators, read in tx.
	FourEyesIn(ctx context.Context, tx storage.Tx) (bool, error)
}
