package desktops

import (
	"bufio"
	"context"
	"crypto/des"
	"fmt"
	"io"
	"math/bits"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

const tigerSecret = "sekisho1"

// tiger is a real TigerVNC server with a program inside.
type tiger struct {
	port    int
	display string
}

// need finds a program; in CI it must be there.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "1" {
		t.Fatalf("%s must be there in CI: %v", program, err)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

func startTiger(t testing.TB) tiger {
	t.Helper()
	bin := need(t, "Xtigervnc")
	need(t, "xterm")
	dir := t.TempDir()
	passwd := filepath.Join(dir, "passwd")
	if err := os.WriteFile(passwd, passwordFile(t, tigerSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	displays, number, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "-displayfd", "3", "-rfbport", strconv.Itoa(port), "-localhost", "-SecurityTypes", "VncAuth",
		"-PasswordFile", passwd, "-geometry", "800x600", "-depth", "24", "-desktop", "host-that-nobody-should-see", "-AlwaysShared", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{number}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = number.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	_ = displays.SetReadDeadline(time.Now().Add(20 * time.Second))
	line, err := bufio.NewReader(displays).ReadString('\n')
	_ = displays.Close()
	if err != nil {
		t.Fatalf("TigerVNC did not start: %v\n%s", err, log.String())
	}
	return tiger{port, ":" + strings.TrimSpace(line)}
}

// passwordFile is what vncpasswd writes: the password under a key that every VNC knows.
func passwordFile(t testing.TB, secret string) []byte {
	key := []byte{23, 82, 107, 6, 35, 78, 88, 7}
	for i := range key {
		key[i] = bits.Reverse8(key[i])
	}
	c, err := des.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	copy(b, secret)
	c.Encrypt(b, b)
	return b
}

// run starts a shell script in a terminal that covers the screen.
func (v tiger) run(t testing.TB, script string) {
	t.Helper()
	cmd := exec.Command("xterm", "-geometry", "130x45+0+0", "-fn", "fixed", "-xrm", "XTerm*allowWindowOps: true", "-xrm", "XTerm*disallowedWindowOps:", "-e", "sh", "-c", script)
	cmd.Env = append(os.Environ(), "DISPLAY="+v.display)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

const busy = `i=0; while :; do i=$((i+1)); printf '\033[4%dm\033[3%dm' $((i%8)) $(((i+3)%8)); head -c 90 /dev/urandom | base64 -w 120; done`

// viewer is a page's connection through the gateway to the desktop.
func viewer(t *testing.T, r room, d Desktop) (page net.Conn, in *screen) {
	t.Helper()
	gateway, page := pairTCP(t)
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- r.Stream(ctx, gateway, Visit{Desktop: d.ID, Person: "p"}) }()
	t.Cleanup(func() {
		_ = page.Close()
		cancel()
		if err := <-done; err != nil && ctx.Err() == nil {
			t.Error("stream:", err)
		}
	})
	rest, name, reason := join(t, page)
	if reason != "" || name != "業務" {
		t.Fatalf("name %q, reason %q", name, reason)
	}
	return page, &screen{pipe: newPipe(rest, io.Discard)}
}

// direct is a connection past the gateway: the control of what the gateway takes away.
func direct(t *testing.T, v tiger) (page net.Conn, in *screen) {
	t.Helper()
	page, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(v.port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = page.Close() })
	_ = page.SetDeadline(time.Now().Add(30 * time.Second))
	rest := bufio.NewReaderSize(page, pictures)
	if _, err := greet(page, rest, tigerSecret); err != nil {
		t.Fatal(err)
	}
	return page, &screen{pipe: newPipe(rest, io.Discard)}
}

func ask(encodings ...int64) []byte { return cat([]byte{2, 0}, u16(len(encodings)), u32(encodings...)) }

func more(incremental byte) []byte { return cat([]byte{3, incremental}, u16(0, 0, 800, 600)) }

// watch asks for updates and frames what comes, until enough says so.
func watch(t *testing.T, page net.Conn, in *screen, enough func() bool) {
	t.Helper()
	if _, err := page.Write(more(0)); err != nil {
		t.Fatal(err)
	}
	for updates := in.updates.Load(); !enough(); {
		step(t, page, in)
		if n := in.updates.Load(); n != updates {
			updates = n
			if _, err := page.Write(more(1)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// step frames one message and sends fences back, as noVNC does.
func step(t *testing.T, page net.Conn, in *screen) (kind byte) {
	t.Helper()
	head, err := in.peek(1)
	if err != nil {
		t.Fatal(err)
	}
	if kind = head[0]; kind == fence {
		b, err := in.peek(9)
		if err != nil {
			t.Fatal(err)
		}
		if b, err = in.peek(9 + int(b[8])); err != nil {
			t.Fatal(err)
		}
		answer := append([]byte(nil), b...)
		answer[4] &= 0x7f // no longer a request
		if _, err := page.Write(answer); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.message(); err != nil {
		t.Fatal(err)
	}
	return kind
}

// TestTigerVNCInEveryEncoding: a real server draws noise; what comes out of the
// gateway is framed a second time, which fails if a single byte is missing.
func TestTigerVNCInEveryEncoding(t *testing.T) {
	v := startTiger(t)
	v.run(t, busy)
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.port, tigerSecret)
	for name, c := range map[string]struct {
		ask  []int64
		want int
	}{
		"raw":           {[]int64{rawRect}, rawRect},
		"RRE":           {[]int64{rreRect}, rreRect},
		"hextile":       {[]int64{hextileRect}, hextileRect},
		"ZRLE":          {[]int64{zrleRect}, zrleRect},
		"tight":         {[]int64{tightRect, compressLow + 1}, tightRect},
		"tight, JPEG":   {[]int64{tightRect, qualityLow + 2, compressLow + 1}, tightRect},
		"as noVNC asks": {[]int64{1, 50, 7, -260, 16, 21, 5, 2, 6, 0, -26, -254, -223, -224, -258, -261, -308, -309, -312, -313, -307, 0xc0a1e5ce, -316, 0x574d5664, -239}, tightRect},
	} {
		t.Run(name, func(t *testing.T) {
			page, in := viewer(t, r, d)
			if _, err := page.Write(ask(c.ask...)); err != nil {
				t.Fatal(err)
			}
			watch(t, page, in, func() bool { return in.updates.Load() >= 40 && in.rects[c.want].Load() >= 40 })
			if in.clipboards.Load() != 0 {
				t.Fatal("a clipboard came through")
			}
		})
	}
}

// TestTigerVNCContinuousUpdates: fences and continuous updates are what keeps
// the picture moving on a long way; they pass.
func TestTigerVNCContinuousUpdates(t *testing.T) {
	v := startTiger(t)
	v.run(t, busy)
	r := newRoom(t, storagetest.SQLite(t))
	page, in := viewer(t, r, r.desktop(t, v.port, tigerSecret))
	if _, err := page.Write(cat(ask(zrleRect, fenceSupport, continuousSupport), more(0))); err != nil {
		t.Fatal(err)
	}
	enabled, fences := false, 0
	for in.updates.Load() < 30 || !enabled || fences == 0 {
		switch step(t, page, in) {
		case continuousUpdates:
			if !enabled {
				enabled = true
				_, _ = page.Write(cat([]byte{150, 1}, u16(0, 0, 800, 600)))
			}
		case fence:
			fences++
		}
	}
}

func TestTigerVNCWrongPassword(t *testing.T) {
	v := startTiger(t)
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.port, "wrong")
	gateway, page := pairTCP(t)
	done := make(chan error, 1)
	go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: d.ID}) }()
	if _, _, reason := join(t, page); reason != "desktop.password" {
		t.Fatalf("%q", reason)
	}
	<-done
}

// TestTigerVNCClipboardOut: a program on the desktop copies a secret. Past the
// gateway the clipboard message comes; through it, only the picture does.
func TestTigerVNCClipboardOut(t *testing.T) {
	v := startTiger(t)
	v.run(t, `while :; do printf '\033]52;c;%s\a' "$(date +%s%N | base64 -w0)"; printf '.'; sleep 0.1; done`)
	r := newRoom(t, storagetest.SQLite(t))
	control, past := direct(t, v)
	if _, err := control.Write(ask(rawRect)); err != nil {
		t.Fatal(err)
	}
	watch(t, control, past, func() bool { return past.clipboards.Load() >= 2 })
	page, in := viewer(t, r, r.desktop(t, v.port, tigerSecret))
	if _, err := page.Write(ask(rawRect)); err != nil {
		t.Fatal(err)
	}
	watch(t, page, in, func() bool { return in.updates.Load() >= 20 })
	if n := in.clipboards.Load(); n != 0 {
		t.Fatalf("%d clipboards came through", n)
	}
	_ = page.Close()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if rows := r.rows(t, "desktop.closed"); len(rows) == 1 {
			if n := rows[0].Detail["clipboards_dropped"]; n == "0" {
				t.Fatal("the desktop copied nothing, so nothing was proved")
			}
			return
		}
		if time.Now().After(until) {
			t.Fatal("no row of the end")
		}
	}
}

// TestTigerVNCClipboardIn: a page sends a clipboard and presses Shift+Insert in
// a terminal. Past the gateway the text is pasted; through it, only typing arrives.
func TestTigerVNCClipboardIn(t *testing.T) {
	v := startTiger(t)
	file := filepath.Join(t.TempDir(), "typed")
	v.run(t, `stty -icanon; cat > `+file)
	r := newRoom(t, storagetest.SQLite(t))
	key := func(down byte, sym int64) []byte { return cat([]byte{4, down, 0, 0}, u32(sym)) }
	paste := func(text string) []byte {
		return cat([]byte{6, 0, 0, 0}, u32(int64(len(text))), []byte(text), key(1, 0xffe1), key(1, 0xff63), key(0, 0xff63), key(0, 0xffe1))
	}
	typed := func(text string) (b []byte) {
		for _, c := range []byte(text) {
			b = append(b, cat(key(1, int64(c)), key(0, int64(c)))...)
		}
		return b
	}
	await := func(page net.Conn, in *screen, send []byte, text string) bool {
		_, _ = page.Write(cat([]byte{5, 0}, u16(200, 200))) // the terminal under the pointer hears the keys
		go func() { _ = in.run() }()
		for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
			_, _ = page.Write(send)
			time.Sleep(200 * time.Millisecond)
			if b, _ := os.ReadFile(file); strings.Contains(string(b), text) {
				return true
			}
		}
		return false
	}
	control, past := direct(t, v)
	_, _ = control.Write(cat(ask(rawRect), more(0)))
	if !await(control, past, paste("PAST"), "PAST") {
		t.Fatal("control: pasting does not work at all")
	}
	_ = control.Close()
	page, in := viewer(t, r, r.desktop(t, v.port, tigerSecret))
	_, _ = page.Write(cat(ask(rawRect), more(0)))
	if !await(page, in, cat(paste("THROUGH"), typed("x1")), "x1") {
		t.Fatal("typing does not arrive")
	}
	if b, _ := os.ReadFile(file); strings.Contains(string(b), "THROUGH") {
		t.Fatalf("the clipboard arrived: %q", b)
	}
}

