package presence

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// bubble is the clock inside synctest; the process has run for an hour.
type bubble struct{ start time.Time }

func newBubble() bubble              { return bubble{time.Now()} }
func (b bubble) Now() time.Time      { return time.Now().UTC() }
func (b bubble) Mono() time.Duration { return time.Since(b.start) + time.Hour }

type packet struct {
	body []byte
	peer netip.AddrPort
}

// socket is the server's end of a network in memory, with delay and loss.
type socket struct {
	in, out chan packet
	mu      sync.Mutex
	late    chan struct{} // closed when the read deadline has passed
	delay   time.Duration
	loss    float64
	dice    *rand.Rand
}

func newSocket() *socket {
	return &socket{in: make(chan packet, 1024), out: make(chan packet, 1024), late: make(chan struct{}), dice: rand.New(rand.NewPCG(7, 7))}
}

func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-s.in:
		return copy(b, p.body), net.UDPAddrFromAddrPort(p.peer), nil
	case <-s.late:
		return 0, nil, os.ErrDeadlineExceeded
	}
}

func (s *socket) WriteTo(b []byte, to net.Addr) (int, error) {
	s.carry(s.out, packet{bytes.Clone(b), to.(*net.UDPAddr).AddrPort()})
	return len(b), nil
}

// send is a datagram from a PC.
func (s *socket) send(b []byte, from netip.AddrPort) { s.carry(s.in, packet{b, from}) }

func (s *socket) carry(to chan packet, p packet) {
	s.mu.Lock()
	lost := s.dice.Float64() < s.loss
	s.mu.Unlock()
	if lost {
		return
	}
	time.AfterFunc(s.delay, func() { to <- p })
}

func (s *socket) SetReadDeadline(time.Time) error  { close(s.late); return nil }
func (s *socket) SetDeadline(time.Time) error      { return nil }
func (s *socket) SetWriteDeadline(time.Time) error { return nil }
func (s *socket) Close() error                     { return nil }
func (s *socket) LocalAddr() net.Addr              { return &net.UDPAddr{} }

// served runs a test with the room serving a socket inside a bubble.
func served(t *testing.T, test func(t *testing.T, c *centre, s *socket)) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, storagetest.SQLite(t), newBubble())
		s := newSocket()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.room.Serve(ctx, s) }()
		defer func() {
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("Serve: %v", err)
			}
		}()
		test(t, c, s)
	})
}

// next waits for a datagram, for at most so long.
func (s *socket) next(t *testing.T, within time.Duration) packet {
	t.Helper()
	select {
	case p := <-s.out:
		return p
	case <-time.After(within):
		t.Fatalf("no datagram within %v", within)
		return packet{}
	}
}

func (s *socket) quiet(t *testing.T, long time.Duration) {
	t.Helper()
	select {
	case p := <-s.out:
		t.Fatalf("a datagram of %d bytes to %v", len(p.body), p.peer)
	case <-time.After(long):
	}
}

func parseNonce(t *testing.T, p packet) wire.LeaseNonce {
	t.Helper()
	n, err := wire.ParseLeaseNonce(p.body)
	if err != nil {
		t.Fatalf("%x: %v", p.body, err)
	}
	return n
}

func TestNoncesAreRepeatedUntilAnswered(t *testing.T) {
	served(t, func(t *testing.T, c *centre, s *socket) {
		p := c.connect("aoki")
		session := p.login()
		at := netip.AddrPortFrom(p.Address, wire.LeasePort)
		first := s.next(t, 2*wire.Tick)
		n := parseNonce(t, first)
		if n.Session != session.ID || n.Counter != 1 || first.peer != at {
			t.Fatalf("first nonce %+v to %v", n, first.peer)
		}
		for range 3 {
			began := time.Now()
			if again := s.next(t, time.Second); !bytes.Equal(again.body, first.body) || time.Since(began) != wire.RepeatEvery {
				t.Fatalf("repeated after %v: %x", time.Since(began), again.body)
			}
		}
		renewal := p.answer(n, sekisho.Present, time.Minute)
		s.send(renewal, at)
		if ack := parseNonce(t, s.next(t, time.Millisecond)); ack.Acked != 1 || ack.Counter != 1 {
			t.Fatalf("acknowledgement %+v", ack)
		}
		s.send(renewal, at) // its acknowledgement was lost: it comes again
		if ack := parseNonce(t, s.next(t, time.Millisecond)); ack.Acked != 1 {
			t.Fatalf("second acknowledgement %+v", ack)
		}
		s.quiet(t, time.Second)
		if n := parseNonce(t, s.next(t, wire.NonceEvery+wire.Tick)); n.Counter != 2 || n.Acked != 1 {
			t.Fatalf("second nonce %+v", n)
		}
	})
}

func TestAnAgentThatFallsSilentIsClosedInTime(t *testing.T) {
	served(t, func(t *testing.T, c *centre, s *socket) {
		p := c.connect("aoki")
		p.login()
		at := netip.AddrPortFrom(p.Address, wire.LeasePort)
		n := parseNonce(t, s.next(t, 2*wire.Tick))
		issued := time.Now()
		time.Sleep(700 * time.Millisecond)
		s.send(p.answer(n, sekisho.Present, time.Minute), at)
		time.Sleep(wire.LeaseTTL - 700*time.Millisecond - time.Millisecond)
		if !p.alive() {
			t.Fatal("dead before its time")
		}
		time.Sleep(time.Millisecond)
		if p.alive() {
			t.Fatal("alive six seconds after the last nonce that was answered")
		}
		for {
			d := s.next(t, 2*wire.Tick)
			if closed, err := wire.ParseLeaseClosed(d.body); err == nil {
				if closed.State != sekisho.Lost || closed.Reason != "lease.expired" {
					t.Fatalf("notice %+v", closed)
				}
				break
			}
		}
		if late := time.Since(issued) - wire.LeaseTTL; late > wire.Tick {
			t.Errorf("told %v after the deadline", late)
		}
		s.quiet(t, 10*time.Second)
	})
}

