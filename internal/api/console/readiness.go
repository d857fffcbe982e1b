package console

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/wire"
)

// Readiness says how ready the centre is for work at home, and keeps the
// self-checks of rooms (gate/readiness).
type Readiness interface {
	Measures(ctx context.Context, within func(sekisho.PersonID) bool) ([]readiness.Measured, error)
	Rules(ctx context.Context) (readiness.Rules, error)
	Loosens(ctx context.Context, r readiness.Rules) ([]wire.Difference, error)
	SetRulesSeconded(ctx context.Context, by sekisho.PersonID, r readiness.Rules, second storage.Second) (readiness.Rules, error)
	Checks(ctx context.Context) (waiting, decided []readiness.Check, err error)
	OfPerson(ctx context.Context, p sekisho.PersonID) (readiness.Stand, []readiness.Check, map[int]readiness.Rules, error)
	Decide(ctx context.Context, by audit.Actor, id sekisho.RoomCheckID, accept bool, note string) (readiness.Check, error)
	Photo(ctx context.Context, by audit.Actor, id sekisho.RoomCheckID) ([]byte, error)
}

type putRoomRules struct{ Body RoomRulesView }

type decideRoomCheck struct {
	ByID
	Body struct {
		Accept bool   `json:"accept"`
		Note   string `json:"note" maxLength:"500" doc:"for the person; needed to return it"`
	}
}

func (d *Door) readinessRoutes(api huma.API) {
	add(api, "GET /readiness", "How ready the centre is for work at home, or the caller's client company's part of it", d.getReadiness)
	add(api, "GET /readiness/clients/{id}", "The same of one client company's people alone", d.clientReadiness)
	add(api, "GET /readiness/people/{id}", "The same of one person, with his self-checks", d.personReadiness)
	add(api, "GET /readiness/checks", "Self-checks that wait, and those decided last", d.listRoomChecks)
	add(api, "POST /readiness/checks/{id}/decide", "Accept a self-check, or return it with a note", d.decideRoomCheck)
	add(api, "POST /readiness/checks/{id}/photo", "The photograph of a self-check; who looked is in the audit log and in the person's own records", d.roomPhoto)
	add(api, "GET /readiness/rules", "What a self-check asks", d.roomRules)
	add(api, "PUT /readiness/rules", "Set what a self-check asks", d.putRoomRules)
}

// getReadiness gives a client company's auditor its part and nothing else.
func (d *Door) getReadiness(ctx context.Context, _ *struct{}) (*answer[ReadinessView], error) {
	if own := callerOf(ctx).who.Client; own != "" {
		return d.readinessOf(ctx, own)
	}
	found, err := d.readiness.Measures(ctx, nil)
	if err != nil {
		return nil, err
	}
	view := ReadinessView{Now: d.clk.Now().UTC(), Clients: []ReadinessClientView{}}
	if view.Measures, err = d.measureViews(ctx, found); err != nil {
		return nil, err
	}
	list, err := d.clients.List(ctx)
	for _, c := range list {
		if c.Ended.IsZero() {
			view.Clients = append(view.Clients, ReadinessClientView{ID: c.ID, Name: c.Name})
		}
	}
	return reply(view, err)
}

func (d *Door) clientReadiness(ctx context.Context, in *ByID) (*answer[ReadinessView], error) {
	id := sekisho.ClientID(in.ID)
	if own := callerOf(ctx).who.Client; own != "" && own != id {
		return nil, errNotFound
	}
	return d.readinessOf(ctx, id)
}

// readinessOf counts whoever is on a work of the client now.
func (d *Door) readinessOf(ctx context.Context, id sekisho.ClientID) (*answer[ReadinessView], error) {
	scope, err := d.clients.ScopeOf(ctx, id)
	if err != nil {
		return nil, err
	}
	now := d.clk.Now()
	found, err := d.readiness.Measures(ctx, func(p sekisho.PersonID) bool { return scope.Person(p, now) })
	if err != nil {
		return nil, err
	}
	view := ReadinessView{Now: now.UTC(), Client: id, Clients: []ReadinessClientView{}}
	view.Measures, err = d.measureViews(ctx, found)
	return reply(view, err)
}

// looksAfter says whether the caller may see who lacks something.
func looksAfter(ctx context.Context) bool {
	who := callerOf(ctx).who
	return who.Client == "" && (slices.Contains(who.Roles, supervisor) || slices.Contains(who.Roles, administrator))
}

