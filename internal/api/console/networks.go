package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/networks"
)

// NetworksView answers GET /networks.
type NetworksView struct {
	Source string        `json:"source" doc:"the address that this request came from; empty where a proxy hides it"`
	Lists  []NetworkView `json:"lists" nullable:"false"`
}

// NetworkView is from where one door may be reached.
type NetworkView struct {
	Door    string   `json:"door" enum:"console,agents"`
	Version int      `json:"version" doc:"0: nobody has made a list"`
	Ranges  []string `json:"ranges" nullable:"false" doc:"IPv4 and IPv6, CIDR; none: from everywhere"`
}

type putNetwork struct {
	Door string `path:"door" enum:"console,agents"`
	Body struct {
		Seen   int      `json:"seen" minimum:"0" doc:"the version that was seen"`
		Ranges []string `json:"ranges" nullable:"false" maxItems:"200"`
	}
}

func (d *Door) networkRoutes(api huma.API) {
	add(api, "GET /networks", "From where the console and the agents' door may be reached", d.listNetworks)
	add(api, "PUT /networks/{door}", "Set from where a door may be reached; the console never without whoever saves it", d.putNetwork)
}

func (d *Door) listNetworks(ctx context.Context, _ *struct{}) (*answer[NetworksView], error) {
	view := NetworksView{Lists: []NetworkView{}}
	if from := callerOf(ctx).from; from.IsValid() {
		view.Source = from.String()
	}
	for _, door := range []networks.Door{networks.Console, networks.Agents} {
		l, err := d.networks.Get(ctx, door)
		if err != nil {
			return nil, err
		}
		view.Lists = append(view.Lists, networkView(l))
	}
	return reply(view, nil)
}

func (d *Door) putNetwork(ctx context.Context, in *putNetwork) (*answer[NetworkView], error) {
	return dangerous[NetworkView](ctx, d, approvals.ActNetwork, networkAct{
		Door: networks.Door(in.Door), Seen: in.Body.Seen, Ranges: in.Body.Ranges, From: callerOf(ctx).from,
	})
}

func networkView(l networks.List) NetworkView {
	return NetworkView{Door: string(l.Door), Version: l.Version, Ranges: networks.Texts(l.Ranges)}
}
