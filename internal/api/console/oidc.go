package console

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/identities"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// Identities are who people are at the identity provider (gate/identities).
type Identities interface {
	Name() string
	Begin(ctx context.Context) (identities.Begun, error)
	Finish(ctx context.Context, back identities.Return, open func(context.Context, storage.Tx, sekisho.PersonID) error) error
	Link(ctx context.Context, by, p sekisho.PersonID, subject string, second func(context.Context, storage.Tx) error) error
	Unlink(ctx context.Context, by, p sekisho.PersonID) error
	Subjects(ctx context.Context) (map[sekisho.PersonID]string, error)
}

// passkeyOnly are the acts for which a sign-in through the provider, one factor
// that is kept elsewhere, is not enough.
var passkeyOnly = []string{
	"POST /approvals/{id}/decide", "POST /people", "PATCH /people/{id}", "POST /people/{id}/invitation", "PUT /people/{id}/identity",
	"POST /people/joiners/apply", "POST /people/leavers/apply",
	"POST /roles", "PUT /roles/{id}", "PUT /roles/{id}/people/{person}", "POST /roles/changes/{id}",
	"PUT /rules", "PUT /networks/{door}", "PUT /offices", "POST /home/code/begin", "POST /home/code/finish", "PUT /policies/{name}", "PUT /posture/rules/{name}", "PUT /shifts/rules", "PUT /attestation",
	"POST /attestation/keys", "POST /attestation/authorities", "POST /devices/{id}/code", "POST /devices/{id}/approve",
	"POST /incidents/{id}/decide", "GET /evidence/{hash}", "GET /audit/export", "GET /audit/rows", "GET /training/records",
}

var errPasskeyOnly = sekisho.Fail(sekisho.KindDenied, "console.passkey_needed")

// strong says whether this sign-in is enough for route.
func (i Identity) strong(route string) bool {
	return i.Method != operators.MethodProvider || !slices.Contains(passkeyOnly, route)
}

// browserCookie binds a sign-in at the provider to the browser that began it.
const browserCookie = "__Host-sekisho-oidc"

// ProviderView is where the browser goes to sign in.
type ProviderView struct {
	URL string `json:"url"`
}

// IdentityDoneView is what came of a link: done, or the question before it.
type IdentityDoneView struct {
	Subject  string     `json:"subject"`
	Approval *AskedView `json:"approval,omitempty"`
}

// IdentitiesView says who is linked to the provider.
type IdentitiesView struct {
	Provider string         `json:"provider" doc:"its name; empty where none is set up"`
	Links    []IdentityView `json:"links" nullable:"false"`
}

// IdentityView is one link.
type IdentityView struct {
	Person  sekisho.PersonID `json:"person"`
	Subject string           `json:"subject"`
}

type finishProvider struct {
	Browser string `cookie:"__Host-sekisho-oidc" maxLength:"128"`
	Body    struct {
		State  string `json:"state" minLength:"1" maxLength:"128"`
		Code   string `json:"code" maxLength:"4096"`
		Issuer string `json:"iss" maxLength:"512"`
		Error  string `json:"error" maxLength:"256"`
	}
}

type linkIdentity struct {
	ByID
	Body struct {
		Subject  string             `json:"subject" minLength:"1" maxLength:"255"`
		Approval sekisho.ApprovalID `json:"approval,omitempty" maxLength:"64"`
	}
}

type twoCookies[T any] struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      T
}

func (d *Door) providerRoutes(api huma.API) {
	add(api, "POST /session/oidc/begin", "Begin to sign in through the identity provider", d.providerBegin)
	add(api, "POST /session/oidc/finish", "Sign in with what the identity provider sent back", d.providerFinish)
	add(api, "GET /identities", "Who is linked to the identity provider", d.listIdentities)
	add(api, "PUT /people/{id}/identity", "Say who a person is at the identity provider, or ask a second administrator for it", d.linkIdentity)
	add(api, "DELETE /people/{id}/identity", "Take the identity provider away from a person as a way in", d.unlinkIdentity)
}

func (d *Door) providerBegin(ctx context.Context, _ *struct{}) (*sealedAnswer[ProviderView], error) {
	if err := d.take(d.rates.guesses, callerOf(ctx).from, "POST /session/oidc/begin"); err != nil {
		return nil, err
	}
	b, err := d.identities.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &sealedAnswer[ProviderView]{SetCookie: browserBinding(b.Browser, 0), Body: ProviderView{URL: b.URL}}, nil
}

func (d *Door) providerFinish(ctx context.Context, in *finishProvider) (*twoCookies[SessionView], error) {
	var l operators.Login
	err := d.identities.Finish(ctx, identities.Return{
		Browser: in.Browser, State: in.Body.State, Code: in.Body.Code, Issuer: in.Body.Issuer, Error: in.Body.Error,
	}, func(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (err error) {
		l, err = d.signIn.OpenByProvider(ctx, tx, p)
		return err
	})
	opened, err := d.opened(ctx, l, err)
	if err != nil {
		return nil, err
	}
	return &twoCookies[SessionView]{SetCookie: []string{opened.SetCookie, browserBinding("", -1)}, Body: opened.Body}, nil
}

func browserBinding(value string, age int) string {
	c := http.Cookie{Name: browserCookie, Value: value, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode, MaxAge: age}
	return c.String()
}

func (d *Door) listIdentities(ctx context.Context, _ *struct{}) (*answer[IdentitiesView], error) {
	links, err := d.identities.Subjects(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.people.List(ctx)
	view := IdentitiesView{Provider: d.identities.Name(), Links: []IdentityView{}}
	for _, p := range people {
		if subject, linked := links[p.ID]; linked {
			view.Links = append(view.Links, IdentityView{Person: p.ID, Subject: subject})
		}
	}
	return reply(view, err)
}

func (d *Door) linkIdentity(ctx context.Context, in *linkIdentity) (*answer[IdentityDoneView], error) {
	me, id := callerOf(ctx).who.Person, sekisho.PersonID(in.ID)
	var second func(context.Context, storage.Tx) error
	if in.Body.Approval != "" {
		second = func(ctx context.Context, tx storage.Tx) error {
			return d.approvals.UseIdentity(ctx, tx, in.Body.Approval, me, id, in.Body.Subject)
		}
	}
	err := d.identities.Link(ctx, me, id, in.Body.Subject, second)
	if errors.Is(err, operators.ErrSecond) {
		q, err := d.approvals.Ask(ctx, approvals.Question{Kind: approvals.KindIdentity, Person: me, Subject: id, Note: in.Body.Subject})
		asked := askedView(q)
		return reply(IdentityDoneView{Subject: in.Body.Subject, Approval: &asked}, err)
	}
	return reply(IdentityDoneView{Subject: in.Body.Subject}, err)
}

func (d *Door) unlinkIdentity(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.identities.Unlink(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID))
}
