package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/pools"
)

// Pools are groups of people and the PCs that they share (gate/pools).
type Pools interface {
	Create(ctx context.Context, by audit.Actor, name string, client sekisho.ClientID) (pools.Pool, error)
	Get(ctx context.Context, id sekisho.PoolID) (pools.Pool, error)
	List(ctx context.Context) ([]pools.Pool, error)
	End(ctx context.Context, by audit.Actor, id sekisho.PoolID) error
	AddPerson(ctx context.Context, by audit.Actor, id sekisho.PoolID, p sekisho.PersonID) error
	RemovePerson(ctx context.Context, by audit.Actor, id sekisho.PoolID, p sekisho.PersonID) error
	AddPC(ctx context.Context, by audit.Actor, id sekisho.PoolID, d sekisho.DeviceID) error
	RemovePC(ctx context.Context, by audit.Actor, id sekisho.PoolID, d sekisho.DeviceID) error
	Of(ctx context.Context, d sekisho.DeviceID) (pools.Sitting, error)
}

// PoolsView answers GET /pools.
type PoolsView struct {
	Pools []PoolView `json:"pools" nullable:"false"`
}

// PoolView is one group with its people and PCs.
type PoolView struct {
	ID         sekisho.PoolID   `json:"id"`
	Name       string           `json:"name"`
	Client     sekisho.ClientID `json:"client" doc:"empty where it is no client company's"`
	ClientName string           `json:"client_name"`
	Created    *time.Time       `json:"created"`
	People     []PoolPersonView `json:"people" nullable:"false"`
	PCs        []PoolPCView     `json:"pcs" nullable:"false"`
}

// PoolPersonView is one person of a group.
type PoolPersonView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	Since  *time.Time       `json:"since"`
}

// PoolPCView is one PC of a group.
type PoolPCView struct {
	Device   sekisho.DeviceID `json:"device"`
	AssetTag string           `json:"asset_tag"`
	State    string           `json:"state"`
	Since    *time.Time       `json:"since"`
	Key      bool             `json:"key" doc:"it has connected since: faces can be passed to it"`
}

// DevicePoolView says of a PC that it is shared, and who may use it.
type DevicePoolView struct {
	ID     sekisho.PoolID `json:"id"`
	Name   string         `json:"name"`
	People []string       `json:"people" nullable:"false" doc:"their names"`
}

type newPool struct {
	Body struct {
		Name   string           `json:"name" minLength:"1" maxLength:"60"`
		Client sekisho.ClientID `json:"client" maxLength:"64" doc:"empty where it is no client company's"`
	}
}

type poolPerson struct {
	ByID
	Person string `path:"person" maxLength:"64"`
}

type poolPC struct {
	ByID
	Device string `path:"device" maxLength:"64"`
}

func (d *Door) poolRoutes(api huma.API) {
	add(api, "GET /pools", "Groups of people and the PCs that they share", d.listPools)
	add(api, "POST /pools", "Make a group, empty at first", d.newPool)
	add(api, "DELETE /pools/{id}", "Dissolve a group; what is open at its PCs closes, the faces there are deleted", d.endPool)
	add(api, "PUT /pools/{id}/people/{person}", "Let somebody use the group's PCs", d.addPoolPerson)
	add(api, "DELETE /pools/{id}/people/{person}", "Take somebody out; what he has open there closes, his face is deleted there", d.removePoolPerson)
	add(api, "PUT /pools/{id}/pcs/{device}", "Make a PC of the office one that the group shares", d.addPoolPC)
	add(api, "DELETE /pools/{id}/pcs/{device}", "Give a PC back to its holder; the faces there are deleted", d.removePoolPC)
}

func (d *Door) listPools(ctx context.Context, _ *struct{}) (*answer[PoolsView], error) {
	list, err := d.pools.List(ctx)
	if err != nil {
		return nil, err
	}
	around, err := d.poolSurroundings(ctx)
	if err != nil {
		return nil, err
	}
	view := PoolsView{Pools: make([]PoolView, 0, len(list))}
	for _, p := range list {
		view.Pools = append(view.Pools, around.view(p))
	}
	return reply(view, nil)
}

// poolSurroundings are the names of what groups hold by id.
type poolSurroundings struct {
	names   map[sekisho.PersonID]string
	clients map[sekisho.ClientID]string
	pcs     map[sekisho.DeviceID]PoolPCView
}

