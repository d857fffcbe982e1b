package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// rp is the relying party whose passkeys count at this door.
const rp = operators.RPConsole

type beginSetup struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"128"`
		Name  string `json:"name" minLength:"1" maxLength:"80"`
		Login string `json:"login" minLength:"1" maxLength:"64"`
	}
}

type beginInvitation struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"128"`
	}
}

type finishLink struct {
	Body struct {
		Token      string          `json:"token" minLength:"1" maxLength:"128"`
		Ceremony   string          `json:"ceremony" minLength:"1" maxLength:"128"`
		Credential json.RawMessage `json:"credential" doc:"PublicKeyCredential as JSON"`
	}
}

type finishPasskey struct {
	Body struct {
		Ceremony   string          `json:"ceremony" minLength:"1" maxLength:"128"`
		Credential json.RawMessage `json:"credential" doc:"PublicKeyCredential as JSON"`
	}
}

type demoLogin struct {
	Body struct {
		Person sekisho.PersonID `json:"person" minLength:"1" maxLength:"64"`
	}
}

func (d *Door) signInRoutes(api huma.API) {
	add(api, "GET /setup", "Whether the first administrator is still missing", d.setup)
	add(api, "POST /setup/begin", "Begin the first administrator's passkey, by the one-time link", d.setupBegin)
	add(api, "POST /setup/finish", "Make the first administrator and sign in", d.setupFinish)
	add(api, "POST /invitations/begin", "Begin the passkey of whoever was invited", d.invitationBegin)
	add(api, "POST /invitations/finish", "Store the passkey and sign in", d.invitationFinish)
	add(api, "GET /session", "Who is signed in", d.session)
	add(api, "POST /session/passkey/begin", "Begin to sign in", d.loginBegin)
	add(api, "POST /session/passkey/finish", "Sign in", d.loginFinish)
	add(api, "POST /session/demo", "Sign in as an invented person; exists only in demonstration data, from loopback", d.demoLogin)
	add(api, "GET /demo/people", "The invented people of demonstration data", d.demoPeople)
	add(api, "POST /session/end", "Sign out", d.logout)
}

func (d *Door) setup(ctx context.Context, _ *struct{}) (*answer[SetupView], error) {
	needed, err := d.signIn.SetupNeeded(ctx)
	if err != nil {
		return nil, err
	}
	demo, err := d.signIn.Demo(ctx)
	state := "done"
	if needed {
		state = "needed"
	}
	return reply(SetupView{State: state, Demo: demo}, err)
}

func (d *Door) setupBegin(ctx context.Context, in *beginSetup) (*answer[CeremonyView], error) {
	c, err := d.signIn.SetupBegin(ctx, rp, in.Body.Token, in.Body.Name, in.Body.Login, callerOf(ctx).from)
	return reply(ceremonyView(c), err)
}

func (d *Door) setupFinish(ctx context.Context, in *finishLink) (*sealedAnswer[SessionView], error) {
	l, err := d.signIn.SetupFinish(ctx, rp, in.Body.Token, in.Body.Ceremony, in.Body.Credential, callerOf(ctx).from)
	return d.opened(ctx, l, err)
}

func (d *Door) invitationBegin(ctx context.Context, in *beginInvitation) (*answer[CeremonyView], error) {
	c, err := d.signIn.InvitationBegin(ctx, rp, in.Body.Token, callerOf(ctx).from)
	return reply(ceremonyView(c), err)
}

// invitationFinish also serves people who have nothing to do here: their
// passkey is stored, and no session stays open.
func (d *Door) invitationFinish(ctx context.Context, in *finishLink) (*sealedAnswer[SessionView], error) {
	l, err := d.signIn.InvitationFinish(ctx, rp, in.Body.Token, in.Body.Ceremony, in.Body.Credential, callerOf(ctx).from)
	if err != nil {
		return nil, err
	}
	who, err := d.identityOf(ctx, operators.Identity{Person: l.Person, Expires: l.Expires})
	if err != nil {
		return nil, errors.Join(err, d.signIn.Logout(ctx, l.Token))
	}
	if !who.welcome() {
		if err := d.signIn.Logout(ctx, l.Token); err != nil {
			return nil, err
		}
		demo, err := d.signIn.Demo(ctx)
		return &sealedAnswer[SessionView]{SetCookie: cleared(), Body: SessionView{State: "signed_out", Demo: demo, Provider: d.identities.Name()}}, err
	}
	return d.opened(ctx, l, nil)
}

func (d *Door) loginBegin(ctx context.Context, _ *struct{}) (*answer[CeremonyView], error) {
	c, err := d.signInBegin(ctx)
	return reply(ceremonyView(c), err)
}

