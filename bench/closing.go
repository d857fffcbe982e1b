package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/sekisho/sekisho/test/centre"
)

// closers are the PCs whose sessions are opened and closed, side by side: the
// desk's door lets each of them act only so often.
const closers = 4

// Closing measures how long a busy desktop's stream still speaks in the browser
// once the agent is told what makes the verdict, each time in a fresh session: so
// often that a p99 can be shown. The page reports features instead of measuring a camera, which would
// take ten times as long, and the verdict is a break, which leaves no incident;
// onlookers before the desk's own page are measured by Seat.
// SEKISHO_BENCH_CLOSINGS sets how often.
func Closing(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-closing-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(dir, "centre")})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	desktop, err := centre.StartDesktop(ctx, filepath.Join(dir, "desktop"))
	if err != nil {
		return nil, err
	}
	defer desktop.Close()
	logins, err := moreOperators(ctx, c, closers)
	if err != nil {
		return nil, err
	}
	if err := c.Name(ctx, desktop, "業務デスクトップ 1", logins...); err != nil {
		return nil, err
	}
	var (
		n      = runs("SEKISHO_BENCH_CLOSINGS", runsFor(0.99))
		mu     sync.Mutex
		ms     []float64
		failed error
		all    sync.WaitGroup
	)
	for i, login := range logins {
		share := n*(i+1)/closers - n*i/closers
		all.Go(func() {
			err := closeOften(ctx, c, login, share, func(took float64) {
				mu.Lock()
				defer mu.Unlock()
				if ms = append(ms, took); len(ms)%40 == 0 {
					logf("%d of %d busy flows closed", len(ms), n)
				}
			})
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
		})
	}
	all.Wait()
	if failed != nil {
		return nil, failed
	}
	labels := func() map[string]string {
		return map[string]string{"from": "what makes the verdict leaves the page", "to": "last message of a busy desktop in Chromium", "cause": "break", "page": "reports an invented face's features"}
	}
	out = []Result{promised("flows_closed_ms", "ms", ms, 0.99, boundFlowsClosedMS, labels()), found("flows_closed_ms", "ms", ms, 0.5, labels())}
	logf("%d busy flows: the last message after %.1f ms (p99), median %.1f", len(ms), out[0].Value, out[1].Value)
	return out, nil
}

// moreOperators makes invented operators.
func moreOperators(ctx context.Context, c *centre.Centre, n int) (logins []string, err error) {
	admin, err := c.As(ctx, "admin")
	if err != nil {
		return nil, err
	}
	for i := range n {
		var p struct {
			ID string `json:"id"`
		}
		login := fmt.Sprintf("bench-%d", i+1)
		err := admin.Post(ctx, "people", map[string]any{
			"name": fmt.Sprintf("見本 計測%d", i+1), "kana": "", "login": login, "roles": []string{"operator"}, "face_usable": true, "place": "home",
		}, &p)
		if err != nil {
			return nil, err
		}
		c.Seeded.People[login] = p.ID
		logins = append(logins, login)
	}
	return logins, nil
}

// closeOften opens and closes the sessions of one person at a PC of his own.
func closeOften(ctx context.Context, c *centre.Centre, login string, n int, closed func(ms float64)) error {
	pc, err := c.Issue(ctx, centre.PCOptions{Tag: "PC-" + login, Person: login, Policy: "demo", TPM: true})
	if err != nil {
		return err
	}
	defer pc.Close()
	url, err := pc.Start(ctx)
	if err != nil {
		return err
	}
	page, err := openReporting(ctx, c, pc)
	if err != nil {
		return err
	}
	defer page.close()
	if err := page.begin(ctx, url); err != nil {
		return err
	}
	if err := page.enrol(ctx); err != nil {
		return err
	}
	for i := range n {
		var took float64
		if err := page.run(ctx, "__page.work().then(() => __page.pause())", &took); err != nil {
			return fmt.Errorf("bench: closing %d of %s: %w", i+1, login, err)
		}
		closed(took)
	}
	return nil
}
