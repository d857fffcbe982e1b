package operators

import (
	"net/netip"
	"sync"
	"time"
)

// Failures that one source may have in one minute before it must wait. Behind a
// proxy on the host nobody's source is known: a count for everybody would be a
// way to shut everybody out, so it only bounds the rows in the log.
const (
	failuresEach    = 10
	failuresUnknown = 600
	limitWindow     = time.Minute
	maxSources      = 10_000
)

// limiter counts failures by source, on the monotonic clock.
type limiter struct {
	mu   sync.Mutex
	held map[string]window
}

type window struct {
	began time.Duration
	n     int
}

// sourceOf is the network that shares one count, "" where it is not known: an
// IPv6 /64 is one household.
func sourceOf(from netip.Addr) string {
	if from = from.Unmap(); !from.IsValid() {
		return ""
	}
	if from.Is6() {
		if p, err := from.Prefix(64); err == nil {
			return p.String()
		}
	}
	return from.String()
}

func (l *limiter) may(from netip.Addr, now time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	w, ok := l.held[sourceOf(from)]
	most := failuresEach
	if !from.IsValid() {
		most = failuresUnknown
	}
	return !ok || now >= w.began+limitWindow || w.n < most
}

func (l *limiter) failed(from netip.Addr, now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.held) >= maxSources {
		for k, w := range l.held {
			if now >= w.began+limitWindow {
				delete(l.held, k)
			}
		}
	}
	k := sourceOf(from)
	w, ok := l.held[k]
	if !ok || now >= w.began+limitWindow {
		w = window{began: now}
	}
	w.n++
	l.held[k] = w
}
