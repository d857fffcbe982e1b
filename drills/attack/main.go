// Command attack carries out the drills against a centre that it starts, and
// writes build/drills.json. It exits non-zero when an attack gets through or a
// control fails.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/sekisho/sekisho/drills"
)

func main() {
	only := flag.String("only", "", "carry out the drills whose name contains this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	dir, err := os.MkdirTemp("", "sk-drill-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	results, err := drills.Run(ctx, dir, only, func(f string, a ...any) { fmt.Printf(f+"\n", a...) })
	if err != nil {
		return err
	}
	return drills.Save("build/drills.json", results)
}
