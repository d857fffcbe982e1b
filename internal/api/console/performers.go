package console

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/shifts"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// networkAct is a list of addresses with where its asker sat: he is not to shut
// himself out.
type networkAct struct {
	Door   networks.Door
	Seen   int
	Ranges []string
	From   netip.Addr
}

// acts are the dangerous acts of this door. Whoever adds a route that can loosen
// something gives it a kind here (and in gate/approvals), and calls dangerous.
func (d *Door) acts() map[string]performer {
	return map[string]performer{
		approvals.ActPersonNew:    acting(d.judgeNew, d.doNew),
		approvals.ActPersonChange: acting(d.judgeChange, d.doChange),
		approvals.ActPersonResume: acting(d.judgeResume, d.doResume),
		approvals.ActPolicy: acting(d.judgePolicy, func(ctx context.Context, by sekisho.PersonID, p wire.GuardPolicy, second storage.Second) (any, error) {
			return d.policies.PutSeconded(ctx, by, p, second)
		}),
		approvals.ActPosture: acting(d.judgePosture, d.doPosture),
		approvals.ActTraining: acting(func(ctx context.Context, _ sekisho.PersonID, r training.Rules) (string, []wire.Difference, error) {
			dangers, err := d.training.Loosens(ctx, r)
			return "", dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, r training.Rules, second storage.Second) (any, error) {
			r, err := d.training.SetRulesSeconded(ctx, by, r, second)
			return rulesView(r), err
		}),
		approvals.ActShifts: acting(func(ctx context.Context, _ sekisho.PersonID, r shifts.Rules) (string, []wire.Difference, error) {
			dangers, err := d.shifts.Loosens(ctx, r)
			return "", dangers, err
		}, func(ctx context.Context, by sekisho.PersonID, r shifts.Rules, second storage.Second) (any, error) {
			r, err := d.shifts.SetRulesSeconded(ctx, by, r, second)
			return ShiftRulesView(r), err
		}),
		approvals.ActRules:   acting(d.judgeRules, d.doRules),
		approvals.ActNetwork: acting(d.judgeNetwork, d.doNetwork),
		approvals.ActExport:  {always: true},
		approvals.ActRecords: {always: true},

		approvals.ActRoleMake:   acting(d.judgeRole, d.doRole),
		approvals.ActRoleChange: acting(d.judgeRole, d.doRole),
		approvals.ActRoleGive:   acting(d.judgeRole, d.doRole),
		approvals.ActIdentity:   evenFirst(acting(d.judgeLink, d.doLink)),
	}
}

func (in newPerson) person() operators.Person {
	return operators.Person{
		Name: in.Body.Name, Kana: in.Body.Kana, Login: in.Body.Login, Roles: in.Body.Roles, FaceUsable: in.Body.FaceUsable, Place: in.Body.Place,
		Agency: in.Body.Agency, LastDay: in.Body.LastDay,
	}
}

func (d *Door) judgeNew(_ context.Context, _ sekisho.PersonID, in newPerson) (string, []wire.Difference, error) {
	gives, err := d.people.GivesNew(in.person())
	if err != nil || !gives {
		return "", nil, err
	}
	p := in.person()
	return strings.ToLower(p.Login), append([]wire.Difference{{Field: "person.login", After: p.Login}}, personDifferences(operators.Person{}, p)...), nil
}

func (d *Door) doNew(ctx context.Context, by sekisho.PersonID, in newPerson, second storage.Second) (any, error) {
	p, err := d.people.CreateSeconded(ctx, by, in.person(), second)
	return personView(p), err
}

func (in changePerson) change() operators.Change {
	return operators.Change{
		Name: in.Body.Name, Kana: in.Body.Kana, Roles: in.Body.Roles, FaceUsable: in.Body.FaceUsable, Place: in.Body.Place,
		Agency: in.Body.Agency, LastDay: in.Body.LastDay, PasswordAllowed: in.Body.PasswordAllowed,
	}
}

func (d *Door) judgeChange(ctx context.Context, by sekisho.PersonID, in changePerson) (string, []wire.Difference, error) {
	old, next, gives, err := d.people.Gives(ctx, by, sekisho.PersonID(in.ID), in.change())
	if err != nil || !gives {
		return in.ID, nil, err
	}
	held, err := d.comesBackWith(ctx, old, next)
	return in.ID, slices.Concat(loginOf(old), personDifferences(old, next), held), err
}

// loginOf says who it is whatever his name: one administrator alone may change that.
func loginOf(p operators.Person) []wire.Difference {
	return []wire.Difference{{Field: "person.login", Before: p.Login, After: p.Login, Beside: true}}
}

