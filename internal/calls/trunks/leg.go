package trunks

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// Times without any packet after which a call is given up, at its beginning and later.
const (
	firstSound = 30 * time.Second
	laterSound = 15 * time.Second
	reportGap  = 5 * time.Second // RFC 3550 §6.2
)

var errDigit = sekisho.Fail(sekisho.KindInvalid, "trunk.digit")

// Leg is the party at the other end of a trunk: its sound, its keys, its end.
type Leg struct {
	ports *ports
	pair  *pair
	clk   clock.Clock

	permitted func(netip.Addr) bool      // the trunk's allow-list
	hang      func(calls.Cause)          // ends the dialog, then the leg; set before the leg is handed out
	info      func(calls.Digit) error    // a key by SIP INFO
	sink      atomic.Pointer[calls.Sink] // who hears this party
	pressed   atomic.Pointer[func(calls.Digit)]
	law       atomic.Uint32 // calls.Codec

	mu      sync.Mutex // all below
	peer    media
	own     ours
	sealed  *srtp.Context // what we send
	opened  *srtp.Context // what comes
	openKey string        // the key that opened belongs to
	stream  *calls.Stream
	latch   latch
	keypad  keypad
	got     reception
	foreign uint64
	heard   time.Duration // last packet that was taken
	some    bool          // there was one
	sent    uint32
	octets  uint32
	stamp   uint32 // of the last packet sent
	keying  bool   // a key of ours is being sent: sound waits
	frame   []byte // scratch for what goes out
	packet  []byte
	panics  uint64
	cause   calls.Cause

	keys  chan calls.Digit
	ended chan struct{}
	once  sync.Once
}

func newLeg(p *ports, clk clock.Clock, public netip.Addr, secure bool, permitted func(netip.Addr) bool) (*Leg, error) {
	one, err := p.take()
	if err != nil {
		return nil, err
	}
	l := &Leg{
		ports: p, pair: one, clk: clk, permitted: permitted, heard: clk.Mono(),
		stream: calls.NewStream(rand.Uint32(), uint16(rand.Uint32()), rand.Uint32()),
		keys:   make(chan calls.Digit, 32), ended: make(chan struct{}),
		frame: make([]byte, 0, 512), packet: make([]byte, 0, 640),
		own: ours{session: rand.Uint64() >> 2, version: uint64(rand.Uint32()), at: netip.AddrPortFrom(public, one.port()), secure: secure},
	}
	l.peer.event = noEvent
	p.wait.Add(3)
	go l.readSound()
	go l.readReports()
	go l.sendKeys()
	return l, nil
}

// Codec is the law that the party sends.
func (l *Leg) Codec() calls.Codec { return calls.Codec(l.law.Load()) }

// Listen says where what the party says goes from now on; nil: nowhere.
func (l *Leg) Listen(s calls.Sink) {
	if s == nil {
		l.sink.Store(nil)
		return
	}
	l.sink.Store(&s)
}

// OnDigit is told each key once, whichever way it came.
func (l *Leg) OnDigit(f func(calls.Digit)) {
	if f == nil {
		l.pressed.Store(nil)
		return
	}
	l.pressed.Store(&f)
}

// Ended is closed when the leg is over.
func (l *Leg) Ended() <-chan struct{} { return l.ended }

// Cause says why, once it ended.
func (l *Leg) Cause() calls.Cause {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

// Hang ends the call with the party. It is idempotent and does not wait.
func (l *Leg) Hang(c calls.Cause) { l.hang(c) }

// Quality is what is known of the sound.
func (l *Leg) Quality() calls.Quality {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.got.total()
	q.Foreign = l.foreign
	return q
}

// Held says whether the party does not want to hear us now.
func (l *Leg) Held() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peer.direction&hears == 0
}

// finish lets the leg be over; its ports are drained, then given back.
func (l *Leg) finish(c calls.Cause) {
	l.once.Do(func() {
		l.mu.Lock()
		l.cause = c
		l.mu.Unlock()
		l.Listen(nil)
		l.OnDigit(nil)
		close(l.ended)
		now := time.Now()
		// Both fail only where the sockets are closed already: then nobody waits on them.
		_ = l.pair.rtp.SetReadDeadline(now)
		_ = l.pair.rtcp.SetReadDeadline(now)
	})
}

func (l *Leg) over() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// Take lets the party hear a frame. It never blocks; what cannot go out now is dropped.
func (l *Leg) Take(f calls.Frame) {
	if f.Kind == calls.NoSound || len(f.Payload) == 0 || len(f.Payload) > 480 || l.over() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.keying {
		l.send(f)
	}
}

// send writes a frame; mu is held.
func (l *Leg) send(f calls.Frame) {
	to := l.peer.at
	if l.latch.locked {
		to = l.latch.at
	}
	if !to.IsValid() || l.peer.direction&hears == 0 || l.own.secure && l.sealed == nil {
		return
	}
	pt := l.peer.payload
	switch {
	case f.Kind == calls.Key && l.peer.event == noEvent:
		return
	case f.Kind == calls.Key:
		pt = l.peer.event
		l.frame = append(l.frame[:0], f.Payload...)
	default:
		l.frame = slices.Grow(l.frame[:0], len(f.Payload))[:len(f.Payload)]
		f.Codec.Law().Convert(l.frame, l.peer.codec.Law(), f.Payload)
	}
	h := rtp.Header{Version: 2, PayloadType: pt, SSRC: l.stream.SSRC}
	h.SequenceNumber, h.Timestamp, h.Marker = l.stream.Next(f)
	n, err := rtp.MarshalPacketTo(l.packet[:cap(l.packet)], &h, l.frame)
	if err != nil {
		return
	}
	out := l.packet[:n]
	if l.sealed != nil {
		if out, err = l.sealed.EncryptRTP(nil, out, &h); err != nil {
			return
		}
	}
	if _, err := l.pair.rtp.WriteToUDPAddrPort(out, to); err != nil {
		return // the peer may be away for a moment; media timeout judges
	}
	l.sent, l.octets, l.stamp = l.sent+1, l.octets+uint32(len(l.frame)), h.Timestamp
}

var _ calls.Sink = (*Leg)(nil)
