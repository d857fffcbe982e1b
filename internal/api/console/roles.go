package console

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
)

// Roles are the centre's own roles (gate/roles).
type Roles interface {
	List(ctx context.Context) ([]own.Role, error)
	RightsOf(ctx context.Context, p sekisho.PersonID, builtIn []sekisho.Role) ([]own.Right, error)
	RightsIn(ctx context.Context, tx storage.Tx, p sekisho.PersonID, builtIn []sekisho.Role) ([]own.Right, error)
	Judge(ctx context.Context, by sekisho.PersonID, c own.Change) (old, next own.Role, second bool, err error)
	Do(ctx context.Context, by sekisho.PersonID, c own.Change, second storage.Second) (own.Role, error)
	Take(ctx context.Context, by sekisho.PersonID, id sekisho.OwnRoleID, p sekisho.PersonID) error
	Delete(ctx context.Context, by sekisho.PersonID, id sekisho.OwnRoleID) error
}

// RightView is one right that an own role may hold.
type RightView struct {
	Right own.Right    `json:"right" doc:"the page says it as a sentence"`
	Side  sekisho.Role `json:"side" enum:"supervisor,auditor,officer,administrator" doc:"the built-in role whose right it is"`
}

// OwnRoleView is one own role.
type OwnRoleView struct {
	ID      sekisho.OwnRoleID `json:"id"`
	Name    string            `json:"name"`
	Rights  []own.Right       `json:"rights" nullable:"false"`
	Version int               `json:"version"`
	Changed time.Time         `json:"changed"`
	Holders []HolderView      `json:"holders" nullable:"false"`
}

// HolderView is somebody who holds a role.
type HolderView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// LogValue hides the name.
func (HolderView) LogValue() slog.Value { return hidden }

// LogValue hides the holders.
func (OwnRoleView) LogValue() slog.Value { return hidden }

// RolesView answers GET /roles.
type RolesView struct {
	Rights []RightView   `json:"rights" nullable:"false" doc:"everything that an own role may hold"`
	Roles  []OwnRoleView `json:"roles" nullable:"false"`
}

type makeRole struct {
	Body struct {
		Name   string      `json:"name" minLength:"1" maxLength:"80"`
		Rights []own.Right `json:"rights" nullable:"false" minItems:"1" maxItems:"64"`
	}
}

type changeRole struct {
	ByID
	Body struct {
		Name   string      `json:"name" minLength:"1" maxLength:"80"`
		Rights []own.Right `json:"rights" nullable:"false" minItems:"1" maxItems:"64"`
		Seen   int         `json:"seen" minimum:"1" doc:"the version that was seen"`
	}
}

type giveRole struct {
	ByID
	Person string `path:"person" maxLength:"64"`
	Body   struct {
		Seen int `json:"seen" minimum:"1" doc:"the version that was seen"`
	}
}

type holderOf struct {
	ByID
	Person string `path:"person" maxLength:"64"`
}

func (d *Door) roleRoutes(api huma.API) {
	add(api, "GET /roles", "Own roles, who holds them, and every right there is", d.listRoles)
	add(api, "POST /roles", "Make an own role, or ask a second administrator to confirm it", d.makeRole)
	add(api, "PUT /roles/{id}", "Change an own role, or ask a second administrator to confirm it", d.changeRole)
	add(api, "DELETE /roles/{id}", "Take an own role from everybody and away", d.deleteRole)
	add(api, "PUT /roles/{id}/people/{person}", "Give an own role to somebody, or ask a second administrator to confirm it", d.giveRole)
	add(api, "DELETE /roles/{id}/people/{person}", "Take an own role from somebody", d.takeRole)
}

