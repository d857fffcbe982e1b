package rules

import (
	"maps"
	"slices"
	"strings"
	"testing"

	cedar "github.com/cedar-policy/cedar-go"
	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
)

func compiled(t testing.TB, text string) *Set {
	t.Helper()
	set, faults := Compile(text)
	if len(faults) > 0 {
		t.Fatalf("%+v", faults)
	}
	return set
}

// everythingGoes is the most lenient text there is.
const everythingGoes = `@id("all") permit (principal, action, resource);`

// allowed are questions that everything speaks for.
func allowed() map[Action]Question {
	w := aWorld()
	seat := Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true}
	return map[Action]Question{
		Open:   {Action: Open, Person: w.people[0], Seat: seat},
		Reach:  {Action: Reach, Person: w.people[0], Desktop: w.desktops[0], Seat: seat, Lease: true, Listed: true},
		Manage: {Action: Manage, Person: w.people[2]},
	}
}

func TestControl(t *testing.T) {
	for _, text := range []string{standard, everythingGoes} {
		for action, q := range allowed() {
			if a := compiled(t, text).Decide(q); !a.Allow || a.Code != "" || len(a.Policies) == 0 {
				t.Errorf("%s: %+v", action, a)
			}
		}
	}
}

func TestDefaultDeny(t *testing.T) {
	set := compiled(t, `@id("nothing") forbid (principal, action, resource) when { false };`)
	for action, q := range allowed() {
		if a := set.Decide(q); a.Allow || a.Code != "rules.not_permitted" {
			t.Errorf("%s: %+v", action, a)
		}
	}
	if (Answer{}).Allow || (Answer{}).Err() == nil {
		t.Error("the zero answer allows")
	}
}

// TestEachAttributeMissing drops each attribute of the context in turn, under
// the most lenient text: whatever is not known refuses.
func TestEachAttributeMissing(t *testing.T) {
	set := compiled(t, everythingGoes)
	for action, q := range allowed() {
		whole := q.context()
		for name := range whole {
			part := maps.Clone(whole)
			delete(part, name)
			r := q.Request()
			r.Context = cedar.NewRecord(part)
			if a := set.Authorize(q.entities(), r); a.Allow {
				t.Errorf("%s without %s: %+v", action, name, a)
			}
		}
		r := q.Request()
		r.Context = cedar.NewRecord(nil)
		if a := set.Authorize(q.entities(), r); a.Allow {
			t.Errorf("%s without any context: %+v", action, a)
		}
	}
	q := allowed()[Reach]
	r := q.Request()
	part := maps.Clone(q.context())
	part["lease"] = cedar.NewRecord(nil) // the fact inside the fact
	r.Context = cedar.NewRecord(part)
	if a := set.Authorize(q.entities(), r); a.Allow || a.Code != "rules.broken" {
		t.Errorf("a lease of which nothing is known: %+v", a)
	}
}

// TestEachAttributeOfTheWrongType: a forbid that errors is skipped by Cedar, and must not be by us.
func TestEachAttributeOfTheWrongType(t *testing.T) {
	set := compiled(t, everythingGoes)
	for action, q := range allowed() {
		for _, name := range []cedar.String{"active", "lease", "listed", "assigned", "posture", "training"} {
			part := maps.Clone(q.context())
			if _, has := part[name]; !has {
				continue
			}
			part[name] = cedar.String("yes")
			r := q.Request()
			r.Context = cedar.NewRecord(part)
			if a := set.Authorize(q.entities(), r); a.Allow || a.Code != "rules.broken" {
				t.Errorf("%s with %s as a text: %+v", action, name, a)
			}
		}
	}
}

