package exchange

import (
	"sync/atomic"

	"github.com/sekisho/sekisho/internal/calls"
)

// fan hands what one party says to several.
type fan []calls.Sink

// Take implements calls.Sink.
func (f fan) Take(fr calls.Frame) {
	for _, to := range f {
		to.Take(fr)
	}
}

// veil makes silence of what passes while it is drawn, and lets no key through
// at all: keys that a caller presses are for flows and captures, never for an
// operator's ear or a tape.
type veil struct {
	drawn *atomic.Bool
	to    calls.Sink
}

// silence is 60 ms of it in each law, the longest packet that is passed on.
var silence = [...][3 * samples]byte{calls.PCMU: quiet(calls.PCMU), calls.PCMA: quiet(calls.PCMA)}

func quiet(c calls.Codec) (b [3 * samples]byte) {
	for i := range b {
		b[i] = c.Silence()
	}
	return b
}

// Take implements calls.Sink.
func (v veil) Take(f calls.Frame) {
	if f.Kind != calls.Sound {
		return
	}
	if v.drawn.Load() {
		if int(f.Codec) >= len(silence) || f.Codec == calls.NoCodec {
			return
		}
		all := &silence[f.Codec]
		f.Payload = all[:min(len(f.Payload), len(all))]
	}
	v.to.Take(f)
}

// bridge is who hears whom in one call. Only the call's goroutine uses it; media
// goroutines meet its sinks alone.
type bridge struct {
	beat   *metronome
	drawn  *atomic.Bool // secure capture: nothing of the caller passes
	caller leg
	tape   tape // nil: not recorded

	playing *player
	mix     *mixer
	joined  map[string]leg // in the mixer, but for the caller
}

// alone parts the caller from everybody; nobody hears him.
func (b *bridge) alone() {
	b.hush()
	b.part()
	b.caller.Listen(nil)
}

// sound plays to the caller, who is parted from everybody first.
func (b *bridge) sound(what sounding, played func()) {
	b.alone()
	b.playing = newPlayer(b.caller, what, played)
	b.beat.add(b.playing)
}

// hush ends what is being played.
func (b *bridge) hush() {
	if b.playing != nil {
		b.playing.stop()
		b.beat.remove(b.playing)
		b.playing = nil
	}
}

// part takes the mixer away and lets nobody who was in it hear or say anything.
func (b *bridge) part() {
	if b.mix != nil {
		b.mix.close()
		b.beat.remove(b.mix)
		b.mix = nil
	}
	for _, l := range b.joined {
		l.Listen(nil)
	}
	b.joined = nil
}

// fromCaller is where what the caller says goes: the tape, and to.
func (b *bridge) fromCaller(to calls.Sink) calls.Sink {
	if b.tape == nil {
		return veil{b.drawn, to}
	}
	return veil{b.drawn, fan{b.tape.Caller(), to}}
}

// toCaller is what the caller hears, kept by the tape as the centre's side.
func (b *bridge) toCaller() calls.Sink {
	if b.tape == nil {
		return b.caller
	}
	return fan{b.tape.Centre(), b.caller}
}

// talk joins the caller and one other, frame by frame.
func (b *bridge) talk(name string, other leg) {
	b.alone()
	b.joined = map[string]leg{name: other}
	other.Listen(b.toCaller())
	b.caller.Listen(b.fromCaller(other))
}

// ear says who hears whom in a call of three or more.
type ear struct {
	name  string
	leg   leg
	hears []string
}

// meet joins the caller and others by a mixer. callerHears names whom the caller hears.
func (b *bridge) meet(callerHears []string, others []ear) {
	b.alone()
	b.mix = &mixer{}
	b.joined = map[string]leg{}
	caller := b.mix.join("caller", b.toCaller(), callerHears...)
	for _, o := range others {
		b.joined[o.name] = o.leg
		o.leg.Listen(b.mix.join(o.name, o.leg, o.hears...))
	}
	b.caller.Listen(b.fromCaller(caller))
	b.beat.add(b.mix)
}
