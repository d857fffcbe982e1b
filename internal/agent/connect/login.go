package connect

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	actWithin      = 20 * time.Second        // one act at the server
	handWithin     = 1500 * time.Millisecond // for a first frame, before a session of class approved counts as one without camera
	approvedWithin = 20 * time.Second
)

// loginAttempt is one login under way. Without approval it is by face.
type loginAttempt struct {
	approval sekisho.ApprovalID
	began    time.Duration
	judge    *vigil.Login // nil until the server's nonce has come, and for approved ones
	nonce    wire.LoginNonce
	person   sekisho.PersonID // whose face is compared, with the commitment that it was checked against
	known    string
	echo     string // what frames must carry
	ready    bool   // the nonce has come
	frames   bool   // class approved: a frame came
	sending  bool   // the statement is on its way
}

// beginLogin starts a login; one that is under way starts over.
func (a *Agent) beginLogin(approval sekisho.ApprovalID, at time.Duration) {
	if err := a.mayLogin(approval); err != nil {
		a.login = nil
		a.refuse(err)
		return
	}
	l := &loginAttempt{approval: approval, began: at}
	a.login = l
	conn, key, last, refused, roots := a.conn, a.key, a.last, a.refused, a.enrolment.Roots
	lapsed := errors.Is(a.faceErr, errConsent) // his face was left closed until he answers
	a.aside(func() func() {
		if last != nil { // its flows are being reset: what is asked too early meets the reset
			a.wait(last.over, toldWithin)
			conn.Renew() // the word of its end may have gone out on one of them
		}
		if refused != nil {
			<-refused // bounded by itself: no attempt before the last one's failure is told
		}
		ctx, cancel := context.WithTimeout(a.ctx, actWithin)
		defer cancel()
		answer, err := a.askMe(ctx, conn)
		var f face
		var faceErr error
		lapsed = lapsed && err == nil && answer.me.Person.Consented
		if lapsed {
			f, faceErr = a.faceOf(ctx, key, answer.me.Person)
		}
		var nonce wire.LoginNonce
		if err == nil {
			nonce, err = conn.LoginNonce(ctx)
		}
		var roster sealing.Roster
		if err == nil { // officers come and go while a connection lasts
			roster, err = currentRoster(ctx, a.dir, conn, roots, a.clock.Now())
		}
		return func() {
			if err == nil && a.login == l && a.conn == conn {
				a.roster = &roster
				if lapsed {
					a.face, a.faceErr = f, faceErr
				}
			}
			a.gotNonce(l, answer, nonce, err)
		}
	})
}

// mayLogin says why nobody can be let in now, or nil.
func (a *Agent) mayLogin(approval sekisho.ApprovalID) error {
	switch {
	case a.conn == nil || (a.phase != phaseQuarantine && a.phase != phaseBlack) || a.machine == nil:
		return errEarly
	case a.outbox.Full():
		return uplink.ErrFull
	case a.roster == nil:
		return errRoster
	case approval == "" && !a.engine.ready():
		return errModels
	case approval != "" && !wire.ValidID(string(approval)):
		return errEarly
	}
	return nil
}

func (a *Agent) gotNonce(l *loginAttempt, answer told, nonce wire.LoginNonce, err error) {
	if a.login != l {
		return
	}
	if err != nil {
		a.trouble(err)
		a.failLogin(l, err)
		return
	}
	if !a.learn(answer) {
		return
	}
	l.nonce, l.ready = nonce, true
	l.echo = base64.RawURLEncoding.EncodeToString(nonce.Nonce)
	if l.approval == "" {
		if err := a.mayMatch(); err != nil {
			a.failLogin(l, err)
			return
		}
		l.person, l.known = a.face.Person, a.me.Person.Commitment // equal to the face's own: mayMatch has compared them
		l.judge = vigil.NewLogin(a.face.Templates, a.engine.thresholds, nonce.Challenge)
		if code := l.judge.Failed(); code != "" {
			a.failLogin(l, sekisho.Fail(sekisho.KindDenied, code))
			return
		}
	}
	a.setNonce(l.echo)
	a.tellVerdict() // its interval: every frame is wanted whole from the first on
	a.tellLogin(wire.LocalProgress{Step: vigil.StepLooking})
}

// mayMatch says why this person's face cannot be compared here, or nil.
func (a *Agent) mayMatch() error {
	if a.faceErr != nil {
		return a.faceErr
	}
	if !a.me.Person.Consented {
		return errConsent
	}
	return a.face.check(a.me, a.engine)
}

func (a *Agent) setNonce(text string) {
	a.nonce = text
	if a.link != nil && text != "" {
		a.link.send(wire.AgentMessage{Type: "nonce", Nonce: text})
	}
}

