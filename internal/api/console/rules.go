package console

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/rules"
	"github.com/sekisho/sekisho/internal/wire"
)

type checkRules struct {
	Body struct {
		Text string `json:"text" maxLength:"262144"`
	}
}

type putRules struct {
	Body struct {
		Seen int    `json:"seen" minimum:"0" doc:"number of the version that was seen"`
		Text string `json:"text" maxLength:"262144"`
		Note string `json:"note" minLength:"1" maxLength:"200" doc:"why; kept with the version"`
	}
}

type byNumber struct {
	Number int `path:"number" minimum:"0"`
}

type searchRefusals struct {
	Person sekisho.PersonID `query:"person" maxLength:"64"`
}

func (d *Door) ruleRoutes(api huma.API) {
	add(api, "GET /rules", "The access policies in force, and their history", d.getRules)
	add(api, "GET /rules/{number}", "The text of a version", d.pastRules)
	add(api, "POST /rules/check", "What is wrong with a text, or what it would change for whom; changes nothing", d.checkRules)
	add(api, "PUT /rules", "Bring a text into force", d.putRules)
	add(api, "GET /desktops/{id}/who", "Who can see a desktop, and why", d.whoSees)
	add(api, "GET /refusals", "What people were refused at the gate in the last seven days, and why", d.listRefusals)
}

func (d *Door) getRules(ctx context.Context, _ *struct{}) (*answer[RulesView], error) {
	v, err := d.rules.InForce(ctx)
	if err != nil {
		return nil, err
	}
	past, err := d.rules.History(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	view := RulesView{Version: versionView(v, names), Text: v.Text, Global: rules.Global(), Templates: []RulesTemplateView{}, History: []RulesVersionView{}}
	for _, t := range rules.Templates {
		view.Templates = append(view.Templates, RulesTemplateView{ID: t.ID, Text: t.Text})
	}
	for _, p := range past {
		view.History = append(view.History, versionView(p, names))
	}
	return reply(view, nil)
}

func (d *Door) pastRules(ctx context.Context, in *byNumber) (*answer[RulesPastView], error) {
	v, err := d.rules.Past(ctx, in.Number)
	return reply(RulesPastView{Number: in.Number, Text: v.Text}, err)
}

func (d *Door) checkRules(ctx context.Context, in *checkRules) (*answer[RulesCheckView], error) {
	s, faults, err := d.rules.Simulate(ctx, in.Body.Text)
	if err != nil {
		return nil, err
	}
	view := RulesCheckView{Faults: []RulesFaultView{}, Asked: s.Asked, Gained: s.Gained, Lost: s.Lost, Differences: []RulesDifferenceView{}}
	for _, f := range faults {
		title, action := words(ctx, f.Code)
		view.Faults = append(view.Faults, RulesFaultView{Line: f.Line, Policy: f.Policy, Code: f.Code, Title: title, Action: action, Detail: f.Detail})
	}
	if len(s.Differences) == 0 {
		return reply(view, nil)
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	labels, err := d.desktopNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range s.Differences {
		view.Differences = append(view.Differences, RulesDifferenceView{
			Person: one.Person, Name: names[one.Person], Act: string(one.Action), Desktop: one.Desktop, Label: labels[one.Desktop], Place: one.Place,
			Before: answerView(ctx, one.Before), After: answerView(ctx, one.After),
		})
	}
	return reply(view, nil)
}

func (d *Door) putRules(ctx context.Context, in *putRules) (*answer[RulesVersionView], error) {
	return dangerous[RulesVersionView](ctx, d, approvals.ActRules, in)
}

func (d *Door) whoSees(ctx context.Context, in *ByID) (*answer[DesktopWhoView], error) {
	one, err := d.desktop(ctx, sekisho.DesktopID(in.ID))
	if err != nil {
		return nil, err
	}
	list, err := d.rules.Who(ctx, one.ID)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := DesktopWhoView{People: make([]StandingView, 0, len(list))}
	for _, s := range list {
		view.People = append(view.People, StandingView{Person: s.Person, Name: names[s.Person], Home: answerView(ctx, s.Home), Office: answerView(ctx, s.Office)})
	}
	return reply(view, err)
}

// refusedKinds are the rows that tell of somebody who did not pass.
var refusedKinds = []string{"login.refused", "desktop.refused", "posture.refused"}

// refusalPages bounds how far listRefusals looks past the refusals of others.
const refusalPages, refusalsEach = 5, 200

// listRefusals tells why people did not pass: of the log just these rows, of
// operators alone, with their reasons and no other value.
func (d *Door) listRefusals(ctx context.Context, in *searchRefusals) (*answer[RefusalsView], error) {
	found, err := d.refusals(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	labels, err := d.desktopNames(ctx)
	if err != nil {
		return nil, err
	}
	view := RefusalsView{Refusals: []RefusalView{}}
	for _, e := range found {
		ev := e.Event
		v := RefusalView{
			At: e.At, Person: ev.Actor.Person, Name: names[ev.Actor.Person], AssetTag: tags[ev.Actor.Device], Act: string(rules.Open),
			Code: ev.Reason, Policies: strings.Fields(ev.Detail["policies"]), Version: ev.Detail["policies_version"],
		}
		v.Title, v.Action = words(ctx, ev.Reason)
		if ev.Object.Type == "desktop" {
			v.Act, v.Label = string(rules.Reach), labels[sekisho.DesktopID(ev.Object.ID)]
		}
		if v.Policies == nil {
			v.Policies = []string{}
		}
		view.Refusals = append(view.Refusals, v)
	}
	return reply(view, nil)
}

// refusals are the newest of operators. Those of others, and of strangers at
// this door, do not crowd them out, however many they are within some pages.
func (d *Door) refusals(ctx context.Context, person sekisho.PersonID) (out []audit.Entry, err error) {
	f := audit.Filter{Kinds: refusedKinds, Person: person, From: d.clk.Now().Add(-7 * 24 * time.Hour), Limit: refusalsEach}
	for range refusalPages {
		page, err := d.audit.Page(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Entries {
			if e.Event.Actor.Role == sekisho.RoleOperator && len(out) < refusalsEach {
				out = append(out, e)
			}
		}
		if f.Before = page.Next; f.Before == 0 || len(out) == refusalsEach {
			break
		}
	}
	return out, nil
}

func (d *Door) desktopNames(ctx context.Context) (map[sekisho.DesktopID]string, error) {
	list, err := d.desktops.List(ctx)
	out := make(map[sekisho.DesktopID]string, len(list))
	for _, one := range list {
		out[one.ID] = one.Name
	}
	return out, err
}

// words are what is wrong and what to do, by a code, in the caller's language.
func words(ctx context.Context, code string) (title, action string) {
	p := wire.ProblemOf(sekisho.Fail(sekisho.KindDenied, code), callerOf(ctx).language)
	return p.Title, p.Action
}

func answerView(ctx context.Context, a rules.Answer) RulesAnswerView {
	v := RulesAnswerView{Allow: a.Allow, Code: a.Code, Text: reasonText(ctx, a.Code), Policies: a.Policies}
	if v.Policies == nil {
		v.Policies = []string{}
	}
	return v
}

func versionView(v rules.Version, names map[sekisho.PersonID]string) RulesVersionView {
	return RulesVersionView{Number: v.Number, Note: v.Note, Author: names[v.Author], At: moment(v.At)}
}
