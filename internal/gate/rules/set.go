package rules

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

//go:embed global.cedar
var global string

//go:embed standard.cedar
var standard string

//go:embed schema.cedarschema
var vocabulary string

// Set is policies that were parsed and validated, with the fixed ones.
type Set struct {
	policies *cedar.PolicySet
	index    index
}

// Fault is what is wrong with a text.
type Fault struct {
	Line   int    // from 1; 0 where it is about the whole
	Policy string // its id, or "" where it has none
	Code   string // rules.fault.…, a text of the catalogue
	Detail string // in the words of the Cedar parser or validator, English
}

// Faults of a text. Their texts say what to do.
const (
	faultParse  = "rules.fault_parse"
	faultSchema = "rules.fault_schema"
	faultID     = "rules.fault_id"
	faultTwice  = "rules.fault_twice"
	faultLarge  = "rules.fault_large"
	maxFaults   = 20
)

var validator = mustValidator()

func mustValidator() *validate.Validator {
	var s schema.Schema
	if err := s.UnmarshalCedar([]byte(vocabulary)); err != nil {
		panic("rules: schema: " + err.Error()) // our own fixed text, and a test reads it
	}
	resolved, err := s.Resolve()
	if err != nil {
		panic("rules: schema: " + err.Error())
	}
	return validate.New(resolved, validate.WithStrict())
}

// position is where the Cedar parser says that it stopped.
var position = regexp.MustCompile(`<input>:(\d+):(\d+)`)

// An id is what decisions are recorded with.
var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,47}$`)

// Compile parses and validates a text and puts the fixed policies beside it.
// With any fault there is no Set.
func Compile(text string) (*Set, []Fault) {
	if len(text) > maxText {
		return nil, []Fault{{Code: faultLarge, Detail: strconv.Itoa(maxText) + " bytes"}}
	}
	set, faults := compile(text, idForm)
	if len(faults) > 0 {
		return nil, faults
	}
	fixed, broken := compile(global, regexp.MustCompile(`^global\.[a-z]+$`))
	if len(broken) > 0 {
		return nil, broken
	}
	for id, p := range fixed.All() {
		set.Add(id, p)
	}
	return &Set{policies: set, index: indexed(set)}, nil
}

func compile(text string, form *regexp.Regexp) (*cedar.PolicySet, []Fault) {
	list, err := cedar.NewPolicyListFromBytes("", []byte(text))
	if err != nil {
		return nil, []Fault{{Line: lineOf(err), Code: faultParse, Detail: clip(position.ReplaceAllString(err.Error(), "$1:$2"))}}
	}
	if len(list) > maxPolicies {
		return nil, []Fault{{Code: faultLarge, Detail: strconv.Itoa(maxPolicies)}}
	}
	set := cedar.NewPolicySet()
	var faults []Fault
	for _, p := range list {
		id, line := string(p.Annotations()["id"]), p.Position().Line
		switch {
		case !form.MatchString(id):
			faults = append(faults, Fault{Line: line, Policy: clip(id), Code: faultID})
		case !set.Add(cedar.PolicyID(id), p):
			faults = append(faults, Fault{Line: line, Policy: id, Code: faultTwice})
		}
		for _, err := range each(validator.Policy("", (*ast.Policy)(p.AST()))) {
			faults = append(faults, Fault{Line: line, Policy: clip(id), Code: faultSchema, Detail: clip(err.Error())})
		}
		if len(faults) >= maxFaults {
			return nil, faults[:maxFaults]
		}
	}
	return set, faults
}

func lineOf(err error) int {
	found := position.FindStringSubmatch(err.Error())
	if found == nil {
		return 0
	}
	line, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return line
}

// each takes a joined error apart.
func each(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// clip bounds what is repeated of a text.
func clip(s string) string {
	const most = 300
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Decide answers a question. Everything that is not plainly allowed is refused.
func (s *Set) Decide(q Question) Answer {
	return s.lacking(q, s.Authorize(q.entities(), q.Request()))
}

// Authorize answers a request in Cedar's own words, with the entities that are
// known. A request that lacks something is refused.
func (s *Set) Authorize(entities cedar.EntityMap, r cedar.Request) Answer {
	decision, found := cedar.Authorize(s.index.of(entities, r.Principal), entities, r)
	if len(found.Errors) > 0 { // a forbid that failed was skipped: nobody knows what it would have said
		ids := make([]string, 0, len(found.Errors))
		for _, e := range found.Errors {
			ids = append(ids, string(e.PolicyID))
		}
		slices.Sort(ids)
		return Answer{Code: errBroken.Code, Policies: ids}
	}
	a := Answer{Allow: decision == cedar.Allow, Policies: make([]string, 0, len(found.Reasons))}
	for _, reason := range found.Reasons {
		a.Policies = append(a.Policies, string(reason.PolicyID))
	}
	slices.Sort(a.Policies)
	if !a.Allow {
		a.Code = codeOf(a.Policies)
	}
	return a
}

// codeOf says a refusal in a code, by the forbids that decided; none means that
// nothing permits it.
func codeOf(forbids []string) string {
	for _, r := range refusals {
		if slices.Contains(forbids, r.policy) {
			return r.code
		}
	}
	if len(forbids) > 0 {
		return errForbidden.Code
	}
	return errNoPermit.Code
}

var errNoSet = errors.New("rules: the text in force does not compile")

func faultsError(faults []Fault) error {
	return fmt.Errorf("%w: line %d, %s %s", errNoSet, faults[0].Line, faults[0].Code, faults[0].Detail)
}
