package loans

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

// Devices ends PCs (gate/devices). also runs in the transaction that ends it.
type Devices interface {
	// HolderOf is an error for a PC that has ended, or never was.
	HolderOf(ctx context.Context, d sekisho.DeviceID) (sekisho.PersonID, error)
	ReturnWith(ctx context.Context, by audit.Actor, d sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error
	RevokeWith(ctx context.Context, by audit.Actor, d sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error
	// Replace ends a PC and registers another for the same person.
	Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next Replacement, also func(context.Context, storage.Tx, sekisho.DeviceID) error) (sekisho.DeviceID, error)
}
