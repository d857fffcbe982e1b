package desktops

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestRespond is DES as VNC uses it, checked against OpenSSL:
// printf %s "$challenge" | openssl enc -des-ecb -nopad -K (mirrored password).
func TestRespond(t *testing.T) {
	var b [challenge]byte
	for i := range b {
		b[i] = byte(i)
	}
	got, err := respond(b, "sekisho1")
	if err != nil || hex.EncodeToString(got[:]) != respondWant {
		t.Fatalf("%x, %v", got, err)
	}
}

const respondWant = "755c8d6ac0a456c7716e4befc7c8e819"

// vnc is a scripted VNC server that speaks any version and security type.
type vnc struct {
	version string
	types   []byte // of 3.7 and later; 3.3 takes the first
	secret  string // "" checks nothing
	result  uint32
	name    int // bytes
	width   int
	after   func(c net.Conn, r *bufio.Reader)
}

func (v *vnc) listen(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { v.serve(c); _ = c.Close() }()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func (v *vnc) serve(c net.Conn) {
	r := bufio.NewReader(c)
	_, _ = io.WriteString(c, v.version)
	if len(v.version) < 12 {
		return
	}
	answer := make([]byte, 12)
	if _, err := io.ReadFull(r, answer); err != nil {
		return
	}
	old := string(answer) == "RFB 003.003\n"
	kind := byte(0)
	if old {
		kind = v.types[0]
		_, _ = c.Write(u32(int64(kind)))
	} else {
		_, _ = c.Write(append([]byte{byte(len(v.types))}, v.types...))
		if len(v.types) == 0 {
			_, _ = c.Write(cat(u32(4), []byte("busy")))
			return
		}
		var err error
		if kind, err = r.ReadByte(); err != nil {
			return
		}
	}
	if kind == securityVNC {
		b := [challenge]byte(noise(challenge))
		_, _ = c.Write(b[:])
		got := make([]byte, challenge)
		if _, err := io.ReadFull(r, got); err != nil {
			return
		}
		if want, _ := respond(b, v.secret); !bytes.Equal(got, want[:]) {
			_, _ = c.Write(cat(u32(1, 5), []byte("wrong")))
			return
		}
	}
	if kind == securityVNC || string(answer) == version38 {
		_, _ = c.Write(u32(int64(v.result)))
	}
	if shared, err := r.ReadByte(); err != nil || shared != 1 {
		return
	}
	_, _ = c.Write(cat(u16(v.width, 600), noise(16), u32(int64(v.name)), noise(v.name)))
	set := make([]byte, 20)
	if _, err := io.ReadFull(r, set); err != nil || !bytes.Equal(set, sameFormat) {
		return
	}
	if v.after != nil {
		v.after(c, r)
	}
}

// pairTCP is a browser's connection: the gateway's end and the page's.
func pairTCP(t *testing.T) (gateway, page net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if page, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if gateway, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = gateway.Close(); _ = page.Close() })
	_ = page.SetDeadline(time.Now().Add(30 * time.Second))
	return gateway, page
}

// join does what noVNC does and returns the name it was told, or the reason why not.
func join(t *testing.T, page net.Conn) (r *bufio.Reader, name, reason string) {
	t.Helper()
	r = bufio.NewReader(page)
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	if v := read(12); string(v) != version38 {
		t.Fatalf("version %q", v)
	}
	_, _ = io.WriteString(page, version38)
	if n := read(1)[0]; n == 0 {
		return r, "", string(read(int(be32(read(4)))))
	} else if types := read(int(n)); !bytes.Equal(types, []byte{securityNone}) {
		t.Fatalf("the browser is offered %v", types)
	}
	_, _ = page.Write([]byte{securityNone})
	if res := read(4); !bytes.Equal(res, make([]byte, 4)) {
		t.Fatalf("result %v", res)
	}
	_, _ = page.Write([]byte{0})
	init := read(24)
	if !bytes.Equal(init[4:20], pixelFormat[:]) {
		t.Fatalf("pixel format %v", init[4:20])
	}
	return r, string(read(int(be32(init[20:])))), ""
}

