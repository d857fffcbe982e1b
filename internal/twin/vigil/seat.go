package vigil

import "time"

// Bounds of what one face may do between two frames and still be the same face.
const (
	trackGap   = 900 * time.Millisecond // longest time between two checks
	reachBase  = 0.35                   // of its width, at once
	reachRate  = 2.5                    // of its width a second, besides
	reachMax   = 1.0
	sizeRatio  = 1.7
	minorRatio = 0.5 // a face smaller than this part of the operator's is somebody behind

	matchFor   = 1200 * time.Millisecond // how long one match speaks for a face that is never out of sight
	turnedFor  = 6 * time.Second         // the same while every later view was turned away, so that nothing can be compared
	liveWindow = 5
	liveNeeded = 3
	liveSpan   = 3 * time.Second
	foreignRun = 2 // clear views below Reject, in a row
	strangeRun = 5 // views below Reject of a face that never matched, clear or not
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

// memory is what outlasts one face: nothing that could be inherited.
type memory struct {
	usual  float32 // the operator's usual width
	away   bool    // he was away, and nobody has been recognised since
	spot   box     // where a face was in the seat last
	spotAt time.Duration
}

// spotFor is how long it matters where the face was: his chest is below it.
const spotFor = 3 * time.Second

// seat follows one face, the operator's, until something speaks against it.
// What it knows of a face begins with that face and ends with it.
type seat struct {
	memory
	held       bool
	x, y, w, h float32
	at         time.Duration
	empty      run

	hits         [3]bool // whether the last three comparisons matched, newest first
	confirmed    bool    // two of three did, once
	lastMatch    time.Duration
	lastCompared time.Duration
	misses       int // clear views since the last match that did not match
	clearRejects int
	rejects      int
	foreignSince time.Duration
	alien        bool // it was another person's; only a match unsays it
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
	if !s.held || s.distance(operator, shot) > 1 {
		*s = seat{memory: s.memory, held: true}
	}
	return operator, others
}

// rank orders the faces of a frame: a match first, then the face that was the
// operator's a moment ago, then the largest near the middle. Zero is nobody.
func (s *seat) rank(f *Sighting, o Observation, shot time.Duration, t Thresholds) float32 {
	if f.Known && f.Similarity >= t.Accept {
		return 4 + f.Similarity
	}
	if s.held {
		if d := s.distance(f, shot); d <= 1 {
			return 3 - d
		}
	}
	if f.Score < t.SureScore && onChest(f, s.last(shot)) {
		return 0
	}
	if f.Size < t.SeatFace*0.75 || s.usual > 0 && f.W < s.usual*minorRatio {
		return 0
	}
	return (1 - abs(f.X+f.W/2-o.Width/2)/o.Width) * f.W / o.Width
}

// distance is how far a face is from where the operator's was, as a part of
// how far that one can have come: more than 1 is another face.
func (s *seat) distance(f *Sighting, shot time.Duration) float32 {
	gap := shot - s.at
	if gap > trackGap || f.W >= s.w*sizeRatio || f.W*sizeRatio <= s.w {
		return 2
	}
	reach := min(reachMax, reachBase+reachRate*float32(gap.Seconds())) * s.w
	dx, dy := f.X+f.W/2-s.x-s.w/2, f.Y+f.H/2-s.y-s.h/2
	return (dx*dx + dy*dy) / (reach * reach)
}

// leave forgets the face at once.
func (s *seat) leave() {
	s.away = true
	*s = seat{memory: s.memory}
}

// last is where a face was in the seat a moment ago; zero if nowhere.
func (s *seat) last(shot time.Duration) box {
	if s.spotAt == 0 || shot-s.spotAt > spotFor {
		return box{}
	}
	return s.spot
}

// measure takes over what a frame says of the face in the seat.
func (s *seat) measure(f *Sighting, shot time.Duration, t Thresholds) {
	s.x, s.y, s.w, s.h, s.at, s.empty = f.X, f.Y, f.W, f.H, shot, run{}
	s.spot, s.spotAt = box{f.X, f.Y, f.W, f.H}, shot
	if f.Measured {
		s.lives = append(s.lives, liveScore{shot, f.Live < t.Picture})
		if len(s.lives) > liveWindow {
			s.lives = s.lives[1:]
		}
	}
	if f.Known {
		s.compare(f, shot, t)
	}
}

func (s *seat) compare(f *Sighting, shot time.Duration, t Thresholds) {
	hit := f.Similarity >= t.Accept
	s.hits = [3]bool{hit, s.hits[0], s.hits[1]}
	s.lastCompared = shot
	switch {
	case hit:
		s.misses, s.clearRejects, s.rejects, s.alien = 0, 0, 0, false
		s.lastMatch, s.usual = shot, f.W
		if s.hits[1] || s.hits[2] {
			s.confirmed, s.away = true, false
		}
		return
	case f.Similarity < t.Reject:
		if s.rejects == 0 {
			s.foreignSince = shot
		}
		s.rejects++
		if f.Clear {
			s.clearRejects++
		}
	case f.Clear: // between the two
		s.clearRejects, s.rejects = 0, 0
	}
	if f.Clear {
		s.misses++
	}
	s.alien = s.alien || s.clearRejects >= foreignRun || s.lastMatch == 0 && s.rejects >= strangeRun
}

// miss notes a frame without the operator's face. Out of sight for one check is
// out of mind: whoever is there next starts with nothing.
func (s *seat) miss(shot time.Duration) {
	s.empty.note(true, shot)
	s.away = s.away || shot-s.empty.first >= awayAfter
	*s = seat{memory: s.memory, empty: s.empty}
}

// matched says that the face is the operator's: two of three comparisons
// matched, none has spoken against it since, and the last match is not long ago.
func (s *seat) matched(shot time.Duration) bool {
	if !s.held || !s.confirmed || s.clearRejects > 0 || s.misses >= 2 {
		return false
	}
	since := shot - s.lastMatch
	turned := s.misses == 0 && s.lastCompared > s.lastMatch && shot-s.lastCompared <= matchFor
	return since <= matchFor || turned && since <= turnedFor
}

// foreign says that the face is another person's.
func (s *seat) foreign() bool { return s.held && s.alien }

// pictured says since when most of the last liveness scores were a picture's.
func (s *seat) pictured(shot time.Duration) (since time.Duration, yes bool) {
	low := 0
	for i := len(s.lives) - 1; i >= 0; i-- {
		if s.lives[i].low && shot-s.lives[i].at <= liveSpan {
			low++
			since = s.lives[i].at
		}
	}
	return since, low >= liveNeeded
}

// unknown says that nothing is known of the face yet.
func (s *seat) unknown() bool { return s.held && s.lastMatch == 0 }

// doubtful says that the newest measures disagree with a match.
func (s *seat) doubtful() bool {
	return s.rejects > 0 || s.misses > 0 || len(s.lives) > 0 && s.lives[len(s.lives)-1].low
}
