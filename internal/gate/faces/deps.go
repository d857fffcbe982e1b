package faces

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Witness takes the approval of whoever saw an enrolment (gate/approvals).
type Witness interface {
	Use(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, kind string, person sekisho.PersonID, device sekisho.DeviceID) error
}

// Watched knows enrolments that a witness sees by video (gate/witnesses).
type Watched interface {
	// Seen is nil where this enrolment is just what that witness confirmed, or where
	// nobody watched by video and this PC does not need it.
	Seen(ctx context.Context, tx storage.Tx, by By, e wire.FaceEnrolment) error
}

// People knows roles, and whether this is demonstration data (gate/operators).
type People interface {
	Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error)
	Demo(ctx context.Context) (bool, error)
}

// Pictures keeps the sealed pictures of enrolments (guard/evidence). This room
// only names them.
type Pictures interface {
	// TakePicture fails unless this person uploaded it from this PC for an
	// enrolment, and no other enrolment took it.
	TakePicture(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, hash string) error
	// DropPicture deletes a picture of this person's enrolment on this PC; what is
	// anything else stays, and is no error.
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
	Witness  Witness
	Watched  Watched
	People   People
	Pictures Pictures
	Audit    Audit
	Models   []string // SHA-256 of the embedders that this centre uses, lowercase hex
	Contact  Contact
}
