package approvals

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Kinds of question.
const (
	KindWitness    = "face_enrolment"   // a supervisor sees who enrols the face
	KindSession    = "approved_session" // a session without a face
	KindPasskey    = "passkey"          // a passkey for the PC's own address
	KindInvitation = "invitation"       // a link by which somebody else registers a passkey for the console
)

// Decides is the role that answers questions of a kind; nobody answers a kind
// that is not known.
func Decides(kind string) (sekisho.Role, bool) {
	switch kind {
	case KindWitness, KindSession, KindPasskey:
		return sekisho.RoleSupervisor, true
	case KindInvitation:
		return sekisho.RoleAdministrator, true
	}
	return "", false
}

// asks is the role that puts questions of a kind.
func asks(kind string) sekisho.Role {
	if role, _ := Decides(kind); role == sekisho.RoleAdministrator {
		return sekisho.RoleAdministrator
	}
	return sekisho.RoleOperator
}

// States of a question.
const (
	Waiting  = "waiting"
	Approved = "approved"
	Refused  = "refused"
	Expired  = "expired"
	Used     = "used"
)

const (
	lifetime   = 10 * time.Minute // to be answered; then again to be used
	wrongCodes = 3                // tries at the code before the question is refused
	askedEach  = 10               // questions of one person in one hour
	maxNote    = 200              // characters
)

// Question is one question with its answer, if any.
type Question struct {
	ID         sekisho.ApprovalID
	Kind       string
	Person     sekisho.PersonID // who asks
	Subject    sekisho.PersonID // whom a link is for
	Device     sekisho.DeviceID
	Connection sekisho.ConnectionID
	Note       string // the asker's own words
	Code       string
	State      string
	Asked      time.Time
	Expires    time.Time
	Decider    sekisho.PersonID
	Decided    time.Time
	wrong      int
}

// LogValue hides the note and the code.
func (Question) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Wire is the question as its asker sees it.
func (q Question) Wire() wire.Approval {
	return wire.Approval{ID: q.ID, Kind: q.Kind, Code: q.Code, State: q.State, Expires: q.Expires}
}

// at gives the question as it stands at a moment: what was not answered, or not used, in time is expired.
func (q Question) at(now time.Time) Question {
	if (q.State == Waiting || q.State == Approved) && !now.Before(q.Expires) {
		q.State = Expired
	}
	return q
}

func validAsk(q Question) error {
	if utf8.RuneCountInString(q.Note) > maxNote || !utf8.ValidString(q.Note) || strings.ContainsRune(q.Note, 0) {
		return errNote
	}
	switch q.Kind {
	case KindWitness, KindSession, KindPasskey: // put by a person at a PC, for himself
		if q.Person != "" && q.Device != "" && q.Connection != "" && q.Subject == "" {
			return nil
		}
	case KindInvitation: // put in the console, about anybody
		if q.Person != "" && q.Subject != "" && q.Device == "" && q.Connection == "" {
			return nil
		}
	}
	return errKind
}

// usable says why a question may not be used for what q of the same kind,
// person, subject and PC would ask, or nil.
func (q Question) usable(by Question) error {
	switch {
	case q.Kind != by.Kind || q.Person != by.Person || q.Subject != by.Subject || q.Device != by.Device:
		return errUnknown // that it exists is nobody else's business
	case q.State == Approved:
		return nil
	case q.State == Used:
		return errUsed
	case q.State == Expired:
		return errExpired
	case q.State == Refused:
		return errRefused
	}
	return errWaiting
}

func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(10_000))
	if err != nil {
		panic("approvals: no random numbers: " + err.Error()) // crypto/rand never fails
	}
	return fmt.Sprintf("%04d", n)
}

// ErrRole refuses whoever has not the role that decides a question.
var ErrRole = sekisho.Fail(sekisho.KindDenied, "approval.role")

var (
	errKind    = sekisho.Fail(sekisho.KindInvalid, "approval.kind")
	errNote    = sekisho.Fail(sekisho.KindInvalid, "approval.note")
	errMany    = sekisho.Fail(sekisho.KindBusy, "approval.too_many")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "approval.unknown")
	errDecided = sekisho.Fail(sekisho.KindConflict, "approval.decided")
	errUsed    = sekisho.Fail(sekisho.KindConflict, "approval.used")
	errExpired = sekisho.Fail(sekisho.KindExpired, "approval.expired")
	errRefused = sekisho.Fail(sekisho.KindDenied, "approval.refused")
	errWaiting = sekisho.Fail(sekisho.KindDenied, "approval.waiting")
	errOwn     = sekisho.Fail(sekisho.KindDenied, "approval.own")
	errCode    = sekisho.Fail(sekisho.KindDenied, "approval.code")
)
