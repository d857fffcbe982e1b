package bench

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/test/centre"
	operator "github.com/sekisho/sekisho/test/seat" // flows.go has seats of its own
)

// Promises of DESIGN §2 that are kept in front of the screen.
const (
	boundLoginAfterFaceMS = 1000
	boundBlackoutMS       = 500
	boundFlowsClosedMS    = 1000
)

//go:embed seat_probe.js
var seatProbe string

// Seat measures what the operator sees: how long from 接続 to the first picture
// of the desktop, how long a stranger's frame stands before the screen is
// black, and how long the desktop's stream still speaks after the verdict. Real
// parts: TPM simulator, agent, gateway, VNC, Chromium with a clip as its camera.
// SEKISHO_BENCH_RUNS sets how often somebody logs in (20), SEKISHO_BENCH_ONLOOKERS
// how often somebody looks in (as often as a p95 needs).
func Seat(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-seat-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &sitting{dir: dir, runs: runs("SEKISHO_BENCH_RUNS", 20), onlookers: runs("SEKISHO_BENCH_ONLOOKERS", runsFor(0.95)), logf: logf}
	defer s.close()
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if out, err = s.logins(ctx); err != nil {
		return out, err
	}
	more, err := s.blackouts(ctx)
	return append(out, more...), err
}

// sitting is one person in front of one PC for the whole measurement.
type sitting struct {
	dir       string
	runs      int
	onlookers int
	logf      func(string, ...any)
	films     films
	centre    *centre.Centre
	desktop   *centre.Desktop
	pc        *centre.PC
	*operator.Seat
}

func (s *sitting) close() {
	if s.Seat != nil {
		s.Leave()
	}
	if s.pc != nil {
		s.pc.Close()
	}
	if s.desktop != nil {
		s.desktop.Close()
	}
	if s.centre != nil {
		s.centre.Close()
	}
}

// open starts everything and enrols the operator's face.
func (s *sitting) open(ctx context.Context) (err error) {
	if s.films, err = makeFilms(ctx, s.dir); err != nil {
		return err
	}
	if s.centre, err = centre.Start(ctx, centre.Options{Dir: filepath.Join(s.dir, "centre")}); err != nil {
		return err
	}
	// A busy desktop: text that never stops.
	s.desktop, err = centre.StartDesktop(ctx, filepath.Join(s.dir, "desktop"), "xterm", "-geometry", "120x36+0+0", "-bg", "#10233f", "-fg", "#e8eef7",
		"-e", "sh", "-c", "while :; do head -c 1500 /dev/urandom | base64 -w 110; sleep 0.04; done")
	if err != nil {
		return err
	}
	if err := s.centre.Name(ctx, s.desktop, "業務デスクトップ 1", "operator"); err != nil {
		return err
	}
	if s.pc, err = s.centre.Issue(ctx, centre.PCOptions{Tag: "BENCH-PC-01", Person: "operator", Policy: "demo", TPM: true}); err != nil {
		return err
	}
	if _, err := s.pc.Start(ctx); err != nil {
		return err
	}
	if err := s.sit(ctx, s.films.alone); err != nil {
		return err
	}
	if err := errors.Join(s.Connect(ctx), s.Page.WaitText(ctx, "同意する", 60*time.Second)); err != nil {
		return err
	}
	if err := s.Enrol(ctx); err != nil {
		return err
	}
	_, err = s.Await(ctx, "enrolled and at work", 3*time.Minute, func(x operator.Sample) bool { return x.Phase == "live" && x.Desktop })
	s.logf("enrolled; the operator is at work")
	return err
}

// sit opens a browser of its own with a film as its camera, and our probe in the page.
func (s *sitting) sit(ctx context.Context, film string) (err error) {
	if s.Seat != nil {
		s.Leave()
		s.Seat = nil
	}
	if s.Seat, err = operator.Sit(ctx, s.centre, s.pc, operator.Options{Camera: film}); err != nil {
		return err
	}
	if err := s.Page.Call(ctx, "Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": seatProbe}, nil); err != nil {
		return err
	}
	url, err := s.pc.Ticket(ctx)
	if err != nil {
		return err
	}
	if err := s.Page.Goto(ctx, "about:blank"); err != nil { // a new ticket in the same page is only a new fragment
		return err
	}
	return s.Page.Goto(ctx, url)
}

