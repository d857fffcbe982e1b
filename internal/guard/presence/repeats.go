package presence

import "time"

// repeats bounds how many nonces are sent again. Repeating repairs loss; when
// answers are late because one end is overloaded, every lease's nonce five times
// a second is the load that keeps it overloaded (Bronson et al., Metastable
// Failures in Distributed Systems, HotOS 2021). All leases together have one
// repeat for every second nonce; 5 % of loss each way needs one for every tenth.
type repeats struct {
	tokens float64
	at     time.Duration // monotonic reading of the last filling
}

// fewestRepeats a second are allowed however few leases there are: a centre of
// one PC repeats as the protocol says.
const fewestRepeats = 100

// fill adds what the time since the last filling allows for so many leases. The
// budget never holds more than half a second's worth.
func (r *repeats) fill(now time.Duration, leases int) {
	rate := max(fewestRepeats, float64(leases)/4)
	r.tokens = min(r.tokens+rate*(now-r.at).Seconds(), rate/2)
	r.at = now
}

// take says whether one more may be sent.
func (r *repeats) take() bool {
	if r.tokens < 1 {
		return false
	}
	r.tokens--
	return true
}
