package readiness

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

// People know who holds which role now (gate/operators).
type People interface {
	Holds(ctx context.Context, tx storage.Tx, id sekisho.PersonID, role sekisho.Role) (bool, error)
}

// Box seals photographs (foundation/seal).
type Box interface {
	Wrap(purpose, id string, clear []byte) ([]byte, error)
	Unwrap(purpose, id string, wrapped []byte) ([]byte, error)
}

// Source tells of some measures. One that fails leaves them unknown.
type Source struct {
	Tells []ID
	Find  func(ctx context.Context) (map[ID][]Subject, error)
}

// Survey is one look at everything: its sources are asked one after another.
type Survey struct {
	Sources []Source
	AtHome  func(ctx context.Context) ([]sekisho.PersonID, error) // the active people who work at home
}

// Facts are everything that other rooms know.
type Facts interface {
	Survey() Survey
	// WorksAtHome says so of one, who sits at a PC now. It is asked at every shift
	// start and must not walk through the centre.
	WorksAtHome(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) (bool, error)
}

// Deps are what the room needs.
type Deps struct {
	Audit  Audit
	People People
	Box    Box
	Facts  Facts
}
