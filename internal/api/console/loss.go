package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
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
	from := callerOf(ctx).from
	if err := d.take(d.rates.guesses, from, "POST /lost/look"); err != nil {
		return nil, err
	}
	id, err := d.loans.Look(ctx, in.Body.Token, from)
	if err != nil {
		return nil, err
	}
	one, err := d.devices.Get(ctx, id)
	return reply(LostView{AssetTag: one.Tag}, err)
}

func (d *Door) reportLost(ctx context.Context, in *lossToken) (*answer[LostView], error) {
	from := callerOf(ctx).from
	if err := d.take(d.rates.guesses, from, "POST /lost/report"); err != nil {
		return nil, err
	}
	id, err := d.loans.LostByCard(ctx, in.Body.Token, from)
	if err != nil {
		return nil, err
	}
	one, err := d.devices.Get(ctx, id)
	return reply(LostView{AssetTag: one.Tag}, err)
}
