package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/grants"
)

type newDesktop struct {
	Body struct {
		Name   string       `json:"name" minLength:"1" maxLength:"100"`
		Host   string       `json:"host" minLength:"1" maxLength:"253"`
		Port   int          `json:"port" minimum:"1" maximum:"65535"`
		Level  grants.Level `json:"level,omitempty" enum:"full,little,none" doc:"how much personal data it shows; full when nothing is said, and less only with a second administrator, afterwards"`
		Secret string       `json:"secret,omitempty" maxLength:"8" doc:"VNC password; goes in and never comes out"`
	}
}

// changeDesktop leaves what is not named as it is. With another address it is
// another desktop, and shows everything until somebody says otherwise.
type changeDesktop struct {
	ByID
	Body struct {
		Name   *string       `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Host   *string       `json:"host,omitempty" minLength:"1" maxLength:"253"`
		Port   *int          `json:"port,omitempty" minimum:"1" maximum:"65535"`
		Level  *grants.Level `json:"level,omitempty" enum:"full,little,none" doc:"less than now only by itself, with a second administrator"`
		Secret *string       `json:"secret,omitempty" maxLength:"8" doc:"needed again when host or port change"`
	}
}

type desktopPeople struct {
	ByID
	Body struct {
		People []sekisho.PersonID `json:"people" nullable:"false" maxItems:"5000"`
	}
}

func (d *Door) desktopRoutes(api huma.API) {
	add(api, "GET /desktops", "The desktops that can be reached", d.listDesktops)
	add(api, "POST /desktops", "Name a desktop", d.createDesktop)
	add(api, "PATCH /desktops/{id}", "Change a desktop", d.updateDesktop)
	add(api, "DELETE /desktops/{id}", "Delete a desktop; whoever uses it is cut off", d.deleteDesktop)
	add(api, "PUT /desktops/{id}/people", "Set who may reach a desktop", d.allowDesktop)
}

func (d *Door) listDesktops(ctx context.Context, _ *struct{}) (*answer[DesktopsView], error) {
	list, err := d.desktops.List(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	view := DesktopsView{Desktops: make([]DesktopView, 0, len(list))}
	for _, one := range list {
		v, err := d.desktopView(ctx, one, names)
		if err != nil {
			return nil, err
		}
		view.Desktops = append(view.Desktops, v)
	}
	return reply(view, nil)
}

// deleteDesktop takes it from everybody first, so that nobody can reach what is half gone.
func (d *Door) deleteDesktop(ctx context.Context, in *ByID) (*done, error) {
	by := callerOf(ctx).who.Person
	one, err := d.desktop(ctx, sekisho.DesktopID(in.ID))
	if err != nil {
		return nil, err
	}
	if err := d.book.ForgetDesktop(ctx, by, one.ID); err != nil {
		return nil, err
	}
	return &done{}, d.desktops.Delete(ctx, by, one.ID)
}

func (d *Door) allowDesktop(ctx context.Context, in *desktopPeople) (*answer[DesktopView], error) {
	one, err := d.desktop(ctx, sekisho.DesktopID(in.ID))
	if err != nil {
		return nil, err
	}
	for _, id := range in.Body.People { // an id that nobody has would be a grant to whoever gets it
		if _, err := d.people.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := d.book.Allow(ctx, callerOf(ctx).who.Person, one.ID, in.Body.People); err != nil {
		return nil, err
	}
	return d.shownDesktop(ctx, one)
}

func (d *Door) desktop(ctx context.Context, id sekisho.DesktopID) (Desktop, error) {
	list, err := d.desktops.List(ctx)
	if err != nil {
		return Desktop{}, err
	}
	for _, one := range list {
		if one.ID == id {
			return one, nil
		}
	}
	return Desktop{}, errNotFound
}

func (d *Door) shownDesktop(ctx context.Context, one Desktop) (*answer[DesktopView], error) {
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	return reply(d.desktopView(ctx, one, names))
}

func (d *Door) desktopView(ctx context.Context, one Desktop, names map[sekisho.PersonID]string) (DesktopView, error) {
	people, err := d.book.Allowed(ctx, one.ID)
	if err != nil {
		return DesktopView{}, err
	}
	level, err := d.book.LevelOf(ctx, one.ID)
	if err != nil {
		return DesktopView{}, err
	}
	v := DesktopView{
		ID: one.ID, Name: one.Name, Host: one.Host, Port: one.Port, HasSecret: one.HasSecret, Level: string(level), People: make([]DesktopPersonView, 0, len(people)),
	}
	for _, id := range people {
		v.People = append(v.People, DesktopPersonView{ID: id, Name: names[id]})
	}
	return v, nil
}

func change[T any](at *T, to *T) {
	if to != nil {
		*at = *to
	}
}
