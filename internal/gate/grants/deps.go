package grants

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// Faces judges login statements (gate/faces).
type Faces interface {
	// Nonce hands out a single-use login nonce, with a challenge where one is asked.
	Nonce(ctx context.Context, c sekisho.ConnectionID, p sekisho.PersonID, d sekisho.DeviceID, challenge bool) (wire.LoginNonce, error)
	// Judge takes the nonce and says whether the statement opens.
	Judge(ctx context.Context, s wire.FaceStatement) error
	// Spend takes a nonce for a session that opens without a face.
	Spend(c sekisho.ConnectionID, p sekisho.PersonID, nonce []byte) error
	// Consented says whether the person's consent to the text in force stands.
	Consented(ctx context.Context, p sekisho.PersonID) (bool, error)
}

// Approvals keeps questions that a second person answers (gate/approvals).
type Approvals interface {
	// Use takes an approval of kind for person on this PC, once.
	Use(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, kind string, person sekisho.PersonID, device sekisho.DeviceID) error
}

// People knows who may work at all (gate/operators).
type People interface {
	// MayWork is nil for an active person who may sit at an issued PC.
	MayWork(ctx context.Context, p sekisho.PersonID) error
}

// Policies names the guard's rules (gate/policies).
type Policies interface {
	Get(ctx context.Context, name sekisho.PolicyName) (wire.GuardPolicy, error)
}

// Training knows who has done what the rules ask (gate/training).
type Training interface {
	// Ready is nil for whoever may work on this connection.
	Ready(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID, c sekisho.ConnectionID) error
	// Confirm asks again in the transaction that opens s, and writes s beside what
	// was done on this connection before anybody showed his face.
	Confirm(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, c sekisho.ConnectionID, s sekisho.SessionID, class sekisho.LeaseClass) error
}

// Posture judges what PCs report of themselves (gate/posture).
type Posture interface {
	// Admit is nil where the connection's newest report passes what its policy asks now.
	Admit(ctx context.Context, by posture.By) error
	// Holds asks again by the rules that the connection was admitted under. It never waits for SQL.
	Holds(id sekisho.ConnectionID) error
}

// Ties keeps the first PC of each person (gate/ties).
type Ties interface {
	// Bind ties a person who is tied to no PC to this one, in the transaction that opens s.
	Bind(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, s sekisho.SessionID) error
}

// Rules decide by the centre's policies (gate/rules). They stand beside this
// room's own lists and the lease and never instead of them.
type Rules interface {
	// Open says whether a session may begin, as it would be, or go on.
	Open(ctx context.Context, s Session, f Facts) Ruling
	// Reach says whether a session may reach a desktop.
	Reach(ctx context.Context, s Session, d sekisho.DesktopID, f Facts) Ruling
}

// Facts are what else stands now; what is not known does not.
type Facts struct {
	Posture bool // the PC's newest report passes what its policy asks
	Trained bool // the person had done what the rules ask when the session opened
	Alive   bool // Reach: the session's lease
	Listed  bool // Reach: the person was chosen for the desktop, and its level fits
}

// Ruling is what the policies said. The zero Ruling refuses.
type Ruling struct {
	Allowed  bool
	Err      error  // why not, with a code of the catalogue
	Policies string // ids of those that decided, between blanks
	Version  int    // of the policies
}

// Seats knows who may sit at which PC (gate/pools, gate/devices).
type Seats interface {
	// MaySit is nil while a person may sit at a PC.
	MaySit(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) error
}

// Shifts knows when people work (gate/shifts).
type Shifts interface {
	// Until gives until when a person may have a session at a place now; the zero
	// time where nothing binds him. Outside of that time it refuses.
	Until(ctx context.Context, p sekisho.PersonID, place sekisho.Place) (time.Time, error)
}

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// Deps are the rooms that the gate's conductor asks.
type Deps struct {
	Faces     Faces
	Approvals Approvals
	People    People
	Policies  Policies
	Training  Training
	Posture   Posture
	Rules     Rules
	Ties      Ties
	Shifts    Shifts
	Seats     Seats
	Audit     Audit
}
