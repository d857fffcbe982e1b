package console_test

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/wire"
)

// asking, others, confirmedBy and receipts join the rooms as the wiring does.
type asking struct{ *approvals.Approvals }

func (v asking) Waiting(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (witnesses.Question, error) {
	q, err := v.Watchable(ctx, tx, id)
	return witnesses.Question{ID: q.ID, Seat: witnesses.Seat{Person: q.Person, Device: q.Device, Connection: q.Connection}}, err
}

func (v asking) Answer(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ApprovalID, yes bool) error {
	return v.Watched(ctx, tx, by, id, yes)
}

type others struct{ c *centre }

func (v others) Another(ctx context.Context, tx storage.Tx, witness sekisho.PersonID, s witnesses.Seat) (sekisho.IncidentID, error) {
	return v.c.presence.Another(ctx, tx, witness, s.Person, s.Device, s.Connection)
}

type confirmedBy struct{ c *centre }

func (v confirmedBy) Seen(ctx context.Context, tx storage.Tx, by faces.By, e wire.FaceEnrolment) error {
	return v.c.witnesses.Seen(ctx, tx, witnesses.Seat{Person: by.Person, Device: by.Device, Connection: by.Connection}, e.Approval,
		witnesses.Enrolment{Commitment: e.Commitment, Model: e.Model, Picture: e.Picture})
}

type receipts struct {
	*witnesses.Witnesses
	log *audit.Log
}

func (v receipts) ReceiptOf(ctx context.Context, d sekisho.DeviceID) (*audit.Entry, error) {
	found, err := v.log.Search(ctx, audit.Filter{Object: string(d), Kinds: []string{"device.received"}, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
