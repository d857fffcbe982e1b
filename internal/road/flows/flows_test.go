package flows

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/test/faultproxy"
)

// gateway is the real thing: WireGuard, stack, gate.
type gateway struct {
	*Flows
	leases *leases
	rows   *rows
	n      atomic.Int64
}

func startGateway(t *testing.T) *gateway {
	t.Helper()
	clk := clock.System()
	g := &gateway{leases: &leases{clk: clk, m: map[netip.Addr]lease{}}, rows: &rows{}}
	f, err := New(Config{Tunnels: tunnels.Config{Listen: "127.0.0.1:0"}}, clk, g.leases, g.rows)
	if err != nil {
		t.Fatal(err)
	}
	g.Flows = f
	t.Cleanup(func() { _ = f.Close() })
	return g
}

// pc is an issued PC with its tunnel up.
type pc struct {
	*stack.Client
	id   sekisho.ConnectionID
	addr netip.Addr
}

func (g *gateway) pc(t *testing.T, endpoint string) pc {
	t.Helper()
	var private [32]byte
	_, _ = rand.Read(private[:])
	public, err := stack.PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	id := sekisho.ConnectionID(fmt.Sprintf("conn-%d", g.n.Add(1)))
	o, err := g.Connect(id, public[:])
	if err != nil {
		t.Fatal(err)
	}
	if endpoint == "" {
		endpoint = o.Endpoint
	}
	c, err := stack.NewClient(stack.ClientConfig{
		PrivateKey: private, ServerKey: o.ServerKey, PSK: o.PSK, Address: o.Address, Gateway: o.Gateway,
		Endpoint: endpoint, MTU: o.MTU, Bind: stack.NewBind(netip.MustParseAddr("127.0.0.1")), Batch: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pc{c, id, o.Address}
}

func (g *gateway) session(p pc, epoch uint64) Session {
	g.leases.set(p.addr, epoch, g.clk.Mono()+time.Hour)
	return Session{ID: sekisho.SessionID(fmt.Sprint("session-", epoch)), Connection: p.id, Address: p.addr, Epoch: epoch}
}

// flow opens a connection and gives both ends.
func (g *gateway) flow(t *testing.T, l net.Listener, p pc) (server, client net.Conn) {
	t.Helper()
	got := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			got <- c
		}
	}()
	client, err := p.DialContext(t.Context(), "tcp", "100.64.0.1:80")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case server = <-got:
	case <-time.After(5 * time.Second):
		t.Fatal("not accepted")
	}
	return server, client
}

func (g *gateway) listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := g.Listen(80)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pour writes until it cannot.
func pour(c net.Conn) {
	b := make([]byte, 32<<10)
	for {
		if _, err := c.Write(b); err != nil {
			return
		}
	}
}

type closer func()

func (c closer) Close() error { c(); return nil }

func TestCloseSessionOrder(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	s := g.session(p, 7)
	server, client := g.flow(t, l, p)
	if g.Epoch(server) != 7 {
		t.Fatalf("epoch %d", g.Epoch(server))
	}
	fl, err := g.Register(server, Info{Session: s.ID, Connection: p.id, Target: "desktop"})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	fl.Attach(closer(func() {
		if server.(*Conn).alive() {
			order = append(order, "upstream closed while the flow lived")
		}
		if _, err := server.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			order = append(order, "upstream closed before the reset")
		}
		if n := len(g.rows.of("flows.closed")); n != 0 {
			order = append(order, "audit row before upstream was closed")
		}
		order = append(order, "upstream")
	}))
	ctx, cancel := fl.Context(t.Context())
	defer cancel()
	go pour(server)
	if _, err := io.CopyN(io.Discard, client, 1<<20); err != nil {
		t.Fatal(err)
	}
	n, took := g.CloseSession(s, "guard.onlooker")
	if n != 1 || len(order) != 1 || order[0] != "upstream" || ctx.Err() == nil {
		t.Fatal(n, order, ctx.Err())
	}
	if sekisho.CodeOf(context.Cause(ctx)) != "flows.lease_over" {
		t.Fatal(context.Cause(ctx))
	}
	if _, err := io.Copy(io.Discard, client); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the PC saw %v", err)
	}
	if r := g.rows.of("flows.closed"); len(r) != 1 || r[0].Detail["n"] != "1" || r[0].Detail["ms"] == "" {
		t.Fatalf("%+v", r)
	}
	t.Logf("closed %d flows in %v", n, took)
	// What comes later is closed at once.
	late := false
	fl.Attach(closer(func() { late = true }))
	if !late {
		t.Fatal("attached to a dead flow and left open")
	}
	if _, err := g.Register(server, Info{Session: s.ID}); sekisho.CodeOf(err) != "flows.lease_over" {
		t.Fatal(err)
	}
}

