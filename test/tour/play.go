package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
	"github.com/sekisho/sekisho/test/seat"
)

type options struct{ enrol, clip, timeline, shots, pages string }

// tour is the state of one play.
type tour struct {
	options
	report
	dir     string
	failed  error
	c       *centre.Centre
	desktop *centre.Desktop
	pc      *centre.PC
	seat    *seat.Seat
	cast    cast
}

func (t *tour) close() {
	if t.seat != nil {
		t.seat.Leave()
	}
	if t.pc != nil {
		t.pc.Close()
	}
	if t.desktop != nil {
		t.desktop.Close()
	}
	if t.c != nil {
		t.c.Close()
	}
}

// play is the story, in order (DESIGN §3).
func (t *tour) play(ctx context.Context) error {
	if t.pages != "" { // no story: what the demonstration's data shows
		t.cast.policy = "demo"
		t.do(ctx, "open the centre", t.open)
		t.do(ctx, "issue the PC", t.issue)
		t.do(ctx, "the console", t.console)
		t.do(ctx, "a dangerous act, and the second administrator", t.twoPeople)
		return t.failed
	}
	t.do(ctx, "cast: clips for the camera", t.prepare)
	t.do(ctx, "open the centre", t.open)
	t.do(ctx, "issue the PC", t.issue)
	t.do(ctx, "quarantine holds", t.quarantine)
	t.do(ctx, "consent and face, with a witness", t.enrolFace)
	t.do(ctx, "log in, desktop visible", t.login)
	t.do(ctx, "one loop of the clip, second by second", t.loop)
	t.do(ctx, "break: camera off, access closed", t.takeBreak)
	t.do(ctx, "nobody: dimmed, counting down, closed", t.gentle)
	for _, v := range t.cast.visits {
		t.do(ctx, v.step, func(ctx context.Context) (string, error) { return t.closedFor(ctx, v.state) })
	}
	t.do(ctx, "my records", t.records)
	t.do(ctx, "two officers open the evidence", t.officers)
	t.do(ctx, "the console", t.console)
	t.do(ctx, "a dangerous act, and the second administrator", t.twoPeople)
	t.do(ctx, "the audit log verifies", t.audit)
	return t.failed
}

func (t *tour) prepare(ctx context.Context) (note string, err error) {
	t.cast, note, err = casting(ctx, t.dir, t.options)
	return note, err
}

func (t *tour) open(ctx context.Context) (string, error) {
	var err error
	if t.c, err = centre.Start(ctx, centre.Options{Dir: filepath.Join(t.dir, "centre")}); err != nil {
		return "", err
	}
	if t.desktop, err = centre.StartDesktop(ctx, filepath.Join(t.dir, "desktop")); err != nil {
		return "", err
	}
	return t.c.Addresses.ConsoleOrigin, t.c.Name(ctx, t.desktop, "業務デスクトップ 1", "operator")
}

func (t *tour) issue(ctx context.Context) (string, error) {
	var err error
	t.pc, err = t.c.Issue(ctx, centre.PCOptions{Tag: "TOUR-PC-01", Person: "operator", Policy: t.cast.policy, TPM: true, Models: t.cast.models.Dir})
	if err != nil {
		return "", err
	}
	_, err = t.pc.Start(ctx)
	return "key in a TPM 2.0 (swtpm), fingerprints compared", err
}

// quarantine looks from inside a tunnel whose person is not verified: what
// answers, and what a work route says.
func (t *tour) quarantine(ctx context.Context) (string, error) {
	admin, err := t.c.As(ctx, "admin")
	if err != nil {
		return "", err
	}
	p, err := t.c.Raw(ctx, admin, "TOUR-RAW-01", "operator2", "demo")
	if err != nil {
		return "", err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return "", err
	}
	defer c.Close()
	open := []string{}
	for _, port := range []uint16{22, 53, 80, 443, 445, 3389, 5004, 5432, 5900, 7001, 7777, 8080, 8443, 8444} {
		dial, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		conn, err := c.Tunnel.DialTCP(dial, c.Gateway(port))
		cancel()
		if err == nil {
			_ = conn.Close() // only whether it opened matters
			open = append(open, fmt.Sprint(port))
		}
	}
	work := rawpc.CodeOf(c.Call(ctx, http.MethodGet, "desktops", nil, nil))
	if got := strings.Join(open, ","); got != "80" || work != "session.required" {
		return "", fmt.Errorf("open ports %s, a work route said %q", got, work)
	}
	return "of 14 TCP ports only 80 answers; a work route says " + work, nil
}