// TestTigerVNCResize: the window's size becomes the desktop's.
func TestTigerVNCResize(t *testing.T) {
	v := startTiger(t)
	r := newRoom(t, storagetest.SQLite(t))
	page, in := viewer(t, r, r.desktop(t, v.port, tigerSecret))
	_, _ = page.Write(cat(ask(rawRect, extendedDesktopSize), more(0)))
	want := cat(u16(1024, 768), u32(extendedDesktopSize))
	found := make(chan bool, 1)
	go func() {
		var seen strings.Builder
		in.w = bufio.NewWriterSize(&seen, 1)
		for in.message() == nil {
			if strings.Contains(seen.String(), string(want)) {
				found <- true
				return
			}
			_, _ = page.Write(more(1))
		}
		found <- false
	}()
	_, _ = page.Write(cat([]byte{251, 0}, u16(1024, 768), []byte{1, 0}, u32(0), u16(0, 0, 1024, 768), u32(0)))
	if !<-found {
		t.Fatal("the desktop kept its size")
	}
}

// TestTigerVNCThroughput shows what the gateway costs; nothing is asserted.
func TestTigerVNCThroughput(t *testing.T) {
	v := startTiger(t)
	v.run(t, busy)
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.port, tigerSecret)
	measure := func(page net.Conn, in *screen) string {
		var n counter
		in.w = bufio.NewWriterSize(&n, pictures)
		_, _ = page.Write(ask(rawRect))
		start := time.Now()
		watch(t, page, in, func() bool { return time.Since(start) > 1500*time.Millisecond })
		s := time.Since(start).Seconds()
		return fmt.Sprintf("%.0f updates/s, %.0f MB/s", float64(in.updates.Load())/s, float64(n)/s/1e6)
	}
	t.Log("past the gateway:   ", measure(direct(t, v)))
	t.Log("through the gateway:", measure(viewer(t, r, d)))
}

type counter int64

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }

func BenchmarkScreen(b *testing.B) {
	big := frame(rect(1920, 1080, rawRect, noise(1920*1080*4)))
	b.SetBytes(int64(len(big)))
	for b.Loop() {
		s := &screen{pipe: newPipe(bufio.NewReaderSize(strings.NewReader(string(big)), pictures), io.Discard)}
		if err := s.message(); err != nil {
			b.Fatal(err)
		}
	}
}