func (r room) desktop(t *testing.T, port int, secret string) Desktop {
	t.Helper()
	d, err := r.Create(t.Context(), "admin", Desktop{Name: "業務", Host: "127.0.0.1", Port: port}, secret)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestHandshakes(t *testing.T) {
	for name, c := range map[string]struct {
		vnc    vnc
		secret string
		code   string
	}{
		"3.8, VNC":                    {vnc{version: version38, types: []byte{1, 16, 2}, secret: "abc"}, "abc", ""},
		"3.8, none":                   {vnc{version: version38, types: []byte{1}}, "", ""},
		"3.7, VNC":                    {vnc{version: "RFB 003.007\n", types: []byte{2}, secret: "abc"}, "abc", ""},
		"3.7, none":                   {vnc{version: "RFB 003.007\n", types: []byte{1}}, "", ""},
		"3.3, VNC":                    {vnc{version: "RFB 003.003\n", types: []byte{2}, secret: "12345678"}, "12345678", ""},
		"3.3, none":                   {vnc{version: "RFB 003.003\n", types: []byte{1}}, "", ""},
		"Apple's 3.889":               {vnc{version: "RFB 003.889\n", types: []byte{2}, secret: "abc"}, "abc", ""},
		"5.0":                         {vnc{version: "RFB 005.000\n", types: []byte{2}, secret: "abc"}, "abc", ""},
		"3.5 is taken as 3.3":         {vnc{version: "RFB 003.005\n", types: []byte{1}}, "", ""},
		"wrong password":              {vnc{version: version38, types: []byte{2}, secret: "abc"}, "abd", "desktop.password"},
		"wrong password, 3.3":         {vnc{version: "RFB 003.003\n", types: []byte{2}, secret: "abc"}, "abd", "desktop.password"},
		"refused without a password":  {vnc{version: version38, types: []byte{1}, result: 1}, "", "desktop.password"},
		"password kept, none offered": {vnc{version: version38, types: []byte{1}}, "abc", "desktop.unsupported"},
		"none kept, password wanted":  {vnc{version: version38, types: []byte{2}, secret: "abc"}, "", "desktop.unsupported"},
		"the same, 3.3":               {vnc{version: "RFB 003.003\n", types: []byte{2}}, "", "desktop.unsupported"},
		"TLS only":                    {vnc{version: version38, types: []byte{19}}, "abc", "desktop.unsupported"},
		"too many failures":           {vnc{version: version38}, "abc", "desktop.unreachable"},
		"a web server":                {vnc{version: "HTTP/1.1 400 Bad"}, "", "desktop.unsupported"},
		"hangs up":                    {vnc{version: "RFB"}, "", "desktop.unreachable"},
		"endless name":                {vnc{version: version38, types: []byte{1}, name: 5000}, "", "desktop.protocol"},
		"endless screen":              {vnc{version: version38, types: []byte{1}, width: 20000}, "", "desktop.unsupported"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, storagetest.SQLite(t))
			d := r.desktop(t, c.vnc.listen(t), c.secret)
			gateway, page := pairTCP(t)
			done := make(chan error, 1)
			go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: d.ID, Person: "p", Session: "s"}) }()
			_, title, reason := join(t, page)
			if reason != c.code {
				t.Fatalf("the browser was told %q, want %q", reason, c.code)
			}
			if c.code == "" {
				if title != "業務" {
					t.Fatalf("title %q", title)
				}
				_ = page.Close()
			}
			err := <-done
			if c.code == "" && err != nil {
				t.Fatal(err)
			}
			if c.code != "" && sekisho.CodeOf(err) != c.code {
				t.Fatal(err)
			}
			if n := len(r.rows(t, "desktop.opened")); n != 1 {
				t.Fatalf("%d rows of opening", n)
			}
			if n := len(r.rows(t, "desktop.failed")); (n == 1) != (c.code != "") {
				t.Fatalf("%d rows of failure", n)
			}
		})
	}
}

func TestUnreachableAndUnknown(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	d := r.desktop(t, port, "")
	for id, code := range map[sekisho.DesktopID]string{d.ID: "desktop.unreachable", "nothing": "desktop.not_found"} {
		gateway, page := pairTCP(t)
		done := make(chan error, 1)
		go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: id}) }()
		if _, _, reason := join(t, page); reason != code {
			t.Errorf("%q, want %q", reason, code)
		}
		if err := <-done; sekisho.CodeOf(err) != code {
			t.Error(err)
		}
	}
}

