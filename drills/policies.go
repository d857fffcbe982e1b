package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// policyText is what the console says is in force, and its number.
type policyText struct {
	Version struct {
		Number int `json:"number"`
	} `json:"version"`
	Text string `json:"text"`
}

// orAroundForbid brings a policy into force that permits everything, with an OR
// around each fixed forbid, and then tries what the forbids are about.
func orAroundForbid(ctx context.Context, f *Field, r *Result) (err error) {
	var person string
	if person, err = f.Person(ctx); err != nil {
		return err
	}
	notChosen, chosen, otherWork := sekisho.DesktopID(""), sekisho.DesktopID(""), sekisho.DesktopID("")
	for at, people := range map[*sekisho.DesktopID][]string{&notChosen: {}, &chosen: {person}, &otherWork: {person}} {
		if *at, err = f.desktopFor(ctx, people); err != nil {
			return err
		}
	}
	if err := f.underAWork(ctx, otherWork); err != nil {
		return err
	}
	back, err := f.putPolicy(ctx, `
@id("drill-or")
permit (principal, action == Action::"reach", resource)
when { true || context.lease.alive || context.listed || context.assigned };
`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back(context.WithoutCancel(ctx))) }()
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	mine, unlisted, unassigned := stream(ctx, s, chosen), stream(ctx, s, notChosen), stream(ctx, s, otherWork)
	r.Control = mine == "RFB 003.008" // the gateway's greeting
	r.Refused = unlisted == "request.not_found" && unassigned == "rules.not_assigned"
	r.Evidence = fmt.Sprintf("with a permit of everything in force: not chosen %s, not on its work %s; chosen %s", unlisted, unassigned, mine)
	return nil
}

// missingAttribute asks the engine itself under the most lenient text, without
// each attribute in turn.
func missingAttribute(_ context.Context, _ *Field, r *Result) error {
	set, faults := rules.Compile(`@id("all") permit (principal, action, resource);`)
	if len(faults) > 0 {
		return fmt.Errorf("drills: %+v", faults)
	}
	person := rules.Person{ID: "p", Roles: []sekisho.Role{sekisho.RoleOperator}, Active: true}
	desktop := rules.Desktop{ID: "d", Level: "full"}
	q := rules.Question{
		Action: rules.Reach, Person: person, Desktop: desktop, Lease: true, Listed: true,
		Seat: rules.Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true},
	}
	known := rules.Entities([]rules.Person{person}, []rules.Desktop{desktop})
	r.Control, r.Refused = set.Authorize(known, q.Request()).Allow, true
	var names []string
	for name := range q.Request().Context.All() {
		part := cedar.RecordMap{}
		for other, value := range q.Request().Context.All() {
			if other != name {
				part[other] = value
			}
		}
		without := q.Request()
		without.Context = cedar.NewRecord(part)
		a := set.Authorize(known, without)
		r.Refused = r.Refused && !a.Allow
		names = append(names, fmt.Sprintf("%s: %s", name, a.Code))
	}
	r.Refused = r.Refused && len(names) >= 8
	r.Evidence = "everything permitted, and without " + strings.Join(names, ", ")
	return nil
}

// lockingPolicy tries to save policies by which nobody, or not oneself, administers.
func lockingPolicy(ctx context.Context, f *Field, r *Result) error {
	admin, err := f.visitorAs(ctx, f.Seeded.People["admin"])
	if err != nil {
		return err
	}
	var now policyText
	if err := f.Admin.Get(ctx, "rules", &now); err != nil {
		return err
	}
	put := func(text string) string {
		return admin.ask(ctx, http.MethodPut, "rules", map[string]any{"seen": now.Version.Number, "text": text, "note": "drill"})
	}
	all := put(now.Text + "\n@id(\"drill-lock\") forbid (principal, action == Action::\"manage\", resource);")
	nobody := put(`@id("drill-open") permit (principal, action == Action::"open", resource);`)
	broken := put(now.Text + "\n@id(\"drill-broken\") permit (principal, action, resource) when { context.mood };")
	r.Refused = all == "rules.locks_out" && nobody == "rules.locks_out" && broken == "rules.invalid"
	r.Control = put(now.Text+"\n// drill\n") == "200"
	r.Evidence = fmt.Sprintf("everybody forbidden: %s; nobody permitted: %s; not valid: %s", all, nobody, broken)
	return nil
}

func (f *Field) desktopFor(ctx context.Context, people []string) (sekisho.DesktopID, error) {
	var made struct {
		ID sekisho.DesktopID `json:"id"`
	}
	if err := f.Admin.Post(ctx, "desktops", map[string]any{"name": f.Tag(), "host": "127.0.0.1", "port": 5999, "secret": "drill"}, &made); err != nil {
		return "", err
	}
	return made.ID, f.Admin.Put(ctx, "desktops/"+string(made.ID)+"/people", map[string]any{"people": people}, nil)
}

// underAWork puts a desktop under a new work of a new client, which nobody is on.
func (f *Field) underAWork(ctx context.Context, d sekisho.DesktopID) error {
	var client, work struct {
		ID string `json:"id"`
	}
	if err := f.Admin.Post(ctx, "clients", map[string]any{"name": f.Tag()}, &client); err != nil {
		return err
	}
	if err := f.Admin.Post(ctx, "clients/"+client.ID+"/works", map[string]any{"name": "drill"}, &work); err != nil {
		return err
	}
	return f.Admin.Put(ctx, "works/"+work.ID+"/desktops/"+string(d), nil, nil)
}

// putPolicy adds to the policies in force, and gives the way back.
func (f *Field) putPolicy(ctx context.Context, more string) (back func(context.Context) error, err error) {
	var was policyText
	if err := f.Admin.Get(ctx, "rules", &was); err != nil {
		return nil, err
	}
	two, err := f.Two(ctx)
	if err != nil {
		return nil, err
	}
	var made struct {
		Number int `json:"number"`
	}
	if err := two.Put(ctx, "rules", map[string]any{"seen": was.Version.Number, "text": was.Text + more, "note": "drill"}, &made); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		return two.Put(ctx, "rules", map[string]any{"seen": made.Number, "text": was.Text, "note": "drill, back"}, nil)
	}, nil
}
