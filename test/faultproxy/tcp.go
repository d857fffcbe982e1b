package faultproxy

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// TCP forwards streams to one target. A stream loses nothing: of Faults only
// Delay and Blackhole apply.
type TCP struct {
	front    net.Listener
	target   string
	up, down *side

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	wg    sync.WaitGroup
	done  chan struct{}
	once  sync.Once
}

// NewTCP listens on a free loopback port and forwards to target.
func NewTCP(target string, up, down Faults) (*TCP, error) {
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("faultproxy: listen: %w", err)
	}
	p := &TCP{front: front, target: target, up: newSide(up), down: newSide(down), conns: map[net.Conn]struct{}{}, done: make(chan struct{})}
	p.wg.Go(p.accept)
	return p, nil
}

// Addr is where callers connect.
func (p *TCP) Addr() string { return p.front.Addr().String() }

// Set changes the faults of both directions from now on.
func (p *TCP) Set(up, down Faults) {
	p.up.faults.Store(&up)
	p.down.faults.Store(&down)
}

// Cut resets every stream that is open now.
func (p *TCP) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0)
		}
		_ = c.Close()
	}
}

// Close stops everything and waits for it.
func (p *TCP) Close() error {
	p.once.Do(func() { close(p.done) })
	err := p.front.Close()
	p.Cut()
	p.wg.Wait()
	return err
}

func (p *TCP) accept() {
	for {
		near, err := p.front.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.mu.Lock()
		p.conns[near], p.conns[far] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.wg.Go(func() { p.join(near, far) })
	}
}

// join carries both directions until both have ended.
func (p *TCP) join(near, far net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { p.carry(far, near, p.up) })
	both.Go(func() { p.carry(near, far, p.down) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, near)
	delete(p.conns, far)
	p.mu.Unlock()
	_ = near.Close()
	_ = far.Close()
}

// chunk is some bytes of a stream and when they are due.
type chunk struct {
	at   time.Time
	data []byte
}

func (p *TCP) carry(to, from net.Conn, s *side) {
	chunks := make(chan chunk, 256)
	var writer sync.WaitGroup
	writer.Go(func() { p.deliver(to, s, chunks) })
	defer writer.Wait()
	defer close(chunks)
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			c := chunk{time.Now().Add(s.faults.Load().Delay), append([]byte(nil), b[:n]...)}
			select {
			case chunks <- c:
			case <-p.done:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// stall is how often a stalled stream looks whether it may go on.
const stall = 10 * time.Millisecond

// deliver writes what is due; a direction that ends is half-closed, one that fails takes both with it.
func (p *TCP) deliver(to net.Conn, s *side, chunks <-chan chunk) {
	for c := range chunks {
		wait := time.Until(c.at)
		for {
			select {
			case <-time.After(max(wait, 0)):
			case <-p.done:
				wait = 0
			}
			if !s.faults.Load().Blackhole || p.over() {
				break
			}
			wait = stall
		}
		if _, err := to.Write(c.data); err != nil {
			_ = to.Close()
			for range chunks { // the reader must not block for ever
			}
			return
		}
		s.passed.Add(1)
	}
	if t, ok := to.(*net.TCPConn); ok {
		_ = t.CloseWrite()
	}
}

func (p *TCP) over() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
