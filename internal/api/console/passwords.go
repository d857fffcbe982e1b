package console

import (
	"context"
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

type lookInvitation struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"128"`
	}
}

type beginSetPassword struct {
	Body struct {
		Token   string     `json:"token" minLength:"1" maxLength:"128"`
		Request wire.Bytes `json:"request" maxLength:"128" doc:"RegistrationRequest of RFC 9807, base64url"`
	}
}

type finishSetPassword struct {
	Body struct {
		Token  string     `json:"token" minLength:"1" maxLength:"128"`
		Record wire.Bytes `json:"record" maxLength:"512" doc:"RegistrationRecord of RFC 9807, base64url"`
	}
}

type beginPassword struct {
	Body struct {
		Login string     `json:"login" minLength:"1" maxLength:"64"`
		KE1   wire.Bytes `json:"ke1" maxLength:"256" doc:"KE1 of RFC 9807, base64url"`
	}
}

type finishPassword struct {
	Body struct {
		Ceremony string     `json:"ceremony" minLength:"1" maxLength:"128"`
		KE3      wire.Bytes `json:"ke3" maxLength:"128" doc:"KE3 of RFC 9807, base64url"`
	}
}

// InvitedView says whom an invitation is for.
type InvitedView struct {
	Name     string `json:"name"`
	Login    string `json:"login"`
	Password bool   `json:"password" doc:"a password may be set with it, instead of a passkey"`
}

// LogValue hides the person.
func (InvitedView) LogValue() slog.Value { return hidden }

// PasswordAnswerView answers POST /invitations/password/begin.
type PasswordAnswerView struct {
	Response wire.Bytes `json:"response" doc:"RegistrationResponse of RFC 9807, base64url"`
}

// PasswordBegunView answers POST /session/password/begin, whoever the login belongs to, and whether it does.
type PasswordBegunView struct {
	Ceremony string     `json:"ceremony" doc:"hand it back when finishing"`
	KE2      wire.Bytes `json:"ke2" doc:"KE2 of RFC 9807, base64url"`
}

// LockedView is one person whose password is locked.
type LockedView struct {
	ID    sekisho.PersonID `json:"id"`
	Name  string           `json:"name"`
	Until time.Time        `json:"until"`
}

// LogValue hides the person.
func (LockedView) LogValue() slog.Value { return hidden }

// LockedPasswordsView answers GET /passwords/locked.
type LockedPasswordsView struct {
	Locked []LockedView `json:"locked" nullable:"false"`
}

func (d *Door) passwordRoutes(api huma.API) {
	add(api, "POST /session/password/begin", "Begin to sign in with a password, which stays in the page (OPAQUE)", d.passwordBegin)
	add(api, "POST /session/password/finish", "Sign in by the proof that the password was right", d.passwordFinish)
	add(api, "POST /invitations/look", "Whom an invitation is for", d.lookInvitation)
	add(api, "POST /invitations/password/begin", "Begin to set the password of whoever was invited", d.setPasswordBegin)
	add(api, "POST /invitations/password/finish", "Store what the page made of the password, and sign in", d.setPasswordFinish)
	add(api, "GET /passwords/locked", "People whose passwords are locked after too many attempts", d.lockedPasswords)
	add(api, "POST /passwords/{id}/unlock", "Let somebody else try his password again", d.unlockPassword)
}

func (d *Door) passwordBegin(ctx context.Context, in *beginPassword) (*answer[PasswordBegunView], error) {
	if err := d.take(d.rates.guesses, callerOf(ctx).from, "POST /session/password/begin"); err != nil {
		return nil, err
	}
	b, err := d.passwords.Begin(ctx, in.Body.Login, in.Body.KE1)
	return reply(PasswordBegunView{Ceremony: b.ID, KE2: b.KE2}, err)
}

func (d *Door) passwordFinish(ctx context.Context, in *finishPassword) (*sealedAnswer[SessionView], error) {
	if err := d.take(d.rates.finishes, callerOf(ctx).from, "POST /session/password/finish"); err != nil {
		return nil, err
	}
	var l operators.Login
	err := d.passwords.Finish(ctx, in.Body.Ceremony, in.Body.KE3, func(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (err error) {
		l, err = d.signIn.OpenByPassword(ctx, tx, p)
		return err
	})
	return d.opened(ctx, l, err)
}

func (d *Door) lookInvitation(ctx context.Context, in *lookInvitation) (*answer[InvitedView], error) {
	p, err := d.signIn.Invited(ctx, in.Body.Token, callerOf(ctx).from)
	if err != nil {
		return nil, err
	}
	rights, err := d.roles.RightsOf(ctx, p.ID, p.Roles)
	return reply(InvitedView{Name: p.Name, Login: p.Login, Password: p.Password != operators.PasswordNone && (welcome(p.Roles) || len(rights) > 0)}, err)
}

func (d *Door) setPasswordBegin(ctx context.Context, in *beginSetPassword) (*answer[PasswordAnswerView], error) {
	p, err := d.signIn.Invited(ctx, in.Body.Token, callerOf(ctx).from)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Password == operators.PasswordNone:
		return nil, operators.ErrNoPassword
	case !welcome(p.Roles):
		return nil, errNoConsole // a password opens this door alone
	}
	response, err := d.passwords.Answer(ctx, p.ID, p.Login, in.Body.Request)
	return reply(PasswordAnswerView{Response: response}, err)
}

func (d *Door) setPasswordFinish(ctx context.Context, in *finishSetPassword) (*sealedAnswer[SessionView], error) {
	l, err := d.signIn.SetPassword(ctx, in.Body.Token, callerOf(ctx).from, func(ctx context.Context, tx storage.Tx, p operators.Person) error {
		if rights, err := d.roles.RightsIn(ctx, tx, p.ID, p.Roles); err != nil {
			return err
		} else if !welcome(p.Roles) && len(rights) == 0 {
			return errNoConsole // a password opens this door alone
		}
		return d.passwords.Keep(ctx, tx, p.ID, p.Login, in.Body.Record)
	})
	return d.opened(ctx, l, err)
}

func (d *Door) lockedPasswords(ctx context.Context, _ *struct{}) (*answer[LockedPasswordsView], error) {
	locked, err := d.passwords.Locked(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := LockedPasswordsView{Locked: make([]LockedView, 0, len(locked))}
	for _, l := range locked {
		view.Locked = append(view.Locked, LockedView{ID: l.Person, Name: names[l.Person], Until: l.Until.UTC()})
	}
	return reply(view, err)
}

func (d *Door) unlockPassword(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.passwords.Unlock(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID))
}
