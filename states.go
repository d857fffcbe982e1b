package sekisho

import "fmt"

// State is what the guard knows of the seat at one moment (DESIGN §5, Guard).
// Its numbers are on the wire (lease renewal) and must never change meaning.
type State uint8

const (
	Unknown  State = iota // nothing is known: denies
	Present               // the right person, alone, live
	Unsure                // probably the right person; a lease survives it 5 s at most
	Onlooker              // のぞき見: a second face beside the operator
	Other                 // 登録外の方: another person in the seat
	Absent                // 離席: nobody in view
	Covered               // the camera is covered, frozen or dark
	Spoof                 // なりすましの疑い: a picture or a screen in place of a face
	Break                 // 休憩: camera off, access closed
	Lost                  // the page or the camera no longer answers
)

var stateNames = [...]string{"unknown", "present", "unsure", "onlooker", "other", "absent", "covered", "spoof", "break", "lost"}

// String returns the state's name as used in JSON, tests and the audit log.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// ParseState is the inverse of String; what it does not know is Unknown and an error.
func ParseState(name string) (State, error) {
	for i, n := range stateNames {
		if n == name {
			return State(i), nil
		}
	}
	return Unknown, fmt.Errorf("sekisho: no guard state %q", name)
}

// MarshalText writes the name, so that JSON carries words and not numbers.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (s *State) UnmarshalText(b []byte) (err error) { *s, err = ParseState(string(b)); return err }

// Role is what a person may do in the console. A person may hold several.
type Role string

const (
	RoleOperator      Role = "operator"
	RoleSupervisor    Role = "supervisor"
	RoleAdministrator Role = "administrator"
	RoleOfficer       Role = "officer" // 情報セキュリティ責任者
	RoleAuditor       Role = "auditor"
)

// Valid says whether r is one of the five roles.
func (r Role) Valid() bool {
	switch r {
	case RoleOperator, RoleSupervisor, RoleAdministrator, RoleOfficer, RoleAuditor:
		return true
	}
	return false
}

// Tier is how much a PC's key proves (端末の保証レベル).
type Tier string

const (
	TierNone Tier = ""  // not known: refused
	TierA    Tier = "A" // TPM whose endorsement key chains to a known vendor
	TierB    Tier = "B" // TPM approved by an administrator who compared fingerprints
	TierC    Tier = "C" // key in software: refused unless a policy names it
)

// Place is where the PC stands while it works.
type Place string

const (
	PlaceUnknown Place = ""
	PlaceHome    Place = "home"
	PlaceOffice  Place = "office"
)

// LeaseClass says by what a session's lease is kept alive.
type LeaseClass string

const (
	ClassNone     LeaseClass = ""
	ClassFace     LeaseClass = "face"     // by the guard's verdicts on the registered face
	ClassApproved LeaseClass = "approved" // by a supervisor's approval, at most 60 minutes
)

// Level is how much personal data something shows or says (個人情報: なし / 少ない /
// あり): a desktop, a call. Whatever is none of the three counts as the highest.
type Level string

// Levels of personal data.
const (
	LevelFull   Level = "full"
	LevelLittle Level = "little"
	LevelNone   Level = "none"
)

// Valid says whether l is one of the three.
func (l Level) Valid() bool { return l == LevelFull || l == LevelLittle || l == LevelNone }

// Lowers says whether l shows less than was did.
func (l Level) Lowers(was Level) bool { return l.rank() < was.rank() }

func (l Level) rank() int {
	switch l {
	case LevelNone:
		return 0
	case LevelLittle:
		return 1
	}
	return 2
}