func (d *Door) poolSurroundings(ctx context.Context) (s poolSurroundings, err error) {
	if s.names, err = d.names(ctx); err != nil {
		return s, err
	}
	companies, err := d.clients.List(ctx)
	if err != nil {
		return s, err
	}
	s.clients = make(map[sekisho.ClientID]string, len(companies))
	for _, c := range companies {
		s.clients[c.ID] = c.Name
	}
	list, err := d.devices.Outlines(ctx)
	s.pcs = make(map[sekisho.DeviceID]PoolPCView, len(list))
	for _, one := range list {
		s.pcs[one.ID] = PoolPCView{Device: one.ID, AssetTag: one.Tag, State: string(one.State)}
	}
	return s, err
}

func (s poolSurroundings) view(p pools.Pool) PoolView {
	v := PoolView{
		ID: p.ID, Name: p.Name, Client: p.Client, ClientName: s.clients[p.Client], Created: moment(p.Created),
		People: make([]PoolPersonView, 0, len(p.People)), PCs: make([]PoolPCView, 0, len(p.PCs)),
	}
	for _, m := range p.People {
		v.People = append(v.People, PoolPersonView{Person: m.Person, Name: s.names[m.Person], Since: moment(m.Since)})
	}
	for _, pc := range p.PCs {
		one := s.pcs[pc.Device]
		one.Device, one.Since, one.Key = pc.Device, moment(pc.Since), pc.Key
		v.PCs = append(v.PCs, one)
	}
	return v
}

func (d *Door) shownPool(ctx context.Context, id sekisho.PoolID) (*answer[PoolView], error) {
	p, err := d.pools.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	around, err := d.poolSurroundings(ctx)
	return reply(around.view(p), err)
}

func (d *Door) newPool(ctx context.Context, in *newPool) (*answer[PoolView], error) {
	p, err := d.pools.Create(ctx, actor(ctx, administrator), in.Body.Name, in.Body.Client)
	if err != nil {
		return nil, err
	}
	return d.shownPool(ctx, p.ID)
}

func (d *Door) endPool(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.pools.End(ctx, actor(ctx, administrator), sekisho.PoolID(in.ID))
}

func (d *Door) addPoolPerson(ctx context.Context, in *poolPerson) (*answer[PoolView], error) {
	id := sekisho.PoolID(in.ID)
	if err := d.pools.AddPerson(ctx, actor(ctx, administrator), id, sekisho.PersonID(in.Person)); err != nil {
		return nil, err
	}
	return d.shownPool(ctx, id)
}

func (d *Door) removePoolPerson(ctx context.Context, in *poolPerson) (*answer[PoolView], error) {
	id := sekisho.PoolID(in.ID)
	if err := d.pools.RemovePerson(ctx, actor(ctx, administrator), id, sekisho.PersonID(in.Person)); err != nil {
		return nil, err
	}
	return d.shownPool(ctx, id)
}

func (d *Door) addPoolPC(ctx context.Context, in *poolPC) (*answer[PoolView], error) {
	id := sekisho.PoolID(in.ID)
	if err := d.pools.AddPC(ctx, actor(ctx, administrator), id, sekisho.DeviceID(in.Device)); err != nil {
		return nil, err
	}
	return d.shownPool(ctx, id)
}

func (d *Door) removePoolPC(ctx context.Context, in *poolPC) (*answer[PoolView], error) {
	id := sekisho.PoolID(in.ID)
	if err := d.pools.RemovePC(ctx, actor(ctx, administrator), id, sekisho.DeviceID(in.Device)); err != nil {
		return nil, err
	}
	return d.shownPool(ctx, id)
}

// poolOf says of a PC whether it is shared, and by whom; nil where it is not.
func (d *Door) poolOf(ctx context.Context, id sekisho.DeviceID) (*DevicePoolView, error) {
	s, err := d.pools.Of(ctx, id)
	if err != nil || !s.Shared() {
		return nil, err
	}
	p, err := d.pools.Get(ctx, s.Pool)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := &DevicePoolView{ID: s.Pool, Name: s.Group, People: []string{}}
	for _, m := range p.People {
		view.People = append(view.People, names[m.Person])
	}
	return view, err
}
