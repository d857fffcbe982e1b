package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what a text may permit that the one before did not: a permit that
// is new or was changed, a forbid that is gone or was changed. This needs no
// reading of conditions, and misses nothing: a decision turns from refused to
// allowed only where a permit began to match or a forbid ceased to. What merely
// has another name counts as changed; comments and spacing do not. Permits that go
// and forbids that come are listed beside.
func loosens(old, next string) ([]wire.Difference, error) {
	before, err := policiesOf(old)
	if err != nil {
		return nil, err
	}
	after, err := policiesOf(next)
	if err != nil {
		return nil, err
	}
	var out []wire.Difference
	for id, p := range after {
		if was := before[id]; was != p {
			tightens := !p.permits && (was.text == "" || was.permits)
			out = append(out, wire.Difference{Field: "rules.policy", Object: id, Before: was.text, After: p.text, Beside: tightens})
		}
	}
	for id, p := range before {
		if _, stays := after[id]; !stays {
			out = append(out, wire.Difference{Field: "rules.policy", Object: id, Before: p.text, Beside: p.permits})
		}
	}
	slices.SortFunc(out, func(a, b wire.Difference) int { return strings.Compare(a.Object, b.Object) })
	return wire.Dangers(out), nil
}

// written is one policy as Cedar writes it, whatever its comments and spacing.
type written struct {
	text    string
	permits bool
}

func policiesOf(text string) (map[string]written, error) {
	list, err := cedar.NewPolicyListFromBytes("", []byte(text))
	if err != nil {
		return nil, errText.Because(err)
	}
	out := make(map[string]written, len(list))
	for _, p := range list {
		out[string(p.Annotations()["id"])] = written{string(p.MarshalCedar()), p.Effect() == cedar.Permit}
	}
	return out, nil
}

// Loosens says so of a text against the one in force, which must be the number
// that was seen: what is judged is what Put replaces. What Put would refuse is
// refused here, so that nobody is asked to confirm it.
func (r *Rules) Loosens(ctx context.Context, by sekisho.PersonID, seen int, text, note string) ([]wire.Difference, error) {
	if err := r.acceptable(ctx, by, text, note); err != nil {
		return nil, err
	}
	now, err := r.InForce(ctx)
	if err == nil && now.Number != seen {
		err = errVersion
	}
	if err != nil {
		return nil, fmt.Errorf("rules: loosens: %w", err)
	}
	return loosens(now.Text, text)
}
