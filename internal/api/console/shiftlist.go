package console

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/shifts"
)

type shiftList struct {
	Paging
	Sort string `query:"sort" enum:"name,now"`
}

// shiftRow is an operator before the page is cut.
type shiftRow struct {
	operators.Outline
	until time.Time // zero outside of his shift; known where the list is sorted by it
}

var shiftListing = listing[shiftRow]{
	texts: func(r *shiftRow) []string { return []string{r.Name, r.Kana, r.Login} },
	orders: map[string]func(a, b *shiftRow) int{
		"name": func(a, b *shiftRow) int { return byReading(a.Outline, b.Outline) },
		"now":  func(a, b *shiftRow) int { return a.until.Compare(b.until) },
	},
}

func (d *Door) listShifts(ctx context.Context, in *shiftList) (*answer[ShiftsView], error) {
	rules, err := d.shifts.Rules(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := d.shiftRows(ctx, in.Sort, rules)
	if err != nil {
		return nil, err
	}
	shown, page := shiftListing.page(in.Paging, "", in.Sort, rows)
	ids := make([]sekisho.PersonID, 0, len(shown))
	for _, r := range shown {
		ids = append(ids, r.ID)
	}
	all, more, err := d.shifts.Several(ctx, ids)
	if err != nil {
		return nil, err
	}
	view := ShiftsView{Rules: ShiftRulesView(rules), Page: page, People: make([]ShiftPersonView, 0, len(shown))}
	for _, r := range shown {
		one := ShiftPersonView{ID: r.ID, Name: r.Name, Kana: r.Kana, Days: []ShiftDayView{}}
		for _, day := range all[r.ID].Days() {
			one.Days = append(one.Days, ShiftDayView{Day: string(day), Hours: shifts.Spans(all[r.ID][day])})
		}
		if until, inside := rules.Until(all[r.ID], more[r.ID], d.clk.Now()); inside {
			one.Now = moment(until)
		}
		view.People = append(view.People, one)
	}
	return reply(view, nil)
}

// shiftRows are the active operators. Who works now is asked of all of them only
// where the order depends on it.
func (d *Door) shiftRows(ctx context.Context, sort string, rules shifts.Rules) (rows []shiftRow, err error) {
	people, err := d.people.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	var all map[sekisho.PersonID]shifts.Shift
	var more map[sekisho.PersonID][]shifts.Extension
	if sort == "now" {
		if all, more, err = d.shifts.All(ctx); err != nil {
			return nil, err
		}
	}
	for _, p := range people {
		if !p.Has(sekisho.RoleOperator) {
			continue
		}
		r := shiftRow{Outline: p}
		if until, inside := rules.Until(all[p.ID], more[p.ID], d.clk.Now()); inside && sort == "now" {
			r.until = until
		}
		rows = append(rows, r)
	}
	return rows, nil
}
