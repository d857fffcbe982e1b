package evidence

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// Retention is how long a bundle stays after its incident was decided.
const Retention = 7 * 24 * time.Hour

const (
	maxPerIncident = 8
	maxBundle      = sealing.MaxBundle
	maxPicture     = 4 << 20 // of a face enrolment
	maxWaiting     = 2       // pictures of one person on one PC that no enrolment took yet
	waitsFor       = time.Hour
	// What one person's PCs may send in a day. A whole day of detections stays far
	// below; beyond it records are missed, which raises the alarm.
	quotaTime    = 24 * time.Hour
	quotaBytes   = 512 << 20
	quotaBundles = 400
	minReason    = 2
	maxReason    = 500
)

// Refusals.
var (
	errHash      = sekisho.Fail(sekisho.KindInvalid, "evidence.hash")
	errMismatch  = sekisho.Fail(sekisho.KindInvalid, "evidence.mismatch")
	errNotSealed = sekisho.Fail(sekisho.KindInvalid, "evidence.not_sealed")
	errTooLarge  = sekisho.Fail(sekisho.KindInvalid, "evidence.too_large")
	errIncident  = sekisho.Fail(sekisho.KindInvalid, "evidence.incident")
	errTooMany   = sekisho.Fail(sekisho.KindConflict, "evidence.too_many")
	errElsewhere = sekisho.Fail(sekisho.KindConflict, "evidence.elsewhere")
	errDeleted   = sekisho.Fail(sekisho.KindExpired, "evidence.deleted")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "evidence.unknown")
	errReason    = sekisho.Fail(sekisho.KindInvalid, "evidence.reason")
	errOfficer   = sekisho.Fail(sekisho.KindDenied, "evidence.officer")
	errOwn       = sekisho.Fail(sekisho.KindDenied, "evidence.own")
	errRoster    = sekisho.Fail(sekisho.KindInvalid, "evidence.roster")
	errQuota     = sekisho.Fail(sekisho.KindBusy, "evidence.quota") // tomorrow: the PC keeps it until then
	errPicture   = sekisho.Fail(sekisho.KindConflict, "evidence.picture")
	errBusy      = sekisho.Fail(sekisho.KindBusy, "request.busy")
)

// Kind says what a bundle is.
type Kind string

// The kinds of bundles.
const (
	Record    Kind = "incident"  // the record of a detection
	Enrolment Kind = "enrolment" // the one picture of a face enrolment
)

// Origin is where a bundle comes from, as the caller knows it from the
// connection and the incident, never from the bundle.
type Origin struct {
	Incident sekisho.IncidentID // "" of a face enrolment
	Person   sekisho.PersonID
	Device   sekisho.DeviceID
	Session  sekisho.SessionID
}

// By is who acts, in which role.
type By struct {
	Person sekisho.PersonID
	Role   sekisho.Role
}

// Bundle is one sealed record.
type Bundle struct {
	Hash     string // SHA-256, lowercase hex
	Kind     Kind
	Origin   Origin
	Size     int64
	Arrived  time.Time
	Taken    time.Time  // when an enrolment named it; zero while it waits for one
	DeleteAt *time.Time // nil while undecided or held
	Deleted  time.Time  // zero while it is kept
}

// Viewer is somebody who fetched a bundle.
type Viewer struct {
	Hash   string
	Person sekisho.PersonID
	Role   sekisho.Role
	At     time.Time
	Reason string
}

// Facts are what anybody may know of an incident's evidence.
type Facts struct {
	Pictures int        // sealed bundles kept now
	DeleteAt *time.Time // the earliest deletion; nil while undecided or held
	Held     bool
	Viewers  []Viewer
}

func validHash(h string) bool {
	return len(h) == 64 && strings.Trim(h, "0123456789abcdef") == ""
}

func validReason(reason string) bool {
	reason = strings.TrimSpace(reason)
	return wire.ValidText(reason, maxReason) && utf8.RuneCountInString(reason) >= minReason
}

// dueAt is when a bundle is deleted: nil while its incident is undecided or held.
func dueAt(decided time.Time, held bool) *time.Time {
	if held || decided.IsZero() {
		return nil
	}
	at := decided.Add(Retention)
	return &at
}
