package vigil

import (
	"slices"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Rules of an enrolment. A witness watches it; the judge sees to the pictures.
const (
	poseFrames   = 3                      // good frames that make one pose
	posePatience = 2 * time.Second        // then any good frame will do: not everybody can turn his head
	poseApart    = 500 * time.Millisecond // at least between two poses
	sideYaw      = 8                      // degrees from which a head is turned to a side
	upPitch      = 5
	frontYaw     = 10
	enrolPitch   = 25 // degrees, for the poses that are not from the front
	enrolYaw     = 40
)

// Enrolment collects five poses of one living face. The zero value collects nothing.
type Enrolment struct {
	thresholds Thresholds
	model      string

	frame   uint64
	pose    int
	asked   time.Duration
	running bool
	taken   time.Duration
	vectors []Vector
	struck  bool
	lives   []float32
	poses   []Template
	hint    string
	failed  string
	picture uint64
}

// NewEnrolment starts one with the model (SHA-256, hex) that the page runs.
func NewEnrolment(t Thresholds, model string) *Enrolment {
	e := &Enrolment{thresholds: t, model: model}
	if !t.judges() || len(model) != 64 {
		e.failed = "vigil.engine_unknown"
	}
	return e
}

// Pose is the pose that is asked for now, "" when all are there.
func (e *Enrolment) Pose() string {
	if e.pose < len(Poses) {
		return Poses[e.pose]
	}
	return ""
}

// Retake drops the pose in hand and starts it again.
func (e *Enrolment) Retake(at time.Duration) { e.vectors, e.struck, e.asked = nil, false, at }

// Step judges one frame.
func (e *Enrolment) Step(o Observation, at time.Duration) wire.LocalProgress {
	if !e.running {
		e.running, e.asked = true, at
	}
	if e.failed != "" || e.Pose() == "" || o.Fault != "" || o.Width == 0 || o.Frame <= e.frame || !e.thresholds.judges() {
		return e.progress()
	}
	e.frame = o.Frame
	face, ok := e.fit(o)
	if !ok || at-e.taken < poseApart && e.pose > 0 {
		return e.progress()
	}
	struck := strikes(e.Pose(), face)
	if !struck && (at-e.asked < posePatience || !face.Clear) {
		e.hint = poseHint(e.Pose())
		return e.progress()
	}
	if !e.same(face) {
		e.hint = "same_person"
		e.vectors = nil
		return e.progress()
	}
	if struck != e.struck { // a pose is made of frames of one kind
		e.vectors, e.struck = nil, struck
	}
	e.take(face, at)
	return e.progress()
}

// fit returns the only face of a frame if it is fit to be enrolled.
func (e *Enrolment) fit(o Observation) (*Sighting, bool) {
	l := Login{thresholds: e.thresholds}
	face, alone := l.only(o)
	e.hint = l.hint
	if !alone || o.Blind || o.Hidden || o.Frozen {
		e.vectors = nil
		return nil, false
	}
	t := e.thresholds
	t.MaxYaw, t.MaxPitch = enrolYaw, enrolPitch
	turned := face.Angled && abs(face.Yaw) <= enrolYaw && abs(face.Pitch) <= enrolPitch
	switch {
	case face.Size < t.LoginFace:
		e.hint = "closer"
	case face.vector == nil || !face.Measured:
		e.hint = "hold_still"
	case face.Clear || face.Hint == "turn_to_camera" && turned:
		e.hint = ""
		return face, true
	default:
		e.hint = face.Hint
	}
	return nil, false
}

func strikes(pose string, f *Sighting) bool {
	switch pose {
	case "left":
		return f.Yaw >= sideYaw
	case "right":
		return f.Yaw <= -sideYaw
	case "up":
		return f.Pitch >= upPitch
	}
	return abs(f.Yaw) <= frontYaw && f.Clear
}

func poseHint(pose string) string {
	switch pose {
	case "left", "right", "up":
		return "turn_" + pose
	}
	return "turn_to_camera"
}

// same refuses a second person's face among the poses.
func (e *Enrolment) same(f *Sighting) bool {
	for i := range e.poses {
		if e.poses[i].Vector.Cosine(f.vector) >= e.thresholds.Accept {
			return true
		}
	}
	for i := range e.vectors {
		if e.vectors[i].Cosine(f.vector) < e.thresholds.Accept {
			return false
		}
	}
	return len(e.poses) == 0
}

func (e *Enrolment) take(f *Sighting, at time.Duration) {
	e.vectors = append(e.vectors, *f.vector)
	e.lives = append(e.lives, f.Live)
	if e.pose == 0 {
		e.picture = e.frame
	}
	if len(e.vectors) < poseFrames {
		return
	}
	v, ok := mean(e.vectors)
	if !ok {
		e.vectors = nil
		return
	}
	e.poses = append(e.poses, Template{Pose: e.Pose(), Struck: e.struck, Vector: v})
	e.pose, e.taken, e.asked, e.vectors, e.struck = e.pose+1, at, at, nil, false
	if e.pose == len(Poses) && !e.live() {
		e.failed = "vigil.not_live"
	}
}

// live says that the median of all liveness scores passes.
func (e *Enrolment) live() bool {
	s := slices.Sorted(slices.Values(e.lives))
	return len(s) > 0 && s[(len(s)-1)/2] >= e.thresholds.Live
}

func (e *Enrolment) progress() wire.LocalProgress {
	p := wire.LocalProgress{Step: StepLooking, Good: len(e.poses), Needed: len(Poses), Pose: e.Pose(), Hint: e.hint}
	switch {
	case e.failed != "":
		p.Step = StepFailed
	case e.Pose() == "":
		p.Step = StepSending
	}
	return p
}

// Failed is the code of a text that says why the enrolment cannot end well, or "".
func (e *Enrolment) Failed() string { return e.failed }

// Picture is the frame whose picture is sealed to the officers.
func (e *Enrolment) Picture() uint64 { return e.picture }

// Templates returns the enrolled face; false until all poses are there.
func (e *Enrolment) Templates() (Templates, bool) {
	t := Templates{Engine: e.thresholds.Engine, Model: e.model, Poses: e.poses}
	if e.failed != "" || t.Valid() != nil {
		return Templates{}, false
	}
	return t, true
}
