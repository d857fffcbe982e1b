package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/test/clips"
)

// Face measures the operator's face: false acceptance and rejection with exact
// 95 % intervals on the test pictures and on FACES=DIR.
func Face(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	f, err := findFaceFiles(ctx)
	if err != nil {
		return nil, err
	}
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	var out []Result
	for _, part := range []func(context.Context, vigil.Thresholds, func(string, ...any)) ([]Result, error){f.portraits, f.operator} {
		more, err := part(ctx, th, logf)
		out = append(out, more...)
		if err != nil {
			return out, err
		}
	}
	if dir := os.Getenv("FACES"); dir != "" {
		more, err := f.album(ctx, dir, th, logf)
		return append(out, more...), err
	}
	return out, nil
}

// Guard measures the guard in a real Chromium: checks a second, processor share
// and false blanks (GUARD_MINUTES, 2 if not set), and whether two stories are
// read right.
func Guard(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	f, err := findFaceFiles(ctx)
	if err != nil {
		return nil, err
	}
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	return f.guard(ctx, th, logf)
}

func (f faceFiles) guard(ctx context.Context, th vigil.Thresholds, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-guard-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var alone []clips.Part
	seconds := 0.0
	for _, name := range sameMan {
		if _, err := os.Stat(filepath.Join(f.faces, name)); err != nil {
			return nil, nil // the test clips are not here: nothing to show
		}
		alone = append(alone, clips.Part{File: filepath.Join(f.faces, name), To: 1.9, State: "operator"})
		seconds += 1.9
	}
	clip := filepath.Join(dir, "alone.mjpeg")
	if _, err := clips.Compose(ctx, clip, alone...); err != nil {
		return nil, err
	}
	var templates vigil.Templates
	if err := f.watch(ctx, clip, func(c *camera) (err error) { templates, err = c.enrolFrom(th); return err }); err != nil {
		return nil, err
	}
	play := 2 * time.Minute
	if m, err := strconv.ParseFloat(os.Getenv("GUARD_MINUTES"), 64); err == nil && m > 0 {
		play = time.Duration(m * float64(time.Minute))
	}
	if out, err = f.steady(ctx, clip, seconds, templates, th, play, logf); err != nil {
		return out, err
	}
	known, err := clips.Load(filepath.Join(f.faces, "guard-timeline.json"))
	if err != nil {
		return out, err
	}
	more, err := f.told(ctx, told{"guard-timeline", filepath.Join(f.faces, "guard-timeline.mjpeg"), known, mislabelled}, templates, th, logf)
	if out = append(out, more...); err != nil {
		return out, err
	}
	enrolment, story, timeline, err := f.composed(ctx, dir)
	if err != nil {
		return out, err
	}
	if err := f.watch(ctx, enrolment, func(c *camera) (err error) { templates, err = c.enrolFrom(th); return err }); err != nil {
		return out, err
	}
	more, err = f.told(ctx, told{"composed of other people", story, timeline, 0}, templates, th, logf)
	return append(out, more...), err
}
