package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// deskTraining speaks of training in the desk door's words.
type deskTraining struct{ h *House }

// trainee is a caller as the room of training knows people.
func (h *House) trainee(ctx context.Context, c desk.Caller) training.By {
	by := training.By{Connection: c.Connection, Device: c.Device, Person: c.Person, LeaseKey: c.LeaseKey}
	if s, ok := h.book.Connection(c.Connection); ok && s.Live {
		by.Session, by.Class = s.Session.ID, s.Session.Class
	}
	by.Shared = h.proved(ctx, c) != nil // what cannot be read counts for less
	return by
}

func (t deskTraining) Open(ctx context.Context, c desk.Caller) (bool, error) {
	due, _, err := t.h.training.Due(ctx, t.h.trainee(ctx, c))
	return err == nil && due.Open > 0, err
}

func (t deskTraining) Overview(ctx context.Context, c desk.Caller) (wire.Training, error) {
	return t.h.training.Overview(ctx, t.h.trainee(ctx, c))
}

func (t deskTraining) Begin(ctx context.Context, c desk.Caller, id sekisho.CourseID) (wire.TrainingAttempt, error) {
	return t.h.training.Begin(ctx, t.h.trainee(ctx, c), id)
}

func (t deskTraining) Answer(ctx context.Context, c desk.Caller, id sekisho.AttemptID, a wire.TrainingAnswer) (wire.TrainingAnswered, error) {
	return t.h.training.Answer(ctx, t.h.trainee(ctx, c), id, a)
}

func (t deskTraining) Document(ctx context.Context, c desk.Caller, id sekisho.DocumentID) (wire.RuleDocument, error) {
	return t.h.training.Read(ctx, t.h.trainee(ctx, c), id)
}

func (t deskTraining) Acknowledge(ctx context.Context, c desk.Caller, s wire.Signed) error {
	return t.h.training.Acknowledge(ctx, t.h.trainee(ctx, c), s)
}
