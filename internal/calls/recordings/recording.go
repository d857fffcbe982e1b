package recordings

import (
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/wire"
)

// Directions of a recording.
const (
	In      = "in"      // somebody called the centre
	Out     = "out"     // the centre called somebody
	Message = "message" // a caller left a message: one side alone
)

// Meta is what is known of a call when its recording begins. Work, Queue,
// Operator and Number may be empty.
type Meta struct {
	Call      sekisho.CallID
	Client    sekisho.ClientID
	Work      sekisho.WorkID
	Queue     sekisho.QueueID
	Operator  sekisho.PersonID
	Number    calls.Number // of the other party, whoever called
	Direction string
}

func (m Meta) valid() error {
	if !wire.ValidID(string(m.Call)) || !wire.ValidID(string(m.Client)) || !slices.Contains([]string{In, Out, Message}, m.Direction) || len(m.Number) > 32 {
		return errMeta
	}
	for _, id := range []string{string(m.Work), string(m.Queue), string(m.Operator)} {
		if len(id) > 64 {
			return errMeta
		}
	}
	return nil
}

// State is how a recording ended. The zero value is none that is stored.
type State string

// States.
const (
	Running State = "open"    // it is being made, or a stopped server left it
	Whole   State = "whole"   // from its beginning to its end, but for the gaps that are marked
	Cut     State = "cut"     // the server or the disk failed: what there is ends earlier than the call
	Damaged State = "damaged" // the file is missing, or is not what was written
)

// Kinds of marks.
const (
	MarkPause = "pause" // neither party is kept
	MarkMask  = "mask"  // the caller is not kept: secure capture
	MarkGap   = "gap"   // the disk did not take it
)

// Mark is a part of a recording that is silent, and why.
type Mark struct {
	Kind       string
	Start, End time.Duration // from the beginning of the recording
	Reason     string        // of a pause, as somebody wrote it
}

// Spoke is from when on somebody spoke for the centre.
type Spoke struct {
	Person sekisho.PersonID
	From   time.Duration
}

// Recording is what is known of one recording, without its sound.
type Recording struct {
	ID        sekisho.RecordingID
	Call      sekisho.CallID
	Client    sekisho.ClientID
	Work      sekisho.WorkID
	Queue     sekisho.QueueID
	Direction string
	Number    string // the other party's, its last four digits alone
	Started   time.Time
	Ended     time.Time // zero while it runs
	State     State
	Length    time.Duration
	Caller    float64 // mean level of the caller in dB below full scale (0 to -100; -100 is silence)
	Centre    float64 // of the centre
	Hash      string  // of the file, over all its chunks; also in the log
	Held      string  // why it is kept beyond its time; "" is not
	Erased    time.Time
	Marks     []Mark
	Operators []Spoke
}

// Viewer is somebody who asks for recordings.
type Viewer struct {
	Person sekisho.PersonID
	Role   sekisho.Role
	Client sekisho.ClientID // of a client company's auditor: his client; else ""
	Device sekisho.DeviceID
	From   string // address that he asks from
}

// By is somebody who acts on recordings, with the role in which he does.
type By struct {
	Person sekisho.PersonID
	Role   sekisho.Role
}

// may is what can be said without asking who may hear what: operators hear no recordings.
func (v Viewer) may(client sekisho.ClientID) error {
	known := slices.Contains([]sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor}, v.Role)
	if v.Person == "" || !known || client == "" || v.Client != "" && v.Client != client {
		return errDenied
	}
	return nil
}

const maxReason = 200

// validReason takes what somebody wrote, on one line.
func validReason(text string) (string, error) {
	text = strings.TrimSpace(wire.OneLine(text))
	if text == "" || !wire.ValidText(text, maxReason) {
		return "", errReason
	}
	return text, nil
}

var (
	errMeta      = sekisho.Fail(sekisho.KindInvalid, "recording.meta")
	errFilter    = sekisho.Fail(sekisho.KindInvalid, "recording.filter")
	errRange     = sekisho.Fail(sekisho.KindInvalid, "recording.range")
	errReason    = sekisho.Fail(sekisho.KindInvalid, "recording.reason")
	errDays      = sekisho.Fail(sekisho.KindInvalid, "recording.days")
	errDenied    = sekisho.Fail(sekisho.KindDenied, "recording.denied")
	errRole      = sekisho.Fail(sekisho.KindDenied, "recording.role")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "recording.unknown")
	errRunning   = sekisho.Fail(sekisho.KindConflict, "recording.running")
	errOver      = sekisho.Fail(sekisho.KindConflict, "recording.over")
	errErased    = sekisho.Fail(sekisho.KindExpired, "recording.erased")
	errListening = sekisho.Fail(sekisho.KindExpired, "recording.listening_over")
	errDamaged   = sekisho.Fail(sekisho.KindInternal, "recording.damaged")
	errStopped   = sekisho.Fail(sekisho.KindBusy, "recording.stopped")
)

// span turns samples into time.
func span(samples int64) time.Duration { return time.Duration(samples) * time.Second / calls.Rate }

// samples is the inverse.
func samples(d time.Duration) int64 { return int64(d) * calls.Rate / int64(time.Second) }
