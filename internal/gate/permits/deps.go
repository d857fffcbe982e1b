package permits

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

// Devices says to whom a PC is issued (gate/devices).
type Devices interface {
	// HolderOf is an error for a PC that nobody holds any more, or never did.
	HolderOf(ctx context.Context, d sekisho.DeviceID) (sekisho.PersonID, error)
}
