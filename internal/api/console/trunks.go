package console

import (
	"context"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/trunks"
)

// Trunks are the lines to the outside, and the numbers on them (calls/trunks).
type Trunks interface {
	List(ctx context.Context) ([]trunks.Trunk, error)
	Create(ctx context.Context, by sekisho.PersonID, t trunks.Trunk, secret string) (trunks.Trunk, error)
	Change(ctx context.Context, by sekisho.PersonID, t trunks.Trunk, secret *string) (trunks.Trunk, error)
	Remove(ctx context.Context, by sekisho.PersonID, id sekisho.TrunkID) error
	Standing(id sekisho.TrunkID) (trunks.Standing, bool)
	InUse(id sekisho.TrunkID) int
	Serving() bool
	Numbers(ctx context.Context) ([]trunks.Number, error)
	PlaceNumber(ctx context.Context, by sekisho.PersonID, n trunks.Number) (trunks.Number, error)
	ChangeNumber(ctx context.Context, by sekisho.PersonID, n trunks.Number) (trunks.Number, error)
	RemoveNumber(ctx context.Context, by sekisho.PersonID, n calls.Number) error
}

// TrunksView answers GET /trunks.
type TrunksView struct {
	Serving bool        `json:"serving" doc:"calls are taken now; false where the configuration names no address to listen on"`
	Trunks  []TrunkView `json:"trunks" nullable:"false"`
}

// TrunkView is one trunk and how it stands now. Its password never comes out.
type TrunkView struct {
	ID        sekisho.TrunkID `json:"id"`
	HasSecret bool            `json:"has_secret"`
	TrunkSettings
	State      string     `json:"state" enum:"off,ready,registered,waiting,failed" doc:"ready: by address, nothing to register; waiting: not registered yet"`
	Registered *time.Time `json:"registered_until"`
	Code       string     `json:"code" doc:"why registration failed last"`
	InUse      int        `json:"in_use" doc:"calls over it now"`
	Numbers    int        `json:"numbers" doc:"how many of our numbers it carries"`
}

// TrunkSettings are what an administrator sets of a trunk.
type TrunkSettings struct {
	Name      string           `json:"name" minLength:"1" maxLength:"60"`
	Kind      trunks.Kind      `json:"kind" enum:"ip,registration"`
	Host      string           `json:"host" minLength:"1" maxLength:"253"`
	Port      int              `json:"port" minimum:"1" maximum:"65535"`
	Transport trunks.Transport `json:"transport" enum:"udp,tcp,tls"`
	Security  trunks.Security  `json:"security" enum:"none,sdes" doc:"sdes takes no call in the clear, and needs tls"`
	User      string           `json:"user" maxLength:"64"`
	Allow     []string         `json:"allow" nullable:"false" minItems:"1" maxItems:"32" doc:"from where calls and sound may come, as 203.0.113.0/24"`
	MaxCalls  int              `json:"max_calls" minimum:"1" maximum:"2000"`
	Out       TrunkOut         `json:"out"`
}

// TrunkOut bounds the calls that go out over a trunk.
type TrunkOut struct {
	MaxCalls  int      `json:"max_calls" minimum:"0" maximum:"2000" doc:"at once; 0: none goes out"`
	PerMinute int      `json:"per_minute" minimum:"0" maximum:"600"`
	From      int      `json:"from" minimum:"0" maximum:"1440" doc:"minute of the day"`
	To        int      `json:"to" minimum:"0" maximum:"1440"`
	Zone      string   `json:"zone" maxLength:"64" doc:"of the hours, as Asia/Tokyo"`
	Prefixes  []string `json:"prefixes" nullable:"false" maxItems:"64" doc:"numbers that may be dialled beside those of the country, as +1212"`
}

type newTrunk struct {
	Body struct {
		TrunkSettings
		Secret string `json:"secret,omitempty" maxLength:"128" doc:"password; goes in and never comes out"`
	}
}

type changeTrunk struct {
	ByID
	Body struct {
		TrunkSettings
		Secret *string `json:"secret,omitempty" maxLength:"128" doc:"needed again when host, port or transport change; left out it stays"`
	}
}

var errAllow = sekisho.Fail(sekisho.KindInvalid, "trunk.allow")

