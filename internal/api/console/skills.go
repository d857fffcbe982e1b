package console

import (
	"context"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
)

type setSkills struct {
	ByID
	Body struct {
		Skills []SkillDegree `json:"skills" nullable:"false" maxItems:"50" doc:"all that the person can do; what is left out is taken away"`
	}
}

var errNotOperator = sekisho.Fail(sekisho.KindInvalid, "acd.person")

func (d *Door) skillRoutes(api huma.API) {
	add(api, "GET /skills", "What each operator can do", d.listSkills)
	add(api, "PUT /skills/{id}", "Say what an operator can do; it counts at once", d.setSkills)
}

func (d *Door) listSkills(ctx context.Context, _ *struct{}) (*answer[SkillsView], error) {
	can, err := d.queues.Skills(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.queues.List(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.people.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, q := range list {
		for _, k := range q.Skills {
			if !q.Retired {
				names[k.Name] = true
			}
		}
	}
	view := SkillsView{People: []SkilledOne{}}
	for _, p := range people {
		if !p.Active || !slices.Contains(p.Roles, sekisho.RoleOperator) {
			continue
		}
		one := SkilledOne{ID: p.ID, Name: p.Name, Login: p.Login, Skills: []SkillDegree{}}
		for _, name := range slices.Sorted(maps.Keys(can[p.ID])) {
			names[name] = true
			one.Skills = append(one.Skills, SkillDegree{Name: name, Degree: can[p.ID][name]})
		}
		view.People = append(view.People, one)
	}
	view.Names = slices.AppendSeq([]string{}, maps.Keys(names))
	slices.Sort(view.Names)
	return reply(view, nil)
}

func (d *Door) setSkills(ctx context.Context, in *setSkills) (*done, error) {
	p, err := d.people.Get(ctx, sekisho.PersonID(in.ID))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.Roles, sekisho.RoleOperator) {
		return nil, errNotOperator
	}
	can := make(map[string]int, len(in.Body.Skills))
	for _, k := range in.Body.Skills {
		can[k.Name] = k.Degree
	}
	return &done{}, d.queues.SetSkills(ctx, callerOf(ctx).who.Person, p.ID, can)
}
