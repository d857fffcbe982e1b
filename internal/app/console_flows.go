package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
)

// flowRooms are call flows for the console, with the queues that they may name.
type flowRooms struct {
	*ivr.IVR
	acd *acd.ACD
}

func (f flowRooms) QueuesOf(ctx context.Context, c sekisho.ClientID) ([]console.FlowTargetView, error) {
	all, err := f.acd.List(ctx)
	out := []console.FlowTargetView{}
	for _, q := range all {
		if q.Client == c && !q.Retired {
			out = append(out, console.FlowTargetView{ID: string(q.ID), Name: q.Name})
		}
	}
	return out, err
}