func (d *Door) trunkRoutes(api huma.API) {
	add(api, "GET /trunks", "The lines to the outside, and how each stands now", d.listTrunks)
	add(api, "POST /trunks", "Name a trunk", d.newTrunk)
	add(api, "PUT /trunks/{id}", "Change a trunk", d.changeTrunk)
	add(api, "DELETE /trunks/{id}", "Remove a trunk that carries no number; calls over it go on", d.removeTrunk)
}

func (d *Door) listTrunks(ctx context.Context, _ *struct{}) (*answer[TrunksView], error) {
	list, err := d.trunks.List(ctx)
	if err != nil {
		return nil, err
	}
	numbers, err := d.trunks.Numbers(ctx)
	if err != nil {
		return nil, err
	}
	view := TrunksView{Serving: d.trunks.Serving(), Trunks: make([]TrunkView, 0, len(list))}
	for _, one := range list {
		view.Trunks = append(view.Trunks, d.trunkView(one, numbers))
	}
	return reply(view, nil)
}

func (d *Door) newTrunk(ctx context.Context, in *newTrunk) (*answer[TrunkView], error) {
	t, err := in.Body.trunk("")
	if err != nil {
		return nil, err
	}
	t, err = d.trunks.Create(ctx, callerOf(ctx).who.Person, t, in.Body.Secret)
	return d.shownTrunk(ctx, t, err)
}

func (d *Door) changeTrunk(ctx context.Context, in *changeTrunk) (*answer[TrunkView], error) {
	t, err := in.Body.trunk(sekisho.TrunkID(in.ID))
	if err != nil {
		return nil, err
	}
	t, err = d.trunks.Change(ctx, callerOf(ctx).who.Person, t, in.Body.Secret)
	return d.shownTrunk(ctx, t, err)
}

func (d *Door) removeTrunk(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.trunks.Remove(ctx, callerOf(ctx).who.Person, sekisho.TrunkID(in.ID))
}

func (d *Door) shownTrunk(ctx context.Context, t trunks.Trunk, err error) (*answer[TrunkView], error) {
	if err != nil {
		return nil, err
	}
	numbers, err := d.trunks.Numbers(ctx)
	return reply(d.trunkView(t, numbers), err)
}

func (d *Door) trunkView(t trunks.Trunk, numbers []trunks.Number) TrunkView {
	v := TrunkView{ID: t.ID, HasSecret: t.HasSecret, TrunkSettings: trunkSettings(t), InUse: d.trunks.InUse(t.ID)}
	for _, n := range numbers {
		if n.Trunk == t.ID {
			v.Numbers++
		}
	}
	s, known := d.trunks.Standing(t.ID)
	switch {
	case !d.trunks.Serving():
		v.State = "off"
	case t.Kind == trunks.ByAddress:
		v.State = "ready"
	case known && s.Registered:
		v.State, v.Registered, v.Code = "registered", moment(s.Until), s.Code
	case known && s.Code != "":
		v.State, v.Code = "failed", s.Code
	default:
		v.State = "waiting"
	}
	return v
}

func trunkSettings(t trunks.Trunk) TrunkSettings {
	out := TrunkSettings{
		Name: t.Name, Kind: t.Kind, Host: t.Host, Port: int(t.Port), Transport: t.Transport, Security: t.Security, User: t.User,
		Allow: make([]string, 0, len(t.Allow)), MaxCalls: t.MaxCalls,
		Out: TrunkOut{
			MaxCalls: t.Rules.MaxCalls, PerMinute: t.Rules.PerMinute, From: t.Rules.From, To: t.Rules.To, Zone: t.Rules.Zone,
			Prefixes: append([]string{}, t.Rules.Prefixes...),
		},
	}
	for _, p := range t.Allow {
		out.Allow = append(out.Allow, p.String())
	}
	return out
}

// trunk reads the settings; a single address stands for itself alone.
func (s TrunkSettings) trunk(id sekisho.TrunkID) (trunks.Trunk, error) {
	t := trunks.Trunk{
		ID: id, Name: s.Name, Kind: s.Kind, Host: s.Host, Port: uint16(s.Port), Transport: s.Transport, Security: s.Security, User: s.User, MaxCalls: s.MaxCalls,
		Rules: trunks.Rules{MaxCalls: s.Out.MaxCalls, PerMinute: s.Out.PerMinute, From: s.Out.From, To: s.Out.To, Zone: s.Out.Zone, Prefixes: s.Out.Prefixes},
	}
	for _, text := range s.Allow {
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return t, errAllow
		}
		t.Allow = append(t.Allow, p)
	}
	return t, nil
}
