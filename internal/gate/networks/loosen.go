package networks

import (
	"context"
	"net/netip"
	"slices"

	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what a list of ranges would let in that the one before did not,
// and what it no longer lets in beside that. A range counts as let in before where one of the old ranges holds all of it; two
// that hold it only together are not looked for.
func loosens(old, next []netip.Prefix) (out []wire.Difference) {
	if len(old) == 0 {
		return nil // everywhere, as before or less
	}
	if len(next) == 0 {
		return []wire.Difference{{Field: "network.everywhere", Before: "false", After: "true"}}
	}
	for _, p := range next {
		held := slices.ContainsFunc(old, func(o netip.Prefix) bool { return o.Bits() <= p.Bits() && o.Contains(p.Addr()) })
		if !held {
			out = append(out, wire.Difference{Field: "network.range", Object: p.String(), Before: "false", After: "true"})
		}
	}
	for _, o := range old {
		if !slices.Contains(next, o) {
			out = append(out, wire.Difference{Field: "network.range", Object: o.String(), Before: "true", After: "false", Beside: true})
		}
	}
	return wire.Dangers(out)
}

// Loosens says so of a list against the one in force, which must be the version
// that was seen: what is judged is what Put replaces.
func (r *Networks) Loosens(ctx context.Context, door Door, seen int, texts []string) ([]wire.Difference, error) {
	next, err := Parse(texts)
	if err != nil {
		return nil, err
	}
	old, err := r.Get(ctx, door)
	if err == nil && old.Version != seen {
		err = errVersion
	}
	if err != nil {
		return nil, err
	}
	return loosens(old.Ranges, next), nil
}
