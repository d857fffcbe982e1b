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
	if err := secureFolder(dir); err != nil {
		return err
	}
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	user, err := settings.user()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked, err := openAsked(dir, user) // first: one agent on one folder
	if err != nil {
		return err
	}
	defer asked.close()
	a, err := assemble(ctx, dir, settings)
	if err != nil {
		return err
	}
	defer a.screen.Close()
	asked.agent.Store(a)
	a.begin() // before any page can ask
	d, err := localdoor.Open(settings.Port, localdoor.Config{Agent: a, Uplink: a, Bundle: web.Desk(), Console: web.Console(), Models: a.engine.models, Clock: a.clock, User: user})
	if err != nil {
		return err
	}
	defer d.Close()
	a.door = d
	a.ticket.Store(&ticketer{d.Ticket})
	var browsing sync.WaitGroup
	defer browsing.Wait()
	defer cancel() // before the wait: ends the browser
	switch {
	case another(user):
		// A browser of ours would be refused at the door, and a ticket in a service's
		// log would be somebody else's to read: he asks for his own (Open).
		slog.Info("the desk waits for its user", "command", "sekisho-agent open")
	case settings.OpenBrowser:
		browsing.Go(func() {
			if err := (localdoor.Browser{Program: settings.Browser}).Open(ctx, d.Ticket(settings.Language)); err != nil {
				slog.Error("the desk was not opened", "error", err)
			}
		})
	default:
		fmt.Fprintln(out, d.Ticket(settings.Language))
	}
	slog.Info("the agent runs", "desk", d.Origin(), "version", wire.Version)
	a.run()
	return nil
}

// assemble makes an agent of the real parts.
func assemble(ctx context.Context, dir string, settings Settings) (*Agent, error) {
	user, err := settings.user()
	if err != nil {
		return nil, err
	}
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
		screen: screenOfSystem(ctx, settings), locker: blackout.NewLocker(user), cameras: inspect.Cameras, posture: inspect.Look,
		loadKey: func(ctx context.Context) (devicekey.Key, error) { return devicekey.Load(ctx, settings.keyConfig(dir)) },
		ek: func(ctx context.Context) ([]byte, error) {
			return devicekey.EndorsementKey(ctx, settings.keyConfig(dir))
		},
		again: func(ctx context.Context, e uplink.Enrolment) error { return enrolAgain(ctx, dir, settings, e) },
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

// Enrol enrols this PC by a code and waits until an administrator has decided.
func Enrol(ctx context.Context, dir, code string, out io.Writer, language string) error {
	if err := secureFolder(dir); err != nil {
		return err
	}
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	if r, err := askAgent(ctx, dir, localdoor.Order{Do: "status"}); err == nil && r.Status != nil && r.Status.Phase != phaseUnenrolled {
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
	fmt.Fprintf(out, "資産番号: %s\n照合コード: %s\nこの照合コードを管理者に伝え、管理画面のものと同じか確かめてもらってください。待っています…\n", e.AssetTag, e.Fingerprint)
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
