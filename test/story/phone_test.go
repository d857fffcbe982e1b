package story

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/browser"
)

// phoneStage is a gateway and one PC, joined as the product joins them, without the
// guard: the test says when the lease dies.
type phoneStage struct {
	t       *testing.T
	flows   *flows.Flows
	phones  *softphone.Softphones
	tunnel  *stack.Client
	door    *localdoor.Door
	session softphone.Session
	conn    sekisho.ConnectionID
	socket  *lastSent
	events  *httptest.Server
	told    chan wire.Event
	alive   atomic.Bool
}

// Leases, the log, and the page's agent, by hand.
func (s *phoneStage) Alive(addr netip.Addr) (uint64, time.Duration) {
	if s.alive.Load() && addr == s.session.Address {
		return 1, time.Hour
	}
	return 0, 0
}
func (s *phoneStage) Afterwards(audit.Event)                    {}
func (s *phoneStage) Commit(context.Context, audit.Event) error { return nil }

type sessionsAlive struct{ s *phoneStage }

func (l sessionsAlive) Alive(sekisho.SessionID, netip.Addr) bool { return l.s.alive.Load() }

// Live, Do, WebSocket and Media are the way through the tunnel.
func (s *phoneStage) Live() bool { return s.alive.Load() }

func (s *phoneStage) Do(ctx context.Context, method, path string, _ http.Header, body []byte) (*http.Response, error) {
	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, method, path, nil)
	var in wire.LineOffer
	if method+" "+path != "POST /api/desk/v1/calls/line" || json.Unmarshal(body, &in) != nil {
		rec.WriteHeader(http.StatusNotFound)
		return rec.Result(), nil
	}
	answer, line, err := s.phones.Open(ctx, s.session, in.Offer)
	if err != nil {
		wire.WriteProblem(rec, r, err)
		return rec.Result(), nil
	}
	rec.Header().Set("Content-Type", "application/json")
	err = json.NewEncoder(rec).Encode(wire.LineAnswer{Line: line.ID, Answer: answer})
	return rec.Result(), err
}

func (s *phoneStage) WebSocket(ctx context.Context, _ string) (*websocket.Conn, error) {
	ws, _, err := websocket.Dial(ctx, s.events.URL, nil)
	return ws, err
}

func (s *phoneStage) Media(context.Context) (net.PacketConn, netip.AddrPort, error) {
	to := netip.AddrPortFrom(tunnels.Gateway, wire.MediaPort)
	c, err := s.tunnel.DialUDP(to)
	return c, to, err
}

type noAgent struct{ localdoor.Agent }

// lastSent is the gateway's socket; it knows when the last packet left.
type lastSent struct {
	net.PacketConn
	at atomic.Int64
}

func (c *lastSent) WriteTo(b []byte, a net.Addr) (int, error) {
	c.at.Store(time.Now().UnixNano())
	return c.PacketConn.WriteTo(b, a)
}

