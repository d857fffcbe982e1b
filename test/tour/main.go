// Command tour plays the story of the product headless with real parts: a PC
// with its key in a TPM simulator, the gateway, a VNC desktop, Chromium with a
// clip as its camera, a supervisor at the console, two officers, an auditor. It
// writes build/tour.json and the pictures of docs/tour.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// step is one line of build/tour.json.
type step struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	MS   int64  `json:"ms"`
	Note string `json:"note"`
}

// report is build/tour.json.
type report struct {
	Steps   []step             `json:"steps"`
	Figures map[string]float64 `json:"figures"`
}

func main() {
	o := options{}
	flag.StringVar(&o.enrol, "enrol", "", "film of the person who enrols (any file that ffmpeg reads)")
	flag.StringVar(&o.clip, "clip", "", "film that the camera then plays")
	flag.StringVar(&o.timeline, "timeline", "", "who is to be seen when in the film (JSON)")
	flag.StringVar(&o.shots, "shots", "", "folder for the pictures; docs/tour by default, build/tour where the faces are somebody's own")
	flag.StringVar(&o.pages, "pages", "", "only these pictures of the console, parted by commas, without the story (readiness,practice,act)")
	flag.Parse()
	o.shots = cmp.Or(o.shots, o.pictures())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pictures is where screenshots go: faces that somebody brings along are
// nothing for the documentation, nor for a folder that is committed.
func (o options) pictures() string {
	if o.enrol != "" || o.clip != "" || o.timeline != "" {
		return filepath.Join("build", "tour")
	}
	return filepath.Join("docs", "tour")
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "sk-tour-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := &tour{options: o, dir: dir, report: report{Steps: []step{}, Figures: map[string]float64{}}}
	defer t.close()
	failed := t.play(ctx)
	if o.pages != "" {
		return failed // some pictures are no tour
	}
	if err := os.MkdirAll("build", 0o755); err != nil {
		return err
	}
	b, err := json.MarshalIndent(t.report, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join("build", "tour.json"), append(b, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Println("written: build/tour.json")
	return failed
}

// do carries out one step, prints it and remembers it. After a failed step the
// tour stops: the next would prove nothing. errWrong alone lets it go on: the
// guard was measured and found wanting, the story still plays.
func (t *tour) do(ctx context.Context, name string, act func(ctx context.Context) (string, error)) {
	if t.failed != nil && !errors.Is(t.failed, errWrong) {
		return
	}
	at := time.Now()
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	note, err := act(ctx)
	s := step{Name: name, OK: err == nil, MS: time.Since(at).Milliseconds(), Note: note}
	if err != nil {
		t.failed = errors.Join(t.failed, fmt.Errorf("tour: %s: %w", name, err))
		if !errors.Is(err, errWrong) {
			t.failed = fmt.Errorf("tour: %s: %w", name, err)
		}
		s.Note = err.Error()
	}
	t.report.Steps = append(t.report.Steps, s)
	mark := "✓"
	if !s.OK {
		mark = "✗"
	}
	fmt.Printf("%s %7.1f s  %-44s %s\n", mark, float64(s.MS)/1000, name, s.Note)
}
