package console

import (
	"cmp"
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

type loanList struct {
	Paging
	Sort string `query:"sort" enum:"tag,person,place,state,until,permit"`
	Show string `query:"show" enum:"out,unpermitted,received" doc:"out: neither returned nor revoked; unpermitted: of those, at home without a permit that counts; received: their receipt is to be confirmed"`
}

// loanRow is a PC before its page is cut.
type loanRow struct {
	devices.Outline
	holder    known
	until     time.Time // the day of return ends; zero has none
	permitted bool      // a permit counts now
	leave     time.Time // the permit's end; zero without any
}

var loanListing = listing[loanRow]{
	texts: func(r *loanRow) []string { return []string{r.Tag, r.Model, r.holder.name} },
	parts: []string{"out", "unpermitted", "received"},
	in: func(r *loanRow, part string) bool {
		out := r.State != devices.Returned && r.State != devices.Revoked
		switch part {
		case "unpermitted":
			return out && r.Place == sekisho.PlaceHome && !r.permitted
		case "received":
			return out && r.CodeHeld
		}
		return out
	},
	orders: map[string]func(a, b *loanRow) int{
		"tag":    func(a, b *loanRow) int { return natural(a.Tag, b.Tag) },
		"person": func(a, b *loanRow) int { return cmp.Compare(a.holder.rank, b.holder.rank) },
		"place":  func(a, b *loanRow) int { return cmp.Compare(a.Place, b.Place) },
		"state":  func(a, b *loanRow) int { return cmp.Compare(stateRank(a.State), stateRank(b.State)) },
		"until": func(a, b *loanRow) int {
			return cmp.Or(last(a.until.IsZero(), b.until.IsZero()), a.until.Compare(b.until))
		},
		"permit": func(a, b *loanRow) int { return a.leave.Compare(b.leave) },
	},
}

func (d *Door) listLoans(ctx context.Context, in *loanList) (*answer[LoansView], error) {
	list, err := d.devices.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.surroundings(ctx)
	if err != nil {
		return nil, err
	}
	now := d.clk.Now()
	rows := make([]loanRow, len(list))
	for i, one := range list {
		p, permitted := all.permits[one.ID]
		rows[i] = loanRow{one, all.people[one.Person], all.untils[one.ID], permitted && p.Counts(now), p.Until}
	}
	shown, page := loanListing.page(in.Paging, in.Show, in.Sort, rows)
	view := LoansView{Page: page, Loans: make([]LoanRowView, 0, len(shown))}
	for _, r := range shown {
		view.Loans = append(view.Loans, all.row(r.Outline, now))
	}
	return reply(view, nil)
}
