package shifts

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

// People knows roles and logins (gate/operators).
type People interface {
	// Holds says whether an active person has a role, read in tx.
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
	// Logins gives everybody's id by login, read in tx.
	Logins(ctx context.Context, tx storage.Tx) (map[string]sekisho.PersonID, error)
}
