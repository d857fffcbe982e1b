package trunks

import (
	"net/netip"
	"sync"
	"time"
)

// buckets limits how much each source may send: so many at once, so many a second.
type buckets struct {
	rate, burst float64
	now         func() time.Duration

	mu sync.Mutex
	of map[netip.Addr]*bucket
}

type bucket struct {
	left float64
	at   time.Duration
}

const maxBuckets = 4096

func (b *buckets) take(a netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of[a]
	if one == nil {
		if len(b.of) >= maxBuckets {
			clear(b.of) // a wide list and as many sources: memory first
		}
		one = &bucket{b.burst, b.now()}
		b.of[a] = one
	}
	return one.take(b.now(), b.rate, b.burst)
}

func (b *bucket) take(now time.Duration, rate, burst float64) bool {
	b.left = min(burst, b.left+rate*(now-b.at).Seconds())
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
