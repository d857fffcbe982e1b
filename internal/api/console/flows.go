package console

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/wire"
)

type newFlow struct {
	Body struct {
		Client sekisho.ClientID `json:"client" maxLength:"64"`
		Name   string           `json:"name" minLength:"1" maxLength:"100"`
	}
}

type saveFlow struct {
	Body struct {
		ID   sekisho.FlowID  `json:"id" maxLength:"64"`
		Seen int             `json:"seen" minimum:"0" doc:"the edit that was looked at"`
		Flow json.RawMessage `json:"flow" doc:"start, survey, fallback, nodes (decision 0032); at most 256 KiB"`
	}
}

type publishFlow struct {
	ByID
	Body struct {
		Seen int `json:"seen" minimum:"0" doc:"the edit that was looked at"`
	}
}

type flowVersion struct {
	ByID
	Number int `path:"number" minimum:"0"`
}

func (d *Door) flowRoutes(api huma.API) {
	add(api, "GET /flows", "Call flows by client company", d.listFlows)
	add(api, "POST /flows", "Begin a call flow: an empty draft", d.newFlow)
	add(api, "GET /flows/{id}", "A call flow's draft, its faults, and what it may name", d.oneFlow)
	add(api, "PUT /flows/draft", "Save a draft, faults and all; refused where somebody else saved meanwhile", d.saveFlow)
	add(api, "POST /flows/{id}/publish", "Bring the draft into force, or learn what stands against it", d.publishFlow)
	add(api, "POST /flows/{id}/try", "Walk a call through the draft without a telephone", d.tryFlow)
	add(api, "POST /flows/{id}/end", "Take a call flow out of force for good", d.endFlow)
	add(api, "GET /flows/{id}/versions", "The versions of a call flow", d.flowVersions)
	add(api, "GET /flows/{id}/versions/{number}", "One published version", d.flowVersion)
	add(api, "POST /flows/{id}/versions/{number}", "Bring an older version into force again, as a new one", d.rollBackFlow)
}

func (d *Door) listFlows(ctx context.Context, _ *struct{}) (*answer[FlowsView], error) {
	companies, err := d.clients.List(ctx)
	view := FlowsView{Clients: make([]FlowClientView, 0, len(companies))}
	for _, c := range companies {
		list, err := d.flows.Flows(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if !c.Ended.IsZero() && len(list) == 0 {
			continue
		}
		one := FlowClientView{ID: c.ID, Name: c.Name, Flows: make([]FlowRowView, 0, len(list))}
		for _, f := range list {
			one.Flows = append(one.Flows, flowRow(f))
		}
		view.Clients = append(view.Clients, one)
	}
	return reply(view, err)
}

func flowRow(f ivr.Listed) FlowRowView {
	return FlowRowView{ID: f.ID, Name: f.Name, Edit: f.Edit, Published: f.Published, Changed: f.Changed.UTC(), Ended: moment(f.Ended)}
}

func (d *Door) newFlow(ctx context.Context, in *newFlow) (*answer[FlowView], error) {
	id, err := d.flows.CreateFlow(ctx, actorNow(ctx), in.Body.Client, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return d.shownFlow(ctx, id)
}

func (d *Door) oneFlow(ctx context.Context, in *ByID) (*answer[FlowView], error) {
	return d.shownFlow(ctx, sekisho.FlowID(in.ID))
}

func (d *Door) shownFlow(ctx context.Context, id sekisho.FlowID) (*answer[FlowView], error) {
	draft, listed, err := d.flows.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(draft)
	if err != nil {
		return nil, err
	}
	faults, err := d.flows.Faults(ctx, id)
	if err != nil {
		return nil, err
	}
	parts, err := d.partsOf(ctx, listed.Client)
	if err != nil {
		return nil, err
	}
	client, err := d.clients.Get(ctx, listed.Client)
	return reply(FlowView{FlowRowView: flowRow(listed), Client: listed.Client, ClientName: client.Client.Name, Draft: text, Faults: faultViews(ctx, faults), Parts: parts}, err)
}

func faultViews(ctx context.Context, faults []ivr.Fault) []FlowFaultView {
	out := make([]FlowFaultView, 0, len(faults))
	for _, f := range faults {
		t, v := f.Text(), FlowFaultView{Node: f.Node, Field: f.Field, Code: f.Code}
		v.Title, v.Action = t.JA, t.JADo
		if wire.English(callerOf(ctx).language) {
			v.Title, v.Action = t.EN, t.ENDo
		}
		out = append(out, v)
	}
	return out
}

func (d *Door) saveFlow(ctx context.Context, in *saveFlow) (*answer[FlowSavedView], error) {
	f, err := ivr.ParseFlow(in.Body.Flow)
	if err != nil {
		return nil, err
	}
	edit, err := d.flows.SaveDraft(ctx, actorNow(ctx), in.Body.ID, in.Body.Seen, f)
	if err != nil {
		return nil, err
	}
	faults, err := d.flows.Faults(ctx, in.Body.ID)
	return reply(FlowSavedView{Edit: edit, Faults: faultViews(ctx, faults)}, err)
}

func (d *Door) publishFlow(ctx context.Context, in *publishFlow) (*answer[FlowPublishedView], error) {
	return published(ctx)(d.flows.Publish(ctx, actorNow(ctx), sekisho.FlowID(in.ID), in.Body.Seen))
}

func (d *Door) rollBackFlow(ctx context.Context, in *flowVersion) (*answer[FlowPublishedView], error) {
	return published(ctx)(d.flows.RollBack(ctx, actorNow(ctx), sekisho.FlowID(in.ID), in.Number))
}

// published answers faults as what was found out: the room has refused and noted it.
func published(ctx context.Context) func(int, []ivr.Fault, error) (*answer[FlowPublishedView], error) {
	return func(version int, faults []ivr.Fault, err error) (*answer[FlowPublishedView], error) {
		if err != nil && len(faults) == 0 {
			return nil, err
		}
		return reply(FlowPublishedView{Version: version, Faults: faultViews(ctx, faults)}, nil)
	}
}

func (d *Door) endFlow(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.flows.EndFlow(ctx, actorNow(ctx), sekisho.FlowID(in.ID))
}

func (d *Door) flowVersions(ctx context.Context, in *ByID) (*answer[FlowHistoryView], error) {
	list, err := d.flows.History(ctx, sekisho.FlowID(in.ID))
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := FlowHistoryView{Versions: make([]FlowVersionView, 0, len(list))}
	for _, v := range list {
		view.Versions = append(view.Versions, FlowVersionView{Number: v.Number, Origin: v.Origin, Author: names[v.Author], At: v.At.UTC()})
	}
	return reply(view, err)
}

func (d *Door) flowVersion(ctx context.Context, in *flowVersion) (*answer[FlowGraphView], error) {
	f, err := d.flows.Version(ctx, sekisho.FlowID(in.ID), in.Number)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(f)
	return reply(FlowGraphView{Flow: text}, err)
}
