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