func (t *tour) sit(ctx context.Context, camera string) (err error) {
	if t.seat != nil {
		t.seat.Leave()
		t.seat = nil
	}
	t.seat, err = seat.Sit(ctx, t.c, t.pc, seat.Options{Camera: camera, Shots: t.shots})
	return err
}

func (t *tour) enrolFace(ctx context.Context) (string, error) {
	if err := t.sit(ctx, t.cast.enrol); err != nil {
		return "", err
	}
	s := t.seat
	if err := errors.Join(s.Page.WaitText(ctx, "接続", 20*time.Second), s.Shot(ctx, "desk-start"), s.Connect(ctx)); err != nil {
		return "", err
	}
	if err := s.Page.WaitText(ctx, "同意する", 30*time.Second); err != nil {
		return "", err
	}
	if err := errors.Join(s.Shot(ctx, "desk-consent"), s.Enrol(ctx)); err != nil {
		return "", err
	}
	if _, err := s.Await(ctx, "two poses", 90*time.Second, func(x seat.Sample) bool { return x.Enrolled >= 2 || x.Login != "" }); err != nil {
		return "", err
	}
	if err := s.Shot(ctx, "desk-enrol"); err != nil {
		return "", err
	}
	x, err := s.Await(ctx, "enrolled and logged in", 2*time.Minute, func(x seat.Sample) bool { return x.Phase == "live" && x.Desktop })
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("state %s", x.State), s.End(ctx)
}

func (t *tour) login(ctx context.Context) (string, error) {
	if err := t.sit(ctx, t.cast.clip); err != nil {
		return "", err
	}
	at := time.Now()
	if err := t.seat.Connect(ctx); err != nil {
		return "", err
	}
	if _, err := t.seat.Desktop(ctx, t.cast.patience()); err != nil {
		return "", err
	}
	took := time.Since(at)
	if err := t.seat.Page.Wait(ctx, "!document.body.innerText.includes('仮想デスクトップを開いています')", 10*time.Second); err != nil {
		return "", err
	}
	t.Figures["login_ms"] = float64(took.Milliseconds())
	return fmt.Sprintf("接続 to the first picture of the desktop: %.1f s", took.Seconds()), t.seat.Shot(ctx, "desk-work")
}

func (t *tour) takeBreak(ctx context.Context) (string, error) {
	if err := t.rest(ctx); err != nil {
		return "", err
	}
	return "", t.seat.Shot(ctx, "desk-break")
}

// rest presses 休憩 and waits until the page says so. The guard may close the
// screen in between, as the clip goes on; then the operator comes back and
// presses once more.
func (t *tour) rest(ctx context.Context) error {
	const press = `[...document.querySelectorAll('button')].find(b => ['休憩', 'Break'].includes(b.innerText.trim()) && !b.disabled)?.click()`
	for {
		if _, err := t.seat.Desktop(ctx, t.cast.patience()); err != nil {
			return err
		}
		if err := t.seat.Page.Eval(ctx, press, nil); err != nil {
			return err
		}
		x, err := t.seat.Await(ctx, "on break", 20*time.Second, func(x seat.Sample) bool { return x.Phase != "live" && !x.Desktop })
		if err != nil || x.Phase == "break" {
			return err
		}
	}
}

func (t *tour) gentle(ctx context.Context) (string, error) {
	if err := t.sit(ctx, t.cast.day); err != nil {
		return "", err
	}
	if err := t.seat.Connect(ctx); err != nil {
		return "", err
	}
	for lost := 0; ; lost++ {
		note, err := t.absence(ctx)
		if !errors.Is(err, errLost) || lost == 2 {
			if lost > 0 {
				note += fmt.Sprintf("; after %d × lost: this machine was too busy for the guard", lost)
			}
			return note, err
		}
	}
}

