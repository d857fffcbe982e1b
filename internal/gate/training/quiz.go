package training

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Begin draws a quiz, or takes up the one that is under way.
func (r *Training) Begin(ctx context.Context, by By, id sekisho.CourseID) (out wire.TrainingAttempt, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		now := r.clk.Now()
		c, err := course(ctx, tx, id)
		if err != nil {
			return err
		}
		a, found, err := openAttempt(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if found && now.Before(a.begun.Add(attemptLives)) {
			out, err = shownAttempt(ctx, tx, a)
			return err
		}
		if found {
			if err := endAttempt(ctx, tx, by, a, attemptLapsed, now, time.Time{}); err != nil {
				return err
			}
		}
		retry, err := retryAt(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if now.Before(retry) {
			return errPause
		}
		out, err = r.beginNew(ctx, tx, by, c, now)
		return err
	})
	if err != nil {
		return wire.TrainingAttempt{}, fmt.Errorf("training: begin: %w", err)
	}
	return out, nil
}

func (r *Training) beginNew(ctx context.Context, tx storage.Tx, by By, c Course, now time.Time) (out wire.TrainingAttempt, err error) {
	questions, err := pool(ctx, tx, c.ID)
	if err != nil {
		return out, err
	}
	if len(questions) < c.Draw {
		return out, errPool
	}
	a := attempt{id: sekisho.AttemptID(wire.NewID()), course: c.ID, person: by.Person, state: attemptOpen, asked: c.Draw, begun: now}
	if err := firstAsked(ctx, tx, by.Person, now); err != nil {
		return out, err
	}
	if err := insertAttempt(ctx, tx, by, a); err != nil {
		if storage.Duplicate(err) {
			return out, errChanged // begun twice at once: the page asks again and finds it
		}
		return out, err
	}
	for _, d := range draw(questions, c.Draw) {
		if err := insertDrawn(ctx, tx, a.id, d); err != nil {
			return out, err
		}
	}
	if err := r.log.Append(ctx, tx, attemptRow("training.begun", by, a, nil)); err != nil {
		return out, err
	}
	return shownAttempt(ctx, tx, a)
}

// Answer takes the answer to the next question, once, and tells its key. The
// last one ends the attempt.
func (r *Training) Answer(ctx context.Context, by By, id sekisho.AttemptID, in wire.TrainingAnswer) (out wire.TrainingAnswered, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		a, err := loadAttempt(ctx, tx, id, by)
		if err != nil {
			return err
		}
		if a.state != attemptOpen {
			return errOver
		}
		all, err := drawnOf(ctx, tx, a.id)
		if err != nil {
			return err
		}
		d, ok := next(all)
		if !ok || d.place != in.Place {
			return errAnswered
		}
		q, err := question(ctx, tx, d.question)
		if err != nil {
			return err
		}
		if !chosenFrom(in.Chosen, len(d.shown)) {
			return errAnswer
		}
		d.correct, d.at = q.grade(d.shown, in.Chosen), r.clk.Now()
		if ok, err := saveAnswer(ctx, tx, a.id, d, in.Chosen); err != nil || !ok {
			return orElse(err, errAnswered)
		}
		all[d.place] = d
		out = wire.TrainingAnswered{Correct: d.correct, Right: q.right(d.shown), Explain: q.Explain, Rule: q.Rule}
		return r.proceed(ctx, tx, by, a, all, &out)
	})
	if err != nil {
		return wire.TrainingAnswered{}, fmt.Errorf("training: answer: %w", err)
	}
	return out, nil
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// chosenFrom says whether an answer names places that were shown, each once.
func chosenFrom(chosen []int, shown int) bool {
	if len(chosen) == 0 || len(chosen) > shown {
		return false
	}
	sorted := slices.Clone(chosen)
	slices.Sort(sorted)
	return sorted[0] >= 0 && sorted[len(sorted)-1] < shown && len(slices.Compact(sorted)) == len(chosen)
}

// proceed shows the next question, or ends the attempt after the last.
func (r *Training) proceed(ctx context.Context, tx storage.Tx, by By, a attempt, all []drawn, out *wire.TrainingAnswered) error {
	if d, ok := next(all); ok {
		q, err := question(ctx, tx, d.question)
		out.Attempt = progress(a, all, q.shownAs(d.place, d.shown))
		return err
	}
	out.Attempt = progress(a, all, nil)
	c, err := course(ctx, tx, a.course)
	if err != nil {
		return err
	}
	now := r.clk.Now()
	a.correct = out.Attempt.Right
	result := wire.TrainingResult{Percent: percent(a.correct, len(all))}
	result.Passed = result.Percent >= c.PassPercent
	kind, state, until := "training.failed", attemptFailed, time.Time{}
	if result.Passed {
		until = now.AddDate(0, c.ValidMonths, 0)
		kind, state, result.Until = "training.passed", attemptPassed, &until
	} else {
		retry := now.Add(c.Pause)
		result.RetryAt = &retry
	}
	if err := endAttempt(ctx, tx, by, a, state, now, until); err != nil {
		return err
	}
	out.Result = &result
	return r.log.Append(ctx, tx, attemptRow(kind, by, a, &result))
}

func attemptRow(kind string, by By, a attempt, result *wire.TrainingResult) audit.Event {
	e := audit.Event{
		Kind: kind, Actor: operator(by), Object: audit.Object{Type: "course", ID: string(a.course)}, Session: by.Session,
		Detail: map[string]string{"attempt": string(a.id), "questions": strconv.Itoa(a.asked), "connection": string(by.Connection)},
	}
	if result != nil {
		e.Detail["right"], e.Detail["percent"] = strconv.Itoa(a.correct), strconv.Itoa(result.Percent)
	}
	return e
}

// retryAt is when the pause after the last failed attempt ends.
func retryAt(ctx context.Context, tx storage.Tx, by By, c Course) (time.Time, error) {
	failed, err := lastFailed(ctx, tx, by, c.ID)
	if err != nil || failed.IsZero() {
		return time.Time{}, err
	}
	return failed.Add(c.Pause), nil
}

// shownAttempt is an attempt at its next question.
func shownAttempt(ctx context.Context, tx storage.Tx, a attempt) (out wire.TrainingAttempt, err error) {
	all, err := drawnOf(ctx, tx, a.id)
	if err != nil {
		return out, err
	}
	d, ok := next(all)
	if !ok {
		return progress(a, all, nil), nil
	}
	q, err := question(ctx, tx, d.question)
	if err != nil {
		return out, err
	}
	return progress(a, all, q.shownAs(d.place, d.shown)), nil
}
