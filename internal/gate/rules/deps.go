package rules

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

// Subjects tells what is known of people and desktops now.
type Subjects interface {
	Person(ctx context.Context, id sekisho.PersonID) (Person, error)
	Desktop(ctx context.Context, id sekisho.DesktopID) (Desktop, error)
	People(ctx context.Context) ([]Person, error)
	Desktops(ctx context.Context) ([]Desktop, error)
}
