package centre

import (
	"context"
	"crypto/des"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed desktop.sh
var receptionList string

// Desktop is a virtual desktop: TigerVNC's own X server with a program inside.
type Desktop struct {
	Display  string
	Port     int
	Password string
	xserver  *Process
	programs []*Process
}

// StartDesktop starts one on a free display and port. program runs inside it;
// empty runs an invented reception list with a clock, so that something moves.
func StartDesktop(ctx context.Context, dir string, program ...string) (*Desktop, error) {
	d := &Desktop{Password: "sekisho1"} // VncAuth looks at eight characters
	passwd := filepath.Join(dir, "vnc.passwd")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	obscured, err := obscure(d.Password)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(passwd, obscured, 0o600); err != nil {
		return nil, err
	}
	if d.Port, err = freePort(); err != nil {
		return nil, err
	}
	for n := 20; n < 200; n++ {
		if taken(n) {
			continue
		}
		d.Display = ":" + strconv.Itoa(n)
		d.xserver, err = Run(dir, "vnc", nil, "Xtigervnc", d.Display, "-rfbport", strconv.Itoa(d.Port), "-localhost",
			"-SecurityTypes", "VncAuth", "-PasswordFile", passwd, "-geometry", "1024x640", "-depth", "24", "-desktop", "業務デスクトップ", "-AlwaysShared")
		if err != nil {
			return nil, err
		}
		if d.xserver.await(ctx, 10*time.Second, func() bool { return dials(d.Port) }) == nil {
			break
		}
		d.xserver.Stop()
		d.xserver = nil
	}
	if d.xserver == nil {
		return nil, fmt.Errorf("centre: no free X display for the virtual desktop")
	}
	env := []string{"DISPLAY=" + d.Display}
	if len(program) == 0 {
		// Without a window manager: a terminal larger than the screen fills it.
		program = []string{"xterm", "-geometry", "140x60+0+0", "-bw", "0", "-b", "0", "-fa", "monospace", "-fd", "Noto Sans Mono CJK JP", "-fs", "15", "-u8",
			"-bg", "#eeeeee", "-T", "業務", "-e", "sh", "-c", receptionList}
	}
	p, err := Run(dir, "desktop-program", env, program...)
	if err != nil {
		d.Close()
		return nil, err
	}
	d.programs = append(d.programs, p)
	return d, nil
}

// Close ends the desktop. The X server is asked, not killed: it takes its lock
// and its socket out of the temporary folder.
func (d *Desktop) Close() {
	for _, p := range d.programs {
		p.Kill()
	}
	d.xserver.Stop()
}

// taken says whether a running X server holds a display. A lock whose process
// is gone was left by one that was killed; the next server takes it away.
func taken(display int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/tmp/.X%d-lock", display))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	return err != nil || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func dials(port int) bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(port), time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// Name makes a desktop known to the centre and lets people reach it.
func (c *Centre) Name(ctx context.Context, d *Desktop, name string, logins ...string) error {
	admin, err := c.As(ctx, "admin")
	if err != nil {
		return err
	}
	var made struct {
		ID string `json:"id"`
	}
	err = admin.Post(ctx, "desktops", map[string]any{"name": name, "host": "127.0.0.1", "port": d.Port, "secret": d.Password}, &made)
	if err != nil {
		return err
	}
	people := []string{}
	for _, login := range logins {
		people = append(people, c.Seeded.People[login])
	}
	return admin.Put(ctx, "desktops/"+made.ID+"/people", map[string]any{"people": people}, nil)
}

// obscure writes a password as VNC's password files hold it: DES under a key
// that is known to everybody, each of whose bytes VNC takes bit-reversed.
func obscure(password string) ([]byte, error) {
	key := [8]byte{23, 82, 107, 6, 35, 78, 88, 7}
	for i, b := range key {
		key[i] = bits.Reverse8(b)
	}
	block, err := des.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	var clear, out [8]byte
	copy(clear[:], password)
	block.Encrypt(out[:], clear[:])
	return out[:], nil
}
