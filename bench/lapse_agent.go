package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// lapseAgent uses the agent as it ships, in a namespace of its own behind one
// cable, with a page in Chromium that opens its sessions: killed by SIGKILL, and
// with the cable's link taken down. What a dead PC sees is nothing either way:
// the end is when the gateway has left the virtual desktop.
func lapseAgent(ctx context.Context, dir string, desktop *centre.Desktop, logf func(string, ...any)) (out []Result, err error) {
	const killed, pulled = "agent killed by SIGKILL", "cable pulled: the PC's link is down"
	line, err := newCable()
	if err != nil {
		for _, cause := range []string{killed, pulled} {
			out = append(out, unmeasured("lapse_closed_ms", "ms", "lower", boundLapseMS, map[string]string{"cause": cause}, err))
		}
		logf("no PC behind a cable of its own: %v", err)
		return out, needed(err)
	}
	defer line.close()
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(dir, "agent"), Listen: cableHost})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	far, err := newRelay("127.0.0.1:" + strconv.Itoa(desktop.Port))
	if err != nil {
		return nil, err
	}
	defer far.Close()
	busy := *desktop
	busy.Port = far.Addr().(*net.TCPAddr).Port
	if err := c.Name(ctx, &busy, "業務デスクトップ 1", "operator"); err != nil {
		return nil, err
	}
	pc, err := c.Issue(ctx, centre.PCOptions{Tag: "BENCH-PC-03", Person: "operator", Policy: "demo", TPM: true, Wrap: line.wrap()})
	if err != nil {
		return nil, err
	}
	defer pc.Close()
	door, err := line.loopback(pc.Port)
	if err != nil {
		return nil, err
	}
	defer door.Close()
	page, err := openReporting(ctx, c, pc)
	if err != nil {
		return nil, err
	}
	defer page.close()
	h := &wired{cable: line, pc: pc, page: page, far: far}
	for _, way := range []struct {
		cause string
		act   func() error
	}{
		{killed, func() error { pc.Agent.Kill(); return nil }},
		{pulled, line.pull},
	} {
		var ms []float64
		for range runs("SEKISHO_BENCH_LAPSED_AGENTS", 5) {
			took, err := h.lapse(ctx, way.act)
			if err != nil {
				return out, fmt.Errorf("bench: %s: %w", way.cause, err)
			}
			ms = append(ms, took)
		}
		r := lapsed(way.cause, ms)
		out = append(out, r)
		logf("%s: over after %.0f ms at the latest, of %d", way.cause, r.Value, r.N)
	}
	return out, nil
}

// wired is one PC behind its cable.
type wired struct {
	*cable
	pc       *centre.PC
	page     *reporting
	far      *relay
	enrolled bool
}

// lapse opens a session on a fresh agent, lets it answer a nonce, acts, and
// says how long after that nonce the gateway left the desktop, in ms.
func (w *wired) lapse(ctx context.Context, act func() error) (ms float64, err error) {
	url, err := w.pc.Start(ctx)
	if w.pc.Agent == nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.restart(ctx)) }()
	// The port outside takes connections before the agent does: ask again.
	for began := time.Now(); err != nil && time.Since(began) < 10*time.Second; url, err = w.pc.Ticket(ctx) {
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return 0, err
		}
	}
	if err != nil {
		return 0, err
	}
	if err := w.page.begin(ctx, url); err != nil {
		return 0, err
	}
	if !w.enrolled {
		if err := w.page.enrol(ctx); err != nil {
			return 0, err
		}
		w.enrolled = true
	}
	var answered float64
	if err := w.page.run(ctx, "__page.work().then(() => __page.answered())", &answered); err != nil {
		return 0, err
	}
	left := w.far.gone()
	select {
	case <-left:
		return 0, errors.New("bench: the session was over before anything happened to it")
	default:
	}
	if err := act(); err != nil {
		return 0, err
	}
	select {
	case at := <-left:
		return float64(at.UnixMicro())/1000 - answered, nil
	case <-time.After(20 * time.Second):
		return 0, errors.New("bench: the gateway kept a desktop open without a lease")
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// restart switches the PC off and on: the agent is gone, its cable is in again,
// and what a killed agent left in the TPM, as no resource manager of a kernel
// would let it, is out.
func (w *wired) restart(ctx context.Context) (err error) {
	w.pc.Agent.Kill()
	w.pc.TPM.Close()
	if w.pc.TPM, err = centre.StartTPM(ctx, w.pc.Dir); err != nil {
		return err
	}
	return errors.Join(w.pc.Configure(), w.plug())
}
