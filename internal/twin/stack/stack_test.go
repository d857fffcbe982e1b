package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.zx2c4.com/wireguard/tun"
)

var (
	gatewayAddr = netip.MustParseAddr("100.64.0.1")
	clientAddr  = netip.MustParseAddr("100.64.0.2")
)

// wire carries packets from one device to the other until either closes.
func wire(from, to tun.Device) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		bufs, sizes := make([][]byte, from.BatchSize()), make([]int, from.BatchSize())
		for i := range bufs {
			bufs[i] = make([]byte, 1<<16)
		}
		for {
			n, err := from.Read(bufs, sizes, 16)
			if err != nil {
				return
			}
			out := make([][]byte, n)
			for i := range out {
				out[i] = bufs[i][:16+sizes[i]]
			}
			if _, err := to.Write(out, 16); err != nil {
				return
			}
		}
	}()
	return done
}

// pair joins two stacks directly, without WireGuard.
func pair(t testing.TB, gate Gate) (server, client *Stack) {
	t.Helper()
	server, err := New(Config{Address: gatewayAddr, Gate: gate})
	if err != nil {
		t.Fatal(err)
	}
	client, err = New(Config{Address: clientAddr})
	if err != nil {
		t.Fatal(err)
	}
	a, b := wire(server, client), wire(client, server)
	t.Cleanup(func() {
		_ = server.Close()
		_ = client.Close()
		<-a
		<-b
	})
	return server, client
}

func connect(t testing.TB, server, client *Stack, port uint16) (far, near net.Conn) {
	t.Helper()
	l, err := server.ListenTCP(port)
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			close(accepted)
			return
		}
		accepted <- c
	}()
	near, err = client.DialContext(t.Context(), "tcp", netip.AddrPortFrom(gatewayAddr, port).String())
	if err != nil {
		t.Fatal(err)
	}
	far, ok := <-accepted
	if !ok {
		t.Fatal("not accepted")
	}
	return far, near
}

func TestTCPCarriesEverything(t *testing.T) {
	server, client := pair(t, nil)
	far, near := connect(t, server, client, 80)
	sent := make([]byte, 8<<20)
	_, _ = rand.Read(sent)
	go func() {
		_, _ = near.Write(sent)
		_ = near.Close()
	}()
	got, err := io.ReadAll(far)
	if err != nil || !bytes.Equal(got, sent) {
		t.Fatalf("got %d bytes of %d, %v", len(got), len(sent), err)
	}
	if far.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap() != clientAddr {
		t.Fatalf("remote %v", far.RemoteAddr())
	}
}

func TestUDPBothWays(t *testing.T) {
	server, client := pair(t, nil)
	s, err := server.ListenUDP(7001)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.DialUDP(netip.AddrPortFrom(gatewayAddr, 7001))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("renewal")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 256)
	n, from, err := s.ReadFrom(b)
	if err != nil || string(b[:n]) != "renewal" {
		t.Fatalf("%q %v", b[:n], err)
	}
	a := from.(*net.UDPAddr)
	// As net.ParseIP gives it, in 16 bytes.
	if _, err := s.WriteTo([]byte("nonce"), &net.UDPAddr{IP: a.IP.To16(), Port: a.Port}); err != nil {
		t.Fatal(err)
	}
	if n, err = c.Read(b); err != nil || string(b[:n]) != "nonce" {
		t.Fatalf("%q %v", b[:n], err)
	}
	if _, err := s.WriteTo(nil, &net.TCPAddr{}); err == nil {
		t.Fatal("an address of another kind was taken")
	}
	_ = s.Close()
	if _, _, err := s.ReadFrom(b); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("read after close: %v", err)
	}
}

func TestResetReachesTheOtherSideAtOnce(t *testing.T) {
	server, client := pair(t, nil)
	far, near := connect(t, server, client, 80)
	if _, err := far.Write(make([]byte, 1<<20)); err != nil { // waits in both buffers
		t.Fatal(err)
	}
	Reset(far)
	_, err := io.Copy(io.Discard, near)
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the far side saw %v", err)
	}
	if _, err := far.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("this side saw %v", err)
	}
	Reset(far)
	_ = far.Close()
}

