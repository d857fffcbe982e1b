package devices

import (
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// Limit is a token bucket for each key, in memory and bounded. It slows guesses
// down and keeps strangers from filling the audit log; it is no lock by itself.
type Limit struct {
	clk   clock.Clock
	burst int
	every time.Duration // one token comes back after this

	mu      sync.Mutex // guards what follows
	buckets map[string]bucket
	swept   time.Duration // monotonic time of the last sweep
}

// bucket is full again at the monotonic time full.
type bucket struct {
	full   time.Duration
	warned bool
}

// maxBuckets bounds memory at about 10 MB. Beyond it new keys are refused
// until old ones are full again: whoever owns that many addresses is held up.
const maxBuckets = 1 << 16

// NewLimit allows burst takes at once and then one in every interval.
func NewLimit(clk clock.Clock, burst int, every time.Duration) *Limit {
	return &Limit{clk: clk, burst: burst, every: every, buckets: map[string]bucket{}}
}

// Take uses one token. first is true at the first refusal since key last passed,
// so that a caller may record the refusal once.
func (l *Limit) Take(key string) (ok, first bool) {
	now := l.clk.Mono()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known && len(l.buckets) >= maxBuckets && !l.sweep(now) {
		return false, false
	}
	if b.full = max(b.full, now); b.full-now > time.Duration(l.burst-1)*l.every {
		first, b.warned = !b.warned, true
		l.buckets[key] = b
		return false, first
	}
	l.buckets[key] = bucket{full: b.full + l.every}
	return true, false
}

// sweep forgets full buckets, at most once in an interval, and says whether
// there is room now.
func (l *Limit) sweep(now time.Duration) bool {
	if now < l.swept+l.every {
		return false
	}
	l.swept = now
	for k, b := range l.buckets {
		if b.full <= now {
			delete(l.buckets, k)
		}
	}
	return len(l.buckets) < maxBuckets
}

// Source is the key of an address: IPv4 whole, IPv6 by its /64, which is what
// one subscriber gets.
func Source(from netip.Addr) string {
	from = from.Unmap()
	if from.Is6() {
		if p, err := from.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return from.String()
}