// TestPasswordNeverReachesTheBrowser reads every byte that the browser gets.
func TestPasswordNeverReachesTheBrowser(t *testing.T) {
	const secret = "s3cr3tPW"
	v := vnc{version: version38, types: []byte{2}, secret: secret, after: func(c net.Conn, _ *bufio.Reader) {
		_, _ = c.Write([]byte{2})
	}}
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.listen(t), secret)
	gateway, page := pairTCP(t)
	seen := &bytes.Buffer{}
	done := make(chan error, 1)
	go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: d.ID}) }()
	rest, _, _ := join(t, tee{page, seen})
	_, _ = io.Copy(io.Discard, rest)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(seen.Bytes(), []byte{2}) {
		t.Fatal("control: the bell did not come")
	}
	if bytes.Contains(seen.Bytes(), []byte(secret)) || bytes.Contains(seen.Bytes(), []byte("127.0.0.1")) {
		t.Fatal("the browser was told too much")
	}
}

type tee struct {
	net.Conn
	seen *bytes.Buffer
}

func (c tee) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.seen.Write(b[:n])
	return n, err
}

// TestClipboardNeverCrosses sends both forms both ways, between messages that must cross.
func TestClipboardNeverCrosses(t *testing.T) {
	heard := make(chan []byte, 1)
	v := vnc{version: version38, types: []byte{1}, after: func(c net.Conn, r *bufio.Reader) {
		_, _ = c.Write(cat([]byte{2}, []byte{3, 0, 0, 0}, u32(9), []byte("from desk"), []byte{3, 0, 0, 0}, u32(-9), []byte("from desk"), frame(rect(1, 1, rawRect, []byte("pixl"))), []byte{2}))
		b := make([]byte, 16)
		_, _ = io.ReadFull(r, b)
		heard <- b
	}}
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.listen(t), "")
	gateway, page := pairTCP(t)
	done := make(chan error, 1)
	go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: d.ID, Person: "p", Session: "s"}) }()
	rest, _, _ := join(t, page)
	key := []byte{4, 1, 0, 0, 0, 0, 0, 0x61}
	_, _ = page.Write(cat(key, []byte{6, 0, 0, 0}, u32(9), []byte("from page"), []byte{6, 0, 0, 0}, u32(-9), []byte("from page"), key))
	if got := <-heard; !bytes.Equal(got, cat(key, key)) {
		t.Fatalf("the desktop got %q", got)
	}
	got, err := io.ReadAll(rest)
	if want := cat([]byte{2}, frame(rect(1, 1, rawRect, []byte("pixl"))), []byte{2}); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("the page got %q, %v", got, err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	rows := r.rows(t, "desktop.closed")
	if len(rows) != 1 || rows[0].Detail["clipboards_dropped"] != "4" || rows[0].Detail["keys"] != "2" || rows[0].Actor.Person != "p" {
		t.Fatalf("%+v", rows)
	}
}

// TestStreamEnds: by its context, by a change of the desktop, by a message that
// is not allowed. Each time both sides are closed at once.
func TestStreamEnds(t *testing.T) {
	over := sekisho.Fail(sekisho.KindDenied, "flows.lease_over")
	for name, c := range map[string]struct {
		end  func(t *testing.T, r room, d Desktop, page net.Conn, cancel context.CancelCauseFunc)
		code string
	}{
		"the lease": {func(_ *testing.T, _ room, _ Desktop, _ net.Conn, cancel context.CancelCauseFunc) { cancel(over) }, "flows.lease_over"},
		"deleted": {func(t *testing.T, r room, d Desktop, _ net.Conn, _ context.CancelCauseFunc) {
			if err := r.Delete(t.Context(), "admin", d.ID); err != nil {
				t.Error(err)
			}
		}, "desktop.deleted"},
		"moved": {func(t *testing.T, r room, d Desktop, _ net.Conn, _ context.CancelCauseFunc) {
			d.Port++
			if _, err := r.Update(t.Context(), "admin", d, nil); err != nil {
				t.Error(err)
			}
		}, "desktop.changed"},
		"forbidden message": {func(_ *testing.T, _ room, _ Desktop, page net.Conn, _ context.CancelCauseFunc) {
			_, _ = page.Write([]byte{250, 0, 1, 2})
		}, "desktop.protocol"},
		"the browser": {func(_ *testing.T, _ room, _ Desktop, page net.Conn, _ context.CancelCauseFunc) { _ = page.Close() }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			up := make(chan error, 1)
			v := vnc{version: version38, types: []byte{1}, after: func(_ net.Conn, r *bufio.Reader) {
				_, err := r.ReadByte()
				up <- err
			}}
			r := newRoom(t, storagetest.SQLite(t))
			d := r.desktop(t, v.listen(t), "")
			gateway, page := pairTCP(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			done := make(chan error, 1)
			go func() { done <- r.Stream(ctx, gateway, Visit{Desktop: d.ID, Person: "p"}) }()
			join(t, page)
			for len(r.Open()) != 1 {
				time.Sleep(time.Millisecond)
			}
			c.end(t, r, d, page, cancel)
			if err := <-up; err == nil {
				t.Fatal("something reached the desktop")
			}
			err := <-done
			if (c.code == "") != (err == nil) || (err != nil && sekisho.CodeOf(err) != c.code) {
				t.Fatal(err)
			}
			if n, err := page.Read(make([]byte, 1)); n != 0 || (err == nil) {
				t.Fatal("the page is still connected")
			}
			if len(r.Open()) != 0 {
				t.Fatal("it is still listed as open")
			}
			if rows := r.rows(t, "desktop.closed"); len(rows) != 1 || (c.code != "" && rows[0].Reason != c.code) {
				t.Fatalf("%+v", rows)
			}
		})
	}
}

