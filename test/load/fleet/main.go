// Command fleet is the generator of the lease benchmark, a process of its own
// so that it can be pinned to another core than the server's: it logs a fleet
// in, renews every lease for a while, and holds flows until the server closes
// them. It tells each step as one JSON object on its standard output.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/load"
)

// said is one step. Times of the day are nanoseconds since 1970: generator and
// benchmark run on one machine.
type said struct {
	Phase   string  `json:"phase"`
	N       int     `json:"n"`
	Seconds float64 `json:"seconds,omitempty"`
	Took    []int64 `json:"took_us,omitempty"` // of renewals, or of logins
	Ended   []int64 `json:"ended_ns,omitempty"`
	Resent  int64   `json:"resent,omitempty"`
	Closed  int64   `json:"closed,omitempty"`
}

type options struct {
	file, agents         string
	peers, logins, close int
	atOnce               int
	renew                time.Duration
}

// fillAtOnce is how many PCs of the fill log in at a time: the fill is not
// measured, and is not to be what wears the server down.
const fillAtOnce = 2

func main() {
	var o options
	flag.StringVar(&o.file, "file", "", "file that sekisho demo --fleet wrote")
	flag.StringVar(&o.agents, "agents", "", "host:port of the agents' door")
	flag.IntVar(&o.peers, "peers", 200, "how many PCs log in")
	flag.IntVar(&o.logins, "logins", 300, "how many of them log in at the end, timed, while the others renew")
	flag.IntVar(&o.close, "close", 1000, "how many sessions hold a flow until they are closed from outside")
	flag.IntVar(&o.atOnce, "at-once", 16, "timed logins under way at a time")
	flag.DurationVar(&o.renew, "renew", 30*time.Second, "how long renewals are measured")
	flag.Parse()
	// No collection before 12 GiB. One takes this core for seconds at ten thousand
	// PCs, and empties every device's pool of 64 KiB buffers: answers are late, the
	// server repeats its nonces, and the generator measures itself. Real PCs do not
	// share a heap.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(12 << 30)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func tell(s said) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(b))
	return err
}

// fleet is the run: the PCs, what their renewals came to, which sessions ended.
type fleet struct {
	options
	*load.Fleet
	tally load.Tally

	mu    sync.Mutex
	ended []int64
}

func run(ctx context.Context, o options) error {
	pcs, err := load.Load(o.file, o.agents, o.peers)
	if err != nil {
		return err
	}
	f := &fleet{options: o, Fleet: pcs}
	o.logins = min(o.logins, o.peers)
	many, last := pcs.PCs[:o.peers-o.logins], pcs.PCs[o.peers-o.logins:]
	if err := f.login(ctx, "filled", fillAtOnce, many); err != nil {
		return err
	}
	if err := f.login(ctx, "logins", o.atOnce, last); err != nil {
		return err
	}
	if err := f.measure(ctx); err != nil {
		return err
	}
	return f.hold(ctx) // and the process ends with all its tunnels: tidying ten thousand takes longer than exiting
}

// login brings PCs to work; each renews from the moment it has its session.
func (f *fleet) login(ctx context.Context, phase string, atOnce int, pcs []*load.PC) error {
	began := time.Now()
	var mu sync.Mutex
	var took []int64
	err := load.Each(ctx, pcs, atOnce, func(ctx context.Context, p *load.PC) error {
		at := time.Now()
		if err := p.Login(ctx); err != nil {
			return err
		}
		mu.Lock()
		took = append(took, time.Since(at).Microseconds())
		n := len(took)
		mu.Unlock()
		if n%500 == 0 {
			fmt.Fprintf(os.Stderr, "%s: %d of %d after %.0f s\n", phase, n, len(pcs), time.Since(began).Seconds())
		}
		return p.Renew(&f.tally, func(time.Time) {})
	})
	if err != nil {
		return err
	}
	return tell(said{Phase: phase, N: len(pcs), Seconds: time.Since(began).Seconds(), Took: took})
}

// measure counts renewals for a while, once every lease has been renewed in peace.
func (f *fleet) measure(ctx context.Context) error {
	if err := sleep(ctx, 2*wire.NonceEvery); err != nil {
		return err
	}
	if err := tell(said{Phase: "renewing", N: len(f.PCs)}); err != nil {
		return err
	}
	resent := f.tally.Resent.Load()
	f.tally.Count(true)
	if err := sleep(ctx, f.renew); err != nil {
		return err
	}
	f.tally.Count(false)
	var us []int64
	for _, d := range f.tally.Took() {
		us = append(us, d.Microseconds())
	}
	return tell(said{Phase: "renewed", N: len(f.PCs), Seconds: f.renew.Seconds(), Took: us, Resent: f.tally.Resent.Load() - resent, Closed: f.tally.Closed.Load()})
}

// hold keeps a flow of some sessions until somebody else has ended them all.
func (f *fleet) hold(ctx context.Context) error {
	pcs := f.PCs[:min(f.close, len(f.PCs))]
	var open sync.WaitGroup
	open.Add(len(pcs))
	err := load.Each(ctx, pcs, f.atOnce, func(ctx context.Context, p *load.PC) error {
		return p.Hold(ctx, func(at time.Time) {
			f.mu.Lock()
			f.ended = append(f.ended, at.UnixNano())
			f.mu.Unlock()
			open.Done()
		})
	})
	if err != nil {
		return err
	}
	if err := tell(said{Phase: "holding", N: len(pcs)}); err != nil {
		return err
	}
	all := make(chan struct{})
	go func() { open.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(time.Minute): // what has not ended by now is missing from the list
	case <-ctx.Done():
		return ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return tell(said{Phase: "ended", N: len(pcs), Ended: f.ended})
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
