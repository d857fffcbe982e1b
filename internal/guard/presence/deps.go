package presence

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Evidence tells what is kept of an incident (guard/evidence).
type Evidence interface {
	Facts(ctx context.Context, id sekisho.IncidentID) (Facts, error)
	// Kept says whether a sealed bundle is kept now.
	Kept(ctx context.Context, hash string) (bool, error)
	// Decided starts the retention of an incident's evidence, in the transaction
	// that decides: a decision without it would keep the pictures for ever.
	Decided(ctx context.Context, tx storage.Tx, id sekisho.IncidentID, at time.Time) error
}

// Facts are what anybody may know of an incident's evidence.
type Facts struct {
	Pictures int        // sealed bundles kept now
	DeleteAt *time.Time // nil while undecided or held
	Held     bool
	Viewers  []Viewer
}

// Viewer is somebody who fetched a sealed bundle.
type Viewer struct {
	Person sekisho.PersonID
	Role   sekisho.Role
	At     time.Time
	Reason string
}

// People knows roles and names (gate/operators).
type People interface {
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
	Name(ctx context.Context, p sekisho.PersonID) (string, error)
}

// Audit is the part of the audit log that this room uses.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
	Search(ctx context.Context, f audit.Filter) ([]audit.Entry, error)
}

// Deps are what the room needs beside the book of leases.
type Deps struct {
	Evidence Evidence
	People   People
	Audit    Audit
}
