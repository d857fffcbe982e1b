package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// faceFiles is where the models and the test pictures lie.
type faceFiles struct{ root, models, faces string }

// errNoModels says that the figures of the face cannot be measured here.
var errNoModels = errors.New("bench: no standard face models")

func findFaceFiles(ctx context.Context) (f faceFiles, err error) {
	if f.root, err = centre.Root(); err != nil {
		return f, err
	}
	f.faces = filepath.Join(f.root, "../shared/testdata/faces")
	found, err := centre.FindModels(ctx)
	if err != nil {
		return f, fmt.Errorf("%w: %w", errNoModels, err)
	}
	if !found.Standard {
		return f, fmt.Errorf("%w: %s", errNoModels, found.Source)
	}
	f.models = found.Dir
	return f, nil
}

// measured is one frame of a file, everything measured.
type measured struct {
	File  string     `json:"file"`
	At    float64    `json:"at"`
	Frame wire.Frame `json:"frame"`
	Done  bool       `json:"done"`
}

// job is a file to measure; FPS 0 means a picture.
type job struct {
	File string  `json:"file"`
	FPS  float64 `json:"fps"`
}

// measure runs the page's measuring code in Node over files and calls visit for each frame.
func (f faceFiles) measure(ctx context.Context, jobs []job, visit func(measured) error) error {
	return f.node(ctx, []string{"measure.mjs", "--models", f.models}, func(in io.WriteCloser, out *bufio.Scanner) error {
		written := make(chan error, 1)
		go func() {
			e := json.NewEncoder(in)
			var err error
			for _, j := range jobs {
				if err = e.Encode(j); err != nil {
					break
				}
			}
			written <- errors.Join(err, in.Close())
		}()
		done := 0
		var failed error
		for out.Scan() {
			var m measured
			if err := json.Unmarshal(out.Bytes(), &m); err != nil {
				failed = errors.Join(failed, fmt.Errorf("bench: measure: %w", err))
				continue
			}
			switch {
			case m.Done:
				done++
			case failed == nil:
				failed = visit(m)
			}
		}
		err := errors.Join(failed, <-written, out.Err())
		if err == nil && done != len(jobs) {
			err = fmt.Errorf("bench: measured %d of %d files", done, len(jobs))
		}
		return err
	})
}

// node runs a script of bench/face and ends it, with all its children, when talk returns.
func (f faceFiles) node(ctx context.Context, args []string, talk func(io.WriteCloser, *bufio.Scanner) error) error {
	args[0] = filepath.Join(f.root, "bench/face", args[0])
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir, cmd.Stderr = f.root, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("bench: node: %w", err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 8<<20)
	err = talk(in, lines)
	_ = in.Close() // the script ends by itself when its input does
	gone := make(chan error, 1)
	go func() {
		_, drained := io.Copy(io.Discard, out)
		gone <- errors.Join(drained, cmd.Wait())
	}()
	select {
	case waited := <-gone:
		if err == nil {
			err = waited
		}
	case <-time.After(20 * time.Second):
		err = errors.Join(err, errors.New("bench: node did not end"), syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
		<-gone
	}
	return err
}

// camera is a Chromium that plays a clip as its camera and measures it with
// the page's worker.
type camera struct {
	in     io.Writer
	mu     sync.Mutex
	lines  *bufio.Scanner
	engine string
}

// said is one line of browser.mjs.
type said struct {
	Type     string     `json:"type"`
	Detail   string     `json:"detail"`
	Engine   string     `json:"engine"`
	Shot     float64    `json:"shot"` // ms since the camera was opened
	Frame    wire.Frame `json:"frame"`
	At       float64    `json:"at"` // s
	Browser  float64    `json:"browser"`
	Renderer float64    `json:"renderer"`
}

// watch opens the camera and lets look at it.
func (f faceFiles) watch(ctx context.Context, clip string, look func(*camera) error) error {
	return f.node(ctx, []string{"browser.mjs", "--clip", clip, "--models", f.models}, func(in io.WriteCloser, out *bufio.Scanner) error {
		c := &camera{in: in, lines: out}
		ready, err := c.wait("ready")
		if err != nil {
			return err
		}
		c.engine = ready.Engine
		return look(c)
	})
}

func (c *camera) tell(command string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := io.WriteString(c.in, command+"\n")
	return err
}

// next reads what the browser says next.
func (c *camera) next() (s said, err error) {
	for c.lines.Scan() {
		s = said{}
		if err := json.Unmarshal(c.lines.Bytes(), &s); err != nil {
			return s, fmt.Errorf("bench: browser: %w", err)
		}
		switch s.Type {
		case "failed":
			return s, fmt.Errorf("bench: browser: %s", s.Detail)
		case "console":
			continue
		}
		return s, nil
	}
	return s, errors.Join(errors.New("bench: the browser ended"), c.lines.Err())
}

func (c *camera) wait(kind string) (said, error) {
	for {
		if s, err := c.next(); err != nil || s.Type == kind {
			return s, err
		}
	}
}
