package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// Queues are where callers wait, and what operators can do (calls/acd).
type Queues interface {
	Create(ctx context.Context, by sekisho.PersonID, q acd.Queue) (acd.Queue, error)
	Change(ctx context.Context, by sekisho.PersonID, id sekisho.QueueID, name string, s acd.Settings) (acd.Queue, error)
	Retire(ctx context.Context, by sekisho.PersonID, id sekisho.QueueID) error
	List(ctx context.Context) ([]acd.Queue, error)
	Board() acd.Board
	SetSkills(ctx context.Context, by, person sekisho.PersonID, can map[string]int) error
	Skills(ctx context.Context) (map[sekisho.PersonID]map[string]int, error)
}

type newQueue struct {
	Body struct {
		Client   sekisho.ClientID `json:"client" minLength:"1" maxLength:"64"`
		Work     sekisho.WorkID   `json:"work" minLength:"1" maxLength:"64"`
		Name     string           `json:"name" minLength:"1" maxLength:"64"`
		Settings QueueSettings    `json:"settings"`
	}
}

type changeQueue struct {
	ByID
	Body struct {
		Name     string        `json:"name" minLength:"1" maxLength:"64"`
		Settings QueueSettings `json:"settings"`
	}
}

func (d *Door) queueRoutes(api huma.API) {
	add(api, "GET /queues", "Where callers wait, how each queue is set and stands now", d.listQueues)
	add(api, "POST /queues", "Make a queue of a work", d.newQueue)
	add(api, "PUT /queues/{id}", "Set a queue otherwise; it counts at once", d.changeQueue)
	add(api, "POST /queues/{id}/retire", "Retire a queue; calls that wait in it are still served", d.retireQueue)
}

func (d *Door) listQueues(ctx context.Context, _ *struct{}) (*answer[QueuesView], error) {
	list, err := d.queues.List(ctx)
	if err != nil {
		return nil, err
	}
	works, err := d.worksNow(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.worksByID(ctx)
	if err != nil {
		return nil, err
	}
	now := map[sekisho.QueueID]acd.QueueNow{}
	for _, q := range d.queues.Board().Queues {
		now[q.ID] = q
	}
	view := QueuesView{Queues: make([]QueueView, 0, len(list)), Works: works, Standard: settingsView(acd.Standard())}
	for _, q := range list {
		n, w := now[q.ID], names[q.Work]
		view.Queues = append(view.Queues, QueueView{
			ID: q.ID, Name: q.Name, Client: q.Client, ClientName: w.ClientName, Work: q.Work, WorkName: w.Name, Retired: q.Retired,
			Settings: settingsView(q.Settings), Waiting: n.Waiting, Talking: n.Talking, Ready: n.Ready,
		})
	}
	return reply(view, nil)
}

// worksByID are the names of all works, those that ended too.
func (d *Door) worksByID(ctx context.Context) (map[sekisho.WorkID]WorkChoiceView, error) {
	companies, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	out := map[sekisho.WorkID]WorkChoiceView{}
	for _, c := range companies {
		file, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, w := range file.Works {
			out[w.ID] = WorkChoiceView{ID: w.ID, Name: w.Name, Client: c.ID, ClientName: c.Name}
		}
	}
	return out, nil
}

func (d *Door) newQueue(ctx context.Context, in *newQueue) (*done, error) {
	_, err := d.queues.Create(ctx, callerOf(ctx).who.Person, acd.Queue{
		Client: in.Body.Client, Work: in.Body.Work, Name: in.Body.Name, Settings: in.Body.Settings.settings(),
	})
	return &done{}, err
}

func (d *Door) changeQueue(ctx context.Context, in *changeQueue) (*done, error) {
	_, err := d.queues.Change(ctx, callerOf(ctx).who.Person, sekisho.QueueID(in.ID), in.Body.Name, in.Body.Settings.settings())
	return &done{}, err
}

func (d *Door) retireQueue(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.queues.Retire(ctx, callerOf(ctx).who.Person, sekisho.QueueID(in.ID))
}
