package vigil

import "time"

// Bounds of what one face may do between two frames and still be the same face.
const (
	trackGap   = 450 * time.Millisecond // longest time out of sight
	reachBase  = 0.35                   // of its width, at once
	reachRate  = 2.5                    // of its width a second, besides
	reachMax   = 1.0
	sizeRatio  = 1.7
	minorRatio = 0.5 // a face smaller than this part of the operator's is somebody behind
	liveWindow = 5
	liveNeeded = 3
	liveSpan   = 3 * time.Second
	foreignRun = 2 // clear frames in a row below Reject
	strangeRun = 5 // unclear ones, of a face that never matched
)

// run counts consecutive frames that show something.
type run struct {
	count int
	first time.Duration
}

func (r *run) note(shows bool, shot time.Duration) {
	switch {
	case !shows:
		*r = run{}
	case r.count == 0:
		*r = run{1, shot}
	default:
		r.count++
	}
}

type liveScore struct {
	at  time.Duration
	low bool
}

// seat follows one face: the operator's, until something speaks against it.
type seat struct {
	held       bool
	fresh      bool // came after an absence and has not matched yet
	x, y, w, h float32
	usual      float32 // the operator's usual width
	at         time.Duration
	emptySince time.Duration
	empty      bool
	wasAway    bool

	hits         [3]bool // whether the last three comparisons matched, newest first
	compared     int
	lastMatch    time.Duration
	lastTurned   bool // the newest comparison was not on a clear frame
	clearRejects int
	rejects      int
	foreignSince time.Duration
	lives        []liveScore
}

// pick finds the operator's face among those of a frame; the others are the rest.
func (s *seat) pick(o Observation, shot time.Duration, t Thresholds) (operator *Sighting, others []*Sighting) {
	best := -1
	var bestRank float32
	for i := range o.Faces {
		if rank := s.rank(&o.Faces[i], o, shot, t); rank > bestRank {
			best, bestRank = i, rank
		}
	}
	for i := range o.Faces {
		if i != best {
			others = append(others, &o.Faces[i])
		}
	}
	if best < 0 {
		return nil, others
	}
	operator = &o.Faces[best]
	if !s.held || !s.continues(operator, shot) {
		s.begin()
	}
	return operator, others
}

// rank orders the faces of a frame: a match first, then the face that was the
// operator's a moment ago, then the largest near the middle. Zero is nobody.
func (s *seat) rank(f *Sighting, o Observation, shot time.Duration, t Thresholds) float32 {
	mid := 1 - abs(f.X+f.W/2-o.Width/2)/o.Width
	size := f.W / o.Width
	switch {
	case f.Known && f.Similarity >= t.Accept:
		return 4 + f.Similarity
	case s.held && s.continues(f, shot):
		return 2 + mid*size
	case f.W < t.SeatFace*0.75 || s.usual > 0 && f.W < s.usual*minorRatio:
		return 0
	}
	return mid * size
}

func (s *seat) continues(f *Sighting, shot time.Duration) bool {
	gap := shot - s.at
	if gap > trackGap {
		return false
	}
	reach := min(reachMax, reachBase+reachRate*float32(gap.Seconds())) * s.w
	dx, dy := f.X+f.W/2-s.x-s.w/2, f.Y+f.H/2-s.y-s.h/2
	return dx*dx+dy*dy <= reach*reach && f.W < s.w*sizeRatio && f.W*sizeRatio > s.w
}

// begin starts a face that inherits nothing but the operator's usual size.
func (s *seat) begin() {
	*s = seat{held: true, usual: s.usual, fresh: s.wasAway, wasAway: s.wasAway}
}

// leave forgets the face at once.
func (s *seat) leave() { *s = seat{usual: s.usual, wasAway: true} }

// measure takes over what a frame says of the face in the seat.
func (s *seat) measure(f *Sighting, shot time.Duration, t Thresholds) {
	s.x, s.y, s.w, s.h, s.at = f.X, f.Y, f.W, f.H, shot
	s.empty = false
	if f.Measured {
		s.lives = append(s.lives, liveScore{shot, f.Live < t.Live})
		if len(s.lives) > liveWindow {
			s.lives = s.lives[1:]
		}
	}
	if !f.Known {
		return
	}
	hit := f.Similarity >= t.Accept
	s.hits = [3]bool{hit, s.hits[0], s.hits[1]}
	s.compared = min(3, s.compared+1)
	s.lastTurned = !f.Clear && !hit
	switch {
	case hit:
		s.clearRejects, s.rejects, s.lastMatch = 0, 0, shot
		s.usual = f.W
		if s.compared >= 2 && (s.hits[1] || s.hits[2]) {
			s.fresh, s.wasAway = false, false
		}
	case f.Similarity < t.Reject:
		if s.rejects == 0 {
			s.foreignSince = shot
		}
		s.rejects++
		if f.Clear {
			s.clearRejects++
		}
	case f.Clear: // between the two: neither
		s.clearRejects, s.rejects = 0, 0
	}
}

// miss notes a frame without the operator's face.
func (s *seat) miss(shot time.Duration) {
	if !s.empty {
		s.empty, s.emptySince = true, shot
	}
	if s.gone(shot) >= awayAfter {
		since := s.emptySince
		*s = seat{usual: s.usual, wasAway: true, empty: true, emptySince: since}
	}
}

// gone is how long the seat has been without a face.
func (s *seat) gone(shot time.Duration) time.Duration {
	if !s.empty {
		return 0
	}
	return shot - s.emptySince
}

// matched says that the face is the operator's: two of the last three
// comparisons, the newest not long ago.
func (s *seat) matched(shot time.Duration) bool {
	if !s.held || s.lastMatch == 0 || s.clearRejects > 0 {
		return false
	}
	n := 0
	for _, hit := range s.hits[:s.compared] {
		if hit {
			n++
		}
	}
	if s.fresh || n < 2 && !s.lastTurned {
		return false
	}
	if s.lastTurned {
		return shot-s.lastMatch <= turnedFor
	}
	return shot-s.lastMatch <= matchFor
}

// continued is the capture time that a match vouches for: the newest frame of
// a face that was never out of sight since.
func (s *seat) continued(shot time.Duration) time.Duration { return shot }

func (s *seat) foreign() bool {
	return s.held && (s.clearRejects >= foreignRun || s.lastMatch == 0 && s.rejects >= strangeRun)
}

// pictured says that most of the last liveness scores were a picture's.
func (s *seat) pictured(shot time.Duration) bool {
	low := 0
	for _, l := range s.lives {
		if l.low && shot-l.at <= liveSpan {
			low++
		}
	}
	return low >= liveNeeded
}

func (s *seat) picturedSince() time.Duration {
	for _, l := range s.lives {
		if l.low {
			return l.at
		}
	}
	return 0
}

// doubtful says that the newest frame disagrees with a match.
func (s *seat) doubtful() bool {
	if s.rejects > 0 || s.compared > 0 && !s.hits[0] && !s.lastTurned {
		return true
	}
	return len(s.lives) > 0 && s.lives[len(s.lives)-1].low
}
