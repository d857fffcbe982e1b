package vigil

import (
	"slices"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Rules of a login: it opens access, so it asks more than staying does.
const (
	loginWindow   = 5 // newest good frames that are judged together
	loginNeeded   = 3 // of them must match; so few are enough once nothing that follows could change the window's outcome
	loginLives    = 3 // at least so many liveness scores, their median passes
	loginPatience = 20 * time.Second
	loginGap      = 1200 * time.Millisecond // longest time between two good frames of one login
	foreignLogin  = 5                       // good frames in a row that are another person's end it
	askPatience   = 10 * time.Second        // to take up a challenge
	askedYaw      = 20                      // degrees that "turn" means
)

// Steps of a judge, in the words of wire.LocalProgress.
const (
	StepLooking   = "looking"
	StepChallenge = "challenge"
	StepSending   = "sending" // the judge is content; the caller sends
	StepDone      = "done"
	StepFailed    = "failed"
)

// The challenges: movements that the page measures and Login judges.
const (
	TurnLeft  = "turn_left"
	TurnRight = "turn_right"
)

// Challenges are all of them. The server draws from this list and from no
// other, so that it never asks for what nobody can see.
var Challenges = []string{TurnLeft, TurnRight}

// Login judges whether the enrolled person, alive, sits alone before the
// camera. The zero value never passes.
type Login struct {
	templates  Templates
	thresholds Thresholds
	challenge  string

	began   time.Duration
	running bool
	frame   uint64
	frames  []loginFrame // the newest good frames of one unbroken face
	x, y, w float32
	seenAt  time.Duration
	foreign int

	passed  bool // the match is made, the challenge is not
	askedAt time.Duration
	taken   bool // the challenge's movement was seen
	done    bool
	failed  string
	hint    string
}

type loginFrame struct {
	at       time.Duration
	match    bool
	measured bool
	live     float32
}

// NewLogin starts a login. challenge is "" or what the server asks of the person.
func NewLogin(templates Templates, t Thresholds, challenge string) *Login {
	l := &Login{templates: templates, thresholds: t, challenge: challenge}
	switch {
	case !t.judges() || templates.Valid() != nil || templates.Engine != t.Engine:
		l.failed = "vigil.not_enrolled"
	case challenge != "" && !slices.Contains(Challenges, challenge):
		l.failed = "vigil.challenge_unknown"
	}
	return l
}

// Step judges one frame. The observation must have been made with the login's
// templates.
func (l *Login) Step(o Observation, at time.Duration) wire.LocalProgress {
	if !l.running {
		l.running, l.began = true, at
	}
	if l.done || l.failed != "" {
		return l.progress()
	}
	if at-l.began > loginPatience {
		l.failed = "vigil.login_timeout"
		return l.progress()
	}
	if o.Fault != "" || o.Width == 0 || o.Frame <= l.frame || !l.thresholds.judges() || l.templates.Empty() {
		return l.progress()
	}
	l.frame = o.Frame
	face, alone := l.only(o)
	if !alone || o.Blind || o.Hidden {
		l.restart()
		return l.progress()
	}
	// A picture that stands still is no new look at the person. Cameras repeat
	// single frames, so that it does not spoil the others either.
	if !o.Frozen {
		l.judge(face, at-o.Age, at)
	}
	return l.progress()
}

// only returns the one face of a frame. A second one that counts spoils the frame.
func (l *Login) only(o Observation) (face *Sighting, alone bool) {
	for i := range o.Faces {
		f := &o.Faces[i]
		if face == nil || f.W > face.W {
			face = f
		}
	}
	l.hint = ""
	if face == nil {
		l.hint = "turn_to_camera"
		return nil, false
	}
	for i := range o.Faces {
		f := &o.Faces[i]
		if f != face && looks(f, box{face.X, face.Y, face.W, face.H}, l.thresholds) {
			l.hint = "alone"
			return nil, false
		}
	}
	return face, true
}

func (l *Login) judge(face *Sighting, shot, at time.Duration) {
	if !l.follows(face, shot) {
		l.restart()
	}
	l.x, l.y, l.w, l.seenAt = face.X+face.W/2, face.Y+face.H/2, face.W, shot
	if l.passed && !l.taken {
		l.take(face, at)
		return
	}
	if !face.Clear || face.Size < l.thresholds.LoginFace || face.vector == nil {
		if l.hint = face.Hint; l.hint == "" && face.Size < l.thresholds.LoginFace {
			l.hint = "closer"
		}
		return
	}
	l.frames = append(l.frames, loginFrame{shot, face.Known && face.Similarity >= l.thresholds.Login, face.Measured, face.Live})
	if len(l.frames) > loginWindow {
		l.frames = l.frames[1:]
	}
	if face.Known && face.Similarity < l.thresholds.Reject {
		l.foreign++
	} else {
		l.foreign = 0
	}
	switch matched, live := l.tally(); {
	case l.foreign >= foreignLogin:
		l.failed = "vigil.other_person"
	case matched < loginNeeded || len(l.frames) < loginWindow && l.living() < loginLives:
	case !live:
		if l.lives() >= loginLives && l.foreign == 0 && at-l.began > loginPatience/2 {
			l.failed = "vigil.not_live"
		}
	case l.challenge == "" || l.taken:
		l.done = true
	default:
		l.passed, l.askedAt = true, at
	}
}

// follows says that the face can be the one of the frame before.
func (l *Login) follows(f *Sighting, shot time.Duration) bool {
	if l.w == 0 {
		return true
	}
	dx, dy := f.X+f.W/2-l.x, f.Y+f.H/2-l.y
	return shot-l.seenAt <= loginGap && dx*dx+dy*dy <= l.w*l.w && f.W < l.w*sizeRatio && f.W*sizeRatio > l.w
}

// take watches for the challenge's movement. It must be made by the face that
// matched, never out of sight; then that face must match anew, alive.
func (l *Login) take(f *Sighting, at time.Duration) {
	if at-l.askedAt > askPatience {
		l.failed = "vigil.challenge_missed"
		return
	}
	switch l.challenge {
	case TurnLeft:
		l.taken = f.Angled && f.Yaw >= askedYaw
	case TurnRight:
		l.taken = f.Angled && f.Yaw <= -askedYaw
	}
	if l.taken {
		l.frames = nil
	}
}

// tally counts matches; live needs enough scores and a median that passes.
func (l *Login) tally() (matched int, live bool) {
	var scores []float32
	for _, f := range l.frames {
		if f.match {
			matched++
		}
		if f.measured {
			scores = append(scores, f.live)
		}
	}
	if len(scores) < loginLives {
		return matched, false
	}
	slices.Sort(scores)
	return matched, scores[(len(scores)-1)/2] >= l.thresholds.Live // the lower median: a tie refuses
}

// living counts the scores that pass. Three of them are the median of any window
// of five, so that three frames that match and live decide before it is full.
func (l *Login) living() (n int) {
	for _, f := range l.frames {
		if f.measured && f.live >= l.thresholds.Live {
			n++
		}
	}
	return n
}

func (l *Login) lives() (n int) {
	for _, f := range l.frames {
		if f.measured {
			n++
		}
	}
	return n
}

// restart forgets the face: what was seen of one does not help another.
func (l *Login) restart() {
	l.frames, l.passed, l.taken, l.foreign, l.w = nil, false, false, 0, 0
}

func (l *Login) progress() wire.LocalProgress {
	p := wire.LocalProgress{Step: StepLooking, Needed: loginNeeded, Good: min(len(l.frames), loginNeeded), Hint: l.hint}
	switch {
	case l.failed != "":
		p.Step = StepFailed
	case l.done:
		p.Step, p.Good = StepSending, loginNeeded
	case l.passed && !l.taken:
		p.Step, p.Challenge = StepChallenge, l.challenge
	}
	return p
}

// Done says that the login passed.
func (l *Login) Done() bool { return l.done && l.failed == "" }

// Failed is the code of a text that says why the login can no longer pass, or "".
func (l *Login) Failed() string { return l.failed }

// Interval is how soon the next frame is wanted: at once, every face measured,
// while somebody is there who may be the one.
func (l *Login) Interval() time.Duration {
	if l.done || l.failed != "" || l.w == 0 || l.foreign > 1 {
		return Calm
	}
	return Burst
}

// Statement fills in what the judge knows of a face statement. It is false
// unless the login is done and its newest frame is fresh at the time at.
func (l *Login) Statement(at time.Duration) (wire.FaceStatement, bool) {
	if !l.Done() || len(l.frames) == 0 {
		return wire.FaceStatement{}, false
	}
	matched, live := l.tally()
	age := at - l.frames[len(l.frames)-1].at
	if age < 0 || age > wire.MaxVerdictAge || !live || matched < loginNeeded {
		return wire.FaceStatement{}, false
	}
	return wire.FaceStatement{
		Model: l.templates.Model, Engine: l.templates.Engine, Frames: len(l.frames), Matched: matched,
		Live: true, Challenge: l.challenge, AgeMS: int(age.Milliseconds()),
	}, true
}
