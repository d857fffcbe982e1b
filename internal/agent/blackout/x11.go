package blackout

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A client of the X protocol (X11R7, "X Window System Protocol", encoding
// appendix) that can do two things: greet the server and ask for the root
// window's picture. Everything is little-endian, as the greeting says.

const (
	x11Socket    = "/tmp/.X11-unix/X"
	familyLocal  = 256   // Xauthority: FamilyLocal
	familyWild   = 65535 // Xauthority: any display
	opGetImage   = 73
	formatZ      = 2 // ZPixmap
	maxPixels    = 64 << 20
	greetWithin  = 2 * time.Second
	cookieMethod = "MIT-MAGIC-COOKIE-1"
)

type x11 struct {
	display    string
	xauthority string

	mu     sync.Mutex
	conn   net.Conn // nil until the server is reached, and after an error
	seq    uint16
	root   uint32
	width  int
	height int
	depth  byte
	pad    int // scan line padding in bytes
}

// OpenScreen makes the screen of the X server that DISPLAY names, and reaches
// it if it runs already; if not, or if it restarts, Grab tries again.
// xauthority is the path of the user's cookies ("" is XAUTHORITY or
// ~/.Xauthority).
func OpenScreen(ctx context.Context, display, xauthority string) (Screen, error) {
	number, err := displayNumber(display)
	if err != nil {
		return nil, err
	}
	x := &x11{display: number, xauthority: xauthority}
	if err := x.dial(ctx); err != nil {
		slog.Info("the screen cannot be seen yet", "error", err)
	}
	return x, nil
}

// displayNumber reads ":1", ":1.0" and "unix:1"; a display of another machine is not this PC's screen.
func displayNumber(display string) (string, error) {
	host, rest, ok := strings.Cut(display, ":")
	number, _, _ := strings.Cut(rest, ".")
	if _, err := strconv.ParseUint(number, 10, 16); !ok || err != nil || (host != "" && host != "unix") {
		return "", ErrNoScreen
	}
	return number, nil
}

func (x *x11) dial(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, greetWithin)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", x11Socket+x.display)
	if err != nil {
		// Linux servers listen in the abstract namespace too.
		if conn, err = dialer.DialContext(ctx, "unix", "@"+x11Socket+x.display); err != nil {
			return fmt.Errorf("%w: %w", ErrNoScreen, err)
		}
	}
	x.conn, x.seq = conn, 0
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline) // a deadline fails only on a closed connection
	if err := x.greet(cookie(x.xauthority, x.display)); err != nil {
		return x.broken(err)
	}
	return nil
}

func (x *x11) greet(secret []byte) error {
	method := cookieMethod
	if secret == nil {
		method = ""
	}
	b := []byte{'l', 0, 11, 0, 0, 0, byte(len(method)), 0, byte(len(secret)), 0, 0, 0}
	b = append(b, padded([]byte(method))...)
	b = append(b, padded(secret)...)
	if _, err := x.conn.Write(b); err != nil {
		return fmt.Errorf("blackout: greet X: %w", err)
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x.conn, head); err != nil {
		return fmt.Errorf("blackout: greet X: %w", err)
	}
	body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(x.conn, body); err != nil {
		return fmt.Errorf("blackout: greet X: %w", err)
	}
	if head[0] != 1 {
		reason := body[:min(len(body), int(head[1]))]
		return fmt.Errorf("%w: X server refuses: %q", ErrNoScreen, reason)
	}
	return x.setup(body)
}

// setup finds the first screen's root window and the layout of its pictures.
func (x *x11) setup(b []byte) error {
	short := errors.New("blackout: X greeting cut short")
	if len(b) < 32 {
		return short
	}
	vendor, formats := int(binary.LittleEndian.Uint16(b[16:])), int(b[21])
	if b[20] == 0 || b[22] != 0 { // no screen, or pictures with the most significant byte first
		return ErrNoScreen
	}
	at := 32 + (vendor+3)/4*4
	screen := at + 8*formats
	if len(b) < screen+40 {
		return short
	}
	s := b[screen:]
	x.root = binary.LittleEndian.Uint32(s)
	x.width, x.height = int(binary.LittleEndian.Uint16(s[20:])), int(binary.LittleEndian.Uint16(s[22:]))
	x.depth = s[38]
	for i := range formats {
		if f := b[at+8*i:]; f[0] == x.depth && f[1] == 32 && (f[2] == 32 || f[2] == 64) {
			x.pad = int(f[2]) / 8
		}
	}
	if x.pad == 0 || x.width*x.height == 0 || x.width*x.height > maxPixels || (x.depth != 24 && x.depth != 32) {
		return fmt.Errorf("%w: %d×%d pixels of %d bits", ErrNoScreen, x.width, x.height, x.depth)
	}
	return nil
}