func setPhoneStage(t *testing.T, page string) *phoneStage {
	t.Helper()
	s := &phoneStage{t: t, conn: sekisho.ConnectionID(wire.NewID()), told: make(chan wire.Event, 10)}
	s.alive.Store(true)
	s.events = httptest.NewServer(http.HandlerFunc(s.serveEvents))
	t.Cleanup(s.events.Close)
	quiet := slog.New(slog.DiscardHandler)
	var err error
	s.flows, err = flows.New(flows.Config{Tunnels: tunnels.Config{Listen: "127.0.0.1:0", Log: quiet}}, clock.System(), s, s)
	fatal(t, err)
	t.Cleanup(func() { _ = s.flows.Close() })
	key := [32]byte{1: 7, 31: 64}
	public, err := stack.PublicKey(key)
	fatal(t, err)
	o, err := s.flows.Connect(s.conn, public[:])
	fatal(t, err)
	s.session = softphone.Session{ID: "s", Person: "p", Address: o.Address}
	conn, err := s.flows.PacketConn(wire.MediaPort)
	fatal(t, err)
	s.socket = &lastSent{PacketConn: conn}
	s.phones, err = softphone.New(softphone.Config{Conn: s.socket, Address: netip.AddrPortFrom(tunnels.Gateway, wire.MediaPort)}, clock.System(), s, softphone.Deps{
		Leases: sessionsAlive{s},
		Replaced: func(_ sekisho.PersonID, l sekisho.LineID) {
			s.told <- wire.Event{V: 1, Type: "line.replaced", Data: wire.LineLost{Line: l}}
		},
	})
	fatal(t, err)
	t.Cleanup(func() { _ = s.phones.Close() })
	s.tunnel, err = stack.NewClient(stack.ClientConfig{PrivateKey: key, ServerKey: o.ServerKey, PSK: o.PSK, Address: o.Address, Gateway: o.Gateway, Endpoint: o.Endpoint, MTU: o.MTU, Log: quiet})
	fatal(t, err)
	t.Cleanup(func() { _ = s.tunnel.Close() })
	fatal(t, s.tunnel.Up(t.Context()))
	s.door, err = localdoor.Open(0, localdoor.Config{Agent: noAgent{}, Uplink: s, Bundle: os.DirFS(page), Clock: clock.System(), User: -1})
	fatal(t, err)
	t.Cleanup(func() { _ = s.door.Close() })
	return s
}

func (s *phoneStage) serveEvents(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow()
	ctx := ws.CloseRead(r.Context())
	for {
		select {
		case e := <-s.told:
			if b, err := json.Marshal(e); err != nil || ws.Write(ctx, websocket.MessageText, b) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// die is what the product does when a lease is over: server and agent, each by itself.
func (s *phoneStage) die() {
	s.alive.Store(false)
	s.flows.CloseSession(flows.Session{ID: s.session.ID, Connection: s.conn, Person: s.session.Person, Address: s.session.Address, Epoch: 1}, "test")
	s.phones.Cut(s.session.ID)
	s.door.Abort()
}

// ear listens for one frequency in what an operator says.
type ear struct {
	mu   sync.Mutex
	best float64 // strongest share of the energy at 1 kHz, of a loud packet
	keys []byte
	at   atomic.Int64
	n    atomic.Int64
}

func (e *ear) Take(f calls.Frame) {
	e.at.Store(time.Now().UnixNano())
	e.n.Add(1)
	e.mu.Lock()
	defer e.mu.Unlock()
	if f.Kind == calls.Key {
		e.keys = append(e.keys, f.Payload[0])
		return
	}
	if p := purity(f.Payload, 1000); p > e.best {
		e.best = p
	}
}

func (e *ear) heard() (float64, []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.best, slices.Clone(e.keys)
}

// purity is the share of a μ-law packet's energy that one frequency has (Goertzel);
// 0 of a quiet one.
func purity(mulaw []byte, hertz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hertz/calls.Rate)
	var s1, s2, energy float64
	for _, b := range mulaw {
		b = ^b
		v := float64((int(b&15)<<3+0x84)<<(b>>4&7) - 0x84)
		if b&0x80 != 0 {
			v = -v
		}
		energy += v * v
		s1, s2 = v+c*s1-s2, s1
	}
	if energy < 1e6*float64(len(mulaw)) { // 1,000 of 32,767
		return 0
	}
	return 2 * (s1*s1 + s2*s2 - c*s1*s2) / (float64(len(mulaw)) * energy)
}

// mulaw codes a sample of 16 bits.
func mulaw(v int) byte {
	sign := byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 0x84
	e := byte(7)
	for mask := 0x4000; e > 0 && v&mask == 0; mask >>= 1 {
		e--
	}
	return ^(sign | e<<4 | byte(v>>(e+3)&15))
}

// beeps writes a wav of 1 kHz, a fifth of a second on and off: a steady tone is
// what a browser's noise suppression takes away.
func beeps(file string) error {
	const rate = 48000
	w := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\xbb\x00\x00\x00\x77\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	for i := range rate * 4 {
		v := int16(0)
		if i/(rate/5)%2 == 0 {
			v = int16(16000 * math.Sin(2*math.Pi*1000*float64(i)/rate))
		}
		w = append(w, byte(v), byte(v>>8))
	}
	for at, n := range map[int]int{4: len(w) - 8, 40: len(w) - 44} {
		w[at], w[at+1], w[at+2], w[at+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	}
	return os.WriteFile(file, w, 0o600)
}

// buildPhone makes the page that holds the desk's telephone alone.
func buildPhone(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, "web", "node_modules", ".bin", "vite")); err != nil {
		need(t, err)
	}
	dir := t.TempDir()
	cmd := exec.Command("node", "node_modules/.bin/vite", "build", "--config", "test/phone/vite.phone.ts", "--outDir", dir, "--logLevel", "warn")
	cmd.Dir = filepath.Join(root, "web")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// tab opens the page with a fresh ticket and its line.
func (s *phoneStage) tab(ctx context.Context, b *browser.Browser) *browser.Page {
	s.t.Helper()
	p, err := b.Open(ctx, s.door.Ticket("ja"))
	fatal(s.t, err)
	if err := p.Wait(ctx, "document.title === 'ready'", 20*time.Second); err != nil {
		s.t.Fatal(err, p.Console())
	}
	s.ring(ctx, p)
	return p
}

func (s *phoneStage) ring(ctx context.Context, p *browser.Page) {
	s.t.Helper()
	fatal(s.t, p.Eval(ctx, "void phone.line.open()", nil))
	if err := p.Wait(ctx, "phone.states.at(-1) === 'open'", 20*time.Second); err != nil {
		var states string
		_ = p.Eval(ctx, "phone.states.join(' ') + ' ' + phone.problem", &states)
		s.t.Fatal(err, states, p.Console(), s.phones.Stats())
	}
}

func (s *phoneStage) line() *softphone.Line {
	s.t.Helper()
	l, ok := s.phones.Line(s.session.ID)
	if !ok {
		s.t.Fatal("the session has no line")
	}
	return l
}

// hum sends 440 Hz to whatever line the session has, until stop is closed.
func (s *phoneStage) hum(stop <-chan struct{}) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	payload := make([]byte, 160)
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		for j := range payload {
			payload[j] = mulaw(int(9000 * math.Sin(2*math.Pi*440*float64(i*160+j)/calls.Rate)))
		}
		if l, ok := s.phones.Line(s.session.ID); ok {
			l.Take(calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: 1, Seq: uint16(i), Stamp: uint32(i) * 160, Payload: payload})
		}
	}
}

