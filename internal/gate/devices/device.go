package devices

import (
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// State is where a PC stands in its life. The zero value passes nothing.
type State string

// The states of a PC.
const (
	StateNone  State = ""
	Registered State = "registered" // in the inventory, without a key
	Pending    State = "pending"    // it presented a key; fingerprints are not compared yet
	Issued     State = "issued"     // 貸与中: it may connect
	Suspended  State = "suspended"  // may not connect until resumed
	Returned   State = "returned"   // 返却: for good; the asset may be registered anew
	Revoked    State = "revoked"    // lost, stolen or no longer trusted: for good
)

// act is one step in a PC's life.
type act string

const (
	actCode    act = "code"
	actEnrol   act = "enrol"
	actAgain   act = "enrol again"
	actApprove act = "approve"
	actRefuse  act = "refuse"
	actSuspend act = "suspend"
	actResume  act = "resume"
	actReturn  act = "return"
	actRevoke  act = "revoke"
)

// course is every step that exists. What is not in it is refused. A suspended
// PC gets no code: enrolling again must not be a way round the suspension.
var course = map[act]map[State]State{
	actCode:    {Registered: Registered, Pending: Pending, Issued: Issued},
	actEnrol:   {Registered: Pending, Pending: Pending, Issued: Pending},
	actAgain:   {Issued: Pending},
	actApprove: {Pending: Issued},
	actRefuse:  {Pending: Registered},
	actSuspend: {Issued: Suspended},
	actResume:  {Suspended: Issued},
	actReturn:  {Registered: Returned, Pending: Returned, Issued: Returned, Suspended: Returned},
	actRevoke:  {Registered: Revoked, Pending: Revoked, Issued: Revoked, Suspended: Revoked, Returned: Revoked},
}

// step gives the state after a, or ErrState.
func step(from State, a act) (State, error) {
	to, ok := course[a][from]
	if !ok {
		return StateNone, ErrState
	}
	return to, nil
}

// passes is nil for a PC that may connect, else the error that says why not.
func passes(s State) error {
	switch s {
	case Issued:
		return nil
	case Registered, Pending:
		return ErrPending
	case Suspended:
		return ErrSuspended
	case Returned:
		return ErrReturned
	case Revoked:
		return ErrRevoked
	}
	return ErrUnknown
}

// Kinds of key, as the PC claims them at enrolment.
const (
	KeyTPM      = "tpm"
	KeySoftware = "software"
)

// tierOf is the tier that a key reaches: what its TPM proved, C in software, and
// none for a TPM that proved nothing.
func tierOf(keyKind string, proved sekisho.Tier) sekisho.Tier {
	switch {
	case keyKind == KeySoftware:
		return sekisho.TierC
	case keyKind == KeyTPM && (proved == sekisho.TierA || proved == sekisho.TierB):
		return proved
	}
	return sekisho.TierNone
}

// Asset is what an administrator says of a PC.
type Asset struct {
	Tag    string             // asset tag (資産番号), unique among PCs in use
	Model  string             // the maker's name for it
	Place  sekisho.Place      // where it works
	Person sekisho.PersonID   // to whom it is issued
	Policy sekisho.PolicyName // guard policy
}

// LogValue hides to whom which PC is issued.
func (Asset) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// blanks folds runs of blanks, the wide one too, into one, and cuts those at the ends.
func blanks(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\u3000' }), " ")
}

const maxTag, maxModel, maxReason = 64, 128, 500 // characters

// ValidName says whether the inventory takes a tag and a model.
func ValidName(tag, model string) bool {
	tag, model = blanks(tag), blanks(model)
	return tag != "" && printable(tag, maxTag) && printable(model, maxModel)
}

func (a Asset) valid() (Asset, error) {
	a.Tag, a.Model = blanks(a.Tag), blanks(a.Model)
	switch {
	case a.Tag == "" || !printable(a.Tag, maxTag),
		!printable(a.Model, maxModel),
		a.Place != sekisho.PlaceHome && a.Place != sekisho.PlaceOffice,
		!wire.ValidID(string(a.Person)),
		a.Policy == "":
		return Asset{}, ErrAsset
	}
	return a, nil
}

// Device is one PC of the inventory.
type Device struct {
	ID sekisho.DeviceID
	Asset
	State       State
	Since       time.Time // of the state
	Reason      string    // of the last suspension, return, revocation or refusal
	Tier        sekisho.Tier
	KeyKind     string       // KeyTPM, KeySoftware or "" before it enrolled
	Proved      sekisho.Tier // what its TPM proved: A, B, or none
	Ground      string       // on which: "list", "certificate", "person" or ""
	EK          string       // SHA-256 of its TPM's endorsement key, hex
	Trouble     string       // an error code: what is wrong with it at the moment
	TroubleAt   time.Time
	Fingerprint string // of its key, to be compared while pending
	Hostname    string
	Platform    string
	Agent       string    // version
	Registered  time.Time // when it came into the inventory
	CodeUntil   time.Time // end of an unused enrolment code; zero if there is none
	CodeHeld    bool      // it waits for the PC's receipt; CodeUntil is then the end of the waiting
}

// LogValue keeps the link between a person and a PC, and its names, out of logs.
func (d Device) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", string(d.ID)), slog.String("state", string(d.State)), slog.String("asset", "[hidden]"))
}

// printable bounds what a PC or a person names and what a screen will show.
func printable(s string, limit int) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > limit {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