// fill writes until both sides' buffers are full and says how much went in.
func fill(c net.Conn) (written int) {
	for {
		_ = c.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
		n, err := c.Write(make([]byte, 1<<20))
		written += n
		if err != nil && n == 0 {
			return written
		}
	}
}

func TestResetOvertakesAnOrderlyClose(t *testing.T) {
	server, client := pair(t, nil)
	far, near := connect(t, server, client, 80)
	n := fill(far)
	_ = far.Close()
	Reset(far)
	got, err := io.Copy(io.Discard, near)
	if !errors.Is(err, syscall.ECONNRESET) || got >= int64(n) {
		t.Fatalf("%d of %d bytes, %v", got, n, err)
	}
}

func TestResetOfALoopbackSocketDropsWhatIsUnsent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	page, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	agent, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	// Fill both buffers: what the page's side holds already is past recall, the rest is not.
	written := fill(agent)
	Reset(wrapped{agent})
	n, err := io.Copy(io.Discard, page)
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the page saw %v", err)
	}
	if n >= int64(written) {
		t.Fatalf("the page read all %d bytes", n)
	}
	t.Logf("%d of %d bytes reached the page's own buffer before the reset", n, written)
	Reset(nil) // nothing there is no trouble
}

type wrapped struct{ net.Conn }

func (w wrapped) NetConn() net.Conn { return w.Conn }

// gateFunc refuses by two functions.
type gateFunc struct{ in, out func([]byte) bool }

func (g gateFunc) Inbound(p []byte) bool  { return g.in(p) }
func (g gateFunc) Outbound(p []byte) bool { return g.out(p) }

func TestGateIsAskedForEveryPacketBothWays(t *testing.T) {
	var mu sync.Mutex
	open := map[bool]bool{true: true, false: true}
	ask := func(in bool) func([]byte) bool {
		return func(p []byte) bool {
			mu.Lock()
			defer mu.Unlock()
			if _, ok := ParsePacket(p); !ok {
				t.Errorf("a packet of our own stack does not parse: %x", p[:20])
			}
			return open[in]
		}
	}
	server, client := pair(t, gateFunc{ask(true), ask(false)})
	s, err := server.ListenUDP(7001)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.DialUDP(netip.AddrPortFrom(gatewayAddr, 7001))
	if err != nil {
		t.Fatal(err)
	}
	exchange := func(text string) (there, back bool) {
		b := make([]byte, 64)
		_, _ = c.Write([]byte(text))
		_ = s.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		n, from, err := s.ReadFrom(b)
		if err != nil || string(b[:n]) != text {
			return false, false
		}
		_, _ = s.WriteTo(b[:n], from)
		_ = c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		n, err = c.Read(b)
		return true, err == nil && string(b[:n]) == text
	}
	set := func(in, out bool) {
		mu.Lock()
		open[true], open[false] = in, out
		mu.Unlock()
	}
	if there, back := exchange("open"); !there || !back {
		t.Fatal("the open gate did not pass")
	}
	set(false, true)
	if there, _ := exchange("in shut"); there {
		t.Fatal("a packet passed the shut gate inward")
	}
	set(true, false)
	if there, back := exchange("out shut"); !there || back {
		t.Fatalf("there %v back %v", there, back)
	}
	if st := server.Stats(); st.DroppedIn != 1 || st.DroppedOut != 1 {
		t.Fatalf("%+v", st)
	}
}

// batching counts batches and the packets in them.
type batching struct {
	gateFunc
	batches, packets atomic.Int64
}

func (b *batching) Batch() Gate {
	b.batches.Add(1)
	return gateFunc{in: b.count, out: b.count}
}

func (b *batching) count([]byte) bool { b.packets.Add(1); return true }