func TestNoncesFollowThePortThatSpeaks(t *testing.T) {
	served(t, func(t *testing.T, c *centre, s *socket) {
		p := c.connect("aoki")
		dialled := netip.AddrPortFrom(p.Address, 40001)
		s.send([]byte("hello"), dialled) // in quarantine: only the port is learnt
		s.quiet(t, time.Second)
		p.login()
		if d := s.next(t, 2*wire.Tick); d.peer != dialled {
			t.Fatalf("nonce to %v", d.peer)
		}
		moved := netip.AddrPortFrom(p.Address, 40002)
		s.send([]byte("hello"), moved)
		if d := s.next(t, time.Millisecond); d.peer != moved || parseNonce(t, d).Counter != 1 {
			t.Fatalf("nonce to %v", d.peer)
		}
		s.send([]byte("hello"), netip.MustParseAddrPort("100.64.99.9:7001")) // nobody's address
		if d := s.next(t, 2*wire.RepeatEvery); d.peer != moved {
			t.Fatalf("nonce to %v", d.peer)
		}
		// The PC connects again under the same address: the old port means nothing.
		c.book.Disconnect(p.ID, "connection.closed")
		if d := s.next(t, 2*wire.Tick); d.peer != moved {
			t.Fatalf("notice to %v", d.peer)
		}
		again := *p
		again.ID = sekisho.ConnectionID(wire.NewID())
		c.must(c.book.Connect(t.Context(), again.Connection))
		again.login()
		if d := s.next(t, 2*wire.Tick); d.peer.Port() != wire.LeasePort {
			t.Fatalf("nonce to %v", d.peer)
		}
	})
}

// agent answers nonces as an honest one does: at once, and again every 200 ms
// until acknowledged.
func (p *pc) agent(ctx context.Context, s *socket, inbox chan packet, state func() (sekisho.State, time.Duration)) {
	at := netip.AddrPortFrom(p.Address, wire.LeasePort)
	var answer []byte
	var answered, acked uint64
	repeat := time.NewTicker(wire.RepeatEvery)
	defer repeat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-repeat.C:
		case d := <-inbox:
			n, err := wire.ParseLeaseNonce(d.body)
			if err != nil {
				continue
			}
			acked = max(acked, n.Acked)
			if n.Counter <= answered {
				continue
			}
			st, in := state()
			answer, answered = p.answer(n, st, in), n.Counter
		}
		if answer != nil && acked < answered {
			s.send(answer, at)
		}
	}
}

// TestLossAndDelayCloseNothing is the promise of the tunnel: 5 % lost both ways
// and 200 ms of delay, for two hours.
func TestLossAndDelayCloseNothing(t *testing.T) {
	served(t, func(t *testing.T, c *centre, s *socket) {
		p := c.connect("aoki")
		s.delay, s.loss = 100*time.Millisecond, 0.05
		session := p.login()
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		go p.agent(ctx, s, s.out, func() (sekisho.State, time.Duration) { return sekisho.Present, time.Since(began) })
		time.Sleep(2 * time.Hour)
		cancel()
		if !p.alive() || len(c.ended) != 0 {
			t.Fatalf("ended %+v", c.ended)
		}
		synctest.Wait()
		if n, err := wire.ParseLeaseNonce(c.book.Nonce(session.ID)); err != nil || n.Acked < 3500 {
			t.Errorf("acknowledged %d of about 3,600, %v", n.Acked, err)
		}
	})
}

func TestAbsenceAndReturnOverTheWire(t *testing.T) {
	served(t, func(t *testing.T, c *centre, s *socket) {
		p := c.connect("aoki")
		p.login()
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		state, since := sekisho.Present, time.Now()
		be := func(st sekisho.State) { mu.Lock(); state, since = st, time.Now(); mu.Unlock() }
		go p.agent(ctx, s, s.out, func() (sekisho.State, time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			return state, time.Since(since)
		})
		time.Sleep(5 * time.Second)
		be(sekisho.Absent)
		time.Sleep(8900 * time.Millisecond) // the policy says ten, and in doubt a nonce goes out every second
		be(sekisho.Present)
		time.Sleep(8 * time.Second)
		if !p.alive() {
			t.Fatal("closed although the person came back in time")
		}
		be(sekisho.Unsure)
		time.Sleep(4 * time.Second)
		be(sekisho.Present)
		time.Sleep(8 * time.Second)
		if !p.alive() {
			t.Fatal("closed although the person was recognised in time")
		}
		be(sekisho.Absent)
		gone := time.Now()
		for p.alive() {
			time.Sleep(10 * time.Millisecond)
		}
		if took := time.Since(gone); took > 12*time.Second+wire.Tick || took < 10*time.Second {
			t.Errorf("closed %v after nobody was there", took)
		}
		cancel()
	})
}