func (d *Door) listRoles(ctx context.Context, _ *struct{}) (*answer[RolesView], error) {
	list, err := d.roles.List(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := RolesView{Rights: []RightView{}, Roles: make([]OwnRoleView, 0, len(list))}
	for _, r := range own.Rights {
		view.Rights = append(view.Rights, RightView{Right: r, Side: r.Side()})
	}
	for _, one := range list {
		view.Roles = append(view.Roles, roleView(one, names))
	}
	return reply(view, err)
}

func roleView(r own.Role, names map[sekisho.PersonID]string) OwnRoleView {
	v := OwnRoleView{ID: r.ID, Name: r.Name, Rights: r.Rights, Version: r.Version, Changed: r.Changed, Holders: []HolderView{}}
	for _, p := range r.Holders {
		v.Holders = append(v.Holders, HolderView{ID: p, Name: names[p]})
	}
	return v
}

func (d *Door) makeRole(ctx context.Context, in *makeRole) (*answer[OwnRoleView], error) {
	return dangerous[OwnRoleView](ctx, d, approvals.ActRoleMake, own.Change{Act: own.ActMake, Name: in.Body.Name, Rights: in.Body.Rights})
}

func (d *Door) changeRole(ctx context.Context, in *changeRole) (*answer[OwnRoleView], error) {
	return dangerous[OwnRoleView](ctx, d, approvals.ActRoleChange, own.Change{
		Act: own.ActChange, Role: sekisho.OwnRoleID(in.ID), Seen: in.Body.Seen, Name: in.Body.Name, Rights: in.Body.Rights,
	})
}

func (d *Door) giveRole(ctx context.Context, in *giveRole) (*answer[OwnRoleView], error) {
	return dangerous[OwnRoleView](ctx, d, approvals.ActRoleGive, own.Change{
		Act: own.ActGive, Role: sekisho.OwnRoleID(in.ID), Seen: in.Body.Seen, Person: sekisho.PersonID(in.Person),
	})
}

func (d *Door) takeRole(ctx context.Context, in *holderOf) (*done, error) {
	return &done{}, d.roles.Take(ctx, callerOf(ctx).who.Person, sekisho.OwnRoleID(in.ID), sekisho.PersonID(in.Person))
}

func (d *Door) deleteRole(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.roles.Delete(ctx, callerOf(ctx).who.Person, sekisho.OwnRoleID(in.ID))
}

// mayTouch refuses whoever manages people by an own role for anybody but plain
// operators: he would reach those who hold more than he does.
func (d *Door) mayTouch(ctx context.Context, id sekisho.PersonID, asks *[]sekisho.Role) error {
	if slices.Contains(callerOf(ctx).who.Roles, administrator) {
		return nil
	}
	plain := []sekisho.Role{sekisho.RoleOperator}
	if asks != nil && !slices.Equal(*asks, plain) {
		return errOperatorsOnly
	}
	if id == "" {
		return nil
	}
	p, err := d.people.Get(ctx, id)
	if err != nil {
		return err
	}
	held, err := d.roles.RightsOf(ctx, id, p.Roles)
	if err != nil {
		return err
	}
	if !slices.Equal(p.Roles, plain) || len(held) > 0 {
		return errOperatorsOnly
	}
	return nil
}

var errOperatorsOnly = sekisho.Fail(sekisho.KindDenied, "role.operators_only")

// rightsOf asks what somebody holds beside his built-in roles. An auditor of a
// client holds nothing, and an administrator's rights ask the access policies.
func (d *Door) rightsOf(ctx context.Context, p operators.Person) ([]own.Right, error) {
	rights, err := d.roles.RightsOf(ctx, p.ID, p.Roles)
	if err != nil || !slices.ContainsFunc(rights, func(r own.Right) bool { return r.Side() == administrator }) {
		return rights, err
	}
	p.Roles = append(slices.Clone(p.Roles), administrator)
	switch err := d.rules.MayManage(ctx, p); {
	case sekisho.KindOf(err) == sekisho.KindDenied:
		return slices.DeleteFunc(rights, func(r own.Right) bool { return r.Side() == administrator }), nil
	case err != nil:
		return nil, err
	}
	return rights, nil
}