func TestBatchesAreAskedForTheirGate(t *testing.T) {
	never := func([]byte) bool { t.Error("a packet was asked alone"); return true }
	g := &batching{gateFunc: gateFunc{never, never}}
	server, client := pair(t, g)
	far, near := connect(t, server, client, 80)
	go func() { _, _ = far.Write(make([]byte, 4<<20)); _ = far.Close() }()
	if n, err := io.Copy(io.Discard, near); n != 4<<20 || err != nil {
		t.Fatal(n, err)
	}
	if b, p := g.batches.Load(), g.packets.Load(); b == 0 || b >= p {
		t.Fatalf("%d batches for %d packets", b, p)
	}
}

func TestRefuseIsAcceptedByTheFarTCP(t *testing.T) {
	var server *Stack
	var shut sync.Map
	gate := gateFunc{
		in: func(p []byte) bool {
			if _, dead := shut.Load(true); !dead {
				return true
			}
			k, ok := ParsePacket(p)
			if ok {
				server.Refuse(k)
			}
			return false
		},
		out: func([]byte) bool { return true },
	}
	server, client := pair(t, gate)
	_, near := connect(t, server, client, 80)
	shut.Store(true, true)
	if _, err := near.Write([]byte("late")); err != nil {
		t.Fatal(err)
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("an established connection saw %v", err)
	}
	if _, err := client.DialContext(t.Context(), "tcp", "100.64.0.1:80"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("a new connection saw %v", err)
	}
}

func TestForeignPacketsAreDropped(t *testing.T) {
	s, err := New(Config{Address: gatewayAddr})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	v6 := make([]byte, 60)
	v6[0] = 6 << 4
	if n, err := s.Write([][]byte{v6, {4 << 4}, {}, nil}, 0); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	if st := s.Stats(); st.DroppedIn != 4 || st.PassedIn != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []Config{
		{}, {Address: netip.MustParseAddr("fd00::1")}, {Address: gatewayAddr, MTU: 100}, {Address: gatewayAddr, MTU: 1 << 20},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	s, err := New(Config{Address: gatewayAddr})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, c := range [][2]string{{"tcp", "gateway:80"}, {"tcp", "[fd00::1]:80"}, {"unix", "100.64.0.1:80"}} {
		if _, err := s.DialContext(t.Context(), c[0], c[1]); err == nil {
			t.Errorf("dialled %v", c)
		}
	}
}

// TestCloseRaces is the case that the stock device fails: Close against Read,
// Write, Accept, Dial and connections in use, a thousand times.
func TestCloseRaces(t *testing.T) {
	before := runtime.NumGoroutine()
	cycles := 1000
	if testing.Short() {
		cycles = 100
	}
	for range cycles {
		server, err := New(Config{Address: gatewayAddr})
		if err != nil {
			t.Fatal(err)
		}
		client, err := New(Config{Address: clientAddr})
		if err != nil {
			t.Fatal(err)
		}
		a, b := wire(server, client), wire(client, server)
		l, err := server.ListenTCP(80)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				wg.Go(func() { _, _ = io.Copy(c, c) })
			}
		})
		for range 2 {
			wg.Go(func() {
				c, err := client.DialContext(context.Background(), "tcp", "100.64.0.1:80")
				if err != nil {
					return
				}
				for err == nil {
					_, err = c.Write(make([]byte, 4096))
				}
			})
		}
		u, err := server.ListenUDP(0)
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { _, _, _ = u.ReadFrom(make([]byte, 1)) })
		for _, s := range []*Stack{server, client, server, client} {
			wg.Go(func() { _ = s.Close() })
		}
		wg.Wait()
		<-a
		<-b
		if _, err := server.ListenTCP(81); !errors.Is(err, net.ErrClosed) {
			t.Fatalf("listen after close: %v", err)
		}
		if _, err := server.Read([][]byte{make([]byte, 2000)}, []int{0}, 0); !errors.Is(err, os.ErrClosed) {
			t.Fatalf("read after close: %v", err)
		}
	}
	settle(t, before)
}

// settle waits for goroutines that end on their own; what stays has leaked.
func settle(t *testing.T, before int) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		now := runtime.NumGoroutine()
		if now <= before+2 {
			return
		}
		if time.Now().After(until) {
			b := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", now, before, b[:runtime.Stack(b, true)])
		}
	}
}
