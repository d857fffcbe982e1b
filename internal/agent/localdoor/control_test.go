package localdoor

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

func TestControl(t *testing.T) {
	for name, dir := range map[string]string{"short path": t.TempDir(), "long path": filepath.Join(t.TempDir(), strings.Repeat("long", 30))} {
		t.Run(name, func(t *testing.T) {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			answer := func(o Order) Reply {
				if o.Do == "status" {
					return Reply{Status: &wire.LocalStatus{Phase: "ready", Title: o.Language}}
				}
				return Reply{URL: "http://x/#ticket=1"}
			}
			if _, err := Ask(t.Context(), dir, Order{Do: "open"}); !errors.Is(err, errNotReady) {
				t.Errorf("before: %v", err)
			}
			c, err := OpenControl(dir, answer)
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(filepath.Join(dir, controlFile)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			if r, err := Ask(t.Context(), dir, Order{Do: "open"}); err != nil || r.URL != "http://x/#ticket=1" {
				t.Errorf("%+v, %v", r, err)
			}
			if r, err := Ask(t.Context(), dir, Order{Do: "status", Language: "en"}); err != nil || r.Status.Title != "en" {
				t.Errorf("%+v, %v", r, err)
			}
			if second, err := OpenControl(dir, answer); !errors.Is(err, errRunning) {
				t.Errorf("a second agent on the same folder: %v, %v", second, err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := OpenControl(dir, answer) // the old socket file is still there
			if err != nil {
				t.Fatalf("after a killed agent: %v", err)
			}
			again.Close()
		})
	}
}

func TestControlRefusesRubbish(t *testing.T) {
	dir := t.TempDir()
	c, err := OpenControl(dir, func(Order) Reply { return Reply{URL: "x"} })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, text := range []string{"{\n", "\n", strings.Repeat("x", maxControl+1)} {
		conn, err := net.Dial("unix", filepath.Join(dir, controlFile))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(text)) // it may be cut off while it is written
		buf := make([]byte, 4096)
		n, _ := conn.Read(buf)
		if strings.Contains(string(buf[:n]), `"url"`) {
			t.Errorf("%.10q was answered: %s", text, buf[:n])
		}
		conn.Close()
	}
}

// stumbling fails to accept now and then, as a listener does when too many
// files are open.
type stumbling struct {
	net.Listener
	fail chan error
}

func (s stumbling) Accept() (net.Conn, error) {
	select {
	case err := <-s.fail:
		return nil, err
	default:
		return s.Listener.Accept()
	}
}

func TestControlGoesOnAfterAFailedAccept(t *testing.T) {
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, controlFile))
	if err != nil {
		t.Fatal(err)
	}
	s := stumbling{l, make(chan error, 1)}
	s.fail <- syscall.EMFILE
	c := &Control{listener: s, user: -1, closing: make(chan struct{}), answer: func(Order) Reply { return Reply{URL: "x"} }}
	c.serving.Go(c.serve)
	if r, err := Ask(t.Context(), dir, Order{Do: "open"}); err != nil || r.URL != "x" {
		t.Errorf("%+v, %v", r, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
