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

const onlooks = 2500 * time.Millisecond

// makeFilms cuts the clips that lie beside the project, or composes them from
// the sample photographs that npm's face-api ships.
func makeFilms(ctx context.Context, dir string) (f films, err error) {
	var alone, leaning []clips.Part
	if main := filepath.Join("..", "shared", "testdata", "faces", "guard-timeline.mjpeg"); exists(main) {
		cut := func(from, to float64, state string) clips.Part {
			return clips.Part{File: main, From: from, To: to, State: state}
		}
		// The middle of each stretch of guard-timeline.json.
		alone = []clips.Part{cut(10.2, 13.8, "operator"), cut(26.2, 29.8, "operator")}
		leaning = []clips.Part{cut(6.2, 6.2+onlooks.Seconds(), "onlooker")}
	} else {
		alone = []clips.Part{clips.Operator.Sits(".", 7.2, "operator")}
		leaning = []clips.Part{clips.Operator.Beside(clips.Visitor, ".", onlooks.Seconds())}
	}
	f = films{alone: filepath.Join(dir, "alone.mjpeg"), onlooker: filepath.Join(dir, "onlooker.mjpeg"), onlooks: onlooks}
	bright := filepath.Join(dir, "leaning.mjpeg")
	if err := errors.Join(marked(ctx, dir, f.alone, "black", alone), marked(ctx, dir, bright, "white", leaning)); err != nil {
		return f, err
	}
	both, err := os.ReadFile(f.alone)
	if err != nil {
		return f, err
	}
	more, err := os.ReadFile(bright)
	if err != nil {
		return f, err
	}
	return f, os.WriteFile(f.onlooker, append(both, more...), 0o644) // MJPEG is pictures one after another
}

// marked composes parts and puts the square into every frame.
func marked(ctx context.Context, dir, out, colour string, parts []clips.Part) error {
	plain := filepath.Join(dir, "plain-"+colour+".mjpeg")
	if _, err := clips.Compose(ctx, plain, parts...); err != nil {
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