// TestNoPolicyORsAroundAForbid writes permits of every shape beside the fixed forbids.
func TestNoPolicyORsAroundAForbid(t *testing.T) {
	texts := []string{
		everythingGoes,
		`@id("or") permit (principal, action == Action::"reach", resource) when { true || context.lease.alive };`,
		`@id("or") permit (principal, action == Action::"reach", resource) when { !context.lease.alive || context.lease.alive };`,
		`@id("unless") permit (principal, action == Action::"reach", resource) unless { context.lease.alive && context.listed };`,
		`@id("one") permit (principal == Person::"op", action == Action::"reach", resource == Desktop::"d");`,
		`@id("work") permit (principal in Work::"w", action == Action::"reach", resource in Client::"c");`,
	}
	for name, test := range map[string]struct {
		change func(*Question)
		code   string
	}{
		"no lease":              {func(q *Question) { q.Lease = false }, "rules.no_lease"},
		"not chosen":            {func(q *Question) { q.Listed = false }, "rules.not_listed"},
		"not on the work":       {func(q *Question) { q.Person.Works = nil }, "rules.not_assigned"},
		"on another work":       {func(q *Question) { q.Person.Works = map[sekisho.WorkID]sekisho.ClientID{"other": "c"} }, "rules.not_assigned"},
		"suspended":             {func(q *Question) { q.Person.Active = false }, "rules.not_active"},
		"suspended, no lease":   {func(q *Question) { q.Person.Active, q.Lease = false, false }, "rules.not_active"},
		"nothing speaks for it": {func(q *Question) { *q = Question{Action: Reach, Person: Person{ID: "op"}, Desktop: Desktop{ID: "d"}} }, "rules.not_active"},
	} {
		for _, text := range texts {
			q := allowed()[Reach]
			test.change(&q)
			if a := compiled(t, text).Decide(q); a.Allow || a.Code != test.code {
				t.Errorf("%s, %s: %+v", name, text, a)
			}
		}
	}
}

// TestAWorkIsReachedByItsPeople shows that works and clients can be spoken of.
func TestAWorkIsReachedByItsPeople(t *testing.T) {
	set := compiled(t, `@id("a") permit (principal in Work::"w", action == Action::"reach", resource in Client::"c");`)
	q := allowed()[Reach]
	if a := set.Decide(q); !a.Allow {
		t.Errorf("%+v", a)
	}
	q.Desktop.Client = "other"
	if a := set.Decide(q); a.Allow {
		t.Errorf("%+v", a)
	}
}

// TestAClientsPeopleAreForbidden: whoever is on a client's work is in the client, whatever he asks for.
func TestAClientsPeopleAreForbidden(t *testing.T) {
	for client, allow := range map[string]bool{"c": false, "other": true} {
		set := compiled(t, standard+`@id("x") forbid (principal in Client::"`+client+`", action, resource);`)
		for _, action := range []Action{Open, Reach} {
			q := allowed()[action]
			q.Desktop.Work, q.Desktop.Client = "", "" // of none
			if a := set.Decide(q); a.Allow != allow {
				t.Errorf("%s, %s: %+v", client, action, a)
			}
		}
	}
}

// TestFixedForbidsAlwaysHold: no question that lacks one of the facts is
// allowed, whatever else is true and whatever is permitted.
func TestFixedForbidsAlwaysHold(t *testing.T) {
	set := compiled(t, everythingGoes)
	rapid.Check(t, func(t *rapid.T) {
		yes := rapid.Bool()
		q := allowed()[Reach]
		q.Lease, q.Listed, q.Person.Active = yes.Draw(t, "lease"), yes.Draw(t, "listed"), yes.Draw(t, "active")
		if yes.Draw(t, "elsewhere") {
			q.Person.Works = nil
		}
		q.Seat = Seat{
			Place: rapid.SampledFrom([]sekisho.Place{"", "home", "office"}).Draw(t, "place"), Camera: yes.Draw(t, "camera"),
			Tier: rapid.SampledFrom([]sekisho.Tier{"", "A", "C"}).Draw(t, "tier"), Posture: yes.Draw(t, "posture"), Trained: yes.Draw(t, "trained"),
		}
		if got, want := set.Decide(q).Allow, q.Lease && q.Listed && q.Person.Active && q.assigned() && q.Seat.Posture && q.Seat.Trained; got != want {
			t.Fatalf("%+v: %v", q, got)
		}
	})
}

