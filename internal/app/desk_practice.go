package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/wire"
)

// deskPractice speaks of the practice work in the desk door's words.
type deskPractice struct{ h *House }

func (t deskPractice) Practice(ctx context.Context, c desk.Caller) (wire.Practice, error) {
	return t.h.training.Practice(ctx, t.h.trainee(ctx, c))
}

func (t deskPractice) BeginPractice(ctx context.Context, c desk.Caller, id sekisho.ScenarioID) (wire.PracticeRun, error) {
	return t.h.training.BeginPractice(ctx, t.h.trainee(ctx, c), id)
}

func (t deskPractice) Choose(ctx context.Context, c desk.Caller, id sekisho.PracticeID, in wire.PracticeChoice) (wire.PracticeChosen, error) {
	return t.h.training.Choose(ctx, t.h.trainee(ctx, c), id, in)
}
