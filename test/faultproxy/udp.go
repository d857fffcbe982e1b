package faultproxy

import (
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// UDP forwards datagrams between callers and one target.
type UDP struct {
	front    *net.UDPConn
	target   *net.UDPAddr
	seed     uint64
	up, down *side // up: caller → target

	mu     sync.Mutex
	peers  map[netip.AddrPort]*caller
	closed bool
	wg     sync.WaitGroup
}

// caller is one source address, with a socket of its own towards the target.
type caller struct {
	back *net.UDPConn
	up   *line
}

// NewUDP listens on a free loopback port and forwards to target.
func NewUDP(target string, seed uint64, up, down Faults) (*UDP, error) {
	return ListenUDP("127.0.0.1:0", target, seed, up, down)
}

// ListenUDP is NewUDP on an address of the caller's choice.
func ListenUDP(listen, target string, seed uint64, up, down Faults) (*UDP, error) {
	to, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		return nil, fmt.Errorf("faultproxy: target: %w", err)
	}
	at, err := net.ResolveUDPAddr("udp", listen)
	if err != nil {
		return nil, fmt.Errorf("faultproxy: listen: %w", err)
	}
	front, err := net.ListenUDP("udp", at)
	if err != nil {
		return nil, fmt.Errorf("faultproxy: listen: %w", err)
	}
	buffers(front)
	p := &UDP{front: front, target: to, seed: seed, up: newSide(up), down: newSide(down), peers: map[netip.AddrPort]*caller{}}
	p.wg.Go(p.receive)
	return p, nil
}

// buffers makes room for what waits in the kernel, so that the proxy loses what it is told to and no more.
func buffers(c *net.UDPConn) {
	_ = c.SetReadBuffer(8 << 20) // the kernel's own limit applies
	_ = c.SetWriteBuffer(8 << 20)
}

// Addr is where callers send.
func (p *UDP) Addr() string { return p.front.LocalAddr().String() }

// Set changes the faults of both directions for all datagrams from now on.
func (p *UDP) Set(up, down Faults) {
	p.up.faults.Store(&up)
	p.down.faults.Store(&down)
}

// Counts reads the counters of both directions.
func (p *UDP) Counts() (up, down Counts) { return p.up.counts(), p.down.counts() }

// Close stops everything and waits for it.
func (p *UDP) Close() error {
	p.mu.Lock()
	p.closed = true
	err := p.front.Close()
	for _, c := range p.peers {
		_ = c.back.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
	return err
}

const maxDatagram = 1 << 16

func (p *UDP) receive() {
	dice := rand.New(rand.NewPCG(p.seed, 1))
	b := make([]byte, maxDatagram)
	var fates []time.Duration
	for {
		n, from, err := p.front.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			p.mu.Lock()
			for _, c := range p.peers {
				c.up.close()
			}
			p.mu.Unlock()
			return
		}
		if err != nil {
			continue // an ICMP error of an earlier datagram
		}
		c := p.caller(from)
		if c == nil {
			continue
		}
		fates = p.up.fate(dice, fates[:0])
		for _, wait := range fates {
			c.up.send(b[:n], wait)
		}
	}
}

func (p *UDP) caller(from netip.AddrPort) *caller {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.peers[from]; ok || p.closed {
		return c
	}
	back, err := net.DialUDP("udp", nil, p.target)
	if err != nil {
		return nil
	}
	buffers(back)
	c := &caller{back: back, up: newLine(func(b []byte) { _, _ = back.Write(b) })} // a refused datagram is lost
	seed := uint64(len(p.peers) + 2)
	p.peers[from] = c
	p.wg.Go(c.up.run)
	p.wg.Go(func() { p.answer(c, from, seed) })
	return c
}

func (p *UDP) answer(c *caller, to netip.AddrPort, stream uint64) {
	down := newLine(func(b []byte) { _, _ = p.front.WriteToUDPAddrPort(b, to) })
	p.wg.Go(down.run)
	defer down.close()
	dice := rand.New(rand.NewPCG(p.seed, stream))
	b := make([]byte, maxDatagram)
	var fates []time.Duration
	for {
		n, err := c.back.Read(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		fates = p.down.fate(dice, fates[:0])
		for _, wait := range fates {
			down.send(b[:n], wait)
		}
	}
}

// line holds datagrams until they are due. At most lineLimit wait; more are
// lost, as in a router.
type line struct {
	write func([]byte)
	mu    sync.Mutex
	queue due
	count uint64
	wake  chan struct{}
	done  chan struct{}
	once  sync.Once
}

const lineLimit = 1 << 16

type waiting struct {
	at   time.Time
	seq  uint64
	data []byte
}

type due []waiting

func (d due) Len() int { return len(d) }
func (d due) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || (d[i].at.Equal(d[j].at) && d[i].seq < d[j].seq)
}
func (d due) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *due) Push(x any)   { *d = append(*d, x.(waiting)) }
func (d *due) Pop() any     { o := *d; x := o[len(o)-1]; *d = o[:len(o)-1]; return x }

func newLine(write func([]byte)) *line {
	return &line{write: write, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

func (l *line) close() { l.once.Do(func() { close(l.done) }) }

func (l *line) send(b []byte, wait time.Duration) {
	if wait <= 0 {
		l.mu.Lock()
		empty := len(l.queue) == 0
		l.mu.Unlock()
		if empty {
			l.write(b)
			return
		}
	}
	l.mu.Lock()
	first := false
	if len(l.queue) < lineLimit {
		w := waiting{at: time.Now().Add(wait), seq: l.count, data: append([]byte(nil), b...)}
		l.count++
		heap.Push(&l.queue, w)
		first = l.queue[0].seq == w.seq
	}
	l.mu.Unlock()
	if first {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

func (l *line) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		l.mu.Lock()
		wait := time.Hour
		for len(l.queue) > 0 {
			if wait = time.Until(l.queue[0].at); wait > 0 {
				break
			}
			w := heap.Pop(&l.queue).(waiting)
			l.mu.Unlock()
			l.write(w.data)
			l.mu.Lock()
			wait = time.Hour
		}
		l.mu.Unlock()
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-l.wake:
		case <-l.done:
			return
		}
	}
}
