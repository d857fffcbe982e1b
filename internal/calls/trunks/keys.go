package trunks

import (
	"time"

	"github.com/sekisho/sekisho/internal/calls"
)

// event is one telephone-event packet (RFC 4733 §2.3).
type event struct {
	source   uint32
	stamp    uint32
	number   uint8
	end      bool
	duration uint16 // samples
}

func readEvent(source, stamp uint32, payload []byte) (e event, ok bool) {
	if len(payload) < 4 {
		return e, false
	}
	return event{source, stamp, payload[0], payload[1]&0x80 != 0, uint16(payload[2])<<8 | uint16(payload[3])}, true
}

// lostEnd is after how long without a packet a key counts as let go.
const lostEnd = 150 * time.Millisecond

// keypad says of a stream of events which keys were pressed, each once: at the
// first packet with the end bit, or when its ends were lost. A key is known by
// source and timestamp; an older one than the newest is a repetition.
type keypad struct {
	now     event
	begun   bool // now holds a key
	told    bool // and it was reported
	touched time.Duration
}

// press takes one packet and gives the keys that are to be reported now.
func (k *keypad) press(e event, at time.Duration) (out []calls.Digit) {
	if _, ok := calls.DigitOf(e.number); !ok {
		return nil
	}
	same := k.begun && e.source == k.now.source
	ahead := int32(e.stamp - k.now.stamp)
	switch {
	case same && ahead < 0:
		return nil
	case same && ahead == 0:
		if e.number != k.now.number {
			return nil
		}
		k.now.duration = max(k.now.duration, e.duration)
	case same && !k.told && e.number == k.now.number && k.now.duration == 0xFFFF && ahead == 0xFFFF:
		k.now.stamp, k.now.duration = e.stamp, e.duration // a long one goes on (§2.5.1.3)
	default:
		out = k.lapse(out)
		k.now, k.begun, k.told = e, true, false
	}
	k.touched = at
	if e.end {
		out = k.lapse(out)
	}
	return out
}

// silence is asked when something else came, or nothing.
func (k *keypad) silence(at time.Duration) []calls.Digit {
	if k.waiting() && at-k.touched >= lostEnd {
		return k.lapse(nil)
	}
	return nil
}

func (k *keypad) waiting() bool { return k.begun && !k.told }

func (k *keypad) lapse(out []calls.Digit) []calls.Digit {
	if !k.waiting() {
		return out
	}
	k.told = true
	d, _ := calls.DigitOf(k.now.number)
	return append(out, d)
}
