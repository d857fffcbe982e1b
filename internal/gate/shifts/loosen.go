package shifts

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists where rules would no longer bind sessions, or bind them less, and
// what else would change beside that. Other times of grace and another zone loosen
// nothing where nothing was bound.
func loosens(old, next Rules) (out []wire.Difference) {
	bound := old.Home || old.Office
	add := func(field string, loosens bool, a, b any) {
		if a != b {
			out = append(out, wire.Difference{Field: "shifts." + field, Before: fmt.Sprint(a), After: fmt.Sprint(b), Beside: !loosens})
		}
	}
	add("home", old.Home, old.Home, next.Home)
	add("office", old.Office, old.Office, next.Office)
	add("before", bound && next.Before > old.Before, old.Before, next.Before)
	add("after", bound && next.After > old.After, old.After, next.After)
	add("zone", bound, old.Zone, next.Zone)
	return wire.Dangers(out)
}

// Loosens says so of rules against those in force, which must be the version that
// next names: what is judged is what SetRules replaces.
func (r *Shifts) Loosens(ctx context.Context, next Rules) ([]wire.Difference, error) {
	if err := next.valid(); err != nil {
		return nil, err
	}
	old, err := r.Rules(ctx)
	if err == nil && old.Version != next.Version {
		err = errVersion
	}
	if err != nil {
		return nil, err
	}
	return loosens(old, next), nil
}