// TestUnregisteredFlowStopsAtTheDeadline: nobody calls CloseSession, nobody
// registered, the writer never stops.
func TestUnregisteredFlowStopsAtTheDeadline(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	g.leases.set(p.addr, 7, g.clk.Mono()+400*time.Millisecond)
	server, client := g.flow(t, l, p)
	deadline := time.Now().Add(400 * time.Millisecond) // later than the lease's own
	go pour(server)
	last := time.Now()
	b := make([]byte, 64<<10)
	for {
		_ = client.SetReadDeadline(time.Now().Add(time.Second))
		n, err := client.Read(b)
		if n > 0 {
			last = time.Now()
		}
		if err != nil {
			break
		}
	}
	if over := last.Sub(deadline); over > 100*time.Millisecond {
		t.Fatalf("the last byte came %v after the deadline", over)
	}
	if d := g.Stats().Dropped["lease_over"]; d == 0 {
		t.Fatal("no packet was dropped: what stopped the flow?")
	}
	if len(g.rows.of("flows.closed")) != 0 {
		t.Fatal("somebody closed it")
	}
}

// TestBufferedRequestIsNotReadAfterDeath: bytes that arrived alive are not handed on dead.
func TestBufferedRequestIsNotReadAfterDeath(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	g.session(p, 7)
	server, client := g.flow(t, l, p)
	if _, err := client.Write([]byte("GET /api/desk/v1/desktops")); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(5 * time.Second); ; { // until it lies in the gateway's buffer
		if g.Stats().PassedIn >= 3 || time.Now().After(until) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	g.leases.set(p.addr, 0, 0) // the book ended it; the registry never hears
	b := make([]byte, 64)
	n, err := server.Read(b)
	if n != 0 || !errors.Is(err, net.ErrClosed) || b[0] != 0 {
		t.Fatalf("read %d %q, %v", n, b, err)
	}
	_ = client.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := client.Read(b); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the PC saw %v", err)
	}
}

func TestLostResetIsRepeated(t *testing.T) {
	g := startGateway(t)
	proxy, err := faultproxy.NewUDP(g.Endpoint(), 1, faultproxy.Faults{}, faultproxy.Faults{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = proxy.Close() }()
	l, p := g.listen(t), g.pc(t, proxy.Addr())
	s := g.session(p, 7)
	_, client := g.flow(t, l, p)
	proxy.Set(faultproxy.Faults{}, faultproxy.Faults{Blackhole: true})
	g.CloseSession(s, "guard.onlooker")
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, down := proxy.Counts(); down.Lost > 0 {
			break // the reset is gone
		}
		if time.Now().After(until) {
			t.Fatal("no reset was sent")
		}
	}
	proxy.Set(faultproxy.Faults{}, faultproxy.Faults{})
	if _, err := client.Write([]byte("still there?")); err != nil {
		t.Fatal(err)
	}
	_ = client.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the PC saw %v", err)
	}
}

func TestQuarantineFlowOutlivesTheLease(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	quarantine, qc := g.flow(t, l, p)
	s := g.session(p, 7)
	_, lc := g.flow(t, l, p)
	if _, err := g.Register(quarantine, Info{Session: s.ID}); sekisho.CodeOf(err) != "flows.lease_over" {
		t.Fatalf("a quarantine connection was registered for a session: %v", err)
	}
	quarantine2, qc2 := g.flow(t, l, p) // opened under the lease
	if g.Epoch(quarantine) != 0 || g.Epoch(quarantine2) != 7 {
		t.Fatal(g.Epoch(quarantine), g.Epoch(quarantine2))
	}
	if n, _ := g.CloseSession(s, "guard.absent"); n != 2 {
		t.Fatalf("%d flows closed, want the two of the lease", n)
	}
	for _, c := range []net.Conn{lc, qc2} {
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Fatal(err)
		}
	}
	go func() { _, _ = io.Copy(quarantine, quarantine) }()
	if _, err := qc.Write([]byte("me")); err != nil {
		t.Fatal(err)
	}
	_ = qc.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(qc, make([]byte, 2)); err != nil {
		t.Fatal("the quarantine connection died with the lease:", err)
	}
}