func settle(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("not in 20 s: " + what)
		}
	}
}

// TestTelephone: a real browser's microphone is heard at the gateway and the gateway
// in the browser, through the agent's relay and the tunnel; the newest place is the
// only one; and when the lease dies nothing passes any more.
func TestTelephone(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	_, err := browser.Find()
	need(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	s := setPhoneStage(t, buildPhone(t))
	tone := filepath.Join(t.TempDir(), "tone.wav")
	fatal(t, beeps(tone))
	b, err := browser.Launch(ctx, browser.Options{Flags: []string{
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-audio-capture=" + tone, "--autoplay-policy=no-user-gesture-required",
	}})
	fatal(t, err)
	defer b.Close()

	began := time.Now()
	first := s.tab(ctx, b)
	t.Logf("open in %v", time.Since(began).Round(time.Millisecond))
	stop := make(chan struct{})
	var humming sync.WaitGroup
	humming.Go(func() { s.hum(stop) })
	defer humming.Wait()
	defer sync.OnceFunc(func() { close(stop) })()

	line, heard := s.line(), &ear{}
	line.Listen(heard)
	settle(t, "1 kHz is heard at the gateway", func() bool { best, _ := heard.heard(); return best > 0.8 && line.Ready() })
	if err := first.Wait(ctx, "phone.energy().then((e) => e > 0.01)", 20*time.Second); err != nil {
		t.Fatal("the browser hears nothing: ", err)
	}
	fatal(t, first.Eval(ctx, "phone.line.sendDigit('5')", nil))
	settle(t, "the key 5 arrives", func() bool { _, keys := heard.heard(); return slices.Contains(keys, 5) })
	settle(t, "the round trip is known", func() bool { return line.Quality().RoundTrip > 0 })
	t.Logf("quality %+v, MOS %.2f", line.Quality(), line.Quality().MOS())

	t.Run("the same person elsewhere", func(t *testing.T) {
		var offer string
		fatal(t, first.Eval(ctx, `(async () => { const pc = new RTCPeerConnection(); pc.addTransceiver('audio'); const o = await pc.createOffer(); pc.close(); return o.sdp })()`, &offer))
		other := softphone.Session{ID: "other", Person: "p", Address: netip.MustParseAddr("100.64.9.9")}
		if _, _, err := s.phones.Open(ctx, other, offer); err != nil {
			t.Fatal(err)
		}
		if err := first.Wait(ctx, "phone.states.at(-1) === 'elsewhere'", 10*time.Second); err != nil {
			t.Error(err)
		}
		if <-line.Ended(); line.Cause() != calls.Replaced {
			t.Errorf("%q", line.Cause())
		}
		s.ring(ctx, first)
		if l, ok := s.phones.Line("other"); ok {
			t.Errorf("the other place is still open: %v", l.ID)
		}
	})
	line = s.line()
	second := s.tab(ctx, b)
	if <-line.Ended(); line.Cause() != calls.Replaced {
		t.Errorf("%q", line.Cause())
	}
	if err := first.Wait(ctx, "!['open', 'opening'].includes(phone.states.at(-1))", 20*time.Second); err != nil {
		t.Error("the first tab still says that it is open: ", err)
	}
	if err := second.Wait(ctx, "phone.states.at(-1) === 'open'", 10*time.Second); err != nil {
		t.Error(err)
	}
	s.cut(ctx, second)
}

// cut has the lease die while sound goes both ways, and measures its last packet.
func (s *phoneStage) cut(ctx context.Context, p *browser.Page) {
	t := s.t
	line, heard := s.line(), &ear{}
	line.Listen(heard)
	settle(t, "sound comes", func() bool { return heard.n.Load() > 20 })
	died := time.Now()
	s.die()
	closed := time.Now()
	time.Sleep(500 * time.Millisecond)                                                // nothing is to come: there is nothing to wait for
	last := time.Duration(max(heard.at.Load(), s.socket.at.Load()) - died.UnixNano()) // below 0: before it died
	t.Logf("media_cut %.3f ms, all closed in %.3f ms", float64(last)/1e6, float64(closed.Sub(died))/1e6)
	if last > 100*time.Millisecond || line.Ready() || line.Cause() != calls.GateClosed {
		t.Errorf("last packet %v after the end; ready %v, %q", last, line.Ready(), line.Cause())
	}
	var before, after float64
	fatal(t, p.Eval(ctx, "phone.packets()", &before))
	time.Sleep(300 * time.Millisecond)
	fatal(t, p.Eval(ctx, "phone.packets()", &after))
	if after > before {
		t.Errorf("%v packets reached the page after the end", after-before)
	}
	if err := p.Wait(ctx, "phone.states.at(-1) === 'failed' && phone.problem === 'session.required'", 30*time.Second); err != nil {
		t.Error("the page does not say that the session is over: ", err)
	}
	if s.knock() {
		t.Error("the gateway's media port answered without a lease")
	}
}

// knock sends a STUN request straight into the tunnel, past relay and page.
func (s *phoneStage) knock() (answered bool) {
	c, to, err := s.Media(context.Background())
	fatal(s.t, err)
	defer c.Close()
	_, err = c.WriteTo([]byte("\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl"), net.UDPAddrFromAddrPort(to))
	fatal(s.t, err)
	fatal(s.t, c.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
	n, _, err := c.ReadFrom(make([]byte, 100))
	return n > 0 || err == nil
}