func (d *Door) loginFinish(ctx context.Context, in *finishPasskey) (*sealedAnswer[SessionView], error) {
	l, err := d.signInFinish(ctx, in.Body.Ceremony, in.Body.Credential)
	return d.opened(ctx, l, err)
}

func (d *Door) demoLogin(ctx context.Context, in *demoLogin) (*sealedAnswer[SessionView], error) {
	l, err := d.signInDemo(ctx, in.Body.Person)
	return d.opened(ctx, l, err)
}

func (d *Door) demoPeople(ctx context.Context, _ *struct{}) (*answer[DemoPeopleView], error) {
	people, err := d.signIn.DemoPeople(ctx)
	if err != nil {
		return nil, err
	}
	view := DemoPeopleView{People: []DemoPersonView{}}
	for _, p := range people {
		rights, err := d.roles.RightsOf(ctx, p.ID, p.Roles)
		if err != nil {
			return nil, err
		}
		if p.Active && (welcome(p.Roles) || len(rights) > 0) {
			view.People = append(view.People, DemoPersonView{ID: p.ID, Name: p.Name, Roles: roles(p.Roles)})
		}
	}
	return reply(view, nil)
}

// session never refuses: a page must be able to ask what to show.
func (d *Door) session(ctx context.Context, _ *struct{}) (*answer[SessionView], error) {
	demo, err := d.signIn.Demo(ctx)
	if err != nil {
		return nil, err
	}
	home, err := d.homeView(ctx)
	if err != nil {
		return nil, err
	}
	if who := callerOf(ctx).who; who != nil && who.welcome() {
		view := who.view(demo)
		view.Home = home
		return reply(view, nil)
	}
	needed, err := d.signIn.SetupNeeded(ctx)
	view := SessionView{State: "signed_out", Demo: demo, Provider: d.identities.Name(), Home: home}
	if needed {
		view.State = "setup"
	}
	return reply(view, err)
}

// logout ends the session that the cookie names, also one that holds no role any more.
func (d *Door) logout(ctx context.Context, _ *struct{}) (*sealedAnswer[SessionView], error) {
	if token := callerOf(ctx).token; token != "" {
		if err := d.signIn.Logout(ctx, token); err != nil {
			return nil, err
		}
		d.idle.forget(token)
	}
	c := callerOf(ctx)
	if c.inside.Session != "" {
		d.Ended(c.inside.Session)
	}
	demo, err := d.signIn.Demo(ctx)
	if err != nil {
		return nil, err
	}
	home, err := d.homeView(ctx)
	out := &sealedAnswer[SessionView]{Body: SessionView{State: "signed_out", Demo: demo, Provider: d.identities.Name(), Home: home}}
	if home == nil {
		out.SetCookie = cleared()
	}
	return out, err
}

// opened hands out the cookie of a new session, to people who have something to
// do here. The session that the browser had before ends: signing in never
// leaves an older one behind.
func (d *Door) opened(ctx context.Context, l operators.Login, err error) (*sealedAnswer[SessionView], error) {
	if err != nil {
		return nil, err
	}
	if old := callerOf(ctx).token; old != "" && old != l.Token {
		if err := d.signIn.Logout(ctx, old); err != nil {
			return nil, err
		}
	}
	c := callerOf(ctx)
	who, err := d.identityOf(ctx, operators.Identity{Person: l.Person, Expires: l.Expires})
	if err == nil && !who.welcome() {
		err = errNoConsole
	}
	if err == nil {
		if err = d.placed(ctx, c, who); errors.Is(err, offices.ErrOutside) {
			d.turnedAway(c, "POST /session", err)
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.signIn.Logout(ctx, l.Token))
	}
	d.idle.touch(l.Token, d.clk.Mono())
	demo, err := d.signIn.Demo(ctx)
	if err != nil || c.inside.Session == "" {
		return &sealedAnswer[SessionView]{SetCookie: cookie(l.Token), Body: who.view(demo)}, err
	}
	if err := d.seat(ctx, c.inside, l); err != nil {
		return nil, err
	}
	view := who.view(demo)
	view.Home, err = d.homeView(ctx)
	return &sealedAnswer[SessionView]{Body: view}, err
}

func ceremonyView(c operators.Ceremony) CeremonyView {
	return CeremonyView{Ceremony: c.ID, Options: c.Options, Name: c.Name}
}

// cookieName carries the __Host- prefix: browsers take it only with Secure, the
// path / and no domain, so that no other host can plant one.
const cookieName = "__Host-sekisho"

func cookie(token string) string {
	c := http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
	return c.String() // no Max-Age: it ends with the browser; the server ends it sooner
}

func cleared() string {
	c := http.Cookie{Name: cookieName, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode, MaxAge: -1}
	return c.String()
}
