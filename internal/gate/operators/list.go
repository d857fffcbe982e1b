package operators

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
)

// ListKind says what a list of people is for.
type ListKind string

// Kinds of list.
const (
	ListJoiners ListKind = "joiners" // 入社・受入: new people, and changes of those who are there
	ListLeavers ListKind = "leavers" // 退職・契約終了: last days
)

// Limits of a list.
const (
	MaxList     = sheets.MaxFile
	maxListRows = 2000
)

// Fate is what becomes of a row.
type Fate string

// Fates. The zero value is a refusal.
const (
	FateRefused   Fate = "refused"
	FateNew       Fate = "new"
	FateChanged   Fate = "changed"
	FateUnchanged Fate = "unchanged"
)

// Fault is what is wrong with one row.
type Fault = sheets.Fault

// Row is one row of a list with its fate.
type Row struct {
	Line   int // in the file, from 1
	Login  string
	Name   string
	Fate   Fate
	Fields []string // that differ
	Faults []Fault

	before, after Person
}

// Person is whom the row is about; "" where it would make somebody new.
func (r Row) Person() sekisho.PersonID { return r.before.ID }

// LogValue hides the person.
func (Row) LogValue() slog.Value { return slog.StringValue("[hidden]") }

func (r *Row) refuse(field string, err *sekisho.Error) {
	r.Fate = FateRefused
	r.Faults = append(r.Faults, Fault{Field: field, Code: err.Code})
}

// Plan is every row's fate. While one of them is refused nothing is done.
type Plan struct {
	Kind     ListKind
	Encoding string // "utf-8" or "shift_jis"
	Rows     []Row
	Seen     string // names this plan: what is done must be what was shown
}

// LogValue hides the people.
func (Plan) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Count is how many rows have a fate.
func (p Plan) Count(f Fate) (n int) {
	for _, r := range p.Rows {
		if r.Fate == f {
			n++
		}
	}
	return n
}

// seal names the plan by the file and by what it found there.
func (p Plan) seal(file []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%x\n", p.Kind, sha256.Sum256(file))
	for _, r := range p.Rows {
		fmt.Fprintf(h, "%d %s %s %q\n", r.Line, r.Fate, r.before.ID, r.before.asListed())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// asListed is all of a person that a list can change.
func (p Person) asListed() []string {
	return []string{p.Name, p.Kana, p.Login, rolesText(p.Roles), fmt.Sprint(p.FaceUsable), string(p.Place), p.Agency, string(p.LastDay)}
}

// listable are the roles that a list gives and takes. The others decide about
// people or read what they did: they are given one by one, by name.
var listable = []sekisho.Role{sekisho.RoleOperator, sekisho.RoleSupervisor}

func byHand(roles []sekisho.Role) bool {
	return slices.ContainsFunc(roles, func(r sekisho.Role) bool { return !slices.Contains(listable, r) })
}

var (
	errListKind      = sekisho.Fail(sekisho.KindInvalid, "list.kind")
	errListDuplicate = sekisho.Fail(sekisho.KindConflict, "list.duplicate")
	errListDay       = sekisho.Fail(sekisho.KindInvalid, "list.day")
	errListRole      = sekisho.Fail(sekisho.KindDenied, "list.role_by_hand")
	errListOther     = sekisho.Fail(sekisho.KindConflict, "list.other_name")
	errListUnknown   = sekisho.Fail(sekisho.KindNotFound, "list.unknown_login")
	errListRefused   = sekisho.Fail(sekisho.KindConflict, "list.refused_rows")
	errListSeen      = sekisho.Fail(sekisho.KindConflict, "list.changed")
)
