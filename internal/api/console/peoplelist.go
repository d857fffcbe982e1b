package console

import (
	"cmp"
	"context"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

type peopleList struct {
	Paging
	Sort   string           `query:"sort" enum:"name,login,roles,place,passkeys,last_day,state"`
	Role   sekisho.Role     `query:"role" enum:"operator,supervisor,administrator,officer,auditor"`
	Active bool             `query:"active" doc:"only those who are neither suspended nor past their last day"`
	ID     sekisho.PersonID `query:"id" maxLength:"64" doc:"this person alone"`
}

var peopleListing = listing[operators.Person]{
	texts: func(p *operators.Person) []string { return []string{p.Name, p.Kana, p.Login, p.Agency} },
	parts: []string{
		string(sekisho.RoleOperator), string(sekisho.RoleSupervisor), string(sekisho.RoleAdministrator), string(sekisho.RoleOfficer), string(sekisho.RoleAuditor),
	},
	in: func(p *operators.Person, role string) bool { return slices.Contains(p.Roles, sekisho.Role(role)) },
	orders: map[string]func(a, b *operators.Person) int{
		"name":     func(a, b *operators.Person) int { return cmp.Compare(reading(a), reading(b)) },
		"login":    func(a, b *operators.Person) int { return natural(a.Login, b.Login) },
		"roles":    func(a, b *operators.Person) int { return slices.Compare(a.Roles, b.Roles) },
		"place":    func(a, b *operators.Person) int { return cmp.Compare(a.Place, b.Place) },
		"passkeys": func(a, b *operators.Person) int { return cmp.Compare(a.Passkeys, b.Passkeys) },
		"last_day": func(a, b *operators.Person) int {
			return cmp.Or(last(a.LastDay == "", b.LastDay == ""), cmp.Compare(a.LastDay, b.LastDay))
		},
		"state": func(a, b *operators.Person) int { return last(a.Active, b.Active) },
	},
}

// reading is by what somebody stands among others.
func reading(p *operators.Person) string { return cmp.Or(p.Kana, p.Name) }

// last puts what is so behind what is not.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (d *Door) listPeople(ctx context.Context, in *peopleList) (*answer[PeopleView], error) {
	list, err := d.people.List(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p operators.Person) bool { return in.Active && !p.Active || in.ID != "" && p.ID != in.ID })
	shown, page := peopleListing.page(in.Paging, string(in.Role), in.Sort, list)
	view := PeopleView{Page: page, People: make([]PersonView, 0, len(shown))}
	for _, p := range shown {
		view.People = append(view.People, personView(*p))
	}
	return reply(view, nil)
}
