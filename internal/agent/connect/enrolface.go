package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const enrolPatience = 3 * time.Minute // for five poses

var (
	errPicture = sekisho.Fail(sekisho.KindInvalid, "face.picture_missing")
	errConsent = sekisho.Fail(sekisho.KindDenied, "consent.required")
)

// enrolAttempt is one face enrolment under way.
type enrolAttempt struct {
	approval sekisho.ApprovalID
	watched  bool // a witness by video confirms before it is stored
	gone     context.Context
	giveUp   context.CancelFunc // of gone: nobody waits for this enrolment any more
	judge    *vigil.Enrolment
	began    time.Duration
	camera   string
	picture  sekisho.IncidentID // names the picture that the page is asked for; no incident
	asked    bool
	frame    uint64
	jpeg     []byte
	complete time.Duration // when the last pose was taken; 0 before
	sending  bool
}

// beginEnrol starts a face enrolment that a witness has approved, or which one
// watches by video and approves at its end.
func (a *Agent) beginEnrol(approval sekisho.ApprovalID, watched bool, at time.Duration) {
	var err error
	switch {
	case a.conn == nil || (a.phase != phaseQuarantine && a.phase != phaseBlack) || a.machine == nil || !wire.ValidID(string(approval)):
		err = errEarly
	case !a.engine.ready():
		err = errModels
	case a.roster == nil || !inForce(*a.roster, a.clock.Now()):
		err = errRoster
	case !a.me.Person.Consented:
		err = errConsent
	}
	if err != nil {
		a.refuse(err)
		return
	}
	a.login = nil
	a.dropEnrol()
	gone, giveUp := context.WithCancel(a.ctx)
	a.enrol = &enrolAttempt{approval: approval, watched: watched, gone: gone, giveUp: giveUp, judge: vigil.NewEnrolment(a.engine.thresholds, a.engine.embedder), began: at,
		picture: sekisho.IncidentID(wire.NewID())}
	a.tellEnrol(wire.LocalProgress{Step: vigil.StepLooking, Needed: len(vigil.Poses), Pose: a.enrol.judge.Pose()})
	a.tellVerdict()
}

// poseShown: the page shows the pose that is asked for; frames from before do not count.
func (a *Agent) poseShown(pose string, at time.Duration) {
	if e := a.enrol; e != nil && !e.sending && pose == e.judge.Pose() {
		e.judge.Retake(at)
	}
}

// lookEnrol hands a frame to the enrolment under way.
func (a *Agent) lookEnrol(f wire.Frame, o vigil.Observation, at time.Duration) {
	e := a.enrol
	if e == nil || e.sending {
		return
	}
	// The camera to compare with is the one that is being enrolled.
	if err := a.camera.err; err != nil && !errors.Is(err, errCameraOther) {
		a.failEnrol(e, err)
		return
	}
	if e.camera != "" && f.Camera != e.camera {
		a.failEnrol(e, errCameraOther)
		return
	}
	e.camera = f.Camera
	if e.complete > 0 {
		a.finishEnrol(e, at)
		return
	}
	p := e.judge.Step(o, at)
	if code := e.judge.Failed(); code != "" {
		a.failEnrol(e, sekisho.Fail(sekisho.KindDenied, code))
		return
	}
	if p.Good > 0 && !e.asked { // the frontal pose is taken: its picture is still in the page's memory
		e.asked, e.frame = true, e.judge.Picture()
		a.link.send(wire.AgentMessage{Type: "capture", Incident: e.picture, FrameID: e.frame})
	}
	if _, ok := e.judge.Templates(); ok {
		e.complete = at
		a.finishEnrol(e, at)
		return
	}
	a.tellEnrol(p)
}

// finishEnrol sends the enrolment once its picture has come.
func (a *Agent) finishEnrol(e *enrolAttempt, at time.Duration) {
	if e.jpeg == nil {
		if at-e.complete > pictureWithin {
			a.failEnrol(e, errPicture)
		}
		return
	}
	templates, ok := e.judge.Templates()
	if !ok {
		a.failEnrol(e, sekisho.Fail(sekisho.KindDenied, "vigil.not_live"))
		return
	}
	e.sending = true
	a.enrolments.Add(1)
	a.tellEnrol(wire.LocalProgress{Step: vigil.StepSending, Good: len(vigil.Poses), Needed: len(vigil.Poses)})
	f, err := newFace(a.me.Person.ID, templates, e.camera)
	if err != nil {
		a.failEnrol(e, err)
		return
	}
	manifest := sealing.Manifest{Kind: "enrolment", Connection: a.connID, Person: a.me.Person.ID, Device: a.enrolment.Device,
		State: sekisho.Present, At: a.clock.Now(), Frame: e.frame, Camera: e.camera}
	conn, key, roster := a.conn, a.key, *a.roster
	a.aside(func() func() {
		err := a.storeFace(conn, key, roster, manifest, e, f)
		if err != nil {
			err = dropFresh(a.dir, f.Person, err)
		}
		return func() { a.enrolled(e, conn, f, err) }
	})
}

