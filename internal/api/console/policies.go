package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/wire"
)

type putPolicy struct {
	Name string `path:"name" maxLength:"32"`
	Body wire.GuardPolicy
}

func (d *Door) policyRoutes(api huma.API) {
	add(api, "GET /policies", "Guard policies in force", d.listPolicies)
	add(api, "PUT /policies/{name}", "Put the next version of a policy; version is the one that was seen, 0 for a new name", d.putPolicy)
}

func (d *Door) listPolicies(ctx context.Context, _ *struct{}) (*answer[PoliciesView], error) {
	list, err := d.policies.List(ctx)
	if list == nil {
		list = []wire.GuardPolicy{}
	}
	return reply(PoliciesView{Policies: list}, err)
}

func (d *Door) putPolicy(ctx context.Context, in *putPolicy) (*answer[wire.GuardPolicy], error) {
	if in.Body.Name != sekisho.PolicyName(in.Name) {
		return nil, errMalformed
	}
	return dangerous[wire.GuardPolicy](ctx, d, approvals.ActPolicy, in.Body)
}
