package evidence

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/twin/sealing"
)

// Audit is the part of the audit log that this room uses.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// Rosters gives those that bundles may be sealed to: the one in force and the
// one before it, since a PC may have sealed a record before it heard of the new one.
type Rosters interface {
	Rosters() []sealing.Roster
}

// Deps are what the room needs. The vault is this room's alone: nobody else
// puts blobs there or deletes them.
type Deps struct {
	Vault   vault.Store
	Audit   Audit
	Rosters Rosters
}
