package vigil

import "time"

// beside counts the frames that show a second face which looks at the screen.
type beside struct {
	shows   [3]bool // newest first
	firsts  [3]time.Duration
	last    time.Duration
	counted int
	active  bool
}

// note takes one frame's faces beside the operator's; it says whether there is
// an onlooker and since which frame.
func (b *beside) note(others []*Sighting, s *seat, operator *Sighting, shot time.Duration, t Thresholds, wanted bool) (bool, time.Duration) {
	b.counted = 0
	for _, f := range others {
		if f.W >= t.OnlookerFace && (!f.Angled || abs(f.Yaw) <= t.LookerYaw) && !printed(f, s, operator, t) {
			b.counted++
		}
	}
	shows := wanted && b.counted > 0
	b.shows = [3]bool{shows, b.shows[0], b.shows[1]}
	b.firsts = [3]time.Duration{shot, b.firsts[0], b.firsts[1]}
	n, first := 0, shot
	for i, yes := range b.shows {
		if yes {
			n++
			first = b.firsts[i]
		}
	}
	if shows {
		b.last = shot
	}
	switch {
	case n >= 2:
		b.active = true
	case b.active && shot-b.last >= clearFor:
		b.active = false
	}
	return b.active, first
}

// doubtful says that a second face was seen but not often enough yet.
func (b *beside) doubtful() bool { return b.shows[0] != b.active }

// printed says that a second face is more likely on the operator's clothing
// than on a person: it lies on his chest and the detector is not sure of it.
func printed(f *Sighting, s *seat, operator *Sighting, t Thresholds) bool {
	x, y, w, h := s.x, s.y, s.w, s.h
	if operator != nil {
		x, y, w, h = operator.X, operator.Y, operator.W, operator.H
	} else if !s.held {
		return false
	}
	cx, cy := f.X+f.W/2, f.Y+f.H/2
	onChest := abs(cx-x-w/2) <= 1.2*w && cy > y+h && cy < y+5*h
	return onChest && (f.Score < t.SureScore || f.Measured && f.Live < t.Live)
}
