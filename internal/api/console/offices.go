package console

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/wire"
)

// Offices keep who uses the console outside the office only under the guard (gate/offices).
type Offices interface {
	// Allows is nil where somebody with these roles may use the console from there.
	Allows(ctx context.Context, roles []sekisho.Role, from offices.From) error
	Get(ctx context.Context) (offices.Rule, error)
	Loosens(ctx context.Context, seen int, roles []sekisho.Role, ranges []string) ([]wire.Difference, error)
	PutSeconded(ctx context.Context, by sekisho.PersonID, seen int, roles []sekisho.Role, ranges []string, from offices.From, second storage.Second) (offices.Rule, error)
}

// OfficeView answers GET /offices.
type OfficeView struct {
	Source   string         `json:"source" doc:"the address that this request came from; empty where a proxy hides it"`
	Guarded  bool           `json:"guarded" doc:"this request came from an issued PC under the guard"`
	Version  int            `json:"version" doc:"0: nobody has made a rule"`
	Roles    []sekisho.Role `json:"roles" nullable:"false" doc:"bound outside the office to an issued PC; none: nobody is bound"`
	Ranges   []string       `json:"ranges" nullable:"false" doc:"the office; IPv4 and IPv6, CIDR"`
	Bindable []sekisho.Role `json:"bindable" nullable:"false" doc:"roles that can be bound; operator: whoever holds an own role"`
}

type putOffices struct {
	Body struct {
		Seen   int            `json:"seen" minimum:"0" doc:"the version that was seen"`
		Roles  []sekisho.Role `json:"roles" nullable:"false" maxItems:"8"`
		Ranges []string       `json:"ranges" nullable:"false" maxItems:"200"`
	}
}

// officeAct is a rule with where its asker sat: he is not to shut himself out.
type officeAct struct {
	Seen   int
	Roles  []sekisho.Role
	Ranges []string
	From   offices.From
}

func (d *Door) officeRoutes(api huma.API) {
	add(api, "GET /offices", "Who uses the console outside the office only from an issued PC under the guard", d.getOffices)
	add(api, "PUT /offices", "Set that rule; never so that whoever saves it could not go on", d.putOffices)
}

func (d *Door) officeActs() map[string]performer {
	return map[string]performer{
		approvals.ActOffices: acting(func(ctx context.Context, _ sekisho.PersonID, in officeAct) (string, []wire.Difference, error) {
			dangers, err := d.offices.Loosens(ctx, in.Seen, in.Roles, in.Ranges)
			return "", dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, in officeAct, second storage.Second) (any, error) {
			r, err := d.offices.PutSeconded(ctx, by, in.Seen, in.Roles, in.Ranges, in.From, second)
			return officeView(ctx, r), err
		}),
	}
}

func (d *Door) getOffices(ctx context.Context, _ *struct{}) (*answer[OfficeView], error) {
	r, err := d.offices.Get(ctx)
	return reply(officeView(ctx, r), err)
}

func (d *Door) putOffices(ctx context.Context, in *putOffices) (*answer[OfficeView], error) {
	return dangerous[OfficeView](ctx, d, approvals.ActOffices, officeAct{
		Seen: in.Body.Seen, Roles: in.Body.Roles, Ranges: in.Body.Ranges, From: callerOf(ctx).where(),
	})
}

func officeView(ctx context.Context, r offices.Rule) OfficeView {
	v := OfficeView{Version: r.Version, Roles: roles(r.Roles), Ranges: r.Texts(), Bindable: slices.Clone(offices.Bindable)}
	at := callerOf(ctx).where()
	if v.Guarded = at.Guarded; at.Address.IsValid() && !at.Guarded {
		v.Source = at.Address.String()
	}
	return v
}

// where is where the caller sits, for the rule.
func (c caller) where() offices.From {
	return offices.From{Address: c.from, Guarded: c.inside.Session != ""}
}

// bound are the roles by which the rule binds somebody: his own, and of own roles,
// whatever he is beside them, that he holds one and whose rights it gives.
func (i Identity) bound() []sekisho.Role {
	out := slices.Clone(i.Roles)
	if len(i.Rights) > 0 {
		out = append(out, sekisho.RoleOperator)
	}
	for _, r := range i.Rights {
		out = append(out, r.Side())
	}
	return out
}

// placed is nil where somebody may use the console from where he is.
func (d *Door) placed(ctx context.Context, c caller, who Identity) error {
	return d.offices.Allows(ctx, who.bound(), c.where())
}
