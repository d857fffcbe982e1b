package policies

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what a policy would let through that the one it replaces did not,
// and what else would change beside that.
// Where that cannot be said (another place), it is loosening.
func loosens(old, next wire.GuardPolicy) (out []wire.Difference) {
	add := func(field string, loosens bool, a, b any) {
		if a != b {
			out = append(out, wire.Difference{Field: "policy." + field, Before: fmt.Sprint(a), After: fmt.Sprint(b), Beside: !loosens})
		}
	}
	add("place", old.Place != next.Place, old.Place, next.Place)
	add("onlooker", old.Onlooker && !next.Onlooker, old.Onlooker, next.Onlooker)
	add("absent_s", next.AbsentMS > old.AbsentMS, seconds(old.AbsentMS), seconds(next.AbsentMS))
	add("reentry", old.Reentry != next.Reentry && next.Reentry != reentryHard, old.Reentry, next.Reentry)
	add("lock_os", old.LockOS && !next.LockOS, old.LockOS, next.LockOS)
	add("allow_software", !old.AllowSoftware && next.AllowSoftware, old.AllowSoftware, next.AllowSoftware)
	add("confirm_every_s", next.ConfirmEvery > old.ConfirmEvery, // 0 lets nobody work without a camera
		old.ConfirmEvery, next.ConfirmEvery)
	return wire.Dangers(out)
}

// strictest asks all that any policy in force for a place asks: a new name is
// compared with it. Where there is none, the built-in one stands for it.
func strictest(list []wire.GuardPolicy, place sekisho.Place) (out wire.GuardPolicy) {
	found := false
	for _, p := range list {
		switch {
		case p.Place != place:
			continue
		case !found:
			out, found = p, true
			continue
		}
		out.Onlooker, out.LockOS, out.AllowSoftware = out.Onlooker || p.Onlooker, out.LockOS || p.LockOS, out.AllowSoftware && p.AllowSoftware
		out.AbsentMS, out.ConfirmEvery = min(out.AbsentMS, p.AbsentMS), min(out.ConfirmEvery, p.ConfirmEvery)
		if p.Reentry == reentryHard {
			out.Reentry = reentryHard
		}
	}
	if !found {
		return builtin[sekisho.PolicyName(place)]
	}
	return out
}

// Loosens says so of p against the policy in force under its name, which must be
// the version that p names: what is judged is what Put replaces. A new name replaces
// nothing: it is judged against the strictest in force for its place.
func (r *Policies) Loosens(ctx context.Context, p wire.GuardPolicy) ([]wire.Difference, error) {
	old, err := r.Get(ctx, p.Name)
	if err != nil && sekisho.KindOf(err) != sekisho.KindNotFound {
		return nil, err
	}
	if old.Version != p.Version {
		return nil, fmt.Errorf("policies: loosens: %w", errVersion)
	}
	valid := p
	valid.Version++
	if err := Validate(valid); err != nil {
		return nil, err
	}
	if p.Version > 0 {
		return loosens(old, p), nil
	}
	list, err := r.List(ctx)
	if err != nil {
		return nil, err
	}
	return loosens(strictest(list, p.Place), p), nil
}
