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
