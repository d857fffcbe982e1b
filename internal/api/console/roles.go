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
	Do(ctx context.Context, by sekisho.PersonID, c own.Change) (one own.Role, kept own.Change, waits bool, err error)
	Waiting(ctx context.Context, id sekisho.RoleChangeID) (c own.Change, now own.Role, err error)
	Finish(ctx context.Context, by sekisho.PersonID, id sekisho.RoleChangeID, second own.Second) (own.Role, error)
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

// RoleDoneView is what came of a change: done, or the question to a second
// administrator that stands before it.
type RoleDoneView struct {
	Role     *OwnRoleView         `json:"role,omitempty"`
	Change   sekisho.RoleChangeID `json:"change" doc:"to be finished once the question was approved; empty where it is done"`
	Approval *AskedView           `json:"approval,omitempty"`
}

// RoleChangeView is what a second administrator approves of an own role.
type RoleChangeView struct {
	Act    string      `json:"act" enum:"make,change,give"`
	Name   string      `json:"name" doc:"of the role, as it will be"`
	Before []own.Right `json:"before" nullable:"false"`
	After  []own.Right `json:"after" nullable:"false"`
	Person string      `json:"person" doc:"who is to hold it"`
}

type roleBody struct {
	Name   string      `json:"name" minLength:"1" maxLength:"80"`
	Rights []own.Right `json:"rights" nullable:"false" minItems:"1" maxItems:"64"`
}

type makeRole struct{ Body roleBody }

type changeRole struct {
	ByID
	Body struct {
		roleBody
		Seen int `json:"seen" minimum:"1" doc:"the version that was seen"`
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

type finishRole struct {
	ByID
	Body struct {
		Approval sekisho.ApprovalID `json:"approval" minLength:"1" maxLength:"64"`
	}
}

func (d *Door) roleRoutes(api huma.API) {
	add(api, "GET /roles", "Own roles, who holds them, and every right there is", d.listRoles)
	add(api, "POST /roles", "Make an own role, or ask a second administrator for it", d.makeRole)
	add(api, "PUT /roles/{id}", "Change an own role, or ask a second administrator for it", d.changeRole)
	add(api, "DELETE /roles/{id}", "Take an own role from everybody and away", d.deleteRole)
	add(api, "PUT /roles/{id}/people/{person}", "Give an own role to somebody, or ask a second administrator for it", d.giveRole)
	add(api, "DELETE /roles/{id}/people/{person}", "Take an own role from somebody", d.takeRole)
	add(api, "POST /roles/changes/{id}", "Do what a second administrator has approved, as he saw it", d.finishRole)
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

func (d *Door) makeRole(ctx context.Context, in *makeRole) (*answer[RoleDoneView], error) {
	return d.doRole(ctx, own.Change{Act: own.ActMake, Name: in.Body.Name, Rights: in.Body.Rights})
}

func (d *Door) changeRole(ctx context.Context, in *changeRole) (*answer[RoleDoneView], error) {
	return d.doRole(ctx, own.Change{Act: own.ActChange, Role: sekisho.OwnRoleID(in.ID), Seen: in.Body.Seen, Name: in.Body.Name, Rights: in.Body.Rights})
}

func (d *Door) giveRole(ctx context.Context, in *giveRole) (*answer[RoleDoneView], error) {
	return d.doRole(ctx, own.Change{Act: own.ActGive, Role: sekisho.OwnRoleID(in.ID), Seen: in.Body.Seen, Person: sekisho.PersonID(in.Person)})
}

func (d *Door) doRole(ctx context.Context, c own.Change) (*answer[RoleDoneView], error) {
	me := callerOf(ctx).who.Person
	one, kept, waits, err := d.roles.Do(ctx, me, c)
	if err != nil {
		return nil, err
	}
	if !waits {
		return d.roleDone(ctx, one)
	}
	q, err := d.approvals.Ask(ctx, approvals.Question{Kind: approvals.KindRole, Person: me, Subject: sekisho.PersonID(kept.ID)})
	asked := askedView(q)
	return reply(RoleDoneView{Change: kept.ID, Approval: &asked}, err)
}

func (d *Door) finishRole(ctx context.Context, in *finishRole) (*answer[RoleDoneView], error) {
	me := callerOf(ctx).who.Person
	one, err := d.roles.Finish(ctx, me, sekisho.RoleChangeID(in.ID), func(ctx context.Context, tx storage.Tx, change sekisho.RoleChangeID) error {
		return d.approvals.UseRole(ctx, tx, in.Body.Approval, me, change)
	})
	if err != nil {
		return nil, err
	}
	return d.roleDone(ctx, one)
}

func (d *Door) roleDone(ctx context.Context, one own.Role) (*answer[RoleDoneView], error) {
	names, err := d.names(ctx)
	view := roleView(one, names)
	return reply(RoleDoneView{Role: &view}, err)
}

func (d *Door) takeRole(ctx context.Context, in *holderOf) (*done, error) {
	return &done{}, d.roles.Take(ctx, callerOf(ctx).who.Person, sekisho.OwnRoleID(in.ID), sekisho.PersonID(in.Person))
}

func (d *Door) deleteRole(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.roles.Delete(ctx, callerOf(ctx).who.Person, sekisho.OwnRoleID(in.ID))
}

// roleChange is what a question about an own role asks. One that cannot be done
// any more shows nothing, and using its answer is refused.
func (d *Door) roleChange(ctx context.Context, q approvals.Question, names map[sekisho.PersonID]string) (*RoleChangeView, error) {
	if q.Kind != approvals.KindRole {
		return nil, nil
	}
	c, now, err := d.roles.Waiting(ctx, sekisho.RoleChangeID(q.Subject))
	if kind := sekisho.KindOf(err); kind == sekisho.KindExpired || kind == sekisho.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &RoleChangeView{Act: string(c.Act), Name: c.Name, Before: now.Rights, After: c.Rights, Person: names[c.Person]}
	if now.Rights == nil {
		v.Before = []own.Right{}
	}
	if c.Act == own.ActGive {
		v.Name, v.After = now.Name, now.Rights
	}
	return v, nil
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
