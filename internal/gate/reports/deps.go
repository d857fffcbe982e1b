package reports

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Source tells one section, as it stands now and as the time of the report had
// it. An error of one fails the report: it must not seem whole without it.
type Source interface {
	Section(ctx context.Context, span Span) (Section, error)
}

// Companies knows the client companies (gate/clients).
type Companies interface {
	// ByName gives the one that has this name and has not ended, or "", and how
	// many there are, ended ones included.
	ByName(ctx context.Context, name string) (id sekisho.ClientID, n int, err error)
}

// Log is what this room needs of the audit log.
type Log interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Attest(ctx context.Context, e audit.Event, also func(tx storage.Tx) error) (checkpoint.Proof, error)
	Checkpoint(ctx context.Context) (note []byte, size int64, err error)
	VerifierKey() string
	Origin() string
}

// Centre is who reports.
type Centre struct {
	Name        string
	Responsible string // for personal data
	Contact     string
}