// TestStalledBrowserHoldsNothing: a page that does not read cannot fill the gateway's memory.
func TestStalledBrowserHoldsNothing(t *testing.T) {
	var written atomic.Int64
	v := vnc{version: version38, types: []byte{1}, after: func(c net.Conn, _ *bufio.Reader) {
		m := frame(rect(1000, 100, rawRect, noise(400_000)))
		for {
			n, err := c.Write(m)
			written.Add(int64(n))
			if err != nil {
				return
			}
		}
	}}
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.listen(t), "")
	gateway, page := pairTCP(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Stream(ctx, gateway, Visit{Desktop: d.ID}) }()
	join(t, page)
	for last := int64(-1); last != written.Load(); { // until the kernel's buffers are full
		last = written.Load()
		time.Sleep(300 * time.Millisecond)
	}
	if n := written.Load(); n > 64<<20 {
		t.Fatalf("%d bytes went nowhere", n)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestEverythingTheRoomSaysHasATextInBothLanguages(t *testing.T) {
	for _, e := range []*sekisho.Error{errInvalid, errForbidden, errSecretAgain, errNameTaken, errNotFound, errUnreachable, errPassword, errUnsupported, errProtocol,
		sekisho.Fail(sekisho.KindExpired, "desktop.changed"), sekisho.Fail(sekisho.KindExpired, "desktop.deleted")} {
		checkText(t, e)
	}
}

func checkText(t *testing.T, e *sekisho.Error) {
	t.Helper()
	text := wire.TextOf(e.Code)
	if text == wire.TextOf("internal") || text.JA == "" || text.JADo == "" || text.EN == "" || text.ENDo == "" {
		t.Errorf("%s has no text", e.Code)
	}
}

func FuzzGreet(f *testing.F) {
	f.Add(cat([]byte(version38), []byte{1, 1}, u32(0), u16(800, 600), noise(16), u32(3), noise(3)))
	f.Add(cat([]byte("RFB 003.003\n"), u32(2), noise(16), u32(0), u16(800, 600), noise(16), u32(0)))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, secret := range []string{"", "abc"} {
			s, err := greet(silent{}, bufio.NewReader(bytes.NewReader(in)), secret)
			if err == nil && (s.width > maxScreenPx || s.height > maxScreenPx) {
				t.Fatal(s)
			}
			if err != nil && !strings.HasPrefix(sekisho.CodeOf(err), "desktop.") {
				t.Fatal(err)
			}
		}
	})
}

func FuzzWelcome(f *testing.F) {
	f.Add(append([]byte(version38), 1, 0))
	f.Fuzz(func(t *testing.T, in []byte) {
		err := welcome(silent{}, bufio.NewReader(bytes.NewReader(in)), size{800, 600}, "業務")
		if (err == nil) != (len(in) >= 14 && string(in[:12]) == version38 && in[12] == securityNone) {
			t.Fatalf("%q: %v", in, err)
		}
	})
}

// silent takes whatever is written.
type silent struct{ net.Conn }

func (silent) Write(b []byte) (int, error) { return len(b), nil }
