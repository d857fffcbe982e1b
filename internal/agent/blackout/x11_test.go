package blackout

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed", p)
			}
			t.Skipf("%s is not installed", p)
		}
	}
}

// authority is an Xauthority file with one cookie for every local display.
func authority(t *testing.T, secret []byte) string {
	t.Helper()
	b := binary.BigEndian.AppendUint16(nil, familyWild)
	for _, f := range [][]byte{nil, nil, []byte(cookieMethod), secret} {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(f))), f...)
	}
	path := filepath.Join(t.TempDir(), "Xauthority")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// startX runs a real X server on a free display, with a cookie.
func startX(t *testing.T) (display, xauthority string) {
	t.Helper()
	need(t, "Xvfb")
	xauthority = authority(t, []byte("0123456789abcdef"))
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "301x200x24", "-auth", xauthority, "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(r).ReadString('\n')
	number := strings.TrimSpace(line)
	if _, bad := strconv.Atoi(number); err != nil || bad != nil {
		t.Fatalf("Xvfb named no display: %q, %v", line, err)
	}
	return ":" + number, xauthority
}

// paint fills the whole screen: ChangeWindowAttributes (background) and ClearArea.
func paint(t *testing.T, x *x11, colour uint32) {
	t.Helper()
	b := []byte{2, 0, 4, 0}
	for _, v := range []uint32{x.root, 2, colour} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, 61, 0, 4, 0)
	b = binary.LittleEndian.AppendUint32(b, x.root)
	b = append(b, make([]byte, 8)...)
	if _, err := x.conn.Write(b); err != nil {
		t.Fatal(err)
	}
	x.seq += 2
}

