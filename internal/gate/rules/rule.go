package rules

import (
	"time"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho"
)

// Action is what somebody wants to do.
type Action string

// Actions, as schema.cedarschema names them.
const (
	Open   Action = "open"
	Reach  Action = "reach"
	Manage Action = "manage"
)

// Person is what policies may know of a person.
type Person struct {
	ID      sekisho.PersonID
	Roles   []sekisho.Role
	Active  bool
	Works   map[sekisho.WorkID]sekisho.ClientID // that he is on today, each with whose it is
	Trained bool                                // as Seat has it: what a simulation supposes of him
	Permit  bool                                // he has a permit for some PC: what a simulation supposes of him at home
}

// Desktop is what policies may know of a desktop.
type Desktop struct {
	ID     sekisho.DesktopID
	Level  string           // full, little, none: how much personal data it shows
	Work   sekisho.WorkID   // "" where it belongs to none
	Client sekisho.ClientID // of the work
	People []sekisho.PersonID
}

// Seat is where and how somebody sits.
type Seat struct {
	Place  sekisho.Place
	Tier   sekisho.Tier
	Class  sekisho.LeaseClass
	Camera bool
	Permit bool // the person has a permit for this PC that counts now
	First  bool // this PC is the person's first one, or he has none yet

	Posture bool // the PC's newest report passes what its policy asks
	Trained bool // the person has done what the rules ask, or is within the time of grace
}

// Question is one thing that somebody wants to do now.
type Question struct {
	Action  Action
	Person  Person
	Desktop Desktop // Reach alone
	Seat    Seat    // Open and Reach
	Lease   bool    // Reach: the session's lease is alive
	Listed  bool    // Reach: the person was chosen for the desktop, and its level fits
}

// assigned says whether a person is on the desktop's work; one that belongs to
// none is nobody's in particular.
func (q Question) assigned() bool {
	_, on := q.Person.Works[q.Desktop.Work]
	return q.Desktop.Work == "" || on
}

// Answer is a decision with its reasons. The zero Answer refuses.
type Answer struct {
	Allow    bool
	Code     string   // of the refusal, for the person; "" where it is allowed
	Policies []string // ids of the policies that decided, sorted
	Version  int      // of the policies in force; 0 are the built-in ones
}

// Err is nil for an allowed question, else the refusal.
func (a Answer) Err() error {
	switch {
	case a.Allow:
		return nil
	case a.Code == "":
		return errBroken
	}
	return sekisho.Fail(sekisho.KindDenied, a.Code)
}

// Version is one text that was in force, or is.
type Version struct {
	Number int
	Text   string
	Note   string // why it was changed
	Author sekisho.PersonID
	At     time.Time
}

// refusals are the codes of the fixed policies, the most telling first.
var refusals = []struct{ policy, code string }{
	{"global.active", errInactive.Code},
	{"global.seat", errBroken.Code},
	{"global.posture", errPosture.Code},
	{"global.training", errTraining.Code},
	{"global.lease", errLease.Code},
	{"global.listed", errListed.Code},
	{"global.assigned", errAssigned.Code},
}

const (
	maxText     = 256 << 10 // bytes
	maxPolicies = 1_000
	maxNote     = 200 // characters
)

func uid(kind string, id string) cedar.EntityUID {
	return cedar.NewEntityUID(cedar.EntityType(kind), cedar.String(id))
}

var (
	errText      = sekisho.Fail(sekisho.KindInvalid, "rules.invalid")
	errNote      = sekisho.Fail(sekisho.KindInvalid, "rules.reason")
	errVersion   = sekisho.Fail(sekisho.KindConflict, "rules.changed_meanwhile")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "rules.unknown_version")
	errLockout   = sekisho.Fail(sekisho.KindConflict, "rules.locks_out")
	errLockOwn   = sekisho.Fail(sekisho.KindConflict, "rules.locks_you_out")
	errBroken    = sekisho.Fail(sekisho.KindDenied, "rules.broken")
	errPosture   = sekisho.Fail(sekisho.KindDenied, "rules.posture")
	errTraining  = sekisho.Fail(sekisho.KindDenied, "rules.training")
	errLease     = sekisho.Fail(sekisho.KindDenied, "rules.no_lease")
	errListed    = sekisho.Fail(sekisho.KindDenied, "rules.not_listed")
	errAssigned  = sekisho.Fail(sekisho.KindDenied, "rules.not_assigned")
	errInactive  = sekisho.Fail(sekisho.KindDenied, "rules.not_active")
	errWidening  = sekisho.Fail(sekisho.KindInvalid, "rules.widening")
	errForbidden = sekisho.Fail(sekisho.KindDenied, "rules.forbidden")
	errPermit    = sekisho.Fail(sekisho.KindDenied, "permit.missing")
	errOtherPC   = sekisho.Fail(sekisho.KindDenied, "tie.other_pc")
	errNoPermit  = sekisho.Fail(sekisho.KindDenied, "rules.not_permitted")
)
