package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/test/clips"
)

// films are the clips of the seat: the operator alone, and the operator with
// somebody who looks in now and then. A square in the lower left corner is
// black while he is alone and white while he is not.
type films struct {
	alone, onlooker string
	onlooks         time.Duration
}

// An appearance is longer than the promise, so that a late black screen is seen
// as such; the time alone is what a login and a desktop need, with some room.
const (
	onlooks  = time.Second
	aloneFor = 3.0 // seconds between two appearances
)

// makeFilms cuts the clips that lie beside the project, or composes them from
// the sample photographs that npm's face-api ships.
func makeFilms(ctx context.Context, dir string) (f films, err error) {
	var alone, leaning []clips.Part
	if main := filepath.Join("..", "shared", "testdata", "faces", "guard-timeline.mjpeg"); exists(main) {
		cut := func(from, seconds float64, state string) clips.Part {
			return clips.Part{File: main, From: from, To: from + seconds, State: state}
		}
		// The middle of stretches of guard-timeline.json.
		alone = []clips.Part{cut(10.3, aloneFor, "operator"), cut(26.3, aloneFor, "operator")}
		leaning = []clips.Part{cut(6.3, onlooks.Seconds(), "onlooker"), cut(7.8, onlooks.Seconds(), "onlooker")}
	} else {
		for range 2 {
			alone = append(alone, clips.Operator.Sits(".", aloneFor, "operator"))
			leaning = append(leaning, clips.Operator.Beside(clips.Visitor, ".", onlooks.Seconds()))
		}
	}
	f = films{alone: filepath.Join(dir, "alone.mjpeg"), onlooker: filepath.Join(dir, "onlooker.mjpeg"), onlooks: onlooks}
	var quiet, visited []byte // MJPEG is pictures one after another
	for i := range alone {
		black, white := filepath.Join(dir, "black.mjpeg"), filepath.Join(dir, "white.mjpeg")
		if err := errors.Join(marked(ctx, dir, black, "black", alone[i]), marked(ctx, dir, white, "white", leaning[i])); err != nil {
			return f, err
		}
		him, err := os.ReadFile(black)
		if err != nil {
			return f, err
		}
		both, err := os.ReadFile(white)
		if err != nil {
			return f, err
		}
		quiet, visited = append(quiet, him...), append(append(visited, him...), both...)
	}
	return f, errors.Join(os.WriteFile(f.alone, quiet, 0o644), os.WriteFile(f.onlooker, visited, 0o644))
}

// marked composes a part and puts the square into every frame.
func marked(ctx context.Context, dir, out, colour string, part clips.Part) error {
	plain := filepath.Join(dir, "plain-"+colour+".mjpeg")
	if _, err := clips.Compose(ctx, plain, part); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "mjpeg", "-framerate", "30", "-i", plain,
		"-vf", "drawbox=x=0:y=ih-32:w=32:h=32:color="+colour+":t=fill", "-r", "30", "-q:v", "3", "-f", "mjpeg", out)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("bench: ffmpeg: %w: %s", err, said)
	}
	return nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
