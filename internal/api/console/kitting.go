package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho/internal/gate/kitting"
)

func (d *Door) kittingRoutes(api huma.API) {
	add(api, "POST /kitting/plan", "What a list of up to 50 PCs would do; does nothing", d.planKit)
	add(api, "POST /kitting/apply", "Do what was shown of a list of PCs: all of it or nothing; codes and loss cards are shown once", d.applyKit)
}

func (d *Door) planKit(ctx context.Context, in *planList) (*answer[KitView], error) {
	p, err := d.kitting.Plan(ctx, in.Body.File)
	if err != nil {
		return nil, err
	}
	view := KitView{Encoding: p.Encoding, Seen: p.Seen, Refused: p.Refused(), Rows: make([]KitRowView, 0, len(p.Rows))}
	for _, r := range p.Rows {
		view.Rows = append(view.Rows, kitRowView(ctx, r))
	}
	return reply(view, nil)
}

func (d *Door) applyKit(ctx context.Context, in *applyList) (*answer[KitSlipsView], error) {
	slips, err := d.kitting.Apply(ctx, actor(ctx, administrator), in.Body.File, in.Body.Seen, d.agents)
	if err != nil {
		return nil, err
	}
	view := KitSlipsView{Slips: make([]KitSlipView, 0, len(slips))}
	for _, s := range slips {
		view.Slips = append(view.Slips, KitSlipView{KitRowView: kitRowView(ctx, s.Row), Device: s.Device, Code: s.Code, Link: d.lossLink(s.Card)})
	}
	return reply(view, nil)
}

func kitRowView(ctx context.Context, r kitting.Row) KitRowView {
	v := KitRowView{
		Line: r.Line, AssetTag: r.Asset.Tag, Model: r.Asset.Model, Login: r.Login, PersonName: r.Name, Place: r.Asset.Place, Policy: r.Asset.Policy,
		Items: append([]string{}, r.Items...), Faults: []KitFaultView{},
	}
	for _, f := range r.Faults {
		v.Faults = append(v.Faults, KitFaultView(faultView(ctx, f)))
	}
	return v
}
