package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/approvals"
)

// DeputyView is one time for which somebody answers for a supervisor.
type DeputyView struct {
	ID        sekisho.DeputyID `json:"id"`
	Principal string           `json:"principal" doc:"name of the supervisor"`
	Deputy    string           `json:"deputy" doc:"name"`
	Begins    time.Time        `json:"begins"`
	Ends      time.Time        `json:"ends"`
	Now       bool             `json:"now" doc:"its time has begun"`
	Mine      bool             `json:"mine" doc:"the caller may end it"`
}

// CandidateView is somebody who could stand in.
type CandidateView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// DeputiesView answers GET /deputies.
type DeputiesView struct {
	Deputies   []DeputyView    `json:"deputies" nullable:"false"`
	Candidates []CandidateView `json:"candidates" nullable:"false" doc:"whom a supervisor may name; empty for others"`
}

type nameDeputy struct {
	Body struct {
		Person sekisho.PersonID `json:"person" minLength:"1" maxLength:"64"`
		Begins time.Time        `json:"begins"`
		Ends   time.Time        `json:"ends"`
	}
}

// BulkView is what became of each answer.
type BulkView struct {
	Results []BulkResultView `json:"results" nullable:"false"`
}

// BulkResultView is one question's outcome: approved, or why not.
type BulkResultView struct {
	ID    sekisho.ApprovalID `json:"id"`
	Done  bool               `json:"done"`
	Code  string             `json:"code"`
	Title string             `json:"title" doc:"why not, in the caller's language"`
}

type bulkApprove struct {
	Body struct {
		Answers []struct {
			ID   sekisho.ApprovalID `json:"id" maxLength:"64"`
			Code string             `json:"code" maxLength:"16" doc:"the four digits of that asker's screen"`
		} `json:"answers" nullable:"false" minItems:"1" maxItems:"100"`
	}
}

func (d *Door) deputyRoutes(api huma.API) {
	add(api, "GET /deputies", "Who answers for which supervisor, and until when", d.listDeputies)
	add(api, "POST /deputies", "Name somebody who answers for the caller", d.nameDeputy)
	add(api, "DELETE /deputies/{id}", "End it before its time", d.endDeputy)
	add(api, "POST /approvals/bulk", "Approve several sessions at shift start, each by its own number", d.approveBulk)
}

func (d *Door) listDeputies(ctx context.Context, _ *struct{}) (*answer[DeputiesView], error) {
	list, err := d.approvals.Deputies(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.people.List(ctx)
	if err != nil {
		return nil, err
	}
	me, now := callerOf(ctx).who, d.clk.Now()
	names := map[sekisho.PersonID]string{}
	view := DeputiesView{Deputies: make([]DeputyView, 0, len(list)), Candidates: []CandidateView{}}
	for _, p := range people {
		names[p.ID] = p.Name
		if me.has(supervisor) && !p.Has(supervisor) && (p.Has(administrator) || p.Has(officer)) {
			view.Candidates = append(view.Candidates, CandidateView{ID: p.ID, Name: p.Name})
		}
	}
	for _, one := range list {
		view.Deputies = append(view.Deputies, DeputyView{
			ID: one.ID, Principal: names[one.Principal], Deputy: names[one.Person], Begins: one.Begins, Ends: one.Ends, Now: one.In(now),
			Mine: me.Person == one.Principal || me.Person == one.Person || me.has(administrator),
		})
	}
	return reply(view, nil)
}

func (d *Door) nameDeputy(ctx context.Context, in *nameDeputy) (*answer[DeputyView], error) {
	one, err := d.approvals.NameDeputy(ctx, callerOf(ctx).who.Person, in.Body.Person, in.Body.Begins, in.Body.Ends)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(DeputyView{
		ID: one.ID, Principal: names[one.Principal], Deputy: names[one.Person], Begins: one.Begins, Ends: one.Ends, Now: one.In(d.clk.Now()), Mine: true,
	}, err)
}

func (d *Door) endDeputy(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.approvals.EndDeputy(ctx, callerOf(ctx).who.Person, sekisho.DeputyID(in.ID))
}

// approveBulk answers each question by itself: its own check, its own row. What
// cannot be approved stays, and says why.
func (d *Door) approveBulk(ctx context.Context, in *bulkApprove) (*answer[BulkView], error) {
	open, err := d.approvals.Open(ctx)
	if err != nil {
		return nil, err
	}
	kinds := map[sekisho.ApprovalID]string{}
	for _, q := range open {
		kinds[q.ID] = q.Kind
	}
	view := BulkView{Results: make([]BulkResultView, 0, len(in.Body.Answers))}
	for _, a := range in.Body.Answers {
		err := error(errNotInBulk)
		if kind, known := kinds[a.ID]; !known || kind == approvals.KindSession {
			_, err = d.approvals.Decide(ctx, callerOf(ctx).who.Person, a.ID, true, a.Code)
		}
		one := BulkResultView{ID: a.ID, Done: err == nil}
		if err != nil {
			one.Code = sekisho.CodeOf(err)
			one.Title, _ = words(ctx, one.Code)
		}
		view.Results = append(view.Results, one)
	}
	return reply(view, nil)
}

var errNotInBulk = sekisho.Fail(sekisho.KindInvalid, "approval.not_in_bulk")
