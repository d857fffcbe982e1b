package training

import (
	"context"
	"strconv"

	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what rules would let through that those before did not.
func loosens(old, next Rules) (out []wire.Difference) {
	if old.Required && !next.Required {
		out = append(out, wire.Difference{Field: "training.required", Before: "true", After: "false"})
	}
	if next.GraceDays > old.GraceDays {
		out = append(out, wire.Difference{Field: "training.grace_days", Before: strconv.Itoa(old.GraceDays), After: strconv.Itoa(next.GraceDays)})
	}
	if old.Practice && (!next.Practice || again(next) > again(old)) {
		out = append(out, wire.Difference{Field: "training.practice_months", Before: practiceWords(old), After: practiceWords(next)})
	}
	return out
}

// again is how many months a practice holds; once for all is longer than any.
func again(r Rules) int {
	if r.PracticeMonths == 0 {
		return 1 << 20
	}
	return r.PracticeMonths
}

func practiceWords(r Rules) string {
	if !r.Practice {
		return "-"
	}
	return strconv.Itoa(r.PracticeMonths)
}

// Loosens says so of rules against those in force, which must be the version that
// next names: what is judged is what SetRules replaces.
func (r *Training) Loosens(ctx context.Context, next Rules) ([]wire.Difference, error) {
	old, err := r.Rules(ctx)
	if err == nil && old.Version != next.Version {
		err = errChanged
	}
	if err != nil {
		return nil, err
	}
	return loosens(old, next), nil
}
