package tunnels

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// open passes everything.
type open struct{}

func (open) Inbound([]byte) bool  { return true }
func (open) Outbound([]byte) bool { return true }

func start(t *testing.T, gate stack.Gate) *Tunnels {
	t.Helper()
	g, err := New(Config{Listen: "127.0.0.1:0", Gate: gate}, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return g
}

func newKey(t *testing.T) (private, public [32]byte) {
	t.Helper()
	_, _ = rand.Read(private[:])
	public, err := stack.PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

var loopback = netip.MustParseAddr("127.0.0.1")

// pc starts the far end of an opened tunnel.
func pc(t *testing.T, o Opened, private [32]byte) *stack.Client {
	t.Helper()
	c, err := stack.NewClient(stack.ClientConfig{
		PrivateKey: private, ServerKey: o.ServerKey, PSK: o.PSK, Address: o.Address, Gateway: o.Gateway,
		Endpoint: o.Endpoint, MTU: o.MTU, Bind: stack.NewBind(loopback), Batch: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func connected(t *testing.T, g *Tunnels, id sekisho.ConnectionID) (*stack.Client, Opened) {
	t.Helper()
	private, public := newKey(t)
	o, err := g.Open(id, public[:])
	if err != nil {
		t.Fatal(err)
	}
	c := pc(t, o, private)
	if err := c.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, o
}

// shout sends datagrams until the gateway has seen one or patience ends.
func shout(t *testing.T, g *Tunnels, c *stack.Client) (seen bool) {
	t.Helper()
	u, err := c.DialUDP(netip.AddrPortFrom(Gateway, 7001))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = u.Close() }()
	before, sent := g.Stats().PassedIn, c.Stack.Stats().PassedOut
	for until := time.Now().Add(time.Second); time.Now().Before(until) && !seen; {
		_, _ = u.Write([]byte("hello"))
		_ = u.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		_, _ = u.Read(make([]byte, 1))
		seen = g.Stats().PassedIn > before
	}
	if c.Stack.Stats().PassedOut == sent {
		t.Fatal("nothing was sent at all")
	}
	return seen
}

func TestTunnelCarriesAndIsListed(t *testing.T) {
	g := start(t, open{})
	l, err := g.Listen(80)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	c, o := connected(t, g, "one")
	conn, err := c.DialContext(t.Context(), "tcp", "100.64.0.1:80")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("関所")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 6)
	if _, err := io.ReadFull(conn, b); err != nil || string(b) != "関所" {
		t.Fatal(string(b), err)
	}
	peers, err := g.Peers()
	if err != nil || len(peers) != 1 || g.Count() != 1 {
		t.Fatal(peers, err)
	}
	p := peers[0]
	if p.Connection != "one" || p.Address != o.Address || p.LastHandshake.IsZero() || p.Received == 0 || p.Sent == 0 {
		t.Fatalf("%+v", p)
	}
	if a, ok := g.Address("one"); !ok || a != o.Address {
		t.Fatal(a, ok)
	}
}

// TestSpoofedSourceIsDropped: a PC that writes another's address on its packets.
func TestSpoofedSourceIsDropped(t *testing.T) {
	g := start(t, open{})
	_, victim := connected(t, g, "victim")
	private, public := newKey(t)
	mine, err := g.Open("thief", public[:])
	if err != nil {
		t.Fatal(err)
	}
	forged := mine
	forged.Address = victim.Address
	thief := pc(t, forged, private)
	if err := thief.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if shout(t, g, thief) {
		t.Fatal("a packet with another's source address passed")
	}
	_ = thief.Close()
	if control := pc(t, mine, private); !shout(t, g, control) {
		t.Fatal("control: the same keys with their own address do not pass either")
	}
}

// TestKeysOfAnotherConnectionOpenNothing: own key with another's PSK, another's
// address with an unknown key, and a key that was never registered.
func TestKeysOfAnotherConnectionOpenNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for handshakes that never come")
	}
	g := start(t, open{})
	private, public := newKey(t)
	mine, err := g.Open("mine", public[:])
	if err != nil {
		t.Fatal(err)
	}
	_, other := newKey(t)
	theirs, err := g.Open("theirs", other[:])
	if err != nil {
		t.Fatal(err)
	}
	stranger, _ := newKey(t)
	crossed := mine
	crossed.PSK = theirs.PSK
	var wg sync.WaitGroup
	for name, c := range map[string]*stack.Client{
		"another's PSK": pc(t, crossed, private), "unregistered key": pc(t, theirs, stranger),
	} {
		wg.Go(func() {
			if err := c.Up(t.Context()); sekisho.CodeOf(err) != "tunnel.udp_blocked" {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
	if n := g.Stats().PassedIn; n != 0 {
		t.Fatalf("%d packets passed", n)
	}
	if err := pc(t, mine, private).Up(t.Context()); err != nil {
		t.Fatal("control:", err)
	}
}

func TestRemoveCutsAtOnce(t *testing.T) {
	g := start(t, open{})
	c, o := connected(t, g, "one")
	if !shout(t, g, c) {
		t.Fatal("the tunnel does not work")
	}
	if !g.Remove("one") || g.Remove("one") {
		t.Fatal("Remove does not tell whether there was one")
	}
	if shout(t, g, c) {
		t.Fatal("a removed peer was heard")
	}
	if _, ok := g.Address("one"); ok || g.Count() != 0 {
		t.Fatal("it is still listed")
	}
	_, again := connected(t, g, "two")
	if again.Address == o.Address {
		t.Fatal("an address was given out again at once")
	}
}

func TestOpenRefuses(t *testing.T) {
	g := start(t, nil)
	_, key := newKey(t)
	if _, err := g.Open("one", key[:]); err != nil {
		t.Fatal(err)
	}
	_, fresh := newKey(t)
	for name, c := range map[string]struct {
		id   sekisho.ConnectionID
		key  []byte
		code string
	}{
		"same key":         {"two", key[:], "tunnel.key_in_use"},
		"same connection":  {"one", fresh[:], "tunnel.key_in_use"},
		"short key":        {"two", key[:31], "request.malformed"},
		"no key":           {"two", nil, "request.malformed"},
		"zero key":         {"two", make([]byte, 32), "request.malformed"},
		"gateway's key":    {"two", g.public[:], "request.malformed"},
		"nameless":         {"", fresh[:], "request.malformed"},
		"text in a key":    {"two", []byte("\nreplace_peers=true\nprivate_key=0"), "request.malformed"},
		"longer than keys": {"two", append(fresh[:], 1), "request.malformed"},
	} {
		if _, err := g.Open(c.id, c.key); sekisho.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if g.Count() != 1 {
		t.Fatal("a refusal left a peer behind")
	}
}

func TestNoGatePassesNothing(t *testing.T) {
	g := start(t, nil)
	c, _ := connected(t, g, "one")
	if shout(t, g, c) {
		t.Fatal("a gateway without a gate lets packets in")
	}
}

func TestFull(t *testing.T) {
	g, err := New(Config{Listen: "127.0.0.1:0", Pool: netip.MustParsePrefix("100.64.0.0/30"), MaxPeers: 5}, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = g.Close() }()
	for i, want := range []string{"", "tunnel.full"} { // .0 network, .1 gateway, .2, .3 broadcast
		_, key := newKey(t)
		o, err := g.Open(sekisho.ConnectionID(fmt.Sprint(i)), key[:])
		if (want == "") != (err == nil) || (err != nil && sekisho.CodeOf(err) != want) {
			t.Fatal(i, o, err)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []Config{
		{}, {Listen: "nonsense"}, {Listen: ":99999"}, {Listen: "127.0.0.1:x"},
		{Listen: ":0", Gateway: netip.MustParseAddr("10.0.0.1")},
		{Listen: ":0", Pool: netip.MustParsePrefix("fd00::/64"), Gateway: netip.MustParseAddr("fd00::1")},
		{Listen: "127.0.0.1:0", MTU: 10},
	} {
		if g, err := New(c, clock.System()); err == nil {
			_ = g.Close()
			t.Errorf("%v was taken", c)
		}
	}
	busy, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	if g, err := New(Config{Listen: busy.LocalAddr().String()}, clock.System()); err == nil {
		_ = g.Close()
		t.Error("a port in use was taken")
	}
}

func TestSecretsAreHidden(t *testing.T) {
	g := start(t, nil)
	_, key := newKey(t)
	o, err := g.Open("one", key[:])
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(o, o.LogValue(), g.cfg.LogValue()); strings.Contains(text, fmt.Sprint(o.PSK[:4])) {
		t.Fatal(text)
	}
}

func TestEverythingTheRoadSaysHasATextInBothLanguages(t *testing.T) {
	for _, code := range []string{"tunnel.udp_blocked", "tunnel.endpoint", "tunnel.socket", "tunnel.full", "tunnel.key_in_use", "flows.lease_over"} {
		text := wire.TextOf(code)
		if text == wire.TextOf("internal") || text.JA == "" || text.JADo == "" || text.EN == "" || text.ENDo == "" {
			t.Errorf("%s has no text", code)
		}
	}
}

// TestChurn opens and removes peers while others work and the gateway closes
// under them: no race, no goroutine left.
func TestChurn(t *testing.T) {
	before := runtime.NumGoroutine()
	g := start(t, open{})
	c, _ := connected(t, g, "steady")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		u, err := c.DialUDP(netip.AddrPortFrom(Gateway, 7001))
		for err == nil && ctx.Err() == nil {
			_, err = u.Write(make([]byte, 200))
		}
	})
	for i := range 4 {
		wg.Go(func() {
			for j := range 100 {
				_, key := newKey(t)
				id := sekisho.ConnectionID(fmt.Sprint(i, "-", j))
				if _, err := g.Open(id, key[:]); err != nil {
					t.Error(err)
				}
				if !g.Remove(id) {
					t.Error("not there")
				}
			}
		})
	}
	wg.Go(func() {
		for g.Count() > 0 && ctx.Err() == nil {
			if _, err := g.Peers(); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Millisecond)
		}
	})
	time.AfterFunc(300*time.Millisecond, stop)
	wg.Wait()
	if g.Count() != 1 {
		t.Fatal(g.Count())
	}
	_ = g.Close()
	_ = g.Close()
	_ = c.Close()
	if _, err := g.Listen(80); !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	for until := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; runtime.Gosched() {
		if time.Now().After(until) {
			b := make([]byte, 1<<16)
			t.Fatalf("goroutines are left:\n%s", b[:runtime.Stack(b, true)])
		}
	}
}

// TestPoolNeverGivesAnAddressTwice holds for any order of taking and giving.
func TestPoolNeverGivesAnAddressTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(24, 30).Draw(t, "bits")
		prefix := netip.PrefixFrom(Gateway, bits).Masked()
		p := newPool(prefix, Gateway)
		held := map[netip.Addr]bool{}
		room := 1<<(32-bits) - 3
		for range rapid.IntRange(1, 600).Draw(t, "acts") {
			if rapid.Bool().Draw(t, "take") {
				a, err := p.take()
				if (err != nil) != (len(held) == room) {
					t.Fatalf("%v with %d of %d held", err, len(held), room)
				}
				if err != nil {
					continue
				}
				if held[a] || a == Gateway || a == prefix.Addr() || !prefix.Contains(a) || !prefix.Contains(a.Next()) {
					t.Fatalf("%v given out", a)
				}
				held[a] = true
				continue
			}
			for a := range held {
				p.give(a)
				delete(held, a)
				break
			}
		}
	})
}
