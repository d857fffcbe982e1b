package console

import (
	"context"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/wire"
)

// evenFirst makes a performer that needs two whenever its judge says so: there is no
// first day for it.
func evenFirst(p performer) performer {
	p.always = true
	return p
}

// judgeRole shows whoever confirms the rights of a role, before and after, and
// all who would have them.
func (d *Door) judgeRole(ctx context.Context, by sekisho.PersonID, c own.Change) (string, []wire.Difference, error) {
	old, next, second, err := d.roles.Judge(ctx, by, c)
	if err != nil {
		return "", nil, err
	}
	names, err := d.names(ctx)
	if err != nil || !second {
		return old.Name, nil, err
	}
	var who []wire.Difference
	if c.Act == own.ActGive {
		p, err := d.people.Get(ctx, c.Person)
		if err != nil {
			return "", nil, err
		}
		who = loginOf(p)
	}
	object, rights := next.Name, wire.Difference{Field: "role.rights", Before: rightsWords(old.Rights), After: rightsWords(next.Rights)}
	switch c.Act {
	case own.ActMake:
		return object, []wire.Difference{rights}, nil
	case own.ActGive:
		rights.Before = ""
		return object + "/" + string(c.Person), append([]wire.Difference{{Field: "role.person", After: names[c.Person]}, rights}, who...), nil
	}
	out := []wire.Difference{rights}
	if old.Name != next.Name {
		out = append(out, wire.Difference{Field: "role.name", Before: old.Name, After: next.Name})
	}
	if len(old.Holders) > 0 {
		words := make([]string, len(old.Holders))
		for i, p := range old.Holders {
			words[i] = names[p]
		}
		who := strings.Join(words, "、")
		out = append(out, wire.Difference{Field: "role.holders", Before: who, After: who})
	}
	return old.Name, out, nil
}

func rightsWords(rights []own.Right) string {
	words := make([]string, len(rights))
	for i, r := range rights {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func (d *Door) doRole(ctx context.Context, by sekisho.PersonID, c own.Change, second storage.Second) (any, error) {
	one, err := d.roles.Do(ctx, by, c, second)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return roleView(one, names), err
}

func (d *Door) judgeLink(ctx context.Context, _ sekisho.PersonID, in linkIdentity) (string, []wire.Difference, error) {
	old, second, err := d.identities.Judge(ctx, sekisho.PersonID(in.ID), in.Body.Subject)
	if err != nil || !second {
		return in.ID, nil, err
	}
	p, err := d.people.Get(ctx, sekisho.PersonID(in.ID))
	return in.ID, append([]wire.Difference{
		{Field: "identity.provider", After: d.identities.Name()}, {Field: "identity.subject", Before: old, After: in.Body.Subject},
	}, loginOf(p)...), err
}

func (d *Door) doLink(ctx context.Context, by sekisho.PersonID, in linkIdentity, second storage.Second) (any, error) {
	id := sekisho.PersonID(in.ID)
	return IdentityView{Person: id, Subject: in.Body.Subject}, d.identities.Link(ctx, by, id, in.Body.Subject, second)
}