func TestOperatorsNeverMeet(t *testing.T) {
	g := startGateway(t)
	a, b := g.pc(t, ""), g.pc(t, "")
	g.session(a, 1)
	g.session(b, 2)
	u, err := b.ListenUDP(7001)
	if err != nil {
		t.Fatal(err)
	}
	lt, err := b.ListenTCP(80)
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan string, 4)
	go func() {
		if _, from, err := u.ReadFrom(make([]byte, 64)); err == nil {
			heard <- "datagram from " + from.String()
		}
	}()
	go func() {
		if c, err := lt.Accept(); err == nil {
			heard <- "connection from " + c.RemoteAddr().String()
		}
	}()
	// WireGuard on a's own side routes the gateway alone; forged packets pass by it.
	out, err := a.DialUDP(netip.AddrPortFrom(b.addr, 7001))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	_, _ = out.Write([]byte("hello"))
	if c, err := a.DialContext(ctx, "tcp", netip.AddrPortFrom(b.addr, 80).String()); err == nil {
		_ = c.Close()
		t.Fatal("connected")
	}
	// And a client that routes everything into the tunnel.
	g.forge(t, udp(a.addr, b.addr, 1, 7001), tcp(a.addr, b.addr, 1, 80, syn, 0))
	select {
	case what := <-heard:
		t.Fatal(what)
	default:
	}
	if d := g.Stats().Dropped["operator_to_operator"]; d != 2 {
		t.Fatalf("%d packets refused", d)
	}
}

// forge hands packets to the gateway's stack as WireGuard would after decryption.
func (g *gateway) forge(t *testing.T, packets ...[]byte) {
	t.Helper()
	for _, p := range packets {
		if g.Inbound(p) {
			t.Fatalf("passed: %x", p)
		}
	}
}

// TestPortScanFromQuarantine: of all that listens or not, two doors answer.
func TestPortScanFromQuarantine(t *testing.T) {
	g := startGateway(t)
	p := g.pc(t, "")
	for _, port := range []uint16{22, 80, 443, 8080} { // things that listen by mistake
		l, err := g.tunnels.Listen(port)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_ = c.Close()
			}
		}()
	}
	for _, port := range []uint16{53, 5004, 7001} {
		u, err := g.PacketConn(port)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			b := make([]byte, 64)
			for {
				n, from, err := u.ReadFrom(b)
				if err != nil {
					return
				}
				_, _ = u.WriteTo(b[:n], from)
			}
		}()
	}
	var mu sync.Mutex
	var answered []string
	note := func(proto string, port uint16, how error) {
		mu.Lock()
		defer mu.Unlock()
		answered = append(answered, fmt.Sprint(proto, " ", port, " ", how))
	}
	scan := func() string {
		answered = nil
		var wg sync.WaitGroup
		for _, port := range []uint16{21, 22, 80, 443, 5004, 5900, 7001, 8080, 51820} {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
				defer cancel()
				c, err := p.DialContext(ctx, "tcp", netip.AddrPortFrom(gw, port).String())
				if err == nil {
					_ = c.Close()
				}
				if !errors.Is(err, context.DeadlineExceeded) {
					note("tcp", port, err)
				}
			})
		}
		for _, port := range []uint16{53, 123, 161, 5004, 7001, 51820} {
			wg.Go(func() {
				u, err := p.DialUDP(netip.AddrPortFrom(gw, port))
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = u.Close() }()
				_, _ = u.Write([]byte("who is there?"))
				_ = u.SetReadDeadline(time.Now().Add(900 * time.Millisecond))
				if _, err = u.Read(make([]byte, 64)); err == nil {
					note("udp", port, nil)
				} else if n, ok := errors.AsType[net.Error](err); !ok || !n.Timeout() {
					note("udp", port, err)
				}
			})
		}
		wg.Wait()
		slices.Sort(answered)
		return strings.Join(answered, ", ")
	}
	if got := scan(); got != "tcp 80 <nil>, udp 7001 <nil>" {
		t.Fatalf("answered in quarantine: %s", got)
	}
	g.session(p, 7)
	if got := scan(); got != "tcp 80 <nil>, udp 5004 <nil>, udp 7001 <nil>" {
		t.Fatalf("answered under a lease: %s", got)
	}
}

func TestDisconnectResetsAndRemoves(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	s := g.session(p, 7)
	server, client := g.flow(t, l, p)
	fl, err := g.Register(server, Info{Session: s.ID})
	if err != nil {
		t.Fatal(err)
	}
	up := make(chan struct{})
	fl.Attach(closer(func() { close(up) }))
	if n, _ := g.Disconnect(p.id, "device.revoked"); n != 1 {
		t.Fatalf("%d flows", n)
	}
	<-up
	_ = client.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the PC saw %v", err)
	}
	g.leaving.Wait()
	if n := g.Stats().Connections; n != 0 {
		t.Fatalf("%d tunnels are left", n)
	}
	if n, _ := g.Disconnect(p.id, "again"); n != 0 || len(g.rows.of("flows.closed")) != 1 {
		t.Fatal("a second disconnect acts")
	}
	_ = client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := p.DialContext(ctx, "tcp", "100.64.0.1:80"); err == nil {
		t.Fatal("a revoked PC connected")
	}
}

