// Command attack carries out the drills against a centre that it starts, and
// writes build/drills.json. It exits non-zero when an attack gets through or a
// control fails.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/drills"
)

func main() {
	only := flag.String("only", "", "carry out the drills whose name, or whose group's, contains this, or one of these parted by commas")
	stranger := flag.Int("stranger", 0, "be another user of the PC whose front door has this port; for one of the drills")
	bearer := flag.String("bearer", "", "what the stranger has got hold of")
	flag.Parse()
	if *stranger != 0 {
		os.Exit(drills.Stranger(*stranger, *bearer))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	dir, err := os.MkdirTemp("", "sk-drill-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // one drill is tried by another user
		return err
	}
	// What the parts of this process log is of use only when a drill is broken.
	log, err := os.Create(filepath.Join(dir, "attack.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	var line sync.Mutex
	at := time.Now()
	results, err := drills.Run(ctx, dir, only, func(f string, a ...any) {
		line.Lock()
		defer line.Unlock()
		fmt.Printf(f+"\n", a...)
	})
	if err != nil {
		return err
	}
	refused := 0
	for _, r := range results {
		if r.OK() {
			refused++
		}
	}
	fmt.Printf("%d of %d attacks refused, each beside its control, in %.0f s\n", refused, len(results), time.Since(at).Seconds())
	return drills.Save("build/drills.json", results)
}