// errLost says that the guard fell silent while the tour waited for something
// else: it closes then, as it must, and the clip has to come round again.
var errLost = errors.New("the guard was lost")

// absence waits at work until nobody is there, and until the operator is back.
func (t *tour) absence(ctx context.Context) (string, error) {
	if _, err := t.seat.Desktop(ctx, t.cast.patience()); err != nil {
		return "", err
	}
	until := func(what string, limit time.Duration, ok func(seat.Sample) bool) (seat.Sample, error) {
		x, err := t.seat.Await(ctx, what, limit, func(x seat.Sample) bool { return x.State == "lost" || ok(x) })
		if err == nil && x.State == "lost" {
			err = errLost
		}
		return x, err
	}
	dim, err := until("dimmed", t.cast.patience(), func(x seat.Sample) bool { return x.Screen == "dim" && x.Desktop })
	if err != nil {
		return "", err
	}
	count, err := until("counting down", 20*time.Second, func(x seat.Sample) bool { return x.Count > 0 && x.Desktop })
	if err != nil {
		return "", err
	}
	if err := t.seat.Shot(ctx, "desk-countdown"); err != nil {
		return "", err
	}
	black, err := until("closed for absence", 30*time.Second, func(x seat.Sample) bool { return !x.Desktop && x.State == "absent" })
	if err != nil {
		return "", err
	}
	if err := t.seat.Shot(ctx, "desk-absent"); err != nil {
		return "", err
	}
	if _, err := t.seat.Desktop(ctx, t.cast.patience()); err != nil {
		return "", err
	}
	return fmt.Sprintf("dimmed at %.1f s of the clip, %d… at %.1f s, closed at %.1f s, back by himself", dim.Clip, count.Count, count.Clip, black.Clip), nil
}

// closedFor waits until the screen that showed the virtual desktop is closed and
// the guard names one state, and until the operator, alone again, is back. The
// clip loops: where a login took too long, the visitor comes again.
func (t *tour) closedFor(ctx context.Context, state string) (string, error) {
	var open time.Time // when the desktop was seen last
	closed, err := t.seat.Await(ctx, "closed for "+state, 2*t.cast.patience(), func(x seat.Sample) bool {
		if x.Desktop && x.Phase == "live" {
			open = x.At
		} else if x.Phase != "live" && x.State != state {
			_ = t.seat.Back(ctx) // asked again with the next look
		}
		return !x.Desktop && x.State == state && x.At.Sub(open) < 3*time.Second
	})
	if err != nil {
		return "", err
	}
	if err := t.seat.Shot(ctx, "desk-"+state); err != nil {
		return "", err
	}
	back, err := t.seat.Desktop(ctx, t.cast.patience())
	return fmt.Sprintf("closed at %.1f s of the clip, back %.1f s later", closed.Clip, back.At.Sub(closed.At).Seconds()), err
}

// records opens 自分の記録, which must show what the story has just done: the
// newest detection, with its pictures.
func (t *tour) records(ctx context.Context) (string, error) {
	if err := t.seat.Page.ClickText(ctx, "自分の記録"); err != nil {
		return "", err
	}
	if err := t.seat.Page.WaitFor(ctx, ".dk-record-list li", 20*time.Second); err != nil {
		return "", err
	}
	var rows []string
	const all = `[...document.querySelectorAll('.dk-record-list li')].map(li => li.innerText)`
	if err := t.seat.Page.Eval(ctx, all, &rows); err != nil {
		return "", err
	}
	seen := 0
	for _, row := range rows {
		if strings.HasPrefix(row, "検知") && strings.Contains(row, "記録画像") {
			seen++
		}
	}
	if want := len(t.cast.visits); seen < want {
		return "", fmt.Errorf("%d of %d rows tell of a detection, not the %d visitors:\n%s", seen, len(rows), want, strings.Join(rows, "\n"))
	}
	return fmt.Sprintf("%d records, %d of them detections", len(rows), seen), t.seat.Shot(ctx, "desk-records")
}
