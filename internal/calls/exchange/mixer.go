package exchange

import (
	"sync"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// party is one who speaks into a mixer and hears the others.
type party struct {
	name  string
	in    jitter
	to    calls.Sink
	hears map[string]bool // whom, by name; nobody else
	frame calls.Frame
	bytes [samples]byte
}

// Take implements calls.Sink: what the party says.
func (p *party) Take(f calls.Frame) { p.in.Take(f) }

// mixer lets three or more hear each other, each exactly those it may: listening
// is hearing without being heard, whispering is being heard by one alone.
type mixer struct {
	mu      sync.Mutex
	closed  bool
	parties []*party
	said    [sound.Parties][samples]int16
	heard   [sound.Parties][samples]int16
}

// join adds a party; to hears the μ-law sum of those in hears.
func (m *mixer) join(name string, to calls.Sink, hears ...string) *party {
	p := &party{name: name, to: to, frame: calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: sources.Add(1), Marker: true}}
	m.mu.Lock()
	defer m.mu.Unlock()
	p.listenTo(hears)
	if len(m.parties) < sound.Parties {
		m.parties = append(m.parties, p)
	}
	return p
}

func (p *party) listenTo(names []string) {
	p.hears = map[string]bool{}
	for _, n := range names {
		p.hears[n] = true
	}
}

// leave takes a party out; when it returns it hears nothing more and is not heard.
func (m *mixer) leave(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, p := range m.parties {
		if p.name == name {
			m.parties = append(m.parties[:i], m.parties[i+1:]...)
			return
		}
	}
}

// beat implements voice: 20 ms of everybody to everybody who may hear it.
func (m *mixer) beat() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	var said, heard [sound.Parties][]int16
	for i, p := range m.parties {
		heard[i] = m.heard[i][:]
		if p.in.pop(&m.said[i]) {
			said[i] = m.said[i][:]
		}
	}
	n := len(m.parties)
	sound.Mix(heard[:n], said[:n], m.gains())
	for i, p := range m.parties {
		sound.Mu.Encode(p.bytes[:], heard[i])
		p.frame.Payload = p.bytes[:]
		p.to.Take(p.frame)
		p.frame.Seq++
		p.frame.Stamp += samples
		p.frame.Marker = false
	}
	return true
}

// gains are who hears whom now. The caller holds m.mu.
func (m *mixer) gains() *sound.Gains {
	var g sound.Gains
	for from, speaker := range m.parties {
		for to, p := range m.parties {
			if from != to && p.hears[speaker.name] {
				g[from][to] = sound.Full
			}
		}
	}
	return &g
}

// close silences the mixer; when it returns nothing more is heard of it.
func (m *mixer) close() { m.mu.Lock(); m.closed, m.parties = true, nil; m.mu.Unlock() }
