package app

import (
	"context"
	"log/slog"
	"time"
)

// tidyDaily does at the start, and then once a day, what walks through all that
// is kept. What it cannot do it says, and tries again the next day.
func (s *Server) tidyDaily(ctx context.Context) error {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		s.erasePersonal(ctx)
		s.forgetEnded(ctx)
		s.tidyWitnesses(ctx)
		s.tidyCarried(ctx)
		s.tidyCalls(ctx)
		if n, err := s.evidence.Collect(ctx, s.faces.Names); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "blobs without a row could not be collected", "error", err)
		} else if n > 0 {
			slog.WarnContext(ctx, "blobs without a row were deleted", "number", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// erasePersonal ends the time of the audit log's personal values.
func (s *Server) erasePersonal(ctx context.Context) {
	if s.settings.Audit.PersonalDays < minPersonalDays {
		return // never set: what is erased does not come back
	}
	before := s.clock.Now().AddDate(0, 0, -s.settings.Audit.PersonalDays)
	if n, err := s.log.EraseBefore(ctx, before); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "personal values of the audit log could not be erased", "error", err)
	} else if n > 0 {
		slog.InfoContext(ctx, "personal values of the audit log were erased", "number", n)
	}
}
