package desk

import (
	"context"
	"crypto/ed25519"
	"io"
	"net"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

// Caller is the connection that a request came from, as the gate knows it.
type Caller struct {
	Connection sekisho.ConnectionID
	Address    netip.Addr // inside the tunnel
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	LeaseKey   ed25519.PublicKey
	Session    sekisho.SessionID // "" unless a lease is alive
	Epoch      uint64            // of the live lease; 0 in quarantine
}

// Gate knows connections and opens sessions.
type Gate interface {
	Caller(addr netip.Addr) (Caller, bool)
	Me(ctx context.Context, c Caller) (wire.Me, error)
	LoginNonce(ctx context.Context, c Caller) (wire.LoginNonce, error)
	Open(ctx context.Context, c Caller, open wire.OpenSession) (wire.SessionAnswer, error)
	End(ctx context.Context, c Caller, reason string) error
	Desktops(ctx context.Context, c Caller) ([]wire.DeskDesktop, error)
	Ask(ctx context.Context, c Caller, ask wire.ApprovalRequest) (wire.Approval, error)
	Approval(ctx context.Context, c Caller, id sekisho.ApprovalID) (wire.Approval, error)
	PasskeyBegin(ctx context.Context, c Caller, act string) (wire.PasskeyOptions, error)
	PasskeyFinish(ctx context.Context, c Caller, act string, finish wire.PasskeyFinish) error
}

// Faces keeps consents and commitments.
type Faces interface {
	Consent(ctx context.Context, lang string) (wire.ConsentText, error)
	Answer(ctx context.Context, c Caller, a wire.ConsentAnswer) error
	Store(ctx context.Context, c Caller, s wire.StoreFace) error
	Refuse(ctx context.Context, c Caller, s wire.Signed) error
}

// Training has courses, quizzes and rule documents.
type Training interface {
	// Open says whether the caller has anything to do there before he works, or soon.
	Open(ctx context.Context, c Caller) (bool, error)
	Overview(ctx context.Context, c Caller) (wire.Training, error)
	Begin(ctx context.Context, c Caller, course sekisho.CourseID) (wire.TrainingAttempt, error)
	Answer(ctx context.Context, c Caller, id sekisho.AttemptID, a wire.TrainingAnswer) (wire.TrainingAnswered, error)
	Document(ctx context.Context, c Caller, id sekisho.DocumentID) (wire.RuleDocument, error)
	Acknowledge(ctx context.Context, c Caller, s wire.Signed) error
}

// Posture takes what PCs report of themselves, and tells how they stand.
type Posture interface {
	Take(ctx context.Context, c Caller, s wire.Signed) (wire.PostureStanding, error)
	Standing(ctx context.Context, c Caller, english bool) (wire.PostureStanding, error)
}

// Guard takes incidents, sealed evidence and pins, and tells people what is kept about them.
type Guard interface {
	Report(ctx context.Context, c Caller, s wire.Signed) error
	Evidence(ctx context.Context, c Caller, hash string, body io.Reader) error
	Roster(ctx context.Context) (wire.Roster, error)
	Pin(ctx context.Context, c Caller, s wire.Signed) error
	Records(ctx context.Context, c Caller, before int64) (wire.Records, error)
	Object(ctx context.Context, c Caller, incident sekisho.IncidentID, note string) error
}

// Road carries desktops; it returns when the stream has ended.
type Road interface {
	// flow is the TCP connection that carries it, browser what runs inside.
	Desktop(ctx context.Context, c Caller, id sekisho.DesktopID, flow, browser net.Conn) error
	// Epoch tells under which lease the TCP connection of a request was opened.
	Epoch(conn net.Conn) uint64
}

// Changes feeds the events socket of one person; cancel must be called.
type Changes interface {
	Subscribe(person sekisho.PersonID) (events <-chan wire.Event, cancel func())
}

// Log is the audit log, for refusals.
type Log interface {
	Afterwards(e audit.Event)
}