func TestFaultsNameLineAndRemedy(t *testing.T) {
	for text, want := range map[string]Fault{
		"// one\npermit (principal, action, resource)":                                                       {Line: 2, Code: faultParse},
		"// one\n\npermit (principal, action, resource);":                                                    {Line: 3, Code: faultID},
		`@id("Upper") permit (principal, action, resource);`:                                                 {Line: 1, Policy: "Upper", Code: faultID},
		"@id(\"a\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);": {Line: 2, Policy: "a", Code: faultTwice},
		`@id("a") permit (principal, action == Action::"fly", resource);`:                                    {Line: 1, Policy: "a", Code: faultSchema},
		strings.Repeat(" ", maxText+1):                                                                       {Code: faultLarge},
	} {
		_, faults := Compile(text)
		if len(faults) == 0 {
			t.Errorf("%.60q passed", text)
			continue
		}
		got := faults[0]
		if got.Line != want.Line || got.Policy != want.Policy || got.Code != want.Code {
			t.Errorf("%.60q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{standard, global, everythingGoes, forbidHome, `@id("a") permit (principal, action, resource) when { [1,2].contains(context.x) };`, "@", "permit(((("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, faults := Compile(text)
		if (set == nil) == (len(faults) == 0) {
			t.Fatal("neither a set nor a fault, or both")
		}
		if set == nil {
			return
		}
		q := allowed()[Reach]
		q.Lease = false
		if set.Decide(q).Allow {
			t.Fatalf("reached without a lease under %q", text)
		}
	})
}

func TestReasonsAreSorted(t *testing.T) {
	a := compiled(t, `@id("b") permit (principal, action, resource); @id("a") permit (principal, action, resource);`).Decide(allowed()[Open])
	if !slices.Equal(a.Policies, []string{"a", "b"}) {
		t.Errorf("%v", a.Policies)
	}
}

// TestWhatAPCLacksIsSaid: the templates that ask for a permit and for the first
// PC refuse without, and the refusal says which of the two is missing.
func TestWhatAPCLacksIsSaid(t *testing.T) {
	text := standard
	for _, one := range Templates {
		if one.ID == "home-permit" || one.ID == "first-pc" {
			text += one.Text
		}
	}
	set := compiled(t, text)
	for name, test := range map[string]struct {
		seat Seat
		code string
	}{
		"both":                  {Seat{Place: sekisho.PlaceHome, Permit: true, First: true}, ""},
		"office, no permit":     {Seat{Place: sekisho.PlaceOffice, First: true}, ""},
		"home, no permit":       {Seat{Place: sekisho.PlaceHome, First: true}, "permit.missing"},
		"home, second PC":       {Seat{Place: sekisho.PlaceHome, Permit: true}, "tie.other_pc"},
		"office, second PC":     {Seat{Place: sekisho.PlaceOffice}, "tie.other_pc"},
		"home, neither":         {Seat{Place: sekisho.PlaceHome}, "tie.other_pc"},
		"nowhere, with a leave": {Seat{Permit: true, First: true}, "rules.not_permitted"},
	} {
		for _, action := range []Action{Open, Reach} {
			q := allowed()[action]
			q.Seat.Place, q.Seat.Permit, q.Seat.First = test.seat.Place, test.seat.Permit, test.seat.First
			if a := set.Decide(q); a.Code != test.code || a.Allow != (test.code == "") {
				t.Errorf("%s, %s: %+v, want %q", name, action, a, test.code)
			}
		}
	}
	for code, lacks := range map[string]func(*Seat){
		"rules.posture": func(s *Seat) { s.Posture = false }, "rules.training": func(s *Seat) { s.Trained = false },
	} {
		for _, action := range []Action{Open, Reach} {
			q := allowed()[action]
			q.Seat.Permit, q.Seat.First = true, true
			if lacks(&q.Seat); set.Decide(q).Allow || set.Decide(q).Code != code {
				t.Errorf("%s: %+v, want %s", action, set.Decide(q), code)
			}
		}
	}
	q := allowed()[Reach] // a fixed forbid says its own
	q.Lease = false
	if a := set.Decide(q); a.Code != "rules.no_lease" {
		t.Errorf("%+v", a)
	}
}
