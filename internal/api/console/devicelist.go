package console

import (
	"cmp"
	"context"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

// standing are the PCs that have not ended.
const standing = "standing"

type deviceList struct {
	Paging
	Sort   string           `query:"sort" enum:"tag,state,person,place,tier,policy,since"`
	State  string           `query:"state" enum:"registered,pending,issued,suspended,returned,revoked,standing" doc:"standing: neither returned nor revoked"`
	Person sekisho.PersonID `query:"person" maxLength:"64"`
	Place  sekisho.Place    `query:"place" enum:"home,office"`
}

// deviceRow is a PC of the inventory before its page is cut.
type deviceRow struct {
	devices.Outline
	holder known
	host   string
}

var deviceStates = []string{
	string(devices.Registered), string(devices.Pending), string(devices.Issued), string(devices.Suspended), string(devices.Returned), string(devices.Revoked),
}

var deviceListing = listing[deviceRow]{
	texts: func(r *deviceRow) []string { return []string{r.Tag, r.Model, r.holder.name, r.host} },
	parts: deviceStates,
	in: func(r *deviceRow, state string) bool {
		return string(r.State) == state || state == standing && r.State != devices.Returned && r.State != devices.Revoked
	},
	orders: map[string]func(a, b *deviceRow) int{
		"tag":    func(a, b *deviceRow) int { return natural(a.Tag, b.Tag) },
		"state":  func(a, b *deviceRow) int { return cmp.Compare(stateRank(a.State), stateRank(b.State)) },
		"person": func(a, b *deviceRow) int { return cmp.Compare(a.holder.rank, b.holder.rank) },
		"place":  func(a, b *deviceRow) int { return cmp.Compare(a.Place, b.Place) },
		"tier":   func(a, b *deviceRow) int { return cmp.Compare(a.Tier, b.Tier) },
		"policy": func(a, b *deviceRow) int { return cmp.Compare(a.Policy, b.Policy) },
		"since":  func(a, b *deviceRow) int { return a.Since.Compare(b.Since) },
	},
}

func stateRank(s devices.State) int { return slices.Index(deviceStates, string(s)) }

func (d *Door) listDevices(ctx context.Context, in *deviceList) (*answer[DevicesView], error) {
	rows, err := d.deviceRows(ctx, in)
	if err != nil {
		return nil, err
	}
	shown, page := deviceListing.page(in.Paging, in.State, in.Sort, rows)
	ids := make([]sekisho.DeviceID, 0, len(shown))
	names := make(map[sekisho.PersonID]string, len(shown))
	for _, r := range shown {
		ids, names[r.Person] = append(ids, r.ID), r.holder.name
	}
	whole, err := d.devices.Several(ctx, ids)
	if err != nil {
		return nil, err
	}
	view := DevicesView{Page: page, Devices: make([]DeviceView, 0, len(ids))}
	for _, id := range ids {
		if one, ok := whole[id]; ok {
			view.Devices = append(view.Devices, deviceView(ctx, one, names))
		}
	}
	return reply(view, nil)
}

// deviceRows are the PCs that are asked for, in their order, without their enrolment.
func (d *Door) deviceRows(ctx context.Context, in *deviceList) ([]deviceRow, error) {
	list, err := d.devices.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.ranked(ctx)
	if err != nil {
		return nil, err
	}
	hosts := map[sekisho.DeviceID]string{}
	if in.Words != "" {
		if hosts, err = d.devices.Hosts(ctx); err != nil {
			return nil, err
		}
	}
	rows := make([]deviceRow, 0, len(list))
	for _, one := range list {
		if (in.Person == "" || one.Person == in.Person) && (in.Place == "" || one.Place == in.Place) {
			rows = append(rows, deviceRow{one, people[one.Person], hosts[one.ID]})
		}
	}
	return rows, nil
}
