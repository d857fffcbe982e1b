package posture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Rules gives the rules in force for a policy of a place.
func (r *Posture) Rules(ctx context.Context, policy sekisho.PolicyName, place sekisho.Place) (out wire.PostureRules, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = newest(ctx, tx, policy, place)
		return err
	})
	if err != nil {
		return wire.PostureRules{}, fmt.Errorf("posture: rules of %s: %w", policy, err)
	}
	return out, nil
}

// asks gives what a PC is judged by now.
func (r *Posture) asks(ctx context.Context, by By) (a asked, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if a.rules, err = newest(ctx, tx, by.Policy, by.Place); err != nil {
			return err
		}
		p, err := readPlace(ctx, tx, by.Device)
		if p != nil {
			a.own = []wire.PosturePlace{*p}
		}
		return err
	})
	return a, err
}

// Put is PutSeconded without a second person.
func (r *Posture) Put(ctx context.Context, by sekisho.PersonID, place sekisho.Place, p wire.PostureRules) (wire.PostureRules, error) {
	return r.PutSeconded(ctx, by, place, p, nil)
}

// PutSeconded stores p as the next version of its policy's rules. p.Version must be the
// version that the administrator saw, so that nobody overwrites what another has
// just changed. It counts from the next session.
func (r *Posture) PutSeconded(ctx context.Context, by sekisho.PersonID, place sekisho.Place, p wire.PostureRules, second storage.Second) (wire.PostureRules, error) {
	p = tidy(p)
	if err := Validate(p); err != nil {
		return wire.PostureRules{}, err
	}
	var next wire.PostureRules
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx, p.Policy, place)
		if err != nil {
			return err
		}
		if old.Version != p.Version {
			return errChanged
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		next = p
		next.Version++
		if err := insert(ctx, tx, next, by, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "posture.rules_changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "policy", ID: string(p.Policy)}, Decision: audit.Allow, Detail: differences(old, next),
		})
	})
	if err != nil {
		return wire.PostureRules{}, fmt.Errorf("posture: put rules of %s: %w", p.Policy, err)
	}
	return next, nil
}

// tidy writes lists without doubles: two neighbours must be two.
func tidy(p wire.PostureRules) wire.PostureRules {
	p.Rules, p.Places = slices.Clone(p.Rules), slices.Clone(p.Places)
	for i, one := range p.Rules {
		p.Rules[i].On = append([]string{}, one.On...)
	}
	for i, one := range p.Places {
		p.Places[i].Routers, p.Places[i].Around = macs(one.Routers), macs(one.Around)
	}
	if p.Places == nil {
		p.Places = []wire.PosturePlace{}
	}
	return p
}

func macs(list []string) []string {
	out := make([]string, 0, len(list))
	for _, m := range list {
		if m = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(m), "-", ":")); !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
