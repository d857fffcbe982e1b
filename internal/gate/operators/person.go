package operators

import (
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Person is one human being.
type Person struct {
	ID         sekisho.PersonID
	Name       string
	Kana       string
	Login      string // unique; what the person calls himself to the system
	Roles      []sekisho.Role
	FaceUsable bool // false: works under lease class approved
	Place      sekisho.Place
	Agency     string // who sent him, "" for the centre's own people
	LastDay    Day    // of his contract; "" has no end
	Suspended  bool
	Active     bool // neither suspended nor past his last day; made when he is read
	Created    time.Time
	Passkeys   int // registered, for lists
	Password   PasswordState
}

// at gives the person as he stands at a moment.
func (p Person) at(now time.Time) Person {
	p.Active = !p.Suspended && !p.LastDay.over(now)
	return p
}

// PasswordState says whether a password is one of a person's ways into the console.
type PasswordState string

// Password states. Only PasswordSet lets anybody in.
const (
	PasswordNone    PasswordState = "none"
	PasswordAllowed PasswordState = "allowed" // an administrator allows one, and none is set yet
	PasswordSet     PasswordState = "set"
)

// LogValue hides the person.
func (Person) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Has says whether an active person holds a role.
func (p Person) Has(r sekisho.Role) bool { return p.Active && slices.Contains(p.Roles, r) }

// seated are the roles whose holders work at issued PCs: operators, and those who
// use the console there. Auditors check a centre from where they are.
var seated = []sekisho.Role{sekisho.RoleOperator, sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer}

// Works says whether an active person may sit at an issued PC under the guard.
func (p Person) Works() bool { return slices.ContainsFunc(seated, p.Has) }

// Change is what an administrator changes of a person; nil leaves it as it is.
type Change struct {
	Name       *string
	Kana       *string
	Roles      *[]sekisho.Role
	FaceUsable *bool
	Place      *sekisho.Place
	Agency     *string
	LastDay    *Day

	PasswordAllowed *bool // false also takes one that is set

	Second storage.Second // takes the confirmation of a second administrator, where the change needs one
}

// LogValue hides the names.
func (Change) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// apply gives the changed person and the names of the fields that differ.
func (c Change) apply(p Person) (Person, []string) {
	var changed []string
	set(&changed, "name", &p.Name, c.Name)
	set(&changed, "kana", &p.Kana, c.Kana)
	set(&changed, "face_usable", &p.FaceUsable, c.FaceUsable)
	set(&changed, "place", &p.Place, c.Place)
	set(&changed, "agency", &p.Agency, c.Agency)
	set(&changed, "last_day", &p.LastDay, c.LastDay)
	if c.PasswordAllowed != nil && *c.PasswordAllowed != (p.Password == PasswordAllowed || p.Password == PasswordSet) {
		p.Password = PasswordNone
		if *c.PasswordAllowed {
			p.Password = PasswordAllowed
		}
		changed = append(changed, "password")
	}
	if c.Roles != nil && !slices.Equal(p.Roles, normal(*c.Roles)) {
		p.Roles = normal(*c.Roles)
		changed = append(changed, "roles")
	}
	return p, changed
}

func set[T comparable](changed *[]string, field string, at *T, to *T) {
	if to != nil && *at != *to {
		*at = *to
		*changed = append(*changed, field)
	}
}

const maxName = 64 // characters

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{0,63}$`)

// valid says what is wrong with a person, or nil.
func (p Person) valid() error {
	switch {
	case !isName(p.Name) || strings.TrimSpace(p.Name) == "":
		return errName
	case !isName(p.Kana):
		return errName
	case !isName(p.Agency):
		return errAgency
	case !p.LastDay.Valid():
		return errLastDay
	case !loginForm.MatchString(p.Login):
		return errLogin
	case len(p.Roles) == 0 || slices.ContainsFunc(p.Roles, func(r sekisho.Role) bool { return !r.Valid() }):
		return errRoles
	case p.Place != sekisho.PlaceUnknown && p.Place != sekisho.PlaceHome && p.Place != sekisho.PlaceOffice:
		return errPlace
	}
	return nil
}

func isName(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// normal sorts roles and drops repetitions.
func normal(roles []sekisho.Role) []sekisho.Role {
	return slices.Compact(slices.Sorted(slices.Values(roles)))
}

func rolesText(roles []sekisho.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func parseRoles(text string) []sekisho.Role {
	roles := []sekisho.Role{}
	for _, w := range strings.Fields(text) {
		roles = append(roles, sekisho.Role(w))
	}
	return roles
}

var (
	errName      = sekisho.Fail(sekisho.KindInvalid, "person.name")
	errLogin     = sekisho.Fail(sekisho.KindInvalid, "person.login")
	errTaken     = sekisho.Fail(sekisho.KindConflict, "person.login_taken")
	errRoles     = sekisho.Fail(sekisho.KindInvalid, "person.roles")
	errAgency    = sekisho.Fail(sekisho.KindInvalid, "person.agency")
	errLastDay   = sekisho.Fail(sekisho.KindInvalid, "person.last_day")
	errDayOver   = sekisho.Fail(sekisho.KindInvalid, "person.last_day_over")
	errContract  = sekisho.Fail(sekisho.KindDenied, "person.contract_over")
	errPlace     = sekisho.Fail(sekisho.KindInvalid, "person.place")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "person.unknown")
	errInactive  = sekisho.Fail(sekisho.KindDenied, "person.inactive")
	errNoWork    = sekisho.Fail(sekisho.KindDenied, "person.not_operator")
	errLastAdmin = sekisho.Fail(sekisho.KindConflict, "person.last_administrator")
	errOwnRoles  = sekisho.Fail(sekisho.KindDenied, "person.own_roles")
	errOwnDay    = sekisho.Fail(sekisho.KindDenied, "person.own_last_day")
	errNoSecond  = sekisho.Fail(sekisho.KindDenied, "invitation.no_second")
	errSetupDone = sekisho.Fail(sekisho.KindDenied, "setup.done")
	errSetupHost = sekisho.Fail(sekisho.KindDenied, "setup.only_on_host")
	errLink      = sekisho.Fail(sekisho.KindExpired, "link.invalid")
	errCeremony  = sekisho.Fail(sekisho.KindExpired, "passkey.ceremony")
	errPasskey   = sekisho.Fail(sekisho.KindDenied, "passkey.refused")
	errCloned    = sekisho.Fail(sekisho.KindDenied, "passkey.cloned")
	errNoPasskey = sekisho.Fail(sekisho.KindDenied, "passkey.none")
	errHasKey    = sekisho.Fail(sekisho.KindConflict, "passkey.known")
	errConfirm   = sekisho.Fail(sekisho.KindDenied, "passkey.approval_required")
	errSignedOut = sekisho.Fail(sekisho.KindDenied, "login.required")
	errNoDemo    = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
	errBusy      = sekisho.Fail(sekisho.KindBusy, "login.too_many")
	errNotEmpty  = sekisho.Fail(sekisho.KindConflict, "demo.not_empty")
)
