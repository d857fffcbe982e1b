package identities

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

// People knows who needs a second administrator, and ends sessions (gate/operators).
type People interface {
	// Vouched is nil where by may let somebody be p, with second where one
	// administrator may not decide that alone.
	Vouched(ctx context.Context, tx storage.Tx, by, p sekisho.PersonID, second func(context.Context, storage.Tx) error) error
	// NeedsVouching says whether nobody may let somebody be p alone.
	NeedsVouching(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (bool, error)
	// EndProviderSessions ends what p opened through the provider.
	EndProviderSessions(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error
}
