package drills

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/test/rawpc"
)

// scanner asks from quarantine and notes whatever answers.
type scanner struct {
	tap     *rawpc.Tap
	own     netip.Addr
	gateway netip.Addr

	mu       sync.Mutex
	canaries map[uint16]bool // our ports whose SYN to port 80 was answered
	others   map[string]bool // every other answer, in words
}

const firstCanary = 20000

func newScanner(c *rawpc.Connection, t *rawpc.Tap) *scanner {
	s := &scanner{
		tap: t, own: netip.MustParseAddr(c.Answer.Address), gateway: netip.MustParseAddr(c.Answer.Gateway),
		canaries: map[uint16]bool{}, others: map[string]bool{},
	}
	t.Watch(s.note)
	return s
}

func (s *scanner) note(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := stack.ParsePacket(p)
	desk := netip.AddrPortFrom(s.gateway, 80)
	switch {
	case !ok:
		s.others[fmt.Sprintf("protocol %d from %v", p[9], netip.AddrFrom4([4]byte(p[12:16])))] = true
	case k.Proto == stack.ProtoTCP && k.Src == desk && k.Dst.Port() >= firstCanary:
		s.canaries[k.Dst.Port()] = true
	default:
		s.others[fmt.Sprintf("protocol %d from %v to our port %d", k.Proto, k.Src, k.Dst.Port())] = true
	}
}

// canary knocks at port 80 from a port of its own: its answer shows that what
// was sent around it arrived too.
func (s *scanner) canary(n int) {
	s.tap.Put(rawpc.SYN(netip.AddrPortFrom(s.own, uint16(firstCanary+n)), netip.AddrPortFrom(s.gateway, 80)))
}

// all sends packets in small bursts with a canary between them.
func (s *scanner) all(ctx context.Context, firstCanary int, packets func(yield func([]byte) bool)) (canaries int, err error) {
	n := 0
	packets(func(p []byte) bool {
		if n%8192 == 0 {
			s.canary(firstCanary + canaries)
			canaries++
		}
		s.tap.Put(p)
		if n++; n%64 == 0 {
			err = sleep(ctx, time.Millisecond)
		}
		return err == nil
	})
	return canaries, err
}

func (s *scanner) tcp(from, to int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for port := from; port <= to; port++ {
			if port != 80 && !yield(rawpc.SYN(netip.AddrPortFrom(s.own, 6000), netip.AddrPortFrom(s.gateway, uint16(port)))) {
				return
			}
		}
	}
}

// udp asks the well-known ports, those that the design names, and a sample.
func (s *scanner) udp(yield func([]byte) bool) {
	ports := []uint16{5004, 7001, 7777, 8080, 8443, 8444, 8445, 51820}
	for p := uint16(1); p <= 1024; p++ {
		ports = append(ports, p)
	}
	for range 1000 {
		ports = append(ports, uint16(1025+rand.IntN(64510)))
	}
	for _, p := range ports {
		if !yield(rawpc.Datagram(netip.AddrPortFrom(s.own, 6001), netip.AddrPortFrom(s.gateway, p), []byte("hello"))) {
			return
		}
	}
}

// elsewhere asks every kind of address but the gateway's.
func (s *scanner) elsewhere(yield func([]byte) bool) {
	addrs := []string{"100.64.0.0", "100.64.0.2", "100.64.0.255", "100.64.255.255", "100.127.255.254", "100.127.255.255", "127.0.0.1", "0.0.0.0",
		"10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255", "8.8.8.8"}
	for range 50 {
		addrs = append(addrs, netip.AddrFrom4([4]byte{100, byte(64 + rand.IntN(64)), byte(rand.IntN(256)), byte(rand.IntN(256))}).String())
	}
	for _, a := range addrs {
		to := netip.MustParseAddr(a)
		if to == s.gateway || to == s.own {
			continue
		}
		for _, port := range []uint16{22, 53, 80, 443, 5900} {
			if !yield(rawpc.SYN(netip.AddrPortFrom(s.own, 6002), netip.AddrPortFrom(to, port))) ||
				!yield(rawpc.Datagram(netip.AddrPortFrom(s.own, 6002), netip.AddrPortFrom(to, port), []byte("hello"))) {
				return
			}
		}
	}
}

// odd asks port 80 in ways whose ports a gate cannot see at a glance.
func (s *scanner) odd(yield func([]byte) bool) {
	syn := rawpc.SYN(netip.AddrPortFrom(s.own, 6100), netip.AddrPortFrom(s.gateway, 80))
	packets := rawpc.Fragments(syn)
	packets = append(packets, rawpc.WithOptions(rawpc.SYN(netip.AddrPortFrom(s.own, 6101), netip.AddrPortFrom(s.gateway, 80))))
	packets = append(packets, rawpc.Echo(s.own, s.gateway))
	for _, p := range packets {
		if !yield(p) {
			return
		}
	}
}

// portScan looks for anything that answers in quarantine beside port 80.
func portScan(ctx context.Context, f *Field, r *Result) error {
	c, tap, err := f.tapped(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	s := newScanner(c, tap)
	sent := 0
	for _, part := range []func(func([]byte) bool){s.tcp(1, 65535), s.udp, s.elsewhere, s.odd, s.tcp(1, 65535)} {
		n, err := s.all(ctx, sent, part)
		if err != nil {
			return err
		}
		sent += n
	}
	s.canary(sent)
	sent++
	answered := func() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.canaries) }
	for until := time.Now().Add(3 * time.Second); time.Now().Before(until) && answered() < sent; {
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	row, err := f.Audit(ctx, "flows.refused", func(r Row) bool { return r.ObjectID == string(c.Answer.Connection) && r.Reason == "closed_port" })
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Control = len(s.canaries) == sent
	r.Refused = len(s.others) == 0 && err == nil
	words := make([]string, 0, len(s.others))
	for w := range s.others {
		words = append(words, w)
	}
	slices.Sort(words)
	r.Evidence = fmt.Sprintf("65,534 TCP ports twice, 2,032 UDP ports, 65 other addresses, fragments, source route, ping: %d answers %s; port 80 answered %d of %d knocks between them; %s",
		len(words), strings.Join(words[:min(len(words), 5)], ", "), len(s.canaries), sent, row)
	return nil
}