func (d *Door) measureViews(ctx context.Context, found []readiness.Measured) ([]MeasureView, error) {
	names := map[sekisho.PersonID]string{}
	if looksAfter(ctx) {
		var err error
		if names, err = d.names(ctx); err != nil {
			return nil, err
		}
	}
	out := make([]MeasureView, 0, len(found))
	for _, m := range found {
		v := MeasureView{
			ID: string(m.ID), Block: string(m.Block), Unit: string(m.Unit), Light: string(m.Light), Trouble: string(m.Trouble),
			Green: m.Tally.Green, Amber: m.Tally.Amber, Red: m.Tally.Red, Unknown: m.Tally.Unknown, At: m.At.UTC(), Who: []NamedView{},
		}
		for _, p := range m.Who {
			if name, ok := names[p]; ok {
				v.Who = append(v.Who, NamedView{ID: p, Name: name})
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func (d *Door) personReadiness(ctx context.Context, in *ByID) (*answer[PersonReadinessView], error) {
	id := sekisho.PersonID(in.ID)
	person, err := d.people.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := d.readiness.Measures(ctx, func(p sekisho.PersonID) bool { return p == id })
	if err != nil {
		return nil, err
	}
	stand, checks, asked, err := d.readiness.OfPerson(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	view := PersonReadinessView{
		Now: d.clk.Now().UTC(), Person: id, Name: person.Name, Room: stand.State, Until: moment(stand.Until), Checks: make([]RoomCheckView, 0, len(checks)),
	}
	found = slices.DeleteFunc(found, func(m readiness.Measured) bool { return m.Tally.All() == 0 && m.Trouble == readiness.Nothing })
	if view.Measures, err = d.measureViews(ctx, found); err != nil {
		return nil, err
	}
	for i := range view.Measures {
		view.Measures[i].Who = []NamedView{} // it is he
	}
	for _, c := range checks {
		v := RoomCheckView{RoomCheckRowView: roomCheckRow(c, names), Remark: c.Remark, Note: c.Note, Answers: []RoomAnswerView{}}
		for i, q := range asked[c.Rules].Questions {
			if i < len(c.Answers) && c.Answers[i].Question == q.ID {
				v.Answers = append(v.Answers, RoomAnswerView{Text: q.Text, Needed: q.Needed, Yes: c.Answers[i].Yes})
			}
		}
		view.Checks = append(view.Checks, v)
	}
	return reply(view, nil)
}

func roomCheckRow(c readiness.Check, names map[sekisho.PersonID]string) RoomCheckRowView {
	return RoomCheckRowView{
		ID: c.ID, Person: c.Person, Name: names[c.Person], At: c.At.UTC(), Ready: c.Ready, Photo: c.Photo, PhotoUntil: moment(c.PhotoUntil),
		State: string(c.State), Decided: moment(c.Decided), DecidedBy: names[c.Decider],
	}
}

func (d *Door) listRoomChecks(ctx context.Context, _ *struct{}) (*answer[RoomChecksView], error) {
	waiting, decided, err := d.readiness.Checks(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := RoomChecksView{Waiting: make([]RoomCheckRowView, 0, len(waiting)), Decided: make([]RoomCheckRowView, 0, len(decided))}
	for _, c := range waiting {
		view.Waiting = append(view.Waiting, roomCheckRow(c, names))
	}
	for _, c := range decided {
		view.Decided = append(view.Decided, roomCheckRow(c, names))
	}
	return reply(view, err)
}

func (d *Door) decideRoomCheck(ctx context.Context, in *decideRoomCheck) (*done, error) {
	_, err := d.readiness.Decide(ctx, actorNow(ctx), sekisho.RoomCheckID(in.ID), in.Body.Accept, in.Body.Note)
	return &done{}, err
}

func (d *Door) roomPhoto(ctx context.Context, in *ByID) (*answer[RoomPhotoView], error) {
	jpeg, err := d.readiness.Photo(ctx, actorNow(ctx), sekisho.RoomCheckID(in.ID))
	return reply(RoomPhotoView{JPEG: jpeg}, err)
}

func (d *Door) roomRules(ctx context.Context, _ *struct{}) (*answer[RoomRulesView], error) {
	r, err := d.readiness.Rules(ctx)
	return reply(roomRulesView(r), err)
}

func (d *Door) putRoomRules(ctx context.Context, in *putRoomRules) (*answer[RoomRulesView], error) {
	b := in.Body
	r := readiness.Rules{Version: b.Version, Photo: b.Photo, ValidMonths: b.ValidMonths, LateDays: b.LateDays, KeepDays: b.KeepDays}
	for _, q := range b.Questions {
		r.Questions = append(r.Questions, wire.RoomQuestion(q))
	}
	return dangerous[RoomRulesView](ctx, d, approvals.ActRoom, r)
}

func roomRulesView(r readiness.Rules) RoomRulesView {
	v := RoomRulesView{Version: r.Version, Photo: r.Photo, ValidMonths: r.ValidMonths, LateDays: r.LateDays, KeepDays: r.KeepDays, Questions: []RoomQuestionView{}}
	for _, q := range r.Questions {
		v.Questions = append(v.Questions, RoomQuestionView(q))
	}
	return v
}
