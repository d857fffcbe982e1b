package roles

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Role is one own role with those who hold it.
type Role struct {
	ID      sekisho.OwnRoleID
	Name    string
	Rights  []Right
	Version int // grows with every change
	Holders []sekisho.PersonID
	Changed time.Time
}

// Act is what a change does.
type Act string

// Acts that may need a second administrator.
const (
	ActMake   Act = "make"
	ActChange Act = "change"
	ActGive   Act = "give"
)

// Change is one act as it is asked for.
type Change struct {
	Act    Act
	Role   sekisho.OwnRoleID
	Seen   int // the role's version that was seen
	Name   string
	Rights []Right
	Person sekisho.PersonID // who is to hold it
}

const (
	maxName    = 40 // characters
	maxRoles   = 100
	maxHolders = 2_000
)

func (r Role) valid() error {
	if strings.TrimSpace(r.Name) != r.Name || r.Name == "" || utf8.RuneCountInString(r.Name) > maxName || !utf8.ValidString(r.Name) ||
		strings.ContainsFunc(r.Name, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return errName
	}
	if len(r.Rights) == 0 {
		return errRight
	}
	if mixed(r.Rights, nil) {
		return errMixed
	}
	return nil
}

// normal is a change with its name trimmed and its rights in their order.
func (c Change) normal() (Change, error) {
	c.Name = strings.TrimSpace(c.Name)
	rights, err := normal(c.Rights)
	c.Rights = rights
	return c, err
}

// widens says whether next holds a right that r does not.
func (r Role) widens(next []Right) bool {
	return slices.ContainsFunc(next, func(one Right) bool { return !slices.Contains(r.Rights, one) })
}

func texts(rights []Right) string {
	words := make([]string, len(rights))
	for i, r := range rights {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// parse reads what texts wrote. A stored word that is no right any more holds nothing.
func parse(text string) []Right {
	out := []Right{}
	for _, w := range strings.Fields(text) {
		if Right(w).Side() != "" {
			out = append(out, Right(w))
		}
	}
	return out
}

var (
	errName    = sekisho.Fail(sekisho.KindInvalid, "role.name")
	errTaken   = sekisho.Fail(sekisho.KindConflict, "role.name_taken")
	errRight   = sekisho.Fail(sekisho.KindInvalid, "role.rights")
	errMixed   = sekisho.Fail(sekisho.KindDenied, "role.separation")
	errOwn     = sekisho.Fail(sekisho.KindDenied, "role.own")
	errBy      = sekisho.Fail(sekisho.KindDenied, "role.administrator")
	errMany    = sekisho.Fail(sekisho.KindInvalid, "role.too_many")
	errVersion = sekisho.Fail(sekisho.KindConflict, "role.changed_meanwhile")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "role.unknown")
	errPerson  = sekisho.Fail(sekisho.KindDenied, "role.person")
	errSecond  = sekisho.Fail(sekisho.KindDenied, "role.second_needed")
)
