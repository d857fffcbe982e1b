package presence

import (
	"encoding/hex"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Decisions about an incident: 真, 問題なし, 誤検知.
const (
	Undecided = ""
	True      = "true"
	Harmless  = "harmless"
	False     = "false"
)

// How an incident's evidence stands.
const (
	EvidenceExpected = "expected"
	EvidenceArrived  = "arrived"
	EvidenceMissing  = "missing"
	EvidenceNone     = "none" // by design: nothing is sealed of what a witness saw
)

const (
	evidenceWithin = 60 * time.Second
	maxHashes      = 16
	maxNote        = 1000 // characters
	maxAgo         = 7 * 24 * time.Hour
	reportsEach    = 30 // of one person in one minute; the session ends in any case
)

// Incident is one detection, decided or not.
type Incident struct {
	ID         sekisho.IncidentID
	Person     sekisho.PersonID
	Device     sekisho.DeviceID
	Connection sekisho.ConnectionID
	Session    sekisho.SessionID // "" where none was live
	State      sekisho.State
	At         time.Time // of the verdict
	Reported   time.Time
	First      time.Duration // from the first frame that showed it to the verdict
	Faces      int
	OSLocked   bool
	LockReason string
	Hashes     []string // of the sealed bundles that the agent named
	Evidence   string
	Decision   string
	Decider    sekisho.PersonID
	Decided    time.Time
	Note       string // of the decision
	Objection  string // the operator's own words
}

// LogValue hides the incident: it tells what was seen at somebody's home.
func (Incident) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Filter narrows a list of incidents; what is empty does not narrow.
type Filter struct {
	Person    sekisho.PersonID
	Among     []sekisho.PersonID // one of these, at most 10,000; not nil and empty finds nothing
	Undecided bool
	Before    time.Time
	BeforeID  sekisho.IncidentID // with Before: also those of that very moment whose ids are smaller
	Limit     int                // 1–500; 0 is 100
}

// reportable says which states are incidents; a break is none.
func reportable(s sekisho.State) bool {
	switch s {
	case sekisho.Onlooker, sekisho.Other, sekisho.Absent, sekisho.Covered, sekisho.Spoof, sekisho.Lost:
		return true
	}
	return false
}

func validReport(r wire.IncidentReport) bool {
	return wire.ValidID(string(r.Incident)) && reportable(r.State) &&
		(r.Session == "" || wire.ValidID(string(r.Session))) &&
		r.AgoMS >= 0 && r.AgoMS <= maxAgo.Milliseconds() && r.FirstMS >= 0 && r.FirstMS <= time.Minute.Milliseconds() &&
		r.Faces >= 0 && r.Faces <= 100 && len(r.Evidence) <= maxHashes && !slices.ContainsFunc(r.Evidence, notHash) &&
		validNote(r.LockReason)
}

func notHash(text string) bool {
	b, err := hex.DecodeString(text)
	return err != nil || len(b) != 32 || hex.EncodeToString(b) != text
}

func validNote(s string) bool { return wire.ValidText(s, maxNote) }

func validDecision(d string) bool { return d == True || d == Harmless || d == False }

// merge adds hashes that a later report of the same incident names, and says whether there were any.
func (i *Incident) merge(hashes []string) bool {
	n := len(i.Hashes)
	for _, h := range hashes {
		if !slices.Contains(i.Hashes, h) && len(i.Hashes) < maxHashes {
			i.Hashes = append(i.Hashes, h)
		}
	}
	return len(i.Hashes) > n
}

var (
	errStatement = sekisho.Fail(sekisho.KindDenied, "incident.statement")
	errMalformed = sekisho.Fail(sekisho.KindInvalid, "incident.malformed")
	errMany      = sekisho.Fail(sekisho.KindBusy, "incident.too_many")
	errConflict  = sekisho.Fail(sekisho.KindConflict, "incident.conflict")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "incident.unknown")
	errDecision  = sekisho.Fail(sekisho.KindInvalid, "incident.decision")
	errDecided   = sekisho.Fail(sekisho.KindConflict, "incident.decided")
	errOwn       = sekisho.Fail(sekisho.KindDenied, "incident.own")
	errRole      = sekisho.Fail(sekisho.KindDenied, "request.denied")
	errNote      = sekisho.Fail(sekisho.KindInvalid, "incident.note")
)
