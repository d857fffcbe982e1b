package console

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

type beginHome struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"128" doc:"a code of one's own, or the token of an invitation"`
	}
}

type finishHome struct {
	Body struct {
		Code       string          `json:"code" minLength:"1" maxLength:"128"`
		Ceremony   string          `json:"ceremony" minLength:"1" maxLength:"128"`
		Credential json.RawMessage `json:"credential" doc:"PublicKeyCredential as JSON"`
	}
}

type makeHomeCode struct {
	Body struct {
		Ceremony   string          `json:"ceremony" maxLength:"128"`
		Credential json.RawMessage `json:"credential,omitempty" doc:"PublicKeyCredential as JSON"`
	}
}

func (d *Door) homeRoutes(api huma.API) {
	add(api, "POST /home/code/begin", "Begin to prove that one is oneself, for a code", d.homeCodeBegin)
	add(api, "POST /home/code/finish", "Make a code by which a passkey is registered at one's issued PC", d.homeCodeFinish)
	add(api, "POST /home/passkey/begin", "Begin a passkey at an issued PC, by a code or an invitation", d.homePasskeyBegin)
	add(api, "POST /home/passkey/finish", "Store it and sign in there", d.homePasskeyFinish)
}

func (d *Door) homeCodeBegin(ctx context.Context, _ *struct{}) (*answer[ConfirmView], error) {
	c := callerOf(ctx)
	if without, err := d.withoutPasskey(ctx, c.who.Person); err != nil || without {
		return reply(ConfirmView{}, err)
	}
	made, err := d.signIn.HomeCodeBegin(ctx, c.rp(), c.who.Person, c.from)
	return reply(ConfirmView{Passkey: true, Ceremony: made.ID, Options: made.Options}, err)
}

func (d *Door) homeCodeFinish(ctx context.Context, in *makeHomeCode) (*answer[HomeCodeView], error) {
	c := callerOf(ctx)
	code, err := d.signIn.HomeCode(ctx, c.rp(), c.who.Person, in.Body.Ceremony, in.Body.Credential, c.from)
	return reply(HomeCodeView{Code: code.Code, Until: code.Until}, err)
}

func (d *Door) homePasskeyBegin(ctx context.Context, in *beginHome) (*answer[CeremonyView], error) {
	c := callerOf(ctx)
	made, err := d.signIn.HomeRegisterBegin(ctx, c.inside.Guarded, in.Body.Code, c.from)
	return reply(ceremonyView(made), err)
}

func (d *Door) homePasskeyFinish(ctx context.Context, in *finishHome) (*sealedAnswer[SessionView], error) {
	c := callerOf(ctx)
	l, err := d.signIn.HomeRegisterFinish(ctx, c.inside.Guarded, in.Body.Code, in.Body.Ceremony, in.Body.Credential, c.from)
	return d.opened(ctx, l, err)
}

// begin and finish of a sign-in, demonstration data included, where the caller is.

func (d *Door) signInBegin(ctx context.Context) (operators.Ceremony, error) {
	c := callerOf(ctx)
	if c.inside.Session != "" {
		return d.signIn.HomeLoginBegin(ctx, c.inside.Guarded, c.from)
	}
	return d.signIn.BeginLogin(ctx, rp, "", "", c.from)
}

func (d *Door) signInFinish(ctx context.Context, key string, credential json.RawMessage) (operators.Login, error) {
	c := callerOf(ctx)
	if c.inside.Session != "" {
		return d.signIn.HomeLogin(ctx, c.inside.Guarded, key, credential, c.from)
	}
	return d.signIn.FinishLogin(ctx, rp, key, credential, c.from)
}

func (d *Door) signInDemo(ctx context.Context, person sekisho.PersonID) (operators.Login, error) {
	c := callerOf(ctx)
	if c.inside.Session != "" {
		return d.signIn.HomeDemo(ctx, c.inside.Guarded, person)
	}
	return d.signIn.DemoLogin(ctx, person, c.from)
}

// homeView says to the page whose PC it is shown on; nil in the office.
func (d *Door) homeView(ctx context.Context) (*HomeView, error) {
	c := callerOf(ctx)
	if c.inside.Session == "" {
		return nil, nil
	}
	p, err := d.people.Get(ctx, c.inside.Person)
	if err != nil {
		return nil, err
	}
	n, err := d.signIn.HomeKeys(ctx, p.ID)
	return &HomeView{Person: p.ID, Name: p.Name, Passkey: n > 0}, err
}
