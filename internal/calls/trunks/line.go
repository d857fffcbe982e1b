package trunks

import "time"

// line is what goes over one trunk now.
type line struct {
	calls, out int
	begun      []time.Duration // outgoing ones of the last minute
	arrivals   bucket
}

// dial counts a call that goes out against the trunk's rules; t.mu is held.
func (l *line) dial(r Rules, now time.Duration) error {
	recent := l.begun[:0]
	for _, at := range l.begun {
		if now-at < time.Minute {
			recent = append(recent, at)
		}
	}
	l.begun = recent
	switch {
	case l.out >= r.MaxCalls:
		return errFull
	case len(l.begun) >= r.PerMinute:
		return errRate
	}
	l.begun = append(l.begun, now)
	return nil
}