func TestGrabSeesTheRealScreen(t *testing.T) {
	display, auth := startX(t)
	s, err := OpenScreen(t.Context(), display, auth)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	paint(t, s.(*x11), 0x1080f0)
	for range 3 { // the connection is kept
		p, err := s.Grab(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != 301 || p.Height != 200 || len(p.BGRX) != 301*200*4 {
			t.Fatalf("%d×%d, %d bytes", p.Width, p.Height, len(p.BGRX))
		}
		for _, at := range []int{0, 4 * 300, 4 * (100*301 + 150), 4 * (301*200 - 1)} {
			if !bytes.Equal(p.BGRX[at:at+3], []byte{0xf0, 0x80, 0x10}) {
				t.Fatalf("pixel at %d is %x", at, p.BGRX[at:at+3])
			}
		}
		b, err := p.JPEG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if r, g, bl, _ := img.At(10, 10).RGBA(); r>>8 < 8 || r>>8 > 24 || g>>8 < 120 || g>>8 > 136 || bl>>8 < 232 {
			t.Errorf("JPEG shows %d %d %d", r>>8, g>>8, bl>>8)
		}
	}
}

func TestGrabWithoutTheCookieIsRefused(t *testing.T) {
	display, _ := startX(t)
	s, err := OpenScreen(t.Context(), display, filepath.Join(t.TempDir(), "none"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Grab(t.Context()); !errors.Is(err, ErrNoScreen) {
		t.Errorf("got %v", err)
	}
}

// The X server restarts, with another resolution: the next picture is whole again.
func TestGrabFindsARestartedServer(t *testing.T) {
	display, auth := startX(t)
	s, err := OpenScreen(t.Context(), display, auth)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x := s.(*x11)
	x.width = 400 // as if the screen had been wider before: BadMatch
	if p, err := s.Grab(t.Context()); err != nil || p.Width != 301 {
		t.Errorf("%d wide, %v", p.Width, err)
	}
	_ = x.conn.Close()
	if p, err := s.Grab(t.Context()); err != nil || p.Width != 301 {
		t.Errorf("%d wide, %v", p.Width, err)
	}
}

func TestNoScreen(t *testing.T) {
	for _, display := range []string{"", "x", ":", ":x", "other.example:0", "localhost:10.0"} {
		if s, err := OpenScreen(t.Context(), display, ""); !errors.Is(err, ErrNoScreen) {
			t.Errorf("%q: %v, %v", display, s, err)
		}
	}
	if _, err := (None{}).Grab(t.Context()); !errors.Is(err, ErrNoScreen) {
		t.Errorf("got %v", err)
	}
}

// An X server that hangs costs no more than the bound, and one that lies is not believed.
func TestGrabIsBoundedAndFailsClosed(t *testing.T) {
	answer := func(b []byte) func(net.Conn) { return func(c net.Conn) { _, _ = c.Write(b) } }
	for name, serve := range map[string]func(net.Conn){
		"hangs":          func(net.Conn) {},
		"error":          answer(append([]byte{0, 8}, make([]byte, 30)...)),
		"other question": answer(append([]byte{1, 24, 9, 9}, make([]byte, 28)...)),
		"huge":           answer(append([]byte{1, 24, 1, 0, 0xff, 0xff, 0xff, 0x7f}, make([]byte, 24)...)),
		"cut short":      answer(append([]byte{1, 24, 1, 0, 1, 0, 0, 0}, make([]byte, 28)...)),
		"closes":         func(c net.Conn) { _ = c.Close() },
		"endless events": func(c net.Conn) {
			for {
				if _, err := c.Write(append([]byte{12}, make([]byte, 31)...)); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer theirs.Close()
			go func() {
				_, _ = io.ReadFull(theirs, make([]byte, 20))
				serve(theirs)
			}()
			x := &x11{display: "none", conn: ours, root: 1, width: 10, height: 10, depth: 24, pad: 4}
			ctx, cancel := context.WithTimeout(t.Context(), GrabWithin)
			defer cancel()
			began := time.Now()
			if p, err := x.Grab(ctx); err == nil {
				t.Errorf("got a picture of %d×%d", p.Width, p.Height)
			}
			if took := time.Since(began); took > GrabWithin+2*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestCookie(t *testing.T) {
	entry := func(family uint16, number, method, secret string) []byte {
		b := binary.BigEndian.AppendUint16(nil, family)
		for _, f := range []string{"host", number, method, secret} {
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(f))), f...)
		}
		return b
	}
	file := append(entry(0, "1", cookieMethod, "internet"), entry(familyLocal, "2", cookieMethod, "two")...)
	file = append(file, entry(familyLocal, "1", "XDM-AUTHORIZATION-1", "xdm")...)
	file = append(file, entry(familyWild, "", cookieMethod, "any")...)
	for display, want := range map[string]string{"2": "two", "1": "any", "7": "any"} {
		if got := cookieIn(file, display); string(got) != want {
			t.Errorf("display %s: %q, want %q", display, got, want)
		}
	}
	if got := cookieIn(file[:len(file)-1], "7"); got != nil {
		t.Errorf("cut file: %q", got)
	}
}

func FuzzCookie(f *testing.F) {
	f.Add([]byte{1, 0, 0, 1, 'h', 0, 1, '0', 0, 0, 0, 0}, "0")
	f.Fuzz(func(_ *testing.T, b []byte, display string) { cookieIn(b, display) })
}

func FuzzSetup(f *testing.F) {
	f.Add(make([]byte, 120))
	f.Fuzz(func(t *testing.T, b []byte) {
		x := &x11{}
		if x.setup(b) == nil && (x.pad == 0 || x.width*x.height > maxPixels) {
			t.Errorf("%+v", x)
		}
	})
}

func TestJPEGRefusesWhatIsNoPicture(t *testing.T) {
	for _, p := range []Picture{{}, {Width: 2, Height: 2, BGRX: make([]byte, 15)}, {Width: -1, Height: -1, BGRX: make([]byte, 4)}} {
		if _, err := p.JPEG(); err == nil {
			t.Errorf("encoded %+v", p)
		}
	}
	wide := Picture{Width: 2*maxWidth + 2, Height: 2, BGRX: make([]byte, 4*(2*maxWidth+2)*2)}
	b, err := wide.JPEG()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width > maxWidth {
		t.Errorf("%d wide, %v", c.Width, err)
	}
}
