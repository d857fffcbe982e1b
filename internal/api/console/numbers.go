package console

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/calls/trunks"
)

// FlowNames are the call flows that a number can be answered by (calls/ivr).
type FlowNames interface {
	Flows(ctx context.Context, c sekisho.ClientID) ([]ivr.Listed, error)
}

// NumbersView answers GET /numbers: our own numbers, which are nobody's personal data.
type NumbersView struct {
	Numbers []NumberView     `json:"numbers" nullable:"false"`
	Trunks  []TrunkChoice    `json:"trunks" nullable:"false"`
	Works   []WorkChoiceView `json:"works" nullable:"false" doc:"works that go on"`
	Flows   []FlowChoiceView `json:"flows" nullable:"false" doc:"flows that have a published version"`
}

// NumberView is one number of ours and where its calls go.
type NumberView struct {
	Number    string          `json:"number" doc:"E.164"`
	Trunk     sekisho.TrunkID `json:"trunk"`
	TrunkName string          `json:"trunk_name"`
	Work      sekisho.WorkID  `json:"work"`
	Flow      sekisho.FlowID  `json:"flow"`
	Standing  bool            `json:"standing" doc:"its work goes on and its flow has a published version"`
}

// TrunkChoice is a trunk that a number can be placed on.
type TrunkChoice struct {
	ID   sekisho.TrunkID `json:"id"`
	Name string          `json:"name"`
}

// WorkChoiceView is a work by both its names.
type WorkChoiceView struct {
	ID         sekisho.WorkID   `json:"id"`
	Name       string           `json:"name"`
	Client     sekisho.ClientID `json:"client"`
	ClientName string           `json:"client_name"`
}

// FlowChoiceView is a flow of a client company.
type FlowChoiceView struct {
	ID     sekisho.FlowID   `json:"id"`
	Name   string           `json:"name"`
	Client sekisho.ClientID `json:"client"`
}

// NumberPlace is where the calls of a number go.
type NumberPlace struct {
	Trunk sekisho.TrunkID `json:"trunk" minLength:"1" maxLength:"64"`
	Work  sekisho.WorkID  `json:"work" minLength:"1" maxLength:"64"`
	Flow  sekisho.FlowID  `json:"flow" minLength:"1" maxLength:"64"`
}

type newNumber struct {
	Body struct {
		Number string `json:"number" minLength:"1" maxLength:"40"`
		NumberPlace
	}
}

type changeNumber struct {
	Number string `path:"number" maxLength:"40"`
	Body   NumberPlace
}

type ownNumber struct {
	Number string `path:"number" maxLength:"40"`
}

var errFlow = sekisho.Fail(sekisho.KindInvalid, "console.number_flow")

func (d *Door) numberRoutes(api huma.API) {
	add(api, "GET /numbers", "Our numbers, and where their calls go", d.listNumbers)
	add(api, "POST /numbers", "Place a number on a trunk", d.newNumber)
	add(api, "PUT /numbers/{number}", "Give a number another trunk, work or flow", d.changeNumber)
	add(api, "DELETE /numbers/{number}", "Let a number be ours no longer; its calls are refused", d.removeNumber)
}

func (d *Door) listNumbers(ctx context.Context, _ *struct{}) (*answer[NumbersView], error) {
	list, err := d.trunks.Numbers(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := d.trunks.List(ctx)
	if err != nil {
		return nil, err
	}
	works, err := d.worksNow(ctx)
	if err != nil {
		return nil, err
	}
	flows, err := d.flowsNow(ctx, works)
	if err != nil {
		return nil, err
	}
	view := NumbersView{Numbers: make([]NumberView, 0, len(list)), Trunks: make([]TrunkChoice, 0, len(lines)), Works: works, Flows: flows}
	names := map[sekisho.TrunkID]string{}
	for _, t := range lines {
		names[t.ID] = t.Name
		view.Trunks = append(view.Trunks, TrunkChoice{ID: t.ID, Name: t.Name})
	}
	for _, n := range list {
		view.Numbers = append(view.Numbers, NumberView{
			Number: string(n.Number), Trunk: n.Trunk, TrunkName: names[n.Trunk], Work: n.Work, Flow: n.Flow, Standing: goesTogether(works, flows, n),
		})
	}
	return reply(view, nil)
}

// worksNow lists the works that go on.
func (d *Door) worksNow(ctx context.Context) ([]WorkChoiceView, error) {
	companies, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	out := []WorkChoiceView{}
	for _, c := range companies {
		if !c.Ended.IsZero() {
			continue
		}
		file, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, w := range file.Works {
			if w.Ended.IsZero() {
				out = append(out, WorkChoiceView{ID: w.ID, Name: w.Name, Client: c.ID, ClientName: c.Name})
			}
		}
	}
	return out, nil
}

// flowsNow lists the flows with a published version of the clients of these works.
func (d *Door) flowsNow(ctx context.Context, works []WorkChoiceView) ([]FlowChoiceView, error) {
	out, seen := []FlowChoiceView{}, map[sekisho.ClientID]bool{}
	for _, w := range works {
		if seen[w.Client] {
			continue
		}
		seen[w.Client] = true
		list, err := d.flowNames.Flows(ctx, w.Client)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			if f.Published > 0 && f.Ended.IsZero() {
				out = append(out, FlowChoiceView{ID: f.ID, Name: f.Name, Client: f.Client})
			}
		}
	}
	return out, nil
}

// goesTogether says whether a number's work goes on, and its flow is of the same
// client and answers calls.
func goesTogether(works []WorkChoiceView, flows []FlowChoiceView, n trunks.Number) bool {
	return slices.ContainsFunc(works, func(w WorkChoiceView) bool {
		return w.ID == n.Work && slices.ContainsFunc(flows, func(f FlowChoiceView) bool { return f.ID == n.Flow && f.Client == w.Client })
	})
}

func (d *Door) newNumber(ctx context.Context, in *newNumber) (*done, error) {
	n, err := d.numberPlaced(ctx, in.Body.Number, in.Body.NumberPlace)
	if err != nil {
		return nil, err
	}
	_, err = d.trunks.PlaceNumber(ctx, callerOf(ctx).who.Person, n)
	return &done{}, err
}

func (d *Door) changeNumber(ctx context.Context, in *changeNumber) (*done, error) {
	n, err := d.numberPlaced(ctx, in.Number, in.Body)
	if err != nil {
		return nil, err
	}
	_, err = d.trunks.ChangeNumber(ctx, callerOf(ctx).who.Person, n)
	return &done{}, err
}

func (d *Door) removeNumber(ctx context.Context, in *ownNumber) (*done, error) {
	return &done{}, d.trunks.RemoveNumber(ctx, callerOf(ctx).who.Person, calls.Number(in.Number))
}

// numberPlaced refuses what would answer one client's callers by another's flow, or by none.
func (d *Door) numberPlaced(ctx context.Context, number string, p NumberPlace) (trunks.Number, error) {
	n := trunks.Number{Number: calls.Number(number), Trunk: p.Trunk, Work: p.Work, Flow: p.Flow}
	works, err := d.worksNow(ctx)
	if err != nil {
		return n, err
	}
	flows, err := d.flowsNow(ctx, works)
	if err == nil && !goesTogether(works, flows, n) {
		err = errFlow
	}
	return n, err
}
