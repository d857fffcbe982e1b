package exchange

import (
	"sync"
	"sync/atomic"

	"github.com/sekisho/sekisho/internal/calls"
)

// sources numbers the time lines of what we sound ourselves. They never leave
// this process: every outgoing stream has a number of its own.
var sources atomic.Uint32

// sounding is μ-law sound by frames of 20 ms; nil is its end.
type sounding interface{ At(frame int) []byte }

// once is an announcement that is played one time.
type once []byte

// At implements sounding.
func (o once) At(i int) []byte { return o[min(i*samples, len(o)):min((i+1)*samples, len(o))] }

// player sounds something to one party.
type player struct {
	to     calls.Sink
	what   sounding
	played func() // after the last frame, unless it was stopped; may be nil

	mu      sync.Mutex
	stopped bool
	at      int
	frame   calls.Frame
	buffer  [samples]byte
}

func newPlayer(to calls.Sink, what sounding, played func()) *player {
	return &player{
		to: to, what: what, played: played,
		frame: calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: sources.Add(1), Marker: true},
	}
}

// beat implements voice.
func (p *player) beat() bool {
	p.mu.Lock()
	if p.stopped {
		p.mu.Unlock()
		return false
	}
	next := p.what.At(p.at)
	if len(next) == 0 {
		p.stopped = true
		p.mu.Unlock()
		if p.played != nil {
			p.played()
		}
		return false
	}
	p.at++
	for i := copy(p.buffer[:], next); i < samples; i++ {
		p.buffer[i] = calls.PCMU.Silence()
	}
	p.frame.Payload = p.buffer[:]
	p.to.Take(p.frame) // under the lock: after stop nothing more is heard
	p.frame.Seq++
	p.frame.Stamp += samples
	p.frame.Marker = false
	p.mu.Unlock()
	return true
}

// stop silences the player; when it returns nothing more is heard of it.
func (p *player) stop() { p.mu.Lock(); p.stopped = true; p.mu.Unlock() }
