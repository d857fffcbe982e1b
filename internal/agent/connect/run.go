package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/blackout"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/web"
)

// enrollingDir holds the key of an enrolment that the server has not taken yet.
const enrollingDir = "enrolling"

// Run runs the agent on a state folder until ctx ends.
func Run(ctx context.Context, dir string, out io.Writer) error {
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.Chmod(dir, 0o700)); err != nil {
		return fmt.Errorf("connect: state folder: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a, err := assemble(ctx, dir, settings)
	if err != nil {
		return err
	}
	defer a.screen.Close()
	control, err := localdoor.OpenControl(dir, a.answer) // first: one agent on one folder
	if err != nil {
		return err
	}
	defer control.Close()
	user, err := settings.user()
	if err != nil {
		return err
	}
	a.begin() // before any page can ask
	d, err := localdoor.Open(settings.Port, localdoor.Config{Agent: a, Uplink: a, Bundle: web.Desk(), Models: a.engine.models, Clock: a.clock, User: user})
	if err != nil {
		return err
	}
	defer d.Close()
	a.door = d
	a.ticket.Store(&ticketer{d.Ticket})
	var browsing sync.WaitGroup
	defer browsing.Wait()
	defer cancel() // before the wait: ends the browser
	if settings.OpenBrowser {
		browsing.Go(func() {
			if err := (localdoor.Browser{Program: settings.Browser}).Open(ctx, d.Ticket(settings.Language)); err != nil {
				slog.Error("the desk was not opened", "error", err)
			}
		})
	} else {
		fmt.Fprintln(out, d.Ticket(settings.Language))
	}
	slog.Info("the agent runs", "desk", d.Origin(), "version", wire.Version)
	a.run()
	return nil
}

// assemble makes an agent of the real parts.
func assemble(ctx context.Context, dir string, settings Settings) (*Agent, error) {
	clk := newClock()
	outbox, err := uplink.OpenOutbox(filepath.Join(dir, "outbox"), uplink.MaxOutbox, clk)
	if err != nil {
		return nil, err
	}
	e, err := loadEngine(settings.Models)
	if err != nil {
		slog.Error("no face engine", "error", err) // said to the operator by the status; nobody gets in
	}
	return newAgent(ctx, parts{
		dir: dir, settings: settings, clock: clk, outbox: outbox, engine: e,
		server: realServer{dir: dir, bootID: wire.NewID(), clock: clk},
		screen: screenOfSystem(ctx, settings), locker: blackout.NewLocker(), cameras: inspect.Cameras,
		loadKey: func(ctx context.Context) (devicekey.Key, error) { return devicekey.Load(ctx, settings.keyConfig(dir)) },
	}), nil
}

func screenOfSystem(ctx context.Context, settings Settings) blackout.Screen {
	if !settings.ScreenPicture {
		return blackout.None{}
	}
	s, err := blackout.OpenScreen(ctx, os.Getenv("DISPLAY"), "")
	if err != nil {
		slog.Info("the whole screen cannot be seen from here; records carry the page's picture", "error", err)
		return blackout.None{}
	}
	return s
}

// ticketer makes page addresses.
type ticketer struct {
	ticket func(language string) string
}

// answer is the agent's side of the control socket.
func (a *Agent) answer(o localdoor.Order) localdoor.Reply {
	switch o.Do {
	case "status":
		s := a.Status(o.Language)
		return localdoor.Reply{Status: &s}
	case "open":
		if t := a.ticket.Load(); t != nil {
			return localdoor.Reply{URL: t.ticket(o.Language)}
		}
	}
	return localdoor.Reply{Problem: a.problemIn(errEarly, o.Language)}
}

func (a *Agent) problemIn(err error, language string) *wire.Problem {
	p := wire.ProblemOf(err, language)
	return &p
}

// Enrol enrols this PC by a code and waits until an administrator has decided.
func Enrol(ctx context.Context, dir, code string, out io.Writer, language string) error {
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	if r, err := localdoor.Ask(ctx, dir, localdoor.Order{Do: "status"}); err == nil && r.Status != nil && r.Status.Phase != phaseUnenrolled {
		return sekisho.Fail(sekisho.KindConflict, "local.agent_running") // its key is in use
	}
	parsed, err := wire.ParseEnrolmentCode(code)
	if err != nil {
		return err
	}
	roots, err := uplink.FetchTrust(ctx, parsed)
	if err != nil {
		return err
	}
	// The new key lies aside until the server has taken it: an enrolment that
	// fails leaves the old one as it was.
	aside := filepath.Join(dir, enrollingDir)
	key, err := devicekey.Create(ctx, settings.keyConfig(aside))
	if err != nil {
		return err
	}
	defer key.Close()
	defer os.RemoveAll(aside) // nothing is left in it after success; after failure it is of no use
	e, err := uplink.Enrol(ctx, parsed, roots, key)
	if err != nil {
		return err
	}
	if err := moveKey(aside, dir); err != nil {
		return err
	}
	if err := e.Save(dir); err != nil {
		return fmt.Errorf("connect: save enrolment: %w", err)
	}
	tellPending(out, e, language)
	return await(ctx, dir, e, key, out, language)
}

// moveKey puts the new key into its place.
func moveKey(from, to string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("connect: move key: %w", err)
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
			return fmt.Errorf("connect: move key: %w", err)
		}
	}
	// Faces sealed by the old key cannot be opened by the new one.
	if err := os.RemoveAll(filepath.Join(to, "faces")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("connect: forget faces: %w", err)
	}
	return nil
}

