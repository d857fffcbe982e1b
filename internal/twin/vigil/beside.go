package vigil

import "time"

const (
	onlookerNeeded = 2                      // of the last three checks
	clearFor       = 600 * time.Millisecond // without an onlooker before he counts as gone
)

// box is where a face is; zero is nowhere.
type box struct{ x, y, w, h float32 }

// box is where the operator's face is, or was a moment ago.
func (s *seat) box(operator *Sighting, shot time.Duration) box {
	if operator != nil {
		return box{operator.X, operator.Y, operator.W, operator.H}
	}
	return s.last(shot)
}

// beside counts the frames that show a second face which looks at the screen.
type beside struct {
	shows  [3]bool // newest first
	shots  [3]time.Duration
	last   time.Duration // the newest frame that showed one
	count  int           // second faces in the newest frame
	active bool
	since  time.Duration
}

// note takes the faces beside the operator's and says whether there is an onlooker.
func (b *beside) note(others []*Sighting, operator box, shot time.Duration, t Thresholds) bool {
	b.count = 0
	for _, f := range others {
		if looks(f, operator, t) {
			b.count++
		}
	}
	b.shows = [3]bool{b.count > 0, b.shows[0], b.shows[1]}
	b.shots = [3]time.Duration{shot, b.shots[0], b.shots[1]}
	n, first := 0, shot
	for i, yes := range b.shows {
		if yes {
			n++
			first = b.shots[i]
		}
	}
	if b.count > 0 {
		b.last = shot
	}
	switch {
	case n >= onlookerNeeded && !b.active:
		b.active, b.since = true, first
	case b.active && shot-b.last >= clearFor:
		b.active = false
	}
	return b.active
}

// gone forgets an onlooker whom the newest frame no longer shows.
func (b *beside) gone() {
	if b.count == 0 {
		b.active, b.shows = false, [3]bool{}
	}
}

// doubtful says that the newest frame and the state disagree.
func (b *beside) doubtful() bool { return b.shows[0] != b.active }

// looks says whether a second face counts: large enough, not turned to the
// side for certain, and not likely something on the operator's clothes.
//
// Prints on clothes are told by two things together, both general: they lie on
// the operator's chest, and the detector is less sure of them than it is of
// nearly every face of this size (docs/decisions/0010-guard-states.md has the
// figures). Neither suffices alone: a child on the lap scores like any face, and
// an unsure face elsewhere is a person in bad light.
func looks(f *Sighting, operator box, t Thresholds) bool {
	if f.Size < t.OnlookerFace || f.Angled && abs(f.Yaw) > t.LookerYaw {
		return false
	}
	return f.Score >= t.SureScore || !onChest(f, operator)
}

// onChest says whether a face lies between the chin and the belt of the
// person whose face is at operator.
func onChest(f *Sighting, operator box) bool {
	if operator.w == 0 {
		return false
	}
	aside := abs(f.X + f.W/2 - operator.x - operator.w/2)
	below := f.Y + f.H/2 - operator.y - operator.h
	return aside <= 1.5*operator.w && below >= 0 && below <= 5*operator.h
}
