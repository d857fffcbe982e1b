package approvals

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// People knows roles (gate/operators).
type People interface {
	// Holds says whether an active person has a role, read in tx.
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
	// Others says whether somebody beside a person holds one of the roles, is
	// active and has a passkey to confirm with, read in tx.
	Others(ctx context.Context, tx storage.Tx, beside sekisho.PersonID, roles []sekisho.Role) (bool, error)
}
