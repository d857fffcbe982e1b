package offices

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
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
