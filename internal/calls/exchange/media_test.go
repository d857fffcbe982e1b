package exchange

import (
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// ears keeps what one party hears, as samples.
type ears struct {
	pcm   []int16
	stamp []uint32
}

func (e *ears) Take(f calls.Frame) {
	if f.Kind != calls.Sound {
		return
	}
	buf := make([]int16, len(f.Payload))
	f.Codec.Law().Decode(buf, f.Payload)
	e.pcm = append(e.pcm, buf...)
	e.stamp = append(e.stamp, f.Stamp)
}

// level is the amplitude of one frequency in what was heard (Goertzel), 1 for full scale.
func (e *ears) level(hz float64, from, to int) float64 {
	w := 2 * math.Pi * hz / calls.Rate
	var a, b float64
	pcm := e.pcm[min(from, len(e.pcm)):min(to, len(e.pcm))]
	for _, s := range pcm {
		a, b = 2*math.Cos(w)*a-b+float64(s)/32768, a
	}
	if len(pcm) == 0 {
		return 0
	}
	return 2 * math.Sqrt(a*a+b*b-2*math.Cos(w)*a*b) / float64(len(pcm))
}

// speaker says one tone, 20 ms at a time.
type speaker struct {
	hz     float64
	law    calls.Codec
	source uint32
	n      uint32
	seq    uint16
}

func (s *speaker) say(to calls.Sink) {
	pcm, b := make([]int16, samples), make([]byte, samples)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*s.hz*float64(s.n+uint32(i))/calls.Rate))
	}
	s.law.Law().Encode(b, pcm)
	to.Take(calls.Frame{Kind: calls.Sound, Codec: s.law, Source: s.source, Seq: s.seq, Stamp: s.n, Payload: b})
	s.n += samples
	s.seq++
}

func TestPlayerPlaysOnceAndStops(t *testing.T) {
	var heard ears
	ended := 0
	p := newPlayer(&heard, once(make([]byte, 2*samples+40)), func() { ended++ })
	beats := 0
	for p.beat() {
		beats++
	}
	if beats != 3 || ended != 1 || len(heard.pcm) != 3*samples {
		t.Fatalf("%d beats, ended %d times, %d samples", beats, ended, len(heard.pcm))
	}
	if heard.stamp[2]-heard.stamp[0] != 2*samples {
		t.Fatalf("timestamps %v", heard.stamp)
	}
	p = newPlayer(&heard, sound.Music(sound.Mu), func() { t.Error("a player that was stopped has not played to its end") })
	for range 10 {
		if !p.beat() {
			t.Fatal("music ends by itself")
		}
	}
	p.stop()
	n := len(heard.pcm)
	if p.beat() || len(heard.pcm) != n {
		t.Fatal("heard after it was stopped")
	}
}

// Each hears exactly whom he may: the operator a whisper, the caller not.
func TestMixerHearsOnlyWhoMayBeHeard(t *testing.T) {
	m := &mixer{}
	var caller, operator, supervisor ears
	c := m.join("caller", &caller, "operator")
	o := m.join("operator", &operator, "caller", "supervisor")
	s := m.join("supervisor", &supervisor, "caller", "operator")
	says := []*speaker{{hz: 500, law: calls.PCMU, source: 1}, {hz: 900, law: calls.PCMA, source: 2}, {hz: 1500, law: calls.PCMU, source: 3}}
	for range 100 {
		says[0].say(c)
		says[1].say(o)
		says[2].say(s)
		m.beat()
	}
	const from, to = 20 * samples, 90 * samples
	for name, c := range map[string]struct {
		heard *ears
		loud  []float64
		not   []float64
	}{
		"caller":     {&caller, []float64{900}, []float64{500, 1500}},
		"operator":   {&operator, []float64{500, 1500}, []float64{900}},
		"supervisor": {&supervisor, []float64{500, 900}, []float64{1500}},
	} {
		for _, hz := range c.loud {
			if l := c.heard.level(hz, from, to); l < 0.2 || l > 0.28 {
				t.Errorf("%s hears %.0f Hz at %.3f", name, hz, l)
			}
		}
		for _, hz := range c.not {
			if l := c.heard.level(hz, from, to); l > 0.003 {
				t.Errorf("%s hears %.0f Hz at %.4f, who must not", name, hz, l)
			}
		}
	}
	m.leave("supervisor")
	n := len(supervisor.pcm)
	m.beat()
	if len(supervisor.pcm) != n {
		t.Error("heard after leaving")
	}
}

// A packet that is lost stalls nobody; a source that runs fast builds up no delay.
func TestJitterKeepsTime(t *testing.T) {
	var j jitter
	s := &speaker{hz: 700, law: calls.PCMU, source: 1}
	var into [samples]int16
	heard := 0
	for i := range 200 {
		if i%10 == 5 {
			s.n += samples // lost
			s.seq++
		} else {
			s.say(&j)
		}
		if i%50 == 49 {
			s.say(&j) // 2 % fast
		}
		if j.pop(&into) {
			heard++
		}
		if behind := int32(s.n - j.origin - j.next); behind > furthest+2*samples {
			t.Fatalf("%d ms behind", behind/8)
		}
	}
	if heard < 190 {
		t.Errorf("heard %d of 200", heard)
	}
	for range furthest/samples + 5 { // what is left of it, and the fading
		j.pop(&into)
	}
	if j.pop(&into) || into != [samples]int16{} {
		t.Error("silence is not silent")
	}
}

// A source that runs slow, or stood still for a moment, is heard again at once.
func TestJitterFollowsASlowSource(t *testing.T) {
	var j jitter
	s := &speaker{hz: 700, law: calls.PCMU, source: 1}
	var into [samples]int16
	heard := 0
	for i := range 500 {
		if i%8 != 0 && (i < 200 || i > 260) {
			s.say(&j)
		}
		if j.pop(&into) && into != [samples]int16{} {
			heard++
		}
	}
	if heard < 340 {
		t.Errorf("heard %d of about 385", heard)
	}
}

func TestVeilLetsNothingThrough(t *testing.T) {
	var heard ears
	var keys int
	var drawn atomic.Bool
	sink := veil{&drawn, calls.SinkFunc(func(f calls.Frame) {
		if f.Kind == calls.Key {
			keys++
		}
		heard.Take(f)
	})}
	s := &speaker{hz: 770, law: calls.PCMU, source: 1}
	s.say(sink)
	drawn.Store(true)
	s.say(sink)
	sink.Take(calls.Frame{Kind: calls.Key, Payload: []byte{5, 0x80, 0, 0}})
	drawn.Store(false)
	sink.Take(calls.Frame{Kind: calls.Key, Payload: []byte{5, 0x80, 0, 0}})
	s.say(sink)
	if keys != 0 || len(heard.pcm) != 3*samples {
		t.Fatalf("%d keys, %d samples", keys, len(heard.pcm))
	}
	for i, v := range heard.pcm[samples : 2*samples] {
		if v != 0 {
			t.Fatalf("sample %d of what was masked is %d", i, v)
		}
	}
	if heard.level(770, 2*samples, 3*samples) < 0.2 {
		t.Error("nothing is heard once it is over")
	}
}

func TestMetronomeForgetsWhoHasEnded(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	m := newMetronome(clk)
	n := 0
	m.add(&threeBeats{&n})
	m.once()
	m.once()
	m.once()
	m.once()
	if n != 3 || len(m.voices) != 0 {
		t.Fatalf("%d beats, %d voices left", n, len(m.voices))
	}
}

type threeBeats struct{ n *int }

func (v *threeBeats) beat() bool { *v.n++; return *v.n < 3 }
