package faces

import (
	"crypto/ed25519"
	"encoding/hex"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Engines that measure faces.
const (
	EngineStandard = "standard"
	EngineDemo     = "demo" // what npm ships: for demonstrations alone
)

// Rules of a login statement (DESIGN §2: FAR <= 1e-4 over several frames).
const (
	minFrames  = 3
	maxFrames  = 50
	minMatched = 3 // and three in five of more
	minPoses   = 5
	nonceLife  = 60 * time.Second
)

// Template is what the server keeps of one face on one PC.
type Template struct {
	Person     sekisho.PersonID
	Device     sekisho.DeviceID
	Commitment string // lowercase hex of 32 bytes (twin/circuits)
	Model      string // SHA-256 of the embedder
	Engine     string
	Picture    string // SHA-256 of the sealed picture
	Approval   sekisho.ApprovalID
	At         time.Time
	Origin     sekisho.DeviceID // where it was enrolled, if elsewhere
}

// enrolledOn is the PC under which the picture is kept.
func (t Template) enrolledOn() sekisho.DeviceID {
	if t.Origin == "" {
		return t.Device
	}
	return t.Origin
}

// LogValue hides the template: a commitment names a face.
func (Template) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// By is the connection on which a face is enrolled.
type By struct {
	Connection sekisho.ConnectionID
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	LeaseKey   ed25519.PublicKey
}

func isHash(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == text
}

// validEnrolment says what is wrong with an enrolment on its face, or nil.
func validEnrolment(e wire.FaceEnrolment, by By) error {
	switch {
	case e.Connection != by.Connection || e.Person != by.Person || by.Person == "" || by.Device == "":
		return errStatement
	case !isHash(e.Commitment) || !isHash(e.Model) || !isHash(e.Picture) || e.Approval == "":
		return errMalformed
	case e.Poses < minPoses:
		return errPoses
	}
	return nil
}

// matches says why a statement does not open with the stored template, or nil.
// It knows nothing of nonces and time.
func matches(s wire.FaceStatement, t Template) error {
	switch {
	case s.Commitment == "" || s.Commitment != t.Commitment:
		return errCommitment
	case s.Model == "" || s.Model != t.Model:
		return errModel
	case s.Engine == "" || s.Engine != t.Engine:
		return errEngine
	case s.Frames < minFrames || s.Frames > maxFrames:
		return errFrames
	case s.Matched < minMatched || s.Matched > s.Frames || s.Matched*5 < s.Frames*3:
		return errMatched
	case !s.Live:
		return errLive
	case s.AgeMS < 0 || s.AgeMS > int(wire.MaxVerdictAge.Milliseconds()):
		return errAge
	}
	return nil
}

var (
	errStatement   = sekisho.Fail(sekisho.KindDenied, "face.statement")
	errMalformed   = sekisho.Fail(sekisho.KindInvalid, "face.malformed")
	errPoses       = sekisho.Fail(sekisho.KindInvalid, "face.poses")
	errConsent     = sekisho.Fail(sekisho.KindDenied, "consent.required")
	errVersion     = sekisho.Fail(sekisho.KindConflict, "consent.version")
	errNotEnrolled = sekisho.Fail(sekisho.KindDenied, "face.not_enrolled")
	errNonce       = sekisho.Fail(sekisho.KindExpired, "face.nonce")
	errChallenge   = sekisho.Fail(sekisho.KindDenied, "face.challenge")
	errCommitment  = sekisho.Fail(sekisho.KindDenied, "face.commitment")
	errModel       = sekisho.Fail(sekisho.KindDenied, "face.model")
	errEngine      = sekisho.Fail(sekisho.KindDenied, "face.engine")
	errFrames      = sekisho.Fail(sekisho.KindDenied, "face.frames")
	errMatched     = sekisho.Fail(sekisho.KindDenied, "face.not_matched")
	errLive        = sekisho.Fail(sekisho.KindDenied, "face.not_live")
	errAge         = sekisho.Fail(sekisho.KindDenied, "face.too_old")
	errWait        = sekisho.Fail(sekisho.KindBusy, "face.wait")
	errLocked      = sekisho.Fail(sekisho.KindDenied, "face.locked")
	errRole        = sekisho.Fail(sekisho.KindDenied, "request.denied")
)