// TestRegisterAgainstCloseSession: whichever comes first, nothing stays open.
func TestRegisterAgainstCloseSession(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	for epoch := uint64(1); epoch <= 60; epoch++ {
		s := g.session(p, epoch)
		server, client := g.flow(t, l, p)
		var open atomic.Int32
		var wg sync.WaitGroup
		wg.Go(func() {
			fl, err := g.Register(server, Info{Session: s.ID})
			if err != nil {
				return
			}
			open.Add(1)
			fl.Attach(closer(func() { open.Add(-1) }))
		})
		wg.Go(func() { g.CloseSession(s, "guard.other") })
		wg.Wait()
		if n := open.Load(); n != 0 {
			t.Fatalf("epoch %d: an upstream was left open", epoch)
		}
		_ = client.Close()
	}
	st := g.seats.get(p.addr)
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.flows) != 0 {
		t.Fatalf("%d flows are left in the registry", len(st.flows))
	}
}

// TestHTTPKnowsItsEpoch is how the desk door uses the gateway.
func TestHTTPKnowsItsEpoch(t *testing.T) {
	g := startGateway(t)
	l, p := g.listen(t), g.pc(t, "")
	type connKey struct{}
	srv := &http.Server{
		ReadHeaderTimeout: time.Second,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo),
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, g.Epoch(r.Context().Value(connKey{}).(net.Conn)))
		}),
	}
	go func() { _ = srv.Serve(l) }()
	defer func() { _ = srv.Close() }()
	tr := &http.Transport{DialContext: p.DialContext}
	defer tr.CloseIdleConnections()
	get := func() (string, error) {
		res, err := (&http.Client{Transport: tr, Timeout: 5 * time.Second}).Get("http://100.64.0.1/")
		if err != nil {
			return "", err
		}
		defer func() { _ = res.Body.Close() }()
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}
	if e, err := get(); e != "0" {
		t.Fatal(e, err)
	}
	s := g.session(p, 7)
	if e, err := get(); e != "0" {
		t.Fatal("a kept-alive connection changed its epoch:", e, err)
	}
	tr.CloseIdleConnections()
	if e, err := get(); e != "7" {
		t.Fatal(e, err)
	}
	g.CloseSession(s, "guard.break")
	g.leases.set(p.addr, 0, 0)
	if e, err := get(); e != "0" {
		t.Fatal("after the end:", e, err)
	}
}

// TestLossAndDelayCloseNothing: 5 % lost both ways, 200 ms of delay each way, some of it
// doubled and out of order. Nothing ends by itself, everything arrives.
func TestLossAndDelayCloseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time on a bad line")
	}
	g := startGateway(t)
	bad := faultproxy.Faults{Loss: 0.05, Delay: 200 * time.Millisecond, Jitter: 10 * time.Millisecond, Duplicate: 0.01, Reorder: 0.02}
	proxy, err := faultproxy.NewUDP(g.Endpoint(), 42, bad, bad)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = proxy.Close() }()
	l, p := g.listen(t), g.pc(t, proxy.Addr())
	s := g.session(p, 7)
	server, client := g.flow(t, l, p)
	if _, err := g.Register(server, Info{Session: s.ID}); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(server, server) }()
	// Twenty-five exchanges as a desktop makes them: a key goes out, a piece of screen comes back.
	b := make([]byte, 8<<10)
	for i := range 25 {
		if _, err := client.Write(b[:200]); err != nil {
			t.Fatalf("exchange %d: %v", i, err)
		}
		_ = client.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := io.ReadFull(client, b[:200]); err != nil {
			t.Fatalf("exchange %d: %v", i, err)
		}
	}
	up, down := proxy.Counts()
	if up.Lost == 0 || down.Lost == 0 {
		t.Fatalf("the line was not bad: %+v %+v", up, down)
	}
	// The lease's own datagrams: repeated every 200 ms, one gets through well within 6 s.
	u, err := g.PacketConn(7001)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		b := make([]byte, 256)
		for {
			n, from, err := u.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = u.WriteTo(b[:n], from)
		}
	}()
	du, err := p.DialUDP(netip.MustParseAddrPort("100.64.0.1:7001"))
	if err != nil {
		t.Fatal(err)
	}
	worst := time.Duration(0)
	for i := range byte(10) {
		start := time.Now()
		for answered := false; !answered; {
			if time.Since(start) > 6*time.Second {
				t.Fatalf("round %d: no answer in six seconds", i)
			}
			if _, err := du.Write([]byte{i}); err != nil {
				t.Fatal(err)
			}
			_ = du.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
			n, err := du.Read(b)
			answered = err == nil && n == 1 && b[0] == i
		}
		worst = max(worst, time.Since(start))
	}
	if n, _ := g.CloseSession(s, "test.over"); n != 1 {
		t.Fatalf("%d flows were left to close", n)
	}
	t.Logf("lost up %d, down %d; slowest lease exchange %v", up.Lost, down.Lost, worst)
}
