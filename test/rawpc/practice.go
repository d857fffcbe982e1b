package rawpc

import (
	"context"
	"errors"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Practice lists the scenarios of the practice work.
func (c *Connection) Practice(ctx context.Context) (p wire.Practice, err error) {
	return p, c.Call(ctx, http.MethodGet, "training/practice", nil, &p)
}

// BeginPractice begins a scenario, or takes up the run under way.
func (c *Connection) BeginPractice(ctx context.Context, id sekisho.ScenarioID) (r wire.PracticeRun, err error) {
	return r, c.Call(ctx, http.MethodPost, "training/practice/"+string(id)+"/runs", struct{}{}, &r)
}

// Choose sends a choice as it is given: a drill lies in it.
func (c *Connection) Choose(ctx context.Context, id sekisho.PracticeID, in any) (out wire.PracticeChosen, err error) {
	return out, c.Call(ctx, http.MethodPost, "training/practice-runs/"+string(id)+"/choices", in, &out)
}

// Practise goes through a scenario to its end, trying each turn's choices until
// one is right.
func (c *Connection) Practise(ctx context.Context, id sekisho.ScenarioID) error {
	run, err := c.BeginPractice(ctx, id)
	if err != nil {
		return err
	}
	for place := 0; run.Turn != nil && place < len(run.Turn.Choices); {
		out, err := c.Choose(ctx, run.ID, wire.PracticeChoice{Step: run.Turn.Step, Chosen: place})
		switch {
		case err != nil:
			return err
		case out.Done != nil:
			return nil
		case out.Right:
			place = 0
		default:
			place++
		}
		run = out.Run
	}
	return errors.New("rawpc: a scenario without an end")
}
