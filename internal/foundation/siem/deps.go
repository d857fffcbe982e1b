package siem

import (
	"context"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Log is what this room needs of the audit log.
type Log interface {
	Onwards(ctx context.Context, from int64, limit int) ([]audit.Entry, audit.Head, error)
	Kept(ctx context.Context, epoch int) (int64, error)
	Afterwards(e audit.Event)
}
