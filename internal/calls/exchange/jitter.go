package exchange

import (
	"sync"

	"github.com/sekisho/sekisho/internal/calls"
)

// A party of a mixer is heard through a buffer by time, 60 ms behind, never by
// the number of packets: one that is lost stalls nobody.
const (
	ahead    = 3 * samples  // where a new source begins
	furthest = 8 * samples  // further ahead than this, some is left out
	room     = 32 * samples // size of the ring
)

// jitter puts what one party says into the order of its timestamps.
type jitter struct {
	mu     sync.Mutex
	begun  bool
	source uint32
	origin uint32 // timestamp of sample 0 of the ring's count
	next   uint32 // next sample to be heard, counted from origin
	newest uint32 // timestamp
	ring   [room]int16
	there  [room]bool
	last   [samples]int16
	faded  int
	linear []int16
	late   uint64 // samples that came too late
}

// Take implements calls.Sink.
func (j *jitter) Take(f calls.Frame) {
	if f.Kind != calls.Sound || len(f.Payload) > room/4 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	at := f.Stamp - j.origin
	lead := int32(at - j.next)
	fresh := !j.begun || f.Source != j.source || lead > room-int32(len(f.Payload)) || lead < -10*calls.Rate
	if fresh || lead < 0 && int32(f.Stamp-j.newest) > 0 { // or a source that runs slow: it begins anew
		j.begun, j.source = true, f.Source
		j.origin = f.Stamp - ahead - j.next
		at = j.next + ahead
	} else if lead > furthest {
		j.skip(uint32(lead) - ahead)
	}
	if fresh || int32(f.Stamp-j.newest) > 0 {
		j.newest = f.Stamp
	}
	if cap(j.linear) < len(f.Payload) {
		j.linear = make([]int16, room/4)
	}
	pcm := j.linear[:len(f.Payload)]
	f.Codec.Law().Decode(pcm, f.Payload)
	for i, v := range pcm {
		pos := at + uint32(i)
		if int32(pos-j.next) < 0 {
			j.late++
			continue
		}
		j.ring[pos%room], j.there[pos%room] = v, true
	}
}

// skip leaves out n samples, so that a source which runs fast builds up no delay.
func (j *jitter) skip(n uint32) {
	for range min(n, room) {
		j.there[j.next%room] = false
		j.next++
	}
}

// pop gives the next 20 ms. What is missing repeats the last frame, fading over
// 60 ms, and is silence after that.
func (j *jitter) pop(into *[samples]int16) (heard bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	missing := 0
	for i := range into {
		at := j.next % room
		if j.there[at] {
			into[i] = j.ring[at]
		} else {
			missing++
			into[i] = 0
			if j.faded < 3 {
				into[i] = j.last[i] >> (j.faded + 1)
			}
		}
		j.there[at] = false
		j.next++
	}
	switch {
	case missing == 0:
		j.last, j.faded = *into, 0
		return true
	case j.faded < 3:
		j.faded++
		return true
	}
	return missing < samples
}