func tellPending(out io.Writer, e uplink.Enrolment, language string) {
	if wire.English(language) {
		fmt.Fprintf(out, "Asset tag:   %s\nFingerprint: %s\nRead the fingerprint to your administrator, who compares it with the console. Waiting…\n", e.AssetTag, e.Fingerprint)
		return
	}
	fmt.Fprintf(out, "資産番号: %s\n指紋: %s\nこの指紋を管理者に伝え、管理画面と同じか確かめてもらってください。待っています…\n", e.AssetTag, e.Fingerprint)
}

// await polls until the enrolment is decided.
func await(ctx context.Context, dir string, e uplink.Enrolment, key devicekey.Key, out io.Writer, language string) error {
	for e.State == uplink.StatePending {
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return uplink.ErrPending
		}
		next, err := uplink.Poll(ctx, dir, e, key)
		if err != nil && sekisho.KindOf(err) != sekisho.KindBusy {
			return err
		}
		e = next
	}
	if e.State != uplink.StateIssued {
		return refusedBecause(e.Code)
	}
	if wire.English(language) {
		fmt.Fprintf(out, "This PC is issued (tier %s).\n", e.Tier)
		return nil
	}
	fmt.Fprintf(out, "登録が完了しました（端末の保証レベル %s）。\n", e.Tier)
	return nil
}

// Open asks the running agent for a page address and opens it in a browser, or
// prints it.
func Open(ctx context.Context, dir string, print bool, out io.Writer, language string) error {
	r, err := localdoor.Ask(ctx, dir, localdoor.Order{Do: "open", Language: pageLanguage(language)})
	if err != nil {
		return err
	}
	if r.Problem != nil {
		return sekisho.Fail(sekisho.KindConflict, r.Problem.Code)
	}
	if print {
		fmt.Fprintln(out, r.URL)
		return nil
	}
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	return localdoor.Browser{Program: settings.Browser}.Open(ctx, r.URL)
}

func pageLanguage(language string) string {
	if wire.English(language) {
		return "en"
	}
	return "ja"
}

// Status prints how the running agent stands.
func Status(ctx context.Context, dir string, out io.Writer, language string) error {
	r, err := localdoor.Ask(ctx, dir, localdoor.Order{Do: "status", Language: language})
	if err != nil {
		return err
	}
	if r.Status == nil {
		return sekisho.Fail(sekisho.KindBusy, "local.agent_absent")
	}
	s := r.Status
	fmt.Fprintf(out, "phase:       %s\nstate:       %s\nasset tag:   %s\nserver:      %s\ntier:        %s\nengine:      %s\nversion:     %s\n",
		s.Phase, s.State, s.AssetTag, s.Server, s.Tier, s.Engine, s.Version)
	if s.Fingerprint != "" {
		fmt.Fprintf(out, "fingerprint: %s\n", s.Fingerprint)
	}
	if s.Code != "" {
		fmt.Fprintf(out, "\n%s\n%s\n(%s)\n", s.Title, s.Action, s.Code)
	}
	return nil
}

// Explain prints an error as a person can use it: what is wrong, what to do,
// and for whoever helps him the code and the cause.
func Explain(out io.Writer, err error, language string) {
	p := wire.ProblemOf(err, language)
	fmt.Fprintf(out, "%s\n%s\n(%v)\n", p.Title, p.Action, err)
}

// Version is the version of this build.
func Version() string { return wire.Version }
