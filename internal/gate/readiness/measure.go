package readiness

import (
	"time"

	"github.com/sekisho/sekisho"
)

// Block is one of the four sides from which work at home is made safe (四つの対策).
type Block string

// Blocks, in the order of the page.
const (
	Technical Block = "technical" // 技術的
	Physical  Block = "physical"  // 物理的
	Human     Block = "human"     // 人的
	Ruled     Block = "rules"     // 組織的（ルール）
)

// Light is how a measure or one of its subjects stands.
type Light string

// Lights. The zero value is none of them and counts as Unknown.
const (
	Unknown Light = "unknown" // cannot be told: never green
	Green   Light = "green"
	Amber   Light = "amber" // soon to be done, or done in part
	Red     Light = "red"
)

// ID names a measure.
type ID string

// The measures. What each looks at stands in the list below.
const (
	TPM       ID = "tpm"
	Disk      ID = "disk"
	Posture   ID = "posture"
	Face      ID = "face"
	Guard     ID = "guard"
	Addresses ID = "addresses"
	Log       ID = "log"
	SIEM      ID = "siem"

	Room        ID = "room"
	Filter      ID = "filter"
	Lock        ID = "lock"
	Place       ID = "place"
	Permit      ID = "permit"
	Accessories ID = "accessories"
	Due         ID = "due"

	Training       ID = "training"
	Contract       ID = "contract"
	Administrators ID = "administrators"
	Supervisors    ID = "supervisors"
	Passwords      ID = "passwords"
	Reviews        ID = "reviews"

	Documents ID = "documents"
	Levels    ID = "levels"
	Access    ID = "access"
	Shifts    ID = "shifts"
	Roster    ID = "roster"
	Officers  ID = "officers"
	Undecided ID = "undecided"
	Evidence  ID = "evidence"
	Disaster  ID = "disaster"
)

// Unit is what a measure counts.
type Unit string

// Units.
const (
	Persons Unit = "person"
	PCs     Unit = "pc"
	Things  Unit = "thing"
)

// Measure is one line of the page.
type Measure struct {
	ID    ID
	Block Block
	Unit  Unit
	Whole bool // of the centre alone: left out of a client's and a person's part
	rule  func(Tally) Light
}

// Measures is the whole list, in the order of the page.
var Measures = []Measure{
	{TPM, Technical, PCs, false, share},         // issued PCs whose key lies in a TPM that proved itself
	{Disk, Technical, PCs, false, share},        // issued PCs whose newest report says that the disk is encrypted
	{Posture, Technical, PCs, false, share},     // issued PCs that met what closes, by a report of the last 30 days
	{Face, Technical, Persons, false, share},    // operators whose face is enrolled; amber for those let in by approval
	{Guard, Technical, Things, true, worst},     // guard policies for home: no software keys, the system locked
	{Addresses, Technical, Things, true, worst}, // doors with a list of allowed addresses
	{Log, Technical, Things, true, worst},       // the log fits its pins
	{SIEM, Technical, Things, true, worst},      // the log is passed on, and not behind

	{Room, Physical, Persons, false, share},     // people at home with an accepted self-check that is still valid
	{Filter, Physical, PCs, false, share},       // PCs at home that went out with a privacy filter
	{Lock, Physical, PCs, false, share},         // PCs at home that went out with a wire lock
	{Place, Physical, PCs, false, share},        // PCs at home whose place is registered
	{Permit, Physical, PCs, false, share},       // PCs at home whose holder has a permit
	{Accessories, Physical, PCs, false, share},  // PCs that came back with everything
	{Due, Physical, PCs, false, share},          // issued PCs that are not past their day of return
	{Training, Human, Persons, false, share},    // operators who have passed every required course
	{Contract, Human, Persons, false, worst},    // nobody past his last day still holds a PC
	{Administrators, Human, Persons, true, two}, // administrators who can sign in
	{Supervisors, Human, Persons, true, two},    // supervisors who can sign in
	{Passwords, Human, Persons, false, share},   // people with a password that is not locked
	{Reviews, Human, Persons, false, share},     // self-checks that nobody has looked at for long
	{Documents, Ruled, Persons, false, share},   // operators who have acknowledged every required document
	{Levels, Ruled, Things, true, worst},        // rule documents in all three levels
	{Access, Ruled, Things, true, worst},        // access policies of the centre's own, looked at within a year
	{Shifts, Ruled, Things, true, worst},        // sessions at home are bound to shifts
	{Roster, Ruled, Things, true, worst},        // officers' roster in force
	{Officers, Ruled, Persons, true, two},       // security officers who can sign in
	{Undecided, Ruled, Things, true, share},     // incidents that were decided within a week
	{Evidence, Ruled, Things, true, share},      // incidents of 30 days whose sealed record arrived
	{Disaster, Ruled, Things, true, worst},      // a widening was agreed on beforehand
}

// Subject is one thing that a measure judges: a PC, a person, a setting.
type Subject struct {
	Person sekisho.PersonID // whose it is; "" for what is the centre's own
	Light  Light
}

// Trouble says why a measure is unknown.
type Trouble string

// Troubles.
const (
	Fine       Trouble = ""
	Nothing    Trouble = "nothing"    // there is nothing to judge
	Unreadable Trouble = "unreadable" // its source failed
	Untold     Trouble = "untold"     // of some subjects nothing is known yet
)

// Measured is a measure with what was found.
type Measured struct {
	Measure
	Tally   Tally
	Light   Light
	Trouble Trouble
	At      time.Time          // when it was found out
	Who     []sekisho.PersonID // whose subjects are not green, each once, in order; at most MaxWho
}

// MaxWho bounds the people that one measure names.
const MaxWho = 20
