package console

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

type newPerson struct {
	Body struct {
		Name       string         `json:"name" minLength:"1" maxLength:"80"`
		Kana       string         `json:"kana" maxLength:"80"`
		Login      string         `json:"login" minLength:"1" maxLength:"64"`
		Roles      []sekisho.Role `json:"roles" nullable:"false" minItems:"1" maxItems:"5"`
		FaceUsable bool           `json:"face_usable"`
		Place      sekisho.Place  `json:"place" enum:",home,office"`
		Agency     string         `json:"agency,omitempty" maxLength:"80"`
		LastDay    operators.Day  `json:"last_day,omitempty" maxLength:"10" doc:"of the contract, in Japan; empty has no end"`
	}
}

// changePerson leaves what is not named as it is.
type changePerson struct {
	ByID
	Body struct {
		Name       *string         `json:"name,omitempty" minLength:"1" maxLength:"80"`
		Kana       *string         `json:"kana,omitempty" maxLength:"80"`
		Roles      *[]sekisho.Role `json:"roles,omitempty" nullable:"false" minItems:"1" maxItems:"5"`
		FaceUsable *bool           `json:"face_usable,omitempty"`
		Place      *sekisho.Place  `json:"place,omitempty" enum:",home,office"`
		Agency     *string         `json:"agency,omitempty" maxLength:"80"`
		LastDay    *operators.Day  `json:"last_day,omitempty" maxLength:"10" doc:"of the contract, in Japan; empty has no end"`

		PasswordAllowed *bool `json:"password_allowed,omitempty" doc:"false also takes a password that is set"`
	}
}

type switchPerson struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

// invitePerson needs its body only once a second administrator has approved.
type invitePerson struct {
	ByID
	Body *struct {
		Approval sekisho.ApprovalID `json:"approval,omitempty" maxLength:"64" doc:"the answer of a second administrator, where one is needed"`
	}
}

func (d *Door) peopleRoutes(api huma.API) {
	add(api, "GET /people", "Everybody who may pass", d.listPeople)
	add(api, "POST /people", "Add a person", d.createPerson)
	add(api, "PATCH /people/{id}", "Change a person", d.changePerson)
	add(api, "POST /people/{id}/invitation", "Make a link to register a passkey, shown once; or ask a second administrator for it", d.invite)
	add(api, "POST /people/{id}/suspend", "Take everything from a person until resumed", d.suspendPerson)
	add(api, "POST /people/{id}/resume", "Let a suspended person come back", d.resumePerson)
}

func (d *Door) createPerson(ctx context.Context, in *newPerson) (*answer[PersonView], error) {
	if err := d.mayTouch(ctx, "", &in.Body.Roles); err != nil {
		return nil, err
	}
	return dangerous[PersonView](ctx, d, approvals.ActPersonNew, in)
}

func (d *Door) changePerson(ctx context.Context, in *changePerson) (*answer[PersonView], error) {
	if err := d.mayTouch(ctx, sekisho.PersonID(in.ID), in.Body.Roles); err != nil {
		return nil, err
	}
	return dangerous[PersonView](ctx, d, approvals.ActPersonChange, in)
}

func (d *Door) invite(ctx context.Context, in *invitePerson) (*answer[InvitationView], error) {
	me, id := callerOf(ctx).who.Person, sekisho.PersonID(in.ID)
	if err := d.mayTouch(ctx, id, nil); err != nil {
		return nil, err
	}
	var second storage.Second
	if in.Body != nil && in.Body.Approval != "" {
		second = func(ctx context.Context, tx storage.Tx) error {
			return d.approvals.UseInvitation(ctx, tx, in.Body.Approval, me, id)
		}
	}
	i, err := d.people.Invite(ctx, me, id, d.origin, second)
	if errors.Is(err, operators.ErrSecond) {
		q, err := d.approvals.Ask(ctx, approvals.Question{Kind: approvals.KindInvitation, Person: me, Subject: id})
		asked := askedView(q)
		return reply(InvitationView{Approval: &asked}, err)
	}
	return reply(InvitationView{URL: i.URL, Until: moment(i.Until)}, err)
}

func (d *Door) suspendPerson(ctx context.Context, in *switchPerson) (*answer[PersonView], error) {
	if err := d.mayTouch(ctx, sekisho.PersonID(in.ID), nil); err != nil {
		return nil, err
	}
	p, err := d.people.Suspend(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID), in.Body.Reason)
	return reply(personView(p), err)
}

func (d *Door) resumePerson(ctx context.Context, in *ByID) (*answer[PersonView], error) {
	if err := d.mayTouch(ctx, sekisho.PersonID(in.ID), nil); err != nil {
		return nil, err
	}
	return dangerous[PersonView](ctx, d, approvals.ActPersonResume, in)
}

func personView(p operators.Person) PersonView {
	return PersonView{
		ID: p.ID, Name: p.Name, Kana: p.Kana, Login: p.Login, Roles: roles(p.Roles), FaceUsable: p.FaceUsable, Place: p.Place,
		Active: p.Active, Passkeys: p.Passkeys, Suspended: p.Suspended, Agency: p.Agency, LastDay: p.LastDay, Password: string(p.Password),
	}
}
