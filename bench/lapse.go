package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho/internal/app"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/test/centre"
)

// boundLapseMS is six seconds after the last nonce and one tick.
const boundLapseMS = 6000 + 100

// stopped is how long a server stands still.
const stopped = 8 * time.Second

// Lapse measures when access is over once nobody answers any more: from the
// last nonce that was answered to the end of a busy desktop. With the agent as it
// ships, killed and with its cable pulled (lapse_agent.go), and with PCs that are
// only the protocol, many at once: silent, unreachable, with the server stopped
// and continued, and while the server's clock jumps by an hour.
// SEKISHO_BENCH_LAPSES sets how many of these sessions each (20),
// SEKISHO_BENCH_LAPSED_AGENTS how often each of the former (5).
func Lapse(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-lapse-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	n := runs("SEKISHO_BENCH_LAPSES", 20)
	desktop, err := centre.StartDesktop(ctx, filepath.Join(dir, "desktop"))
	if err != nil {
		return nil, err
	}
	defer desktop.Close()
	if out, err = lapseAgent(ctx, dir, desktop, logf); err != nil {
		return out, err
	}
	for _, part := range []func(context.Context, string, *centre.Desktop, int, func(string, ...any)) ([]Result, error){lapseProcess, lapseJump} {
		more, err := part(ctx, dir, desktop, n, logf)
		if out = append(out, more...); err != nil {
			return out, err
		}
	}
	return out, nil
}

// lapseProcess uses the server as it ships, in a process of its own.
func lapseProcess(ctx context.Context, dir string, desktop *centre.Desktop, n int, logf func(string, ...any)) (out []Result, err error) {
	c, fleet, err := fleetCentre(ctx, filepath.Join(dir, "process"), "bin", 3*n)
	if err != nil {
		return nil, err
	}
	if err := c.Serve(ctx); err != nil {
		return nil, err
	}
	defer c.Close()
	h, err := newLapses(ctx, c, fleet, desktop, n)
	if err != nil {
		return nil, err
	}
	defer h.close()
	for _, way := range []struct {
		cause string
		wait  func(context.Context, []*lapsing) ([]float64, error)
	}{
		{"the PC falls silent: no renewal, the tunnel stays", h.silence(func() {})},
		{"every datagram lost, both ways", h.cable},
		{"server stopped for 8 s and continued", h.stop},
	} {
		r, err := h.measure(ctx, way.cause, way.wait)
		if err != nil {
			return out, fmt.Errorf("bench: %s: %w", way.cause, err)
		}
		out = append(out, r)
		logf("%s: over after %.0f ms at the latest, of %d", way.cause, r.Value, r.N)
	}
	return out, nil
}

// jumping is the machine's clock with a wall clock that can be put forward and back.
type jumping struct {
	clock.Clock
	by atomic.Int64
}

func (j *jumping) Now() time.Time { return j.Clock.Now().Add(time.Duration(j.by.Load())) }

// lapseJump runs the server inside this process, on a clock that jumps.
func lapseJump(ctx context.Context, dir string, desktop *centre.Desktop, n int, logf func(string, ...any)) (out []Result, err error) {
	c, fleet, err := fleetCentre(ctx, filepath.Join(dir, "jump"), "bin", 2*n)
	if err != nil {
		return nil, err
	}
	set, err := app.LoadSettings(c.Config, true)
	if err != nil {
		return nil, err
	}
	clk := &jumping{Clock: clock.System()}
	run, stop := context.WithCancel(ctx)
	srv, err := app.Open(run, set, clk)
	if err != nil {
		stop()
		return nil, err
	}
	defer func() { stop(); err = errors.Join(err, srv.Wait(context.WithoutCancel(ctx))) }()
	c.Addresses = centre.Addresses(srv.Addresses)
	h, err := newLapses(ctx, c, fleet, desktop, n)
	if err != nil {
		return nil, err
	}
	defer h.close()
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		cause := fmt.Sprintf("the PC falls silent and the server's clock jumps by %+d h", int(by.Hours()))
		r, err := h.measure(ctx, cause, h.silence(func() { clk.by.Store(int64(by)) }))
		clk.by.Store(0)
		if err != nil {
			return out, fmt.Errorf("bench: %s: %w", cause, err)
		}
		out = append(out, r)
		logf("%s: over after %.0f ms at the latest, of %d", cause, r.Value, r.N)
	}
	return out, nil
}
