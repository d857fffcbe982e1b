package training

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Practice lists the scenarios, and how far the caller is with them.
func (r *Training) Practice(ctx context.Context, by By) (out wire.Practice, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		s, err := standingOf(ctx, tx, by, now)
		if err != nil {
			return err
		}
		list, err := scenarios(ctx, tx)
		if err != nil {
			return err
		}
		done, err := practisedHere(ctx, tx, by)
		if err != nil {
			return err
		}
		open, err := openRuns(ctx, tx, by.Person)
		if err != nil {
			return err
		}
		out = wire.Practice{Scenarios: make([]wire.PracticeScenario, 0, len(list))}
		for _, n := range s.Needs {
			if n.Practice {
				out.Asked, out.Done, out.Soon = true, !n.Done.IsZero(), n.State(s.Rules, now) == StateSoon
				out.Until, out.Due = moment(n.Until), moment(n.Due)
			}
		}
		for _, sc := range list {
			out.Scenarios = append(out.Scenarios, wire.PracticeScenario{
				ID: sc.ID, Title: sc.Title, About: sc.About, Turns: len(sc.Turns), Done: moment(done[sc.ID]), Open: open[sc.ID],
			})
		}
		return nil
	})
	if err != nil {
		return wire.Practice{}, fmt.Errorf("training: practice: %w", err)
	}
	return out, nil
}

// BeginPractice begins a scenario, or takes up the run that is under way.
func (r *Training) BeginPractice(ctx context.Context, by By, id sekisho.ScenarioID) (out wire.PracticeRun, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		now := r.clk.Now()
		sc, err := scenario(ctx, tx, id)
		if err != nil {
			return err
		}
		was, found, err := openRun(ctx, tx, by.Person, id)
		if err != nil {
			return err
		}
		if found && was.version == sc.Version && now.Before(was.begun.Add(attemptLives)) {
			out = sc.shownTo(was)
			return nil
		}
		if found {
			step := was.step
			was.state, was.ended = attemptLapsed, now
			if _, err := saveRun(ctx, tx, by, was, step); err != nil {
				return err
			}
		}
		n, err := runsSince(ctx, tx, by.Person, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if n >= maxRunsPerDay {
			return errPracticeOften
		}
		next := sc.begin(by.Person, now)
		if err := insertRun(ctx, tx, by, next); err != nil {
			return orChanged(err) // begun twice at once: the page asks again and finds it
		}
		out = sc.shownTo(next)
		return r.log.Append(ctx, tx, practiceRow("practice.begun", by, next))
	})
	if err != nil {
		return wire.PracticeRun{}, fmt.Errorf("training: begin practice: %w", err)
	}
	return out, nil
}

// Choose takes a choice in the turn that was seen, and says whether it was right
// and why. The last right one ends the run.
func (r *Training) Choose(ctx context.Context, by By, id sekisho.PracticeID, in wire.PracticeChoice) (out wire.PracticeChosen, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		was, err := loadRun(ctx, tx, id, by.Person)
		if err != nil {
			return err
		}
		if was.state != attemptOpen {
			return errPracticeOver
		}
		if was.step != in.Step {
			return errPracticeStep
		}
		sc, err := scenarioAt(ctx, tx, was.scenario, was.version)
		if err != nil {
			return err
		}
		c, next, ok := sc.choose(was, in.Chosen, r.clk.Now())
		if !ok {
			return errPracticeChoice
		}
		if ok, err := saveRun(ctx, tx, by, next, was.step); err != nil || !ok {
			return orElse(err, errPracticeStep)
		}
		out = wire.PracticeChosen{Right: c.Right, Why: c.Why, Rule: c.Rule, Run: sc.shownTo(next)}
		if next.state != practiceDone {
			return nil
		}
		out.Done = moment(next.ended)
		if err := firstAsked(ctx, tx, by.Person, next.ended); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, practiceRow("practice.done", by, next))
	})
	if err != nil {
		return wire.PracticeChosen{}, fmt.Errorf("training: choose: %w", err)
	}
	return out, nil
}

// practiceRow tells that somebody practised; how well is his own affair.
func practiceRow(kind string, by By, n run) audit.Event {
	return audit.Event{
		Kind: kind, Actor: operator(by), Object: audit.Object{Type: "scenario", ID: string(n.scenario)}, Session: by.Session,
		Detail: map[string]string{"version": strconv.Itoa(n.version), "connection": string(by.Connection)},
	}
}
