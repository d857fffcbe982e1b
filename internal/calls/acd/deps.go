package acd

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/clients"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// Clients knows client companies and their works (gate/clients).
type Clients interface {
	Get(ctx context.Context, id sekisho.ClientID) (clients.File, error)
}

// Deps are what the room needs of others.
type Deps struct {
	Clients      Clients
	Reservations Reservations // nil: of one node, in memory
}
