package training

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Due says how much the caller has still to do. It also says whether he is refused for it.
func (r *Training) Due(ctx context.Context, by By) (out wire.TrainingDue, refused bool, err error) {
	s, err := r.Standing(ctx, by)
	if err != nil {
		return out, true, err
	}
	now := r.clk.Now()
	n, due := s.Open(now)
	out.Open = n
	if s.Rules.Required && n > 0 {
		out.Due = moment(due)
	}
	return out, s.Refused(now), nil
}

// Overview is everything that is asked of the caller, and how far he is.
func (r *Training) Overview(ctx context.Context, by By) (out wire.Training, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		s, err := standingOf(ctx, tx, by, now)
		if err != nil {
			return err
		}
		out = wire.Training{Courses: []wire.TrainingCourse{}, Documents: []wire.TrainingDocument{}}
		for _, n := range s.Needs {
			if n.Course == "" {
				continue
			}
			c, err := overviewCourse(ctx, tx, by, s.Rules, n, now)
			if err != nil {
				return err
			}
			out.Courses = append(out.Courses, c)
		}
		docs, err := documents(ctx, tx)
		for _, d := range docs {
			out.Documents = append(out.Documents, listed(d, s))
		}
		return err
	})
	if err != nil {
		return wire.Training{}, fmt.Errorf("training: overview: %w", err)
	}
	return out, nil
}

func overviewCourse(ctx context.Context, tx storage.Tx, by By, rules Rules, n Need, now time.Time) (out wire.TrainingCourse, err error) {
	c, err := course(ctx, tx, n.Course)
	if err != nil {
		return out, err
	}
	state := n.State(rules, now)
	out = wire.TrainingCourse{
		ID: c.ID, Title: c.Title, Questions: c.Draw, PassPercent: c.PassPercent, PauseS: int(c.Pause / time.Second),
		Done: !n.Done.IsZero(), Soon: state == StateSoon, Until: moment(n.Until), Due: moment(n.Due),
	}
	if by.apart() != "" { // a name alone shows what is asked, and not when he did what
		out.Soon, out.Until, out.Due = false, nil, nil
	}
	retry, err := retryAt(ctx, tx, by, c)
	if err != nil {
		return out, err
	}
	if now.Before(retry) {
		out.RetryAt = &retry
	}
	a, found, err := openAttempt(ctx, tx, by, c.ID)
	if err != nil || !found || !now.Before(a.begun.Add(attemptLives)) {
		return out, err
	}
	shown, err := shownAttempt(ctx, tx, a)
	out.Attempt = &shown
	return out, err
}

// listed is a document as a list shows it to one person.
func listed(d Document, s Standing) wire.TrainingDocument {
	out := wire.TrainingDocument{ID: d.ID, Level: d.Level, Title: d.Title, Version: d.Version.Version, Required: d.Required}
	for _, n := range s.Needs {
		if n.Document == d.ID {
			out.Done, out.Due = moment(n.Done), moment(n.Due)
		}
	}
	return out
}

// moment is a time for a page; one that is not known is null.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
