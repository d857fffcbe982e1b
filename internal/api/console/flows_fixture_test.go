package console_test

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// flowRooms are call flows with one queue for every client company.
type flowRooms struct{ *ivr.IVR }

func (flowRooms) QueuesOf(_ context.Context, c sekisho.ClientID) ([]console.FlowTargetView, error) {
	return []console.FlowTargetView{{ID: "queue-" + string(c), Name: "受付"}}, nil
}

// flowHouse answers what flows ask of others, as the wiring does.
type flowHouse struct{ c *centre }

func (f flowHouse) Client(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (bool, error) {
	return f.c.clients.Goes(ctx, tx, id)
}

func (f flowHouse) Queue(ctx context.Context, tx storage.Tx, c sekisho.ClientID, q sekisho.QueueID) (bool, error) {
	if string(q) == "queue-"+string(c) {
		return true, nil
	}
	return f.c.queues.Owned(ctx, tx, c, q)
}

func (flowHouse) MayDial(_ context.Context, _ storage.Tx, _ sekisho.ClientID, n calls.Number) (bool, error) {
	return n == "+81312345678", nil
}
