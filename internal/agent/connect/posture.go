package connect

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/wire"
)

// postureWithin bounds one look at the PC with its report.
const postureWithin = 20 * time.Second

// postureTold is the report that the server has, and when it was sent.
type postureTold struct {
	report wire.PostureReport
	at     time.Duration
	sent   bool
}

// due says whether a look has to be reported: it shows something else, or the
// last one grows old.
func (t postureTold) due(now wire.PostureReport, at time.Duration) bool {
	return !t.sent || at-t.at > wire.PostureEvery-inspect.LookEvery || !sameSight(t.report, now)
}

// sameSight compares what was seen, not when, and not what changes by itself.
func sameSight(a, b wire.PostureReport) bool {
	return slices.EqualFunc(a.Findings, b.Findings, func(x, y wire.PostureFinding) bool {
		return x.Check == y.Check && x.Seen == y.Seen && x.Value == y.Value && slices.Equal(x.Names, y.Names)
	}) && a.Network.Link == b.Network.Link && a.Network.Router == b.Network.Router && a.Network.Scanned == b.Network.Scanned
}

// firstPosture reports before anybody can ask for a session. What fails is said
// and tried again: the server decides what a missing report means.
func (a *Agent) firstPosture(ctx context.Context, c *connected) {
	report := a.posture(ctx, c.enrolment.Device)
	if err := a.tellPosture(ctx, c.conn, report); err == nil {
		c.told = postureTold{report, a.clock.Mono(), true}
	}
}

// followPosture looks at the PC for as long as the connection lives.
func (a *Agent) followPosture(ctx context.Context, c connection, told postureTold) {
	device := a.enrolment.Device
	a.aside(func() func() {
		for {
			select {
			case <-time.After(inspect.LookEvery):
			case <-ctx.Done():
				return nil
			}
			within, cancel := context.WithTimeout(ctx, postureWithin)
			report := a.posture(within, device)
			if at := a.clock.Mono(); told.due(report, at) && a.tellPosture(within, c, report) == nil {
				told = postureTold{report, at, true}
			}
			cancel()
		}
	})
}

func (a *Agent) tellPosture(ctx context.Context, c connection, report wire.PostureReport) error {
	s, err := c.Posture(ctx, report)
	switch {
	case err != nil && ctx.Err() == nil:
		slog.Warn("the state of this PC could not be reported", "error", err)
	case err == nil && s.Refused:
		slog.Warn("this PC is not as its policy asks", "code", s.Code)
	}
	return err
}
