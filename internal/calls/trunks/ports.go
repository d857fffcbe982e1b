package trunks

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

var errPorts = sekisho.Fail(sekisho.KindBusy, "trunk.no_port")

// Draining: a closed leg's ports stay bound until nothing came for drainIdle, so
// that the next call never inherits what was meant for the last one.
const (
	drainIdle = 30 * time.Second
	drainMost = 10 * time.Minute
)

// ports hands out pairs of UDP ports: an even one for RTP, the next for RTCP.
type ports struct {
	ip          netip.Addr
	first, last uint16
	idle        time.Duration

	mu     sync.Mutex
	closed bool
	open   map[*pair]struct{}
	wait   sync.WaitGroup // the goroutines of legs, draining ones included
}

type pair struct{ rtp, rtcp *net.UDPConn }

func newPorts(ip netip.Addr, first, last uint16) *ports {
	return &ports{ip: ip, first: first + first%2, last: last, idle: drainIdle, open: map[*pair]struct{}{}}
}

// take binds a random free pair.
func (p *ports) take() (*pair, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := (int(p.last) - int(p.first) + 1) / 2
	if p.closed || n <= 0 {
		return nil, errPorts
	}
	start := rand.IntN(n)
	for i := range min(n, 200) {
		port := p.first + uint16((start+i)%n*2)
		rtp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.ip, port)))
		if err != nil {
			continue
		}
		rtcp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.ip, port+1)))
		if err != nil {
			rtp.Close()
			continue
		}
		one := &pair{rtp, rtcp}
		p.open[one] = struct{}{}
		return one, nil
	}
	return nil, errPorts
}

func (p *ports) give(one *pair) {
	p.mu.Lock()
	delete(p.open, one)
	p.mu.Unlock()
	one.close()
}

// bound is how many pairs are held, draining ones included.
func (p *ports) bound() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open)
}

// close ends all legs and waits for their goroutines.
func (p *ports) close() {
	p.mu.Lock()
	p.closed = true
	for one := range p.open {
		one.close()
	}
	p.mu.Unlock()
	p.wait.Wait()
}

func (p *pair) close() {
	p.rtp.Close()
	p.rtcp.Close()
}

func (p *pair) port() uint16 { return p.rtp.LocalAddr().(*net.UDPAddr).AddrPort().Port() }

// drain throws away what still comes, until nothing does.
func (p *ports) drain(one *pair) {
	defer p.give(one)
	var buf [64]byte
	for end := time.Now().Add(drainMost); time.Now().Before(end); {
		if err := one.rtp.SetReadDeadline(time.Now().Add(p.idle)); err != nil {
			return
		}
		if _, _, err := one.rtp.ReadFromUDPAddrPort(buf[:]); err != nil {
			return
		}
	}
}

func (p *ports) String() string { return fmt.Sprintf("%d-%d", p.first, p.last) }
