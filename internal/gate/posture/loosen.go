package posture

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what rules would no longer ask, or ask less of, and what else would
// change beside that. Where that cannot
// be said (other places, another system), it is loosening.
func loosens(old, next wire.PostureRules) (out []wire.Difference) {
	old, next = tidy(old), tidy(next)
	for _, check := range wire.PostureChecks {
		a, b := of(old, check), of(next, check)
		if weaker := loosened(a, b); weaker || inWords(a) != inWords(b) {
			out = append(out, wire.Difference{Field: "posture.check", Object: check, Before: inWords(a), After: inWords(b), Beside: !weaker})
		}
	}
	if old.Agent != next.Agent {
		less, ok := older(next.Agent, old.Agent)
		out = append(out, wire.Difference{Field: "posture.agent", Before: old.Agent, After: next.Agent, Beside: old.Agent == "" || ok && !less})
	}
	if !slices.EqualFunc(old.Places, next.Places, samePlace) {
		out = append(out, wire.Difference{Field: "posture.places", Before: placesText(old), After: placesText(next), Beside: of(old, "place").Level == Off})
	}
	return wire.Dangers(out)
}

// strength orders the levels; what is none of them closes.
func strength(level string) int { return slices.Index([]string{Off, Warn}, level) }

func loosened(a, b wire.PostureRule) bool {
	if a.Level == Off {
		return false
	}
	weaker := strength(b.Level) != -1 && (strength(a.Level) == -1 || strength(b.Level) < strength(a.Level))
	fewer := slices.ContainsFunc(a.On, func(p string) bool { return !slices.Contains(b.On, p) })
	return weaker || fewer || b.Limit > a.Limit
}

// inWords says what one check asks, in the words of the contract.
func inWords(r wire.PostureRule) string {
	words := []string{r.Level, strings.Join(r.On, "+")}
	if r.Limit != 0 {
		words = append(words, strconv.Itoa(r.Limit))
	}
	return strings.Join(words, " ")
}

func placesText(r wire.PostureRules) string {
	names := make([]string, len(r.Places))
	for i, p := range r.Places {
		names[i] = p.Name + " (" + strings.Join(p.Routers, " ") + ")"
	}
	return strings.Join(names, ", ")
}

// LoosensNew says what the rules of a new policy would let through that those of
// some other policy of its place do not: a PC may be registered under either.
func (r *Posture) LoosensNew(ctx context.Context, policy sekisho.PolicyName, place sekisho.Place, others []sekisho.PolicyName) (out []wire.Difference, err error) {
	own, err := r.Rules(ctx, policy, place)
	if err != nil {
		return nil, err
	}
	for _, name := range others {
		other, err := r.Rules(ctx, name, place)
		if err != nil {
			return nil, err
		}
		for _, d := range loosens(other, own) {
			same := func(o wire.Difference) bool { return o.Field == d.Field && o.Object == d.Object }
			if !d.Beside && !slices.ContainsFunc(out, same) {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// Loosens says so of rules against those in force, which must be the version that
// p names: what is judged is what Put replaces.
func (r *Posture) Loosens(ctx context.Context, place sekisho.Place, p wire.PostureRules) ([]wire.Difference, error) {
	p = tidy(p)
	if err := Validate(p); err != nil {
		return nil, err
	}
	old, err := r.Rules(ctx, p.Policy, place)
	if err == nil && old.Version != p.Version {
		err = errChanged
	}
	if err != nil {
		return nil, err
	}
	return loosens(old, p), nil
}