// Grab asks for the root window's picture: all monitors, as they are seen. A
// connection that has gone stale (another resolution, a new server) is made
// anew once, within the same bound.
func (x *x11) Grab(ctx context.Context) (p Picture, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, GrabWithin)
		defer cancel()
	}
	for range 2 {
		if x.conn == nil {
			if err := x.dial(ctx); err != nil {
				return Picture{}, err
			}
		}
		deadline, _ := ctx.Deadline()
		_ = x.conn.SetDeadline(deadline) // a deadline fails only on a closed connection
		if p, err = x.ask(); err == nil {
			return p, nil
		}
		err = x.broken(err)
	}
	return Picture{}, err
}

func (x *x11) ask() (Picture, error) {
	x.seq++
	b := []byte{opGetImage, formatZ, 5, 0}
	b = binary.LittleEndian.AppendUint32(b, x.root)
	b = append(b, 0, 0, 0, 0) // from the upper left corner
	b = binary.LittleEndian.AppendUint16(b, uint16(x.width))
	b = binary.LittleEndian.AppendUint16(b, uint16(x.height))
	b = append(b, 0xff, 0xff, 0xff, 0xff) // all planes
	if _, err := x.conn.Write(b); err != nil {
		return Picture{}, err
	}
	pixels, err := x.reply()
	if err != nil {
		return Picture{}, err
	}
	stride := (4*x.width + x.pad - 1) / x.pad * x.pad
	if len(pixels) < stride*x.height {
		return Picture{}, errors.New("picture cut short")
	}
	if stride != 4*x.width {
		tight := make([]byte, 0, 4*x.width*x.height)
		for y := range x.height {
			tight = append(tight, pixels[y*stride:y*stride+4*x.width]...)
		}
		pixels = tight
	}
	return Picture{Width: x.width, Height: x.height, BGRX: pixels[:4*x.width*x.height]}, nil
}

// reply reads until the answer to the newest request comes; events are passed over.
func (x *x11) reply() ([]byte, error) {
	head := make([]byte, 32)
	for {
		if _, err := io.ReadFull(x.conn, head); err != nil {
			return nil, err
		}
		switch head[0] {
		case 0:
			return nil, fmt.Errorf("X error %d", head[1])
		case 1:
			n := int64(binary.LittleEndian.Uint32(head[4:])) * 4
			if n > 4*maxPixels || binary.LittleEndian.Uint16(head[2:]) != x.seq {
				return nil, errors.New("answer to another question")
			}
			body := make([]byte, n)
			_, err := io.ReadFull(x.conn, body)
			return body, err
		}
	}
}

// broken closes the connection: after half an answer nothing on it can be understood.
func (x *x11) broken(err error) error {
	_ = x.conn.Close() // given up
	x.conn = nil
	if errors.Is(err, ErrNoScreen) {
		return err
	}
	return fmt.Errorf("blackout: grab: %w", err)
}

// Close ends the connection.
func (x *x11) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.conn == nil {
		return nil
	}
	err := x.conn.Close()
	x.conn = nil
	if err != nil {
		return fmt.Errorf("blackout: close: %w", err)
	}
	return nil
}

func padded(b []byte) []byte { return append(b, make([]byte, (4-len(b)%4)%4)...) }

// cookie finds the display's secret in an Xauthority file; nil if there is none.
func cookie(path, display string) []byte {
	if path == "" {
		path = os.Getenv("XAUTHORITY")
	}
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return nil
	}
	return cookieIn(b, display)
}

// cookieIn parses the entries: family, address, number, method and secret, each
// after its length, big-endian.
func cookieIn(b []byte, display string) []byte {
	for len(b) >= 2 {
		family := binary.BigEndian.Uint16(b)
		b = b[2:]
		var fields [4][]byte
		for i := range fields {
			if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
				return nil
			}
			n := 2 + int(binary.BigEndian.Uint16(b))
			fields[i], b = b[2:n], b[n:]
		}
		number, method, secret := string(fields[1]), string(fields[2]), fields[3]
		if (family == familyLocal || family == familyWild) && (number == display || number == "") && method == cookieMethod && len(secret) <= 255 {
			return secret
		}
	}
	return nil
}
