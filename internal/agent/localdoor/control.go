package localdoor

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// The control socket lies in the agent's state folder, which only its own
// account can enter. An agent that runs for a user who is not itself opens a
// second one, in a folder that he can reach. Either asks the kernel who is at the
// other end. It answers two questions of the command line: the state, and a
// page address with a fresh ticket. Nothing can be configured over it.

const (
	controlFile   = "control.sock"
	controlWithin = 5 * time.Second
	acceptAgain   = 200 * time.Millisecond
	maxControl    = 16 << 10
)

// Order is one question.
type Order struct {
	Do       string `json:"do"` // "open" or "status"
	Language string `json:"language"`
}

// Reply is its answer.
type Reply struct {
	URL     string            `json:"url,omitempty"`
	Status  *wire.LocalStatus `json:"status,omitempty"`
	Problem *wire.Problem     `json:"problem,omitempty"`
}

// Control answers on the control socket of a state folder.
type Control struct {
	listener net.Listener
	user     int // who may ask besides the agent's own account and root; negative is nobody
	answer   func(Order) Reply
	serving  sync.WaitGroup
	closing  chan struct{}
}

// OpenControl listens in dir, a folder that nobody else can enter. A socket
// that a killed agent left behind is replaced; one that answers belongs to a
// running agent, and is an error.
func OpenControl(dir string, answer func(Order) Reply) (*Control, error) {
	return openControl(dir, -1, 0o600, answer)
}

// OpenControlFor listens in dir for one other user of this PC. Everybody may
// enter the folder, and nobody but its owner may write there: who could, would
// put a socket of his own into the place.
func OpenControlFor(user int, dir string, answer func(Order) Reply) (*Control, error) {
	if err := sharedFolder(dir); err != nil {
		return nil, err
	}
	return openControl(dir, user, 0o666, answer) // who asks is looked at, not who could
}

func openControl(dir string, user int, mode fs.FileMode, answer func(Order) Reply) (*Control, error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return nil, fmt.Errorf("localdoor: control: %w", err)
	}
	defer done()
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		conn.Close()
		return nil, errRunning
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("localdoor: control: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("localdoor: control: %w", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		l.Close()
		return nil, fmt.Errorf("localdoor: control: %w", err)
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // the path may go through a descriptor that is closed by then: Close removes it
	}
	c := &Control{listener: l, user: user, answer: answer, closing: make(chan struct{})}
	c.serving.Go(c.serve)
	return c, nil
}

func (c *Control) serve() {
	for {
		conn, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many files are open, say: it passes, and the command line is needed all the more
			slog.Warn("control socket", "error", err)
			select {
			case <-time.After(acceptAgain):
				continue
			case <-c.closing:
				return
			}
		}
		c.serving.Go(func() { c.one(conn) })
	}
}

func (c *Control) one(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(controlWithin)) // a deadline fails only on a closed connection
	if err := mayAsk(conn, c.user); err != nil {
		slog.Warn("refused another user on the control socket", "error", err)
		return
	}
	line, err := bufio.NewReader(io.LimitReader(conn, maxControl)).ReadBytes('\n')
	if err != nil {
		return
	}
	var o Order
	reply := Reply{}
	if err := json.Unmarshal(line, &o); err != nil {
		p := wire.ProblemOf(errMalformed.Because(err), o.Language)
		reply.Problem = &p
	} else {
		reply = c.answer(o)
	}
	_ = json.NewEncoder(conn).Encode(reply) // the asker is gone if this fails
}

// Close stops answering.
func (c *Control) Close() error {
	close(c.closing)
	err := c.listener.Close()
	c.serving.Wait()
	return err
}

// Ask asks the agent that runs on a state folder.
func Ask(ctx context.Context, dir string, o Order) (r Reply, err error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return r, errNotReady.Because(err)
	}
	defer done()
	conn, err := (&net.Dialer{Timeout: controlWithin}).DialContext(ctx, "unix", path)
	if err != nil {
		return r, errNotReady.Because(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(controlWithin)) // a deadline fails only on a closed connection
	if err := json.NewEncoder(conn).Encode(o); err != nil {
		return r, errNotReady.Because(err)
	}
	if err := json.NewDecoder(io.LimitReader(conn, maxControl)).Decode(&r); err != nil {
		return r, errNotReady.Because(err)
	}
	return r, nil
}

// maxSocketPath is what fits into sockaddr_un on the systems that we build for.
const maxSocketPath = 100

// socketPath names the socket; a folder whose path is too long for a socket's
// address is reached through an open descriptor of it.
func socketPath(dir string) (path string, done func(), err error) {
	path = filepath.Join(dir, controlFile)
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	short := fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), controlFile)
	if _, err := os.Stat(filepath.Dir(short)); err != nil {
		f.Close()
		return "", nil, syscall.ENAMETOOLONG
	}
	return short, func() { f.Close() }, nil
}
