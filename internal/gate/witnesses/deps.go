package witnesses

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Question is one for a witness that waits for its answer.
type Question struct {
	Seat
	ID sekisho.ApprovalID
}

// Questions are those for a witness (gate/approvals).
type Questions interface {
	// Waiting is an error unless a question for a witness waits.
	Waiting(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (Question, error)
	// Answer answers it for whoever watched. It refuses the asker and whoever has not the role.
	Answer(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ApprovalID, yes bool) error
}

// People knows who has which role now (gate/operators).
type People interface {
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
}

// Incidents are decided by an officer (guard/presence).
type Incidents interface {
	// Another notes that a witness saw somebody else than the person of this PC.
	Another(ctx context.Context, tx storage.Tx, witness sekisho.PersonID, s Seat) (sekisho.IncidentID, error)
}

// Pictures keeps the sealed pictures of enrolments (guard/evidence). This room
// only names them.
type Pictures interface {
	DropPicture(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, hash string) error
	// Sweep takes out of the vault what was dropped. What fails is tried again later.
	Sweep(ctx context.Context) error
}

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// Deps are what the room needs.
type Deps struct {
	Questions Questions
	People    People
	Incidents Incidents
	Pictures  Pictures
	Audit     Audit
}
