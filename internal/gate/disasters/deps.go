package disasters

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// Checker reads a widening's text (gate/rules): nil where it only permits, is
// valid, and can stand beside the policies in force.
type Checker interface {
	CheckWidening(ctx context.Context, text string) error
}
