package console

import (
	"cmp"
	"context"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
)

// seatGroups is what a supervisor looks for, first to last.
var seatGroups = []string{"alert", "watch", "gate", "open", "away", "off"}

type floorList struct {
	Paging
	Sort   string           `query:"sort" enum:"state,name,pc,place,tier,since" doc:"without it what needs a person comes first, then who has waited longest"`
	Group  string           `query:"group" enum:"alert,watch,gate,open,away,off"`
	Device sekisho.DeviceID `query:"device" maxLength:"64" doc:"this seat alone"`
}

// seatRow is a seat of the floor before its page is cut.
type seatRow struct {
	device    devices.Outline
	seat      grants.Seat
	connected bool
	who       known
	group     int // in seatGroups
}

var floorListing = listing[seatRow]{
	texts: func(r *seatRow) []string { return []string{r.who.name, r.device.Tag} },
	parts: seatGroups,
	in:    func(r *seatRow, group string) bool { return seatGroups[r.group] == group },
	orders: map[string]func(a, b *seatRow) int{
		"": func(a, b *seatRow) int {
			return cmp.Or(cmp.Compare(a.group, b.group), waited(a, b), cmp.Compare(a.who.rank, b.who.rank))
		},
		"state": func(a, b *seatRow) int { return cmp.Compare(a.group, b.group) },
		"name":  func(a, b *seatRow) int { return cmp.Compare(a.who.rank, b.who.rank) },
		"pc":    func(a, b *seatRow) int { return natural(a.device.Tag, b.device.Tag) },
		"place": func(a, b *seatRow) int { return cmp.Compare(a.device.Place, b.device.Place) },
		"tier":  func(a, b *seatRow) int { return cmp.Compare(a.tier(), b.tier()) },
		"since": func(a, b *seatRow) int { return -waited(a, b) },
	},
}

// waited puts first who has been in his state for longest; who is in none comes last.
func waited(a, b *seatRow) int {
	if a.connected != b.connected {
		if a.connected {
			return -1
		}
		return 1
	}
	return a.seat.Since.Compare(b.seat.Since)
}

func (r *seatRow) tier() sekisho.Tier {
	if r.connected {
		return r.seat.Tier
	}
	return r.device.Tier
}

// groupOf puts a seat where it belongs. What is not understood needs attention.
func groupOf(phase grants.Phase, state sekisho.State) string {
	closes := slices.Contains([]sekisho.State{sekisho.Onlooker, sekisho.Other, sekisho.Covered, sekisho.Spoof, sekisho.Lost}, state)
	switch phase {
	case grants.PhaseOffline:
		return "off"
	case grants.PhaseBreak:
		return "away"
	case grants.PhaseQuarantine:
		return "gate"
	case grants.PhaseLive, grants.PhaseClosed:
		switch {
		case closes:
			return "alert"
		case phase == grants.PhaseLive && state == sekisho.Present:
			return "open"
		}
		return "watch"
	}
	return "alert"
}

// floor shows a seat for every issued PC; a PC that is not connected is offline.
func (d *Door) floor(ctx context.Context, in *floorList) (*answer[FloorView], error) {
	rows, err := d.seatRows(ctx, in.Device)
	if err != nil {
		return nil, err
	}
	if in.Sort == "" {
		in.Desc = false // what needs a person comes first, always
	}
	shown, page := floorListing.page(in.Paging, in.Group, in.Sort, rows)
	view := FloorView{Now: d.clk.Now(), Page: page, Seats: make([]SeatView, 0, len(shown))}
	for _, r := range shown {
		view.Seats = append(view.Seats, r.view(ctx))
	}
	return reply(view, nil)
}

// seatRows are the seats by asset tag, or the seat of one PC.
func (d *Door) seatRows(ctx context.Context, only sekisho.DeviceID) ([]seatRow, error) {
	inventory, err := d.devices.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.ranked(ctx)
	if err != nil {
		return nil, err
	}
	live := map[sekisho.DeviceID]grants.Seat{}
	for _, s := range d.book.Live() {
		if before, ok := live[s.Device]; !ok || s.Since.After(before.Since) { // the newest connection of a PC is the one that counts
			live[s.Device] = s
		}
	}
	rows := make([]seatRow, 0, len(inventory))
	for _, one := range inventory {
		seat, connected := live[one.ID]
		if one.State != devices.Issued && !connected || only != "" && one.ID != only {
			continue
		}
		r := seatRow{device: one, seat: seat, connected: connected, who: people[one.Person]}
		group := groupOf(grants.PhaseOffline, sekisho.Unknown)
		if connected {
			r.who, group = people[seat.Person], groupOf(seat.Phase, seat.State)
		}
		r.group = slices.Index(seatGroups, group)
		rows = append(rows, r)
	}
	return rows, nil
}

func (r *seatRow) view(ctx context.Context) SeatView {
	one, seat := r.device, r.seat
	v := SeatView{
		Person: one.Person, Name: r.who.name, Device: one.ID, AssetTag: one.Tag, Place: one.Place, Tier: r.tier(), Group: seatGroups[r.group],
		Phase: string(grants.PhaseOffline), State: sekisho.Unknown.String(),
	}
	if !r.connected {
		return v
	}
	v.Person = seat.Person
	v.Phase, v.State, v.Since = string(seat.Phase), seat.State.String(), moment(seat.Since)
	v.Session, v.Class, v.Reason, v.ReasonText = seat.Session, seat.Class, seat.Reason, reasonText(ctx, seat.Reason)
	return v
}
