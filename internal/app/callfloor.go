package app

import (
	"context"
	"log/slog"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
)

// callFloor is the telephone in the console door's words.
type callFloor struct {
	*exchange.Exchange
	*acd.ACD
	country string
}

func (f callFloor) Force(s acd.AgentState) { f.ACD.Do(s) }

func (f callFloor) Number(text string) (calls.Number, error) {
	n, _, err := calls.ParseNumber(text, f.country)
	return n, err
}

// tidyCalls ends the time of recordings, and of the log of calls, which names
// operators: it is kept as long as the audit log's personal values.
func (s *Server) tidyCalls(ctx context.Context) {
	if n, err := s.recordings.Sweep(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "recordings over their time could not be deleted", "error", err)
	} else if n > 0 {
		slog.InfoContext(ctx, "recordings over their time were deleted", "number", n)
	}
	if s.settings.Audit.PersonalDays < minPersonalDays {
		return // never set: what is deleted does not come back
	}
	before := s.clock.Now().AddDate(0, 0, -s.settings.Audit.PersonalDays)
	if n, err := s.acd.Forget(ctx, before); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "the old log of calls could not be deleted", "error", err)
	} else if n > 0 {
		slog.InfoContext(ctx, "the old log of calls was deleted", "number", n)
	}
}
