package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

// cli is the command line of sekisho.
type cli struct {
	Config string `help:"Configuration file." default:"sekisho.toml" type:"path"`

	Serve    serveCmd    `cmd:"" help:"Run the server."`
	SetupURL setupURLCmd `cmd:"" name:"setup-url" help:"Print the one-time link for the first administrator (30 minutes, this host only)."`
	Audit    auditCmd    `cmd:"" help:"Read, prove and verify the audit log."`
	Report   reportCmd   `cmd:"" help:"Verify reports for the client company."`
	Evidence evidenceCmd `cmd:"" help:"The officers' tools: open sealed records on your own machine."`
	Roster   rosterCmd   `cmd:"" help:"The officers' roster: keys made offline, signed by the roots."`
	Mail     mailCmd     `cmd:"" help:"Reminders by mail: try the settings."`
	Admin    adminCmd    `cmd:"" help:"Repair on the host."`
	Demo     demoCmd     `cmd:"" help:"Fill an empty data folder with invented people."`
	OpenAPI  openAPICmd  `cmd:"" name:"openapi" help:"Print the console's OpenAPI document."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// exitCode ends a command that has said what there is to say with a code of its own.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("app: exit code %d", int(c)) }

// errSaid ends a command that has already said what is wrong.
var errSaid = errors.New("app: said")

// shell is what commands write to and read from.
type shell struct {
	out, err io.Writer
	clock    clock.Clock
	cli      *cli
	named    bool // --config was given
}

func (s *shell) settings() (Settings, error) { return LoadSettings(s.cli.Config, s.named) }

func (s *shell) say(format string, a ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", a...) } // a closed pipe ends us anyway

// Main runs a command line and returns the exit code.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, os.Stdout, os.Stderr, clock.System())
}

// joined writes `--root -Ab…` as `--root=-Ab…`: a public key in base64url begins
// with a dash once in 64, and is then no option.
func joined(args []string) []string {
	out := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		if args[i] == "--root" && i+1 < len(args) && strings.HasPrefix(args[i+1], "-") && !strings.HasPrefix(args[i+1], "--") {
			out = append(out, args[i]+"="+args[i+1])
			i++
			continue
		}
		out = append(out, args[i])
	}
	return out
}

func run(ctx context.Context, args []string, out, errs io.Writer, clk clock.Clock) int {
	slog.SetDefault(slog.New(slog.NewTextHandler(errs, nil)))
	var c cli
	sh := &shell{out: out, err: errs, clock: clk, cli: &c}
	exit := -1
	parser, err := kong.New(&c, kong.Name("sekisho"), kong.Writers(out, errs), kong.Exit(func(code int) { exit = code }),
		kong.Description("関所 Sekisho: home as safe as the guarded floor. Documentation: docs/ in the source."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(sh))
	if err != nil {
		_, _ = fmt.Fprintln(errs, err)
		return 2
	}
	k, err := parser.Parse(joined(args))
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		refusal := errCommand
		if _, ok := errors.AsType[*fs.PathError](err); ok {
			refusal = errFile
		}
		Explain(errs, refusal.Because(err), terminalLanguage())
		return 2
	}
	for _, a := range args {
		sh.named = sh.named || a == "--config" || len(a) > 9 && a[:9] == "--config="
	}
	err = k.Run()
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	if err != nil {
		if !errors.Is(err, errSaid) {
			Explain(errs, err, terminalLanguage())
		}
		return 1
	}
	return 0
}

type serveCmd struct{}

// collectAfter is by how many per cent the heap grows before it is collected,
// where GOGC does not say otherwise. Ten hops of goroutines carry a renewal; each
// waits its turn behind a collection's work, so collections are to be rare. A
// lease keeps about 40 kB.
const collectAfter = 400

// Run serves until it is asked to stop.
func (serveCmd) Run(ctx context.Context, sh *shell) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAfter)
	}
	set, err := sh.settings()
	if err != nil {
		return err
	}
	srv, err := Open(ctx, set, sh.clock)
	if err != nil {
		return err
	}
	slog.Info("server is ready", "console", srv.Addresses.ConsoleOrigin, "agents", srv.Addresses.Agents, "wireguard", srv.Addresses.WireGuard)
	if needed, err := srv.people.SetupNeeded(ctx); err == nil && needed {
		sh.say("最初の管理者がまだいません。このホストで `sekisho setup-url` を実行し、表示されたリンクを開いてください。")
		sh.say("There is no administrator yet. Run `sekisho setup-url` on this host and open the link that it prints.")
	}
	return srv.Wait(ctx)
}

type setupURLCmd struct{}

// Run asks the running server for the link.
func (setupURLCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var a printedLink
	if err := askHost(ctx, set.Data, "/setup-url", struct{}{}, &a); err != nil {
		return err
	}
	sh.say("%s", a.URL)
	sh.say("%s まで一度だけ、このホストからだけ使えます。 Works once, from this host, until %s.", a.Until, a.Until)
	return nil
}

type demoCmd struct {
	Fleet int    `help:"Add this many invented operators with issued PCs, for a load test."`
	Out   string `help:"File for the fleet's keys and certificates." type:"path"`
}

// Run seeds and prints what was made as JSON.
func (d demoCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	seeded, err := seedDemo(ctx, set, sh.clock, d.Fleet, d.Out)
	if err != nil {
		return err
	}
	return sh.json(seeded)
}

type openAPICmd struct{}

// Run prints the document.
func (openAPICmd) Run(sh *shell) error {
	_, err := sh.out.Write(console.OpenAPI())
	return err
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(sh *shell) error { sh.say("sekisho %s", wire.Version); return nil }
