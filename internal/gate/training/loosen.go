package training

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists what rules would let through that those before did not, and what
// else would change beside that.
func loosens(old, next Rules) (out []wire.Difference) {
	if old.Required != next.Required {
		out = append(out, wire.Difference{
			Field: "training.required", Before: strconv.FormatBool(old.Required), After: strconv.FormatBool(next.Required), Beside: next.Required,
		})
	}
	number := func(field string, before, after int, loosens bool) {
		if before != after {
			out = append(out, wire.Difference{Field: field, Before: strconv.Itoa(before), After: strconv.Itoa(after), Beside: !loosens})
		}
	}
	number("training.grace_days", old.GraceDays, next.GraceDays, next.GraceDays > old.GraceDays)
	number("training.remind_days", old.RemindDays, next.RemindDays, false)
	if before, after := practiceWords(old), practiceWords(next); before != after {
		loosens := old.Practice && (!next.Practice || again(next) > again(old))
		out = append(out, wire.Difference{Field: "training.practice_months", Before: before, After: after, Beside: !loosens})
	}
	return wire.Dangers(out)
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

// loosensCourse lists where a course would ask for less of people, and what else
// would change beside that. One that nobody must take asks for nothing.
func loosensCourse(old, next Course) (out []wire.Difference) {
	if old.Required != next.Required {
		out = append(out, wire.Difference{
			Field: "course.required", Before: strconv.FormatBool(old.Required), After: strconv.FormatBool(next.Required), Beside: next.Required,
		})
	}
	number := func(field string, before, after int, less bool) {
		if before != after {
			out = append(out, wire.Difference{Field: "course." + field, Before: strconv.Itoa(before), After: strconv.Itoa(after), Beside: !old.Required || !less})
		}
	}
	number("pass_percent", old.PassPercent, next.PassPercent, next.PassPercent < old.PassPercent)
	number("draw", old.Draw, next.Draw, next.Draw < old.Draw)
	number("pause_min", int(old.Pause/time.Minute), int(next.Pause/time.Minute), next.Pause < old.Pause)
	number("valid_months", old.ValidMonths, next.ValidMonths, next.ValidMonths > old.ValidMonths)
	if out = wire.Dangers(out); len(out) == 0 {
		return nil
	}
	return append(out,
		wire.Difference{Field: "course.title", Before: old.Title.JA, After: next.Title.JA, Beside: true},
		wire.Difference{Field: "course.title.en", Before: old.Title.EN, After: next.Title.EN, Beside: true})
}

// LoosensCourse says so of a course against the version that next names, which must
// be the one in force. A new course loosens nothing.
func (r *Training) LoosensCourse(ctx context.Context, next Course) ([]wire.Difference, error) {
	if err := next.valid(); err != nil || next.ID == "" {
		return nil, err
	}
	var old Course
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		old, err = course(ctx, tx, next.ID)
		return err
	})
	if err == nil && old.Version != next.Version {
		err = errChanged
	}
	if err != nil {
		return nil, fmt.Errorf("training: loosens course: %w", err)
	}
	return loosensCourse(old, next), nil
}
