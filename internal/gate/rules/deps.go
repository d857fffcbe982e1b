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

// Second says, in the transaction of what it allows, that another person confirms
// it; nil where one is enough.
type Second func(ctx context.Context, tx storage.Tx) error

func (s Second) said(ctx context.Context, tx storage.Tx) error {
	if s == nil {
		return nil
	}
	return s(ctx, tx)
}
