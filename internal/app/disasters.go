package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/disasters"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// disastersOf makes disaster mode, and lets the access policies ask it.
func (h *House) disastersOf() *disasters.Disasters {
	d := disasters.New(h.db, h.clock, h.log, h.rules)
	h.rules.WidenBy(func(ctx context.Context, tx storage.Tx) (rules.Widening, error) {
		now, err := d.NowIn(ctx, tx)
		return rules.Widening{ID: string(now.ID), Text: now.Text}, err
	})
	return d
}

// disasterEvery is how soon what another node declared or ended is noticed here.
const disasterEvery = 15 * time.Second

// disasterEnds asks everything that is open again when disaster mode is over, and
// writes that down.
func (s *Server) disasterEnds(ctx context.Context) error {
	changed := make(chan struct{}, 1)
	s.disasters.OnChange(func() {
		select {
		case changed <- struct{}{}:
		default: // it will look anyway
		}
	})
	for {
		next, err := s.disasters.Settle(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "the end of disaster mode is not written down", "error", err)
		}
		wait := disasterEvery
		if left := next.Sub(s.clock.Now()); !next.IsZero() && left < wait {
			wait = max(left, time.Millisecond)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-time.After(wait):
		}
	}
}
