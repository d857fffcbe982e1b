package calls

import "time"

// Quality is what is known of the sound of one leg, as of its last report
// (RFC 3550 §6.4) and of what arrived.
type Quality struct {
	Received  uint64        // packets that arrived
	Lost      uint64        // packets that should have
	Foreign   uint64        // packets that others sent to this leg: refused
	Jitter    time.Duration // interarrival jitter (RFC 3550 §6.4.1)
	RoundTrip time.Duration // 0: not known
}

// MOS estimates the mean opinion score, 1 (bad) to 4.5, of a G.711 stream by the
// E-model (ITU-T G.107; G.113 appendix I: Ie 0, Bpl 25.1 with loss concealment).
// One way takes half of the round trip, the playing buffer (twice the jitter) and
// 20 ms of packet.
func (q Quality) MOS() float64 {
	if q.Received == 0 {
		return 1
	}
	ms := float64(q.RoundTrip/2+2*q.Jitter+20*time.Millisecond) / float64(time.Millisecond)
	delay := 0.024 * ms
	if ms > 177.3 {
		delay += 0.11 * (ms - 177.3)
	}
	loss := 100 * float64(q.Lost) / float64(q.Received+q.Lost)
	r := 93.2 - delay - 95*loss/(loss+25.1)
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