// personDifferences are all that a change would do to a person beside his roles:
// whoever confirms confirms the whole of it.
func personDifferences(old, next operators.Person) (out []wire.Difference) {
	add := func(field, a, b string) {
		if a != b {
			out = append(out, wire.Difference{Field: "person." + field, Before: a, After: b})
		}
	}
	add("roles", rolesWords(old.Roles), rolesWords(next.Roles))
	add("active", truth(old.Active), truth(next.Active))
	add("name", old.Name, next.Name)
	add("kana", old.Kana, next.Kana)
	add("agency", old.Agency, next.Agency)
	add("last_day", string(old.LastDay), string(next.LastDay))
	add("place", string(old.Place), string(next.Place))
	add("face_usable", truth(old.FaceUsable), truth(next.FaceUsable))
	add("password", string(old.Password), string(next.Password))
	return out
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func rolesWords(list []sekisho.Role) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func (d *Door) doChange(ctx context.Context, by sekisho.PersonID, in changePerson, second storage.Second) (any, error) {
	c := in.change()
	c.Second = second
	p, err := d.people.Update(ctx, by, sekisho.PersonID(in.ID), c)
	if allowed := in.Body.PasswordAllowed; err == nil && allowed != nil && !*allowed {
		err = d.passwords.Forget(ctx, p.ID) // it opens nothing any more; this takes what is kept of it
	}
	return personView(p), err
}

func (d *Door) judgeResume(ctx context.Context, _ sekisho.PersonID, in ByID) (string, []wire.Difference, error) {
	old, next, gives, err := d.people.GivesBack(ctx, sekisho.PersonID(in.ID))
	if err != nil || !gives {
		return in.ID, nil, err
	}
	held, err := d.comesBackWith(ctx, old, next)
	return in.ID, append([]wire.Difference{
		loginOf(old)[0], {Field: "person.active", Before: "false", After: "true"}, {Field: "person.roles", Before: rolesWords(old.Roles), After: rolesWords(old.Roles)},
	}, held...), err
}

// comesBackWith are the own roles that somebody has again once he is active.
func (d *Door) comesBackWith(ctx context.Context, old, next operators.Person) (out []wire.Difference, err error) {
	if old.Active || !next.Active {
		return nil, nil
	}
	list, err := d.roles.List(ctx)
	for _, one := range list {
		if slices.Contains(one.Holders, old.ID) {
			out = append(out, wire.Difference{Field: "role.name", After: one.Name}, wire.Difference{Field: "role.rights", After: rightsWords(one.Rights)})
		}
	}
	return out, err
}

func (d *Door) doResume(ctx context.Context, by sekisho.PersonID, in ByID, second storage.Second) (any, error) {
	p, err := d.people.ResumeSeconded(ctx, by, sekisho.PersonID(in.ID), second)
	return personView(p), err
}

// judgePolicy: with a new policy come the posture rules that stand for its name.
func (d *Door) judgePolicy(ctx context.Context, _ sekisho.PersonID, p wire.GuardPolicy) (string, []wire.Difference, error) {
	dangers, err := d.policies.Loosens(ctx, p)
	if err != nil || p.Version > 0 {
		return string(p.Name), dangers, err
	}
	list, err := d.policies.List(ctx)
	if err != nil {
		return "", nil, err
	}
	var others []sekisho.PolicyName
	for _, o := range list {
		if o.Place == p.Place {
			others = append(others, o.Name)
		}
	}
	more, err := d.posture.LoosensNew(ctx, p.Name, p.Place, others)
	return string(p.Name), append(more, dangers...), err
}

func (d *Door) judgePosture(ctx context.Context, _ sekisho.PersonID, in wire.PostureRules) (string, []wire.Difference, error) {
	place, err := d.placeOf(ctx, in.Policy)
	if err != nil {
		return "", nil, err
	}
	dangers, err := d.posture.Loosens(ctx, place, in)
	return string(in.Policy), dangers, err
}

func (d *Door) doPosture(ctx context.Context, by sekisho.PersonID, in wire.PostureRules, second storage.Second) (any, error) {
	place, err := d.placeOf(ctx, in.Policy)
	if err != nil {
		return nil, err
	}
	return d.posture.PutSeconded(ctx, by, place, in, second)
}

func (d *Door) judgeRules(ctx context.Context, by sekisho.PersonID, in putRules) (string, []wire.Difference, error) {
	dangers, err := d.rules.Loosens(ctx, by, in.Body.Seen, in.Body.Text, in.Body.Note)
	if len(dangers) > 0 {
		dangers = append(dangers, wire.Difference{Field: "rules.note", After: in.Body.Note})
	}
	return "", dangers, err
}

func (d *Door) doRules(ctx context.Context, by sekisho.PersonID, in putRules, second storage.Second) (any, error) {
	v, err := d.rules.PutSeconded(ctx, by, in.Body.Seen, in.Body.Text, in.Body.Note, second)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return versionView(v, names), err
}

func (d *Door) judgeNetwork(ctx context.Context, _ sekisho.PersonID, in networkAct) (string, []wire.Difference, error) {
	dangers, err := d.networks.Loosens(ctx, in.Door, in.Seen, in.Ranges)
	return string(in.Door), dangers, err
}

func (d *Door) doNetwork(ctx context.Context, by sekisho.PersonID, in networkAct, second storage.Second) (any, error) {
	l, err := d.networks.PutSeconded(ctx, by, in.Door, in.Seen, in.Ranges, in.From, second)
	return networkView(l), err
}