// storeFace seals the face into this PC, hands the officers their sealed picture
// and then has the server take the commitment, which names it. The old face stays
// until the server has taken the new one.
func (a *Agent) storeFace(conn connection, key devicekey.Key, roster sealing.Roster, m sealing.Manifest, e *enrolAttempt, f face) error {
	ctx, cancel := context.WithTimeout(a.ctx, actWithin)
	defer cancel()
	if e.watched {
		ctx, cancel = context.WithTimeout(e.gone, confirmWithin)
		defer cancel()
	}
	place, err := sealFace(ctx, a.dir, key, f)
	if err != nil {
		return err
	}
	bundle, name, err := sealing.Seal(roster, m, []sealing.Part{{Name: "face.jpg", Type: "image/jpeg", Source: "camera", Data: e.jpeg}})
	if err != nil {
		return fmt.Errorf("connect: seal enrolment: %w", err)
	}
	if err := conn.Put(ctx, name, bundle); err != nil {
		return err
	}
	statement := wire.FaceEnrolment{Person: f.Person, Approval: e.approval, Commitment: f.Commitment,
		Model: f.Templates.Model, Engine: f.Templates.Engine, Poses: len(f.Templates.Poses), Picture: name}
	if e.watched {
		if err := confirmed(ctx, conn, statement); err != nil {
			return err
		}
	}
	err = conn.StoreFace(ctx, statement)
	if err != nil && !a.took(conn, f, err) {
		return err
	}
	return place()
}

// took asks whether the server has taken a face although its answer did not
// come. If that is not answered either, the next connection finds out (loadFace).
func (a *Agent) took(conn connection, f face, why error) bool {
	if k := sekisho.KindOf(why); k != sekisho.KindBusy && k != sekisho.KindInternal {
		return false // it has refused it
	}
	ctx, cancel := context.WithTimeout(a.ctx, watchWithin)
	defer cancel()
	me, err := conn.Me(ctx)
	return err == nil && f.is(me.Person)
}

func (a *Agent) enrolled(e *enrolAttempt, conn connection, f face, err error) {
	a.enrolments.Add(1)
	if a.conn == conn && err == nil {
		a.face, a.faceErr, a.camera = f, nil, cameraCheck{}
		a.me.Person.Commitment, a.me.Person.Model = f.Commitment, f.Templates.Model
		a.me.Missing = slices.DeleteFunc(slices.Clone(a.me.Missing), func(m string) bool { return m == "face" })
	}
	if a.enrol != e {
		return
	}
	if err != nil {
		a.failEnrol(e, err)
		return
	}
	a.dropEnrol()
	a.tellEnrol(wire.LocalProgress{Step: vigil.StepDone, Good: len(vigil.Poses), Needed: len(vigil.Poses)})
}

func (a *Agent) failEnrol(e *enrolAttempt, err error) {
	if a.enrol != e {
		return
	}
	a.dropEnrol()
	a.tellEnrol(wire.LocalProgress{Step: vigil.StepFailed, Needed: len(vigil.Poses), Problem: a.problem(err)})
}

func (a *Agent) tellEnrol(p wire.LocalProgress) {
	if a.link != nil {
		a.link.send(wire.AgentMessage{Type: "enrol", Enrol: &p})
	}
}

// tickEnrol ends an enrolment that nobody goes on with.
func (a *Agent) tickEnrol(now time.Duration) {
	e := a.enrol
	if e == nil || e.sending {
		return
	}
	if e.complete > 0 {
		a.finishEnrol(e, now)
		return
	}
	if now-e.began > enrolPatience {
		a.failEnrol(e, sekisho.Fail(sekisho.KindDenied, "vigil.login_timeout"))
	}
}
