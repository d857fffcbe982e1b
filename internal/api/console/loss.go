package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho/internal/gate/loans"
)

type lossToken struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"64" doc:"as the loss card has it"`
	}
}

func (d *Door) lossRoutes(api huma.API) {
	add(api, "POST /lost/look", "Of which PC a loss card is; changes nothing", d.lookLost)
	add(api, "POST /lost/report", "Close everything of a loss card's PC; once", d.reportLost)
}

// lossLink is what a loss card carries. The secret stands behind the #, which
// browsers send to nobody.
func (d *Door) lossLink(secret string) string { return d.origin + "/#/lost?token=" + secret }

// lookLost lets whoever opened the link see what he is about to close. Opening a
// link closes nothing: mail programs and messengers open links by themselves.
func (d *Door) lookLost(ctx context.Context, in *lossToken) (*answer[LostView], error) {
	by, err := d.stranger(ctx, "POST /lost/look")
	if err != nil {
		return nil, err
	}
	id, err := d.loans.Look(ctx, in.Body.Token, by)
	if err != nil {
		return nil, err
	}
	one, err := d.devices.Get(ctx, id)
	return reply(LostView{AssetTag: one.Tag}, err)
}

func (d *Door) reportLost(ctx context.Context, in *lossToken) (*answer[LostView], error) {
	by, err := d.stranger(ctx, "POST /lost/report")
	if err != nil {
		return nil, err
	}
	id, err := d.loans.LostByCard(ctx, in.Body.Token, by)
	if err != nil {
		return nil, err
	}
	one, err := d.devices.Get(ctx, id)
	return reply(LostView{AssetTag: one.Tag}, err)
}

// stranger is whoever holds a card, where he has not tried too often.
func (d *Door) stranger(ctx context.Context, route string) (loans.Caller, error) {
	c := callerOf(ctx)
	by := loans.Caller{From: c.from, Noted: func(err error) bool { return d.noted(caller{from: c.from}, route, err) }}
	return by, d.take(d.rates.guesses, c.from, route)
}
