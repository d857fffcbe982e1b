package connect

import (
	"errors"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// cameraEvery is how long one look at the system's cameras is good for.
const cameraEvery = 5 * time.Second

var (
	errCameraOther   = sekisho.Fail(sekisho.KindDenied, "camera.not_enrolled")
	errCameraAbsent  = sekisho.Fail(sekisho.KindDenied, "camera.not_present")
	errCameraVirtual = sekisho.Fail(sekisho.KindDenied, "camera.virtual")
)

// cameraCheck remembers the last look at the camera.
type cameraCheck struct {
	label, enrolled string
	at              time.Duration
	seen            bool
	err             error
}

// rules are what a machine judges by. They are those of the session, never of
// what the server says of the person meanwhile.
type rules struct {
	policy wire.GuardPolicy
	class  sekisho.LeaseClass
}

// newMachine starts the guard's machine afresh, closed.
func (a *Agent) newMachine(p wire.GuardPolicy, class sekisho.LeaseClass) {
	a.made = rules{p, class}
	a.machine = vigil.NewMachine(vigil.Config{Policy: p, Thresholds: a.engine.thresholds, Class: class})
	a.verdict = vigil.Verdict{}
}

// look takes one frame: for the guard always, and for a login or an enrolment
// that is under way.
func (a *Agent) look(f wire.Frame, at time.Duration) {
	if a.machine == nil || a.byHand() {
		return
	}
	if err := a.trust(f.Camera, at); err != nil && !(a.enrol != nil && errors.Is(err, errCameraOther)) {
		f.Muted = true // a picture of a camera that is not trusted is no picture
	}
	templates := a.compared()
	if templates.Empty() && a.enrol == nil { // features that are compared with nothing are none of ours
		for i := range f.Faces {
			f.Faces[i].Embedding = nil
		}
	}
	o := vigil.Look(f, templates, a.engine.thresholds)
	a.judge(a.machine.Step(o, at), at, a.nonce != "" && f.Nonce == a.nonce)
	a.lookLogin(f, o, at)
	a.lookEnrol(f, o, at)
	a.tellVerdict()
}

// compared is the face that frames are compared with: nobody's while the
// session, or the login under way, is by approval. Whoever works so may look
// unlike his own templates, or may have none.
func (a *Agent) compared() vigil.Templates {
	byApproval := a.login != nil && a.login.approval != ""
	if a.session != nil {
		byApproval = a.session.class != sekisho.ClassFace
	}
	if byApproval {
		return vigil.Templates{}
	}
	return a.face.Templates
}

// trust says why the camera's pictures are not believed, or nil.
func (a *Agent) trust(label string, at time.Duration) error {
	c := &a.camera
	if c.seen && c.label == label && c.enrolled == a.face.Camera && at-c.at < cameraEvery {
		return c.err
	}
	devices, known := a.cameras()
	facts := inspect.JudgeCamera(label, a.face.Camera, devices, known)
	before := c.err
	*c = cameraCheck{label: label, enrolled: a.face.Camera, at: at, seen: true, err: cameraRule(a.settings.Camera, facts, a.faceErr == nil && !(a.face.Carried && a.face.Camera == ""))}
	if c.err != before || facts.Virtual == inspect.Yes {
		slog.Info("camera", "facts", facts, "rule", a.settings.Camera)
	}
	return c.err
}

// cameraRule is the configured rule. Before a face is enrolled, or
// has been used on the PC to which it was carried, any real camera will do.
func cameraRule(rule string, c inspect.Camera, enrolled bool) error {
	switch {
	case rule == cameraAny:
		return nil
	case c.Virtual == inspect.Yes:
		return errCameraVirtual
	case c.Label != "" && c.Present == inspect.No: // the system's list could be read, and it is not in it
		return errCameraAbsent
	case c.Label == "", enrolled && c.Enrolled != inspect.Yes:
		return errCameraOther
	}
	return nil
}

// judge takes a verdict in: close, renew, publish. echoed says that a frame
// with the newest nonce was behind it. It returns whether the state changed.
func (a *Agent) judge(v vigil.Verdict, now time.Duration, echoed bool) (changed bool) {
	changed = v.State != a.verdict.State || v.Screen != a.verdict.Screen || v.Count != a.verdict.Count
	if v.Fell && a.session != nil {
		a.fall(v, now)
		return true
	}
	a.verdict = v
	if a.session != nil && v.Open && echoed {
		a.session.lease.Verdict(uplink.Verdict{State: v.State, InState: v.InState, Captured: v.Captured})
	}
	if changed {
		a.show()
	}
	return changed
}

// tellVerdict shows the page where it stands. Without a session its screen is black.
func (a *Agent) tellVerdict() {
	if a.link == nil {
		return
	}
	local := a.verdict.Local()
	if a.session == nil {
		local.Screen, local.Countdown = vigil.Black.String(), 0
	}
	if a.login != nil || a.enrol != nil {
		local.Interval = int(vigil.Burst.Milliseconds())
	}
	if local.Interval == 0 {
		local.Interval = int(vigil.Calm.Milliseconds())
	}
	a.link.send(wire.AgentMessage{Type: "verdict", Verdict: &local})
}
