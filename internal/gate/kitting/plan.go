package kitting

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
	"github.com/sekisho/sekisho/internal/wire"
)

// Most is how many PCs one list has at most.
const Most = 50

// Row is one PC of a list with its fate.
type Row struct {
	Line   int // in the file, from 1
	Asset  Asset
	Login  string
	Name   string // of the person
	Items  []string
	Faults []sheets.Fault // it is refused where there is one
}

// LogValue hides to whom which PC goes.
func (Row) LogValue() slog.Value { return slog.StringValue("[hidden]") }

func (r *Row) refuse(field string, err *sekisho.Error) {
	r.Faults = append(r.Faults, sheets.Fault{Field: field, Code: err.Code})
}

// Plan is every row's fate. While one of them is refused nothing is done.
type Plan struct {
	Encoding string // "utf-8" or "shift_jis"
	Rows     []Row
	Seen     string // names this plan: what is done must be what was shown
}

// Refused is how many rows are refused.
func (p Plan) Refused() (n int) {
	for _, r := range p.Rows {
		if len(r.Faults) > 0 {
			n++
		}
	}
	return n
}

// seal names the plan by the file and by what it found there.
func (p Plan) seal(file []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "kitting\n%x\n", sha256.Sum256(file))
	for _, r := range p.Rows {
		fmt.Fprintf(h, "%d %q %q %v\n", r.Line, r.Asset, r.Items, r.Faults)
	}
	return hex.EncodeToString(h.Sum(nil))
}

var columns = sheets.Columns{
	Words: map[string]string{
		"資産番号": "tag", "assettag": "tag", "tag": "tag",
		"機種": "model", "model": "model",
		"ログインid": "login", "login": "login", "loginid": "login",
		"場所": "place", "place": "place",
		"ポリシー": "policy", "policy": "policy",
		"付属品": "items", "accessories": "items", "items": "items",
	},
	Takes: []string{"tag", "model", "login", "place", "policy", "items"},
	Needs: []string{"tag", "login"},
	Most:  Most,
}

var places = map[string]sekisho.Place{
	"自宅": sekisho.PlaceHome, "在宅": sekisho.PlaceHome, "home": sekisho.PlaceHome,
	"オフィス": sekisho.PlaceOffice, "出社": sekisho.PlaceOffice, "office": sekisho.PlaceOffice,
}

// known is what a list is planned against.
type known struct {
	tags     map[string]bool
	people   map[string]Person
	policies []wire.GuardPolicy
	check    func(Asset) error
	items    func([]string) ([]string, error)
}

// plan gives every row's fate, against the inventory and the people as they are now.
func plan(list []sheets.Row, k known) []Row {
	rows, first := make([]Row, len(list)), map[string]int{}
	for i, one := range list {
		rows[i] = k.row(one)
		tag := rows[i].Asset.Tag
		if tag == "" {
			continue
		}
		if before, twice := first[tag]; twice {
			rows[before].Faults = append(rows[before].Faults, sheets.Fault{Field: "tag", Code: errTwice.Code, Line: one.Line})
			rows[i].Faults = append(rows[i].Faults, sheets.Fault{Field: "tag", Code: errTwice.Code, Line: rows[before].Line})
			continue
		}
		first[tag] = i
	}
	return rows
}

func (k known) row(one sheets.Row) Row {
	r := Row{Line: one.Line, Login: strings.ToLower(one.Cells["login"]), Faults: slices.Clone(one.Faults), Items: []string{}}
	if len(r.Faults) > 0 {
		return r
	}
	r.Asset = Asset{Tag: one.Cells["tag"], Model: one.Cells["model"]}
	switch {
	case r.Asset.Tag == "":
		r.refuse("tag", sheets.ErrMissing)
	case k.tags[r.Asset.Tag]:
		r.refuse("tag", errTag)
	case k.check(r.Asset) != nil:
		r.refuse("tag", errForm)
	}
	p, ok := k.people[r.Login]
	switch {
	case r.Login == "":
		r.refuse("login", sheets.ErrMissing)
	case !ok || !p.May:
		r.refuse("login", errPerson)
	default:
		r.Asset.Person, r.Name = p.ID, p.Name
	}
	k.where(&r, one, p)
	r.carries(one.Cells["items"], k.items)
	return r
}

// where fills in place and policy: an empty place is the person's usual one, an
// empty policy the one that is named after the place.
func (k known) where(r *Row, one sheets.Row, p Person) {
	word := strings.ToLower(one.Cells["place"])
	place, ok := places[word]
	switch {
	case word == "" && p.Place != sekisho.PlaceUnknown:
		place = p.Place
	case word == "":
		place = sekisho.PlaceHome
	case !ok:
		r.refuse("place", sheets.ErrWord)
		return
	}
	name := sekisho.PolicyName(one.Cells["policy"])
	if name == "" {
		name = sekisho.PolicyName(place)
	}
	i := slices.IndexFunc(k.policies, func(p wire.GuardPolicy) bool { return p.Name == name })
	if i < 0 {
		r.refuse("policy", errPolicy)
		return
	}
	r.Asset.Policy, r.Asset.Place = name, k.policies[i].Place // the policy gives the place
	if r.Asset.Place != place && one.Cells["place"] != "" {
		r.refuse("policy", errPolicy)
	}
}

// carries reads accessories between 、 , / and ・.
func (r *Row) carries(cell string, fold func([]string) ([]string, error)) {
	words := strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune("、,/・;", c) })
	items, err := fold(words)
	if err != nil {
		r.Faults = append(r.Faults, sheets.Fault{Field: "items", Code: sekisho.CodeOf(err)})
		return
	}
	r.Items = items
}

var (
	errTag     = sekisho.Fail(sekisho.KindConflict, "kitting.tag_used")
	errForm    = sekisho.Fail(sekisho.KindInvalid, "kitting.tag")
	errPerson  = sekisho.Fail(sekisho.KindInvalid, "kitting.person")
	errPolicy  = sekisho.Fail(sekisho.KindInvalid, "kitting.policy")
	errTwice   = sekisho.Fail(sekisho.KindConflict, "kitting.duplicate_tag")
	errRefused = sekisho.Fail(sekisho.KindConflict, "list.refused_rows")
	errSeen    = sekisho.Fail(sekisho.KindConflict, "kitting.changed")
)