// lookLogin hands a frame to the login under way.
func (a *Agent) lookLogin(f wire.Frame, o vigil.Observation, at time.Duration) {
	l := a.login
	if l == nil || !l.ready || l.sending || f.Nonce != l.echo {
		return
	}
	if err := a.camera.err; err != nil {
		a.failLogin(l, err)
		return
	}
	if l.judge == nil {
		l.frames = true
		if o.Fault == "" && len(o.Faces) == 1 && !o.Blind && !o.Hidden {
			a.openApproved(l, true)
		}
		return
	}
	a.loginStep(l, l.judge.Step(o, at), at)
}

func (a *Agent) loginStep(l *loginAttempt, p wire.LocalProgress, at time.Duration) {
	if code := l.judge.Failed(); code != "" {
		a.refusedHere(l, code)
		return
	}
	a.tellLogin(p)
	if !l.judge.Done() {
		return
	}
	statement, ok := l.judge.Statement(at)
	if !ok {
		a.failLogin(l, sekisho.Fail(sekisho.KindDenied, "vigil.login_timeout"))
		return
	}
	statement.Person, statement.Nonce, statement.Commitment = l.person, l.nonce.Nonce, l.known
	a.sendLogin(l, func(ctx context.Context, c connection) (wire.SessionAnswer, error) {
		return c.OpenByFace(ctx, statement)
	}, true)
}

// openApproved sends the statement of a session that a supervisor has approved.
func (a *Agent) openApproved(l *loginAttempt, camera bool) {
	statement := wire.ApprovedStatement{Person: a.me.Person.ID, Approval: l.approval, Nonce: l.nonce.Nonce, Camera: camera}
	a.tellLogin(wire.LocalProgress{Step: vigil.StepSending})
	a.sendLogin(l, func(ctx context.Context, c connection) (wire.SessionAnswer, error) {
		return c.OpenByApproval(ctx, statement)
	}, camera)
}

func (a *Agent) sendLogin(l *loginAttempt, send func(context.Context, connection) (wire.SessionAnswer, error), camera bool) {
	l.sending = true
	conn, last := a.conn, a.last
	a.aside(func() func() {
		if last != nil { // opening ends whatever session there was: its port is needed by the next one's lease
			last.lease.Close()
		}
		ctx, cancel := context.WithTimeout(a.ctx, actWithin)
		defer cancel()
		answer, err := send(ctx, conn)
		return func() { a.loginAnswered(l, conn, answer, err, camera) }
	})
}

func (a *Agent) loginAnswered(l *loginAttempt, conn connection, answer wire.SessionAnswer, err error, camera bool) {
	if err == nil && (a.login != l || a.conn != conn || a.link == nil) { // nobody waits for it any more
		a.tellEnd(conn, "session.ended_by_you")
		return
	}
	if a.login != l {
		return
	}
	if err != nil {
		a.trouble(err)
		a.failLogin(l, err)
		return
	}
	a.login = nil
	if err := a.openSession(conn, answer, camera); err != nil {
		a.tellEnd(conn, "lease.lost")
		a.refuse(err)
		return
	}
	a.tellLogin(wire.LocalProgress{Step: vigil.StepDone})
}

// refusedHere ends a login that the judge on this PC refused. Where that speaks
// against whoever sits there, the server is told by a signed refusal: it counts,
// and makes the next attempt wait.
func (a *Agent) refusedHere(l *loginAttempt, code string) {
	if slices.Contains(wire.FaceRefusals, code) {
		told := make(chan struct{})
		a.refused, a.farewell = told, append(a.farewell, told)
		conn, refusal := a.conn, wire.FaceRefusal{Person: l.person, Nonce: l.nonce.Nonce, Reason: code}
		a.work.Go(func() {
			defer close(told)
			ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), endWithin)
			defer cancel()
			if err := conn.RefuseFace(ctx, refusal); err != nil {
				slog.Warn("the server could not be told of a failed login", "error", err)
			}
		})
	}
	a.failLogin(l, sekisho.Fail(sekisho.KindDenied, code))
}

// failLogin ends a login with its reason.
func (a *Agent) failLogin(l *loginAttempt, err error) {
	if a.login != l {
		return
	}
	a.login = nil
	a.tellLogin(wire.LocalProgress{Step: vigil.StepFailed, Problem: a.problem(err)})
}

func (a *Agent) tellLogin(p wire.LocalProgress) {
	if a.link != nil {
		a.link.send(wire.AgentMessage{Type: "login", Login: &p})
	}
}

// tickLogin lets time pass for a login to which no frames come.
func (a *Agent) tickLogin(now time.Duration) {
	l := a.login
	if l == nil || !l.ready || l.sending {
		return
	}
	switch {
	case l.judge != nil:
		if l.judge.Step(vigil.Observation{}, now); l.judge.Failed() != "" {
			a.refusedHere(l, l.judge.Failed())
		}
	case !l.frames && now-l.began >= handWithin && a.link != nil && now-a.link.frame >= handWithin:
		a.openApproved(l, false)
	case now-l.began >= approvedWithin:
		a.failLogin(l, sekisho.Fail(sekisho.KindDenied, "vigil.login_timeout"))
	}
}