// drawn waits until the desktop's first picture is on its canvas, and presses
// meanwhile what an operator would: the time of a connection that had to be asked
// for twice counts from the first press.
func (s *sitting) drawn(ctx context.Context) error {
	ready := time.Time{}
	return s.until(ctx, 90*time.Second, "drawn", func() (bool, error) {
		x, err := s.Look(ctx)
		if err != nil {
			return false, err
		}
		switch {
		case x.Phase != "ready":
			ready = time.Time{}
		case ready.IsZero():
			ready = time.Now()
		case time.Since(ready) > 3*time.Second:
			s.logf("the page stands at 接続 again: pressed once more")
			ready = time.Time{}
			return false, s.Connect(ctx)
		}
		if x.Phase != "live" {
			return false, s.Back(ctx)
		}
		var is bool
		err = s.Page.Eval(ctx, "!!document.querySelector('[data-state=drawn]')", &is)
		return x.Desktop && is, err
	})
}

// end presses 業務を終える and its confirmation, and waits for the start screen.
func (s *sitting) end(ctx context.Context) error {
	const press = `(() => {
  const all = (...names) => [...document.querySelectorAll('button')].filter(b => names.includes(b.innerText.trim()) && b.checkVisibility());
  all('業務を終える', 'End work').at(-1)?.click(); // the question's own, once it is asked
  return all('接続', 'もう一度接続', 'Connect', 'Connect again').length > 0;
})()`
	pressed := time.Time{}
	_, err := s.Await(ctx, "ended", 30*time.Second, func(operator.Sample) bool {
		if time.Since(pressed) < 400*time.Millisecond { // the question fades in
			return false
		}
		pressed = time.Now()
		var out bool
		return s.Page.Eval(ctx, press, &out) == nil && out
	})
	return err
}

// until looks ten times a second. An error of a look is not yet a failure: the
// page may be between two documents.
func (s *sitting) until(ctx context.Context, limit time.Duration, what string, done func() (bool, error)) error {
	for began := time.Now(); ; {
		ok, err := done()
		if err == nil && ok {
			return nil
		}
		if time.Since(began) > limit {
			x, _ := s.Look(ctx) // only for the message, as the text
			text, _ := s.Page.Text(ctx, "body")
			return fmt.Errorf("bench: not %s in %v: %+v: %w\nthe page shows: %.600s\nagent: %s", what, limit, x, errors.Join(err, context.DeadlineExceeded), text, s.pc.Agent.Tail())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// logins ends the work and connects again, as often as asked.
func (s *sitting) logins(ctx context.Context) ([]Result, error) {
	var whole, face []float64
	for range s.runs {
		if err := s.end(ctx); err != nil {
			return nil, err
		}
		if err := s.Page.Eval(ctx, "performance.clearMarks(); __bench.goodAt = 0", nil); err != nil {
			return nil, err
		}
		if err := s.Connect(ctx); err != nil {
			return nil, err
		}
		if err := s.drawn(ctx); err != nil {
			return nil, err
		}
		var at struct{ Pressed, Good, Drawn float64 }
		if err := s.Page.Eval(ctx, `({ Pressed: performance.getEntriesByName('sekisho:connect')[0]?.startTime ?? 0, Good: __bench.goodAt, Drawn: performance.getEntriesByName('sekisho:drawn')[0]?.startTime ?? 0 })`, &at); err != nil {
			return nil, err
		}
		if at.Pressed == 0 || at.Good < at.Pressed || at.Drawn < at.Good {
			return nil, fmt.Errorf("bench: a login without its marks: %+v", at)
		}
		whole, face = append(whole, at.Drawn-at.Pressed), append(face, at.Drawn-at.Good)
	}
	labels := func() map[string]string {
		return map[string]string{"key": "TPM 2.0 (swtpm)", "to": "the desktop's first picture"}
	}
	after := labels()
	after["from"] = "capture of the first good frame"
	out := []Result{
		found("login_ms", "ms", whole, 0.5, labels()), found("login_ms", "ms", whole, 0.95, labels()),
		promised("login_after_face_ms", "ms", face, 0.5, boundLoginAfterFaceMS, after),
	}
	s.logf("%d logins: %.0f ms from 接続 to the desktop, %.0f ms of it after the first good frame (medians)", len(whole), out[0].Value, out[2].Value)
	return out, nil
}
