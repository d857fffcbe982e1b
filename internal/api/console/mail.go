package console

import (
	"context"
	"log/slog"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/reminders"
)

// Mailing keeps where people are reminded by mail (gate/reminders).
type Mailing interface {
	On() bool
	Address(ctx context.Context, p sekisho.PersonID) (reminders.Recipient, error)
	SetAddress(ctx context.Context, by, p sekisho.PersonID, address, language string) error
}

// MailAddressView answers GET /people/{id}/mail.
type MailAddressView struct {
	On       bool   `json:"on" doc:"false: the settings name no mail server, and nothing is sent"`
	Address  string `json:"address" doc:"empty for none"`
	Language string `json:"language" enum:"ja,en"`
}

// LogValue hides the address.
func (MailAddressView) LogValue() slog.Value { return hidden }

type putMailAddress struct {
	ByID
	Body struct {
		Address  string `json:"address" maxLength:"254" doc:"empty erases it"`
		Language string `json:"language" enum:"ja,en"`
	}
}

func (d *Door) mailRoutes(api huma.API) {
	add(api, "GET /people/{id}/mail", "Where a person is reminded by mail", d.mailAddress)
	add(api, "PUT /people/{id}/mail", "Set where a person is reminded by mail, or erase it", d.putMailAddress)
}

func (d *Door) mailAddress(ctx context.Context, in *ByID) (*answer[MailAddressView], error) {
	p, err := d.people.Get(ctx, sekisho.PersonID(in.ID))
	if err != nil {
		return nil, err
	}
	to, err := d.mailing.Address(ctx, p.ID)
	return reply(MailAddressView{On: d.mailing.On(), Address: to.Address, Language: to.Language}, err)
}

func (d *Door) putMailAddress(ctx context.Context, in *putMailAddress) (*done, error) {
	p, err := d.people.Get(ctx, sekisho.PersonID(in.ID))
	if err != nil {
		return nil, err
	}
	return &done{}, d.mailing.SetAddress(ctx, callerOf(ctx).who.Person, p.ID, in.Body.Address, in.Body.Language)
}
