package readiness

import (
	"context"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho/internal/wire"
)

// loosens lists where a self-check would ask for less, and what else would change
// beside that. A question with other words is another question.
func loosens(old, next Rules) (out []wire.Difference) {
	photos := []string{PhotoNone, PhotoOptional, PhotoRequired}
	if old.Photo != next.Photo {
		less := slices.Index(photos, next.Photo) < slices.Index(photos, old.Photo)
		out = append(out, wire.Difference{Field: "room.photo", Before: old.Photo, After: next.Photo, Beside: !less})
	}
	number := func(field string, before, after int, less bool) {
		if before != after {
			out = append(out, wire.Difference{Field: "room." + field, Before: strconv.Itoa(before), After: strconv.Itoa(after), Beside: !less})
		}
	}
	number("valid_months", old.ValidMonths, next.ValidMonths, next.ValidMonths > old.ValidMonths)
	number("late_days", old.LateDays, next.LateDays, next.LateDays > old.LateDays)
	number("keep_days", old.KeepDays, next.KeepDays, next.KeepDays > old.KeepDays) // a picture of a home
	for _, q := range old.Questions {
		now, kept := question(next.Questions, q.ID)
		switch {
		case !kept:
			out = append(out, wire.Difference{Field: "room.question", Object: q.ID, Before: inWords(q), Beside: false})
		case now != q:
			out = append(out, wire.Difference{Field: "room.question", Object: q.ID, Before: inWords(q), After: inWords(now), Beside: now.Text == q.Text && now.Needed})
		}
	}
	for _, q := range next.Questions {
		if _, had := question(old.Questions, q.ID); !had {
			out = append(out, wire.Difference{Field: "room.question", Object: q.ID, After: inWords(q), Beside: true})
		}
	}
	return wire.Dangers(out)
}

func question(list []wire.RoomQuestion, id string) (wire.RoomQuestion, bool) {
	at := slices.IndexFunc(list, func(q wire.RoomQuestion) bool { return q.ID == id })
	if at < 0 {
		return wire.RoomQuestion{}, false
	}
	return list[at], true
}

// inWords is a question as whoever confirms reads it, in both languages, with a
// mark where "no" leaves the room unfit.
func inWords(q wire.RoomQuestion) string {
	text := q.Text.JA + "\n" + q.Text.EN
	if q.Needed {
		text = "★ " + text
	}
	return text
}

// Loosens says so of rules against those in force, which must be the version that
// next names: what is judged is what SetRules replaces.
func (r *Readiness) Loosens(ctx context.Context, next Rules) ([]wire.Difference, error) {
	if err := next.Check(); err != nil {
		return nil, err
	}
	old, err := r.Rules(ctx)
	if err == nil && old.Version != next.Version {
		err = errChanged
	}
	if err != nil {
		return nil, err
	}
	return loosens(old, next), nil
}
