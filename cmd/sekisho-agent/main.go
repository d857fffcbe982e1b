// Command sekisho-agent is the issued PC: it holds the PC's key, opens the
// tunnel, serves the desk to the operator and keeps the guard.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/sekisho/sekisho/internal/agent/connect"
)

type commands struct {
	Data string `help:"State folder." type:"path" default:"${dir}"`

	Doctor  doctor  `cmd:"" help:"Say what would hinder this PC, before it is issued."`
	Enroll  enroll  `cmd:"" help:"Enrol this PC with an administrator's code."`
	Run     run     `cmd:"" help:"Run the agent."`
	Open    open    `cmd:"" help:"Open the desk of the running agent."`
	Status  status  `cmd:"" help:"Show how the running agent stands."`
	Version version `cmd:"" help:"Print the version."`
}

type (
	doctor struct {
		Code string `arg:"" optional:"" help:"An enrolment code, to look at the server that it names. It is not used up."`
	}
	enroll struct {
		Code string `arg:"" help:"The enrolment code, from SK1- to its end."`
	}
	run  struct{}
	open struct {
		Print bool `help:"Print the address in place of opening a browser."`
	}
	status  struct{}
	version struct{}
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	k := kong.Parse(&c, kong.Name("sekisho-agent"), kong.Vars{"dir": connect.DefaultDir()}, kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(&c); err != nil {
		connect.Explain(os.Stderr, err, os.Getenv("LANG"))
		stop()
		os.Exit(1)
	}
}

func (d doctor) Run(ctx context.Context, c *commands) error {
	return connect.Doctor(ctx, c.Data, d.Code, os.Stdout, os.Getenv("LANG"))
}

func (e enroll) Run(ctx context.Context, c *commands) error {
	return connect.Enrol(ctx, c.Data, e.Code, os.Stdout, os.Getenv("LANG"))
}

func (run) Run(ctx context.Context, c *commands) error { return connect.Run(ctx, c.Data, os.Stdout) }

func (o open) Run(ctx context.Context, c *commands) error {
	return connect.Open(ctx, c.Data, o.Print, os.Stdout, os.Getenv("LANG"))
}

func (status) Run(ctx context.Context, c *commands) error {
	return connect.Status(ctx, c.Data, os.Stdout, os.Getenv("LANG"))
}

func (version) Run() error {
	_, err := fmt.Println(connect.Version())
	return err
}
