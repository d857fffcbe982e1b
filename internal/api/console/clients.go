package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/clients"
)

type newClient struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

// changeClient leaves what is not named as it is; also for works.
type changeClient struct {
	ByID
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Ended *bool   `json:"ended,omitempty"`
	}
}

type newWork struct {
	ByID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

type newAssignment struct {
	ByID
	Body struct {
		Person        sekisho.PersonID `json:"person" minLength:"1" maxLength:"64"`
		From          string           `json:"from" minLength:"10" maxLength:"10" doc:"first day, in Japan: 2026-04-01"`
		Until         string           `json:"until" maxLength:"10" doc:"last day, or empty"`
		Subcontracted bool             `json:"subcontracted"`
	}
}

type endAssignment struct {
	ByID
	Body struct {
		Until string `json:"until" minLength:"10" maxLength:"10" doc:"last day"`
	}
}

type clientPerson struct {
	ByID
	Person sekisho.PersonID `path:"person" maxLength:"64"`
}

type workDesktop struct {
	ByID
	Desktop sekisho.DesktopID `path:"desktop" maxLength:"64"`
}

func (d *Door) clientRoutes(api huma.API) {
	add(api, "GET /clients", "Client companies; a client's auditor sees his own", d.listClients)
	add(api, "POST /clients", "Name a client company", d.createClient)
	add(api, "GET /clients/{id}", "Works, people, desktops and auditors of a client", d.getClient)
	add(api, "PATCH /clients/{id}", "Rename a client, end or resume its contract", d.changeClient)
	add(api, "POST /clients/{id}/works", "Name a work of a client", d.createWork)
	add(api, "PUT /clients/{id}/auditors/{person}", "Make an auditor one of this client: he then sees nothing else", d.bindAuditor)
	add(api, "DELETE /clients/{id}/auditors/{person}", "End that somebody is this client's auditor; only once he is no auditor any more", d.releaseAuditor)
	add(api, "PATCH /works/{id}", "Rename a work, end or resume it", d.changeWork)
	add(api, "POST /works/{id}/people", "Put an operator on a work for some days", d.assign)
	add(api, "PUT /works/{id}/desktops/{desktop}", "Put a desktop under a work; it stays with this client", d.placeDesktop)
	add(api, "PATCH /assignments/{id}", "Set the last day of an assignment", d.endAssignment)
	add(api, "DELETE /assignments/{id}", "Take a mistaken assignment back", d.withdrawAssignment)
}

func (d *Door) listClients(ctx context.Context, _ *struct{}) (*answer[ClientsView], error) {
	list, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	if own := callerOf(ctx).who.Client; own != "" {
		list = slices.DeleteFunc(list, func(c clients.Client) bool { return c.ID != own })
	}
	view := ClientsView{Clients: make([]ClientView, 0, len(list))}
	for _, c := range list {
		view.Clients = append(view.Clients, clientView(c))
	}
	return reply(view, nil)
}

func (d *Door) createClient(ctx context.Context, in *newClient) (*answer[ClientView], error) {
	c, err := d.clients.Create(ctx, callerOf(ctx).who.Person, strings.TrimSpace(in.Body.Name))
	return reply(clientView(c), err)
}

// getClient answers a client's auditor for his own client alone; that another
// exists is nothing he learns.
func (d *Door) getClient(ctx context.Context, in *ByID) (*answer[ClientFileView], error) {
	own := callerOf(ctx).who.Client
	if own != "" && sekisho.ClientID(in.ID) != own {
		return nil, errNotFound
	}
	f, err := d.clients.Get(ctx, sekisho.ClientID(in.ID))
	if err != nil {
		return nil, err
	}
	return d.shownClient(ctx, f)
}

func (d *Door) changeClient(ctx context.Context, in *changeClient) (*answer[ClientView], error) {
	c, err := d.clients.Change(ctx, callerOf(ctx).who.Person, sekisho.ClientID(in.ID), clients.Change{Name: trimmed(in.Body.Name), Ended: in.Body.Ended})
	return reply(clientView(c), err)
}

func (d *Door) createWork(ctx context.Context, in *newWork) (*answer[WorkView], error) {
	w, err := d.clients.AddWork(ctx, callerOf(ctx).who.Person, sekisho.ClientID(in.ID), strings.TrimSpace(in.Body.Name))
	return reply(workView(w), err)
}

func (d *Door) changeWork(ctx context.Context, in *changeClient) (*answer[WorkView], error) {
	w, err := d.clients.ChangeWork(ctx, callerOf(ctx).who.Person, sekisho.WorkID(in.ID), clients.Change{Name: trimmed(in.Body.Name), Ended: in.Body.Ended})
	return reply(workView(w), err)
}

func (d *Door) assign(ctx context.Context, in *newAssignment) (*answer[AssignmentView], error) {
	a := clients.Assignment{Work: sekisho.WorkID(in.ID), Person: in.Body.Person, Subcontracted: in.Body.Subcontracted}
	var err error
	if a.From, err = clients.ParseDay(in.Body.From); err != nil {
		return nil, err
	}
	if in.Body.Until != "" {
		if a.Until, err = endOf(in.Body.Until); err != nil {
			return nil, err
		}
	}
	if a, err = d.clients.Assign(ctx, callerOf(ctx).who.Person, a); err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(assignmentView(a, names, d.clk.Now()), err)
}

func (d *Door) endAssignment(ctx context.Context, in *endAssignment) (*answer[AssignmentView], error) {
	until, err := endOf(in.Body.Until)
	if err != nil {
		return nil, err
	}
	a, err := d.clients.EndAssignment(ctx, callerOf(ctx).who.Person, sekisho.AssignmentID(in.ID), until)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(assignmentView(a, names, d.clk.Now()), err)
}

func (d *Door) withdrawAssignment(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.clients.Withdraw(ctx, callerOf(ctx).who.Person, sekisho.AssignmentID(in.ID))
}

func (d *Door) bindAuditor(ctx context.Context, in *clientPerson) (*done, error) {
	return &done{}, d.clients.BindAuditor(ctx, callerOf(ctx).who.Person, sekisho.ClientID(in.ID), in.Person)
}

func (d *Door) releaseAuditor(ctx context.Context, in *clientPerson) (*done, error) {
	return &done{}, d.clients.ReleaseAuditor(ctx, callerOf(ctx).who.Person, sekisho.ClientID(in.ID), in.Person)
}

func (d *Door) placeDesktop(ctx context.Context, in *workDesktop) (*done, error) {
	if _, err := d.desktop(ctx, in.Desktop); err != nil {
		return nil, err
	}
	return &done{}, d.clients.PlaceDesktop(ctx, callerOf(ctx).who.Person, in.Desktop, sekisho.WorkID(in.ID))
}

// endOf is the moment at which a last day in Japan is over.
func endOf(lastDay string) (time.Time, error) {
	day, err := clients.ParseDay(lastDay)
	return day.AddDate(0, 0, 1), err
}

func trimmed(s *string) *string {
	if s == nil {
		return nil
	}
	t := strings.TrimSpace(*s)
	return &t
}

// shownClient puts names to what is kept of a client. Its own auditor sees the
// names of its people and desktops, and those of nobody else.
func (d *Door) shownClient(ctx context.Context, f clients.File) (*answer[ClientFileView], error) {
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.desktops.List(ctx)
	if err != nil {
		return nil, err
	}
	view := ClientFileView{Client: clientView(f.Client), Works: []WorkView{}, Assignments: []AssignmentView{}, Auditors: []ClientAuditorView{}}
	for _, w := range f.Works {
		v := workView(w)
		for _, one := range all {
			if f.Desktops[one.ID] == w.ID {
				v.Desktops = append(v.Desktops, WorkDesktopView{ID: one.ID, Name: one.Name})
			}
		}
		view.Works = append(view.Works, v)
	}
	for _, a := range f.Assignments {
		view.Assignments = append(view.Assignments, assignmentView(a, names, d.clk.Now()))
	}
	for _, id := range f.Auditors {
		view.Auditors = append(view.Auditors, ClientAuditorView{ID: id, Name: names[id]})
	}
	return reply(view, nil)
}

func clientView(c clients.Client) ClientView {
	return ClientView{ID: c.ID, Name: c.Name, Ended: moment(c.Ended)}
}

func workView(w clients.Work) WorkView {
	return WorkView{ID: w.ID, Name: w.Name, Ended: moment(w.Ended), Desktops: []WorkDesktopView{}}
}

func assignmentView(a clients.Assignment, names map[sekisho.PersonID]string, now time.Time) AssignmentView {
	return AssignmentView{
		ID: a.ID, Work: a.Work, Person: a.Person, Name: names[a.Person], From: clients.Day(a.From), Until: clients.LastDay(a.Until),
		Subcontracted: a.Subcontracted, Today: a.Covers(now),
	}
}
