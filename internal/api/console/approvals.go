package console

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/approvals"
)

type decideApproval struct {
	ByID
	Body struct {
		Approve bool   `json:"approve"`
		Code    string `json:"code" maxLength:"16" doc:"the four digits of the asker's screen; needed to approve, not to refuse"`
	}
}

func (d *Door) approvalRoutes(api huma.API) {
	add(api, "GET /approvals", "Questions that wait for a second person", d.listApprovals)
	add(api, "GET /approvals/{id}", "A question that one has asked oneself", d.asked)
	add(api, "POST /approvals/{id}/decide", "Approve or refuse", d.decideApproval)
}

func (d *Door) listApprovals(ctx context.Context, _ *struct{}) (*answer[ApprovalsView], error) {
	open, err := d.approvals.Open(ctx)
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
	view := ApprovalsView{Now: d.clk.Now(), For: []string{}, Approvals: make([]ApprovalView, 0, len(open))}
	me := callerOf(ctx).who
	principals, err := d.approvals.StandsIn(ctx, me.Person)
	if err != nil {
		return nil, err
	}
	for _, p := range principals {
		view.For = append(view.For, names[p])
	}
	for _, q := range open {
		if !decides(me, principals, q) {
			continue // others decide it
		}
		one := approvalView(q, names, tags)
		if q.Kind == approvals.KindWitness {
			if one.Video, err = d.witnesses.Needed(ctx, q.Device); err != nil {
				return nil, err
			}
		}
		view.Approvals = append(view.Approvals, one)
	}
	return reply(view, nil)
}

func (d *Door) asked(ctx context.Context, in *ByID) (*answer[AskedView], error) {
	q, err := d.approvals.Get(ctx, sekisho.ApprovalID(in.ID), callerOf(ctx).who.Person)
	return reply(askedView(q), err)
}

func askedView(q approvals.Question) AskedView {
	return AskedView{ID: q.ID, Code: q.Code, State: q.State, Expires: moment(q.Expires)}
}

// decides says whether somebody's roles decide a question, or those of a
// supervisor whom he stands in for. His own are as the door found them: whom the
// policies refuse to administer is no second administrator.
func decides(me *Identity, principals []sekisho.PersonID, q approvals.Question) bool {
	role, known := approvals.Decides(q.Kind)
	return known && (me.has(role) || role == supervisor && len(principals) > 0)
}

func (d *Door) decideApproval(ctx context.Context, in *decideApproval) (*answer[ApprovalView], error) {
	open, err := d.approvals.Open(ctx)
	if err != nil {
		return nil, err
	}
	caller := callerOf(ctx)
	principals, err := d.approvals.StandsIn(ctx, caller.who.Person)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(open, func(q approvals.Question) bool { return string(q.ID) == in.ID }); i >= 0 && !decides(caller.who, principals, open[i]) {
		d.turnedAway(caller, "POST /approvals/{id}/decide", approvals.ErrRole)
		return nil, approvals.ErrRole
	}
	q, err := d.approvals.Decide(ctx, callerOf(ctx).who.Person, sekisho.ApprovalID(in.ID), in.Body.Approve, in.Body.Code)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	return reply(approvalView(q, names, tags), err)
}

func approvalView(q approvals.Question, names map[sekisho.PersonID]string, tags map[sekisho.DeviceID]string) ApprovalView {
	v := ApprovalView{
		ID: q.ID, Kind: q.Kind, State: q.State, Person: q.Person, Name: names[q.Person], Device: q.Device, AssetTag: tags[q.Device],
		Note: q.Note, Asked: moment(q.Asked), Expires: moment(q.Expires),
	}
	if q.Subject != "" {
		v.Person, v.Name, v.AskedBy = q.Subject, names[q.Subject], names[q.Person]
	}
	return v
}
