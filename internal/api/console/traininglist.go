package console

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/training"
)

type trainingList struct {
	Paging
	Sort  string `query:"sort" enum:"name,state,due" doc:"without it the worst come first"`
	State string `query:"state" enum:"done,soon,grace,overdue"`
}

// trainedRow is an operator before the page is cut.
type trainedRow struct {
	operators.Outline
	standing training.Standing
	state    int // in needStates
	due      time.Time
}

// needStates are the states of training, the worst last.
var needStates = []string{string(training.StateDone), string(training.StateSoon), string(training.StateGrace), string(training.StateOverdue)}

var trainingListing = listing[trainedRow]{
	texts: func(r *trainedRow) []string { return []string{r.Name, r.Kana, r.Login} },
	parts: needStates,
	in:    func(r *trainedRow, state string) bool { return needStates[r.state] == state },
	orders: map[string]func(a, b *trainedRow) int{
		"":      func(a, b *trainedRow) int { return cmp.Compare(b.state, a.state) },
		"name":  func(a, b *trainedRow) int { return byReading(a.Outline, b.Outline) },
		"state": func(a, b *trainedRow) int { return cmp.Compare(a.state, b.state) },
		"due":   func(a, b *trainedRow) int { return cmp.Or(last(a.due.IsZero(), b.due.IsZero()), a.due.Compare(b.due)) },
	},
}

func byReading(a, b operators.Outline) int {
	return cmp.Compare(cmp.Or(a.Kana, a.Name), cmp.Or(b.Kana, b.Name))
}

// trainingOfAll lists active operators: only they are asked.
func (d *Door) trainingOfAll(ctx context.Context, in *trainingList) (*answer[TrainingView], error) {
	rules, err := d.training.Rules(ctx)
	if err != nil {
		return nil, err
	}
	now := d.clk.Now()
	rows, err := d.trainedRows(ctx, now)
	if err != nil {
		return nil, err
	}
	if in.Sort == "" {
		in.Desc = false // the worst come first, always
	}
	shown, page := trainingListing.page(in.Paging, in.State, in.Sort, rows)
	out := TrainingView{Now: now, Rules: rulesView(rules), Page: page, People: make([]TrainedPersonView, 0, len(shown))}
	for _, r := range shown {
		one := TrainedPersonView{Person: r.ID, Name: r.Name, Kana: r.Kana}
		one.fill(r.standing, now)
		out.People = append(out.People, one)
	}
	return reply(out, nil)
}

// dueOf is from when somebody is refused; zero while nothing is open, or before he was first asked.
func dueOf(s training.Standing, now time.Time) time.Time {
	if n, due := s.Open(now); n > 0 && !s.Since.IsZero() {
		return due
	}
	return time.Time{}
}

// trainedRows reads the people and what they have done at the same time: of a
// centre of 10,000 each is half of the work.
func (d *Door) trainedRows(ctx context.Context, now time.Time) ([]trainedRow, error) {
	var of func(sekisho.PersonID) training.Standing
	var unread error
	var reading sync.WaitGroup
	reading.Go(func() { of, unread = d.training.Everybody(ctx) })
	people, err := d.people.Outlines(ctx)
	reading.Wait()
	if err = errors.Join(err, unread); err != nil {
		return nil, err
	}
	rows := make([]trainedRow, 0, len(people))
	for _, p := range people {
		if p.Has(sekisho.RoleOperator) {
			s := of(p.ID)
			rows = append(rows, trainedRow{Outline: p, standing: s, state: slices.Index(needStates, string(s.State(now))), due: dueOf(s, now)})
		}
	}
	return rows, nil
}
