package trunks

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// room is the real thing on a real database, with a real log and a real box.
type room struct {
	*Trunks
	log *audit.Log
	clk clock.Clock
}

func newRoom(t testing.TB, db *storage.DB, clk clock.Clock, cfg Config) room {
	t.Helper()
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	box, err := seal.Open(filepath.Join(t.TempDir(), "master"))
	must(t, err)
	cfg.Bind, cfg.Public, cfg.Country = loopback, loopback, "81"
	if cfg.FirstPort == 0 {
		cfg.FirstPort, cfg.LastPort = 20000, 60000
	}
	r, err := New(db, clk, box, log, cfg)
	must(t, err)
	return room{r, log, clk}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// board hands what arrives to a function.
type board func(*Incoming)

func (b board) Arrive(in *Incoming) { b(in) }

// open serves a room until the test ends, and then demands that nothing of it is left.
func open(t testing.TB, clk clock.Clock, cfg Config, b board) room {
	t.Helper()
	if cfg.UDP == "" && cfg.TCP == "" && cfg.TLS == "" {
		cfg.UDP = "127.0.0.1:0"
	}
	r := newRoom(t, storagetest.SQLite(t), clk, cfg)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx, b) }()
	eventually(t, "serving", r.Serving)
	t.Cleanup(func() {
		cancel()
		must(t, <-done)
		if n := r.ports.bound(); n != 0 {
			t.Errorf("%d pairs of ports were not given back", n)
		}
		eventually(t, fmt.Sprintf("goroutines come back to %d", before), func() bool { return runtime.NumGoroutine() <= before+2 })
		if n := r.net.panics.Load(); n != 0 {
			t.Errorf("%d handlers broke", n)
		}
	})
	return r
}

func eventually(t testing.TB, what string, yes func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if yes() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

const (
	ourNumber   = calls.Number("+81312345678")
	otherNumber = calls.Number("+81398765432")
)

// trunkTo adds a trunk to a peer on loopback, with a number of ours.
func (r room) trunkTo(t testing.TB, number calls.Number, port uint16, change func(*Trunk)) Trunk {
	t.Helper()
	tr := Trunk{Name: "line " + fmt.Sprint(port) + string(number), Kind: ByAddress, Host: "127.0.0.1", Port: port, Transport: UDP, Security: Clear,
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, MaxCalls: 50,
		Rules: Rules{MaxCalls: 20, PerMinute: 600, From: 0, To: 1440, Zone: "Asia/Tokyo"}}
	secret := ""
	if change != nil {
		change(&tr)
		if tr.User != "" {
			secret = "s3cret"
		}
	}
	tr, err := r.Create(t.Context(), "admin", tr, secret)
	must(t, err)
	_, err = r.PlaceNumber(t.Context(), "admin", Number{Number: number, Trunk: tr.ID, Work: "work", Flow: "flow"})
	must(t, err)
	return tr
}

// ear remembers what it hears.
type ear struct {
	mu     sync.Mutex
	sound  int
	keys   int
	bytes  map[byte]int
	source map[uint32]bool
}

func (e *ear) Take(f calls.Frame) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bytes == nil {
		e.bytes, e.source = map[byte]int{}, map[uint32]bool{}
	}
	e.source[f.Source] = true
	switch f.Kind {
	case calls.Sound:
		e.sound++
		e.bytes[f.Payload[0]]++
	case calls.Key:
		e.keys++
	}
}

func (e *ear) heard() int { e.mu.Lock(); defer e.mu.Unlock(); return e.sound }

func (e *ear) of(b byte) int { e.mu.Lock(); defer e.mu.Unlock(); return e.bytes[b] }

// speak sends frames of one byte's samples, 20 ms each by their stamps, until the test or the leg ends.
func speak(t testing.TB, l *Leg, b byte) {
	payload := []byte(strings.Repeat(string([]byte{b}), 160))
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-l.Ended():
				return
			case <-tick.C:
				l.Take(calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: 1, Seq: uint16(i), Stamp: uint32(i * 160), Payload: payload})
			}
		}
	}()
	t.Cleanup(func() { close(stop); wait.Wait() })
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

// phone is a peer that says exactly what a test wants.
type phone struct {
	t    testing.TB
	conn *net.UDPConn
	to   netip.AddrPort
	rtp  *net.UDPConn
}

func newPhone(t testing.TB, at string, to netip.AddrPort) *phone {
	t.Helper()
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(at), 0)))
		must(t, err)
		t.Cleanup(func() { c.Close() })
		return c
	}
	return &phone{t: t, conn: listen(), to: to, rtp: listen()}
}

func (p *phone) port() uint16 { return p.conn.LocalAddr().(*net.UDPAddr).AddrPort().Port() }

func (p *phone) sdp(attributes ...string) string {
	at := p.rtp.LocalAddr().(*net.UDPAddr).AddrPort()
	return string(said("c=IN IP4 "+at.Addr().String()+"\r\n", fmt.Sprintf("m=audio %d RTP/AVP 0 101", at.Port()), append(attributes, "rtpmap:101 telephone-event/8000")...))
}

// say sends a request; head are its lines after Via.
func (p *phone) say(method, uri, branch, head, body string) {
	p.t.Helper()
	kind := ""
	if body != "" && !strings.Contains(head, "Content-Type") {
		kind = "Content-Type: application/sdp\r\n"
	}
	text := fmt.Sprintf("%s %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\n%s%sContent-Length: %d\r\n\r\n%s",
		method, uri, p.port(), branch, head, kind, len(body), body)
	p.raw([]byte(text))
}

func (p *phone) raw(b []byte) {
	p.t.Helper()
	_, err := p.conn.WriteToUDPAddrPort(b, p.to)
	must(p.t, err)
}

// next is the next message that comes, "" if none does in time.
func (p *phone) next(wait time.Duration) string {
	buf := make([]byte, 65536)
	must(p.t, p.conn.SetReadDeadline(time.Now().Add(wait)))
	n, _, err := p.conn.ReadFromUDPAddrPort(buf)
	if err != nil {
		return ""
	}
	return string(buf[:n])
}

// hears waits for a message that begins so, and passes over others.
func (p *phone) hears(begins string) string {
	p.t.Helper()
	var others []string
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); {
		m := p.next(time.Until(end))
		if strings.HasPrefix(m, begins) {
			return m
		}
		if line, _, ok := strings.Cut(m, "\r\n"); ok {
			others = append(others, line)
		}
	}
	p.t.Fatalf("no %q came, but %q", begins, others)
	return ""
}

// lineOf is a header of a message.
func lineOf(m, name string) string {
	for _, l := range strings.Split(m, "\r\n") {
		if v, ok := strings.CutPrefix(l, name+": "); ok {
			return v
		}
	}
	return ""
}

func bodyOf(m string) string { _, b, _ := strings.Cut(m, "\r\n\r\n"); return b }

const dialled = "sip:0312345678@127.0.0.1"

func headOf(call, cseq string) string {
	return "From: <sip:0398765432@127.0.0.1>;tag=peer\r\nTo: <" + dialled + ">\r\nCall-ID: " + call + "\r\nCSeq: " + cseq + "\r\nContact: <sip:peer@127.0.0.1:5999>\r\n"
}
