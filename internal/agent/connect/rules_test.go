package connect

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// The administrator changes the policy between connecting and the login: the
// guard runs the session's, whatever the machine was made with before.
func TestSessionsPolicyIsTheOneThatTheGuardRuns(t *testing.T) {
	lax := home()
	lax.Name, lax.Onlooker, lax.AbsentMS = "office", false, 30_000
	play(t, func(s *stage, _ *parts) { s.far.me.Policy, s.far.policy = lax, lax }, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.me.Policy, s.far.policy = home(), home()
		s.far.mu.Unlock()
		if problem := s.logIn(operator()); problem != "" {
			t.Fatal(problem)
		}
		s.film(500*ms, operator())
		s.film(600*ms, operator(), onlooker())
		if s.Live() {
			t.Error("an onlooker is let look although the session's policy forbids it")
		}
	})
}

// A machine that took any face for a session by approval does not serve a
// session by face.
func TestMachineOfAnApprovedSessionServesNoFaceSession(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("at work by approval", func() bool { s.show(nil, stranger()); return s.Live() })
		s.film(1500 * ms)
		if s.Live() {
			t.Fatal("control: the approved session outlived an absence")
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Fatal(problem)
		}
		s.film(500*ms, operator())
		s.film(1500*ms, stranger())
		if s.Live() {
			t.Error("a stranger counts as present in a session by face")
		}
	})
}

// Who works by approval may look unlike his own templates: nobody's face is
// compared while he does.
func TestApprovedSessionIsComparedWithNobody(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("at work", func() bool { s.show(nil, stranger()); return s.Live() })
		s.film(5*time.Second, stranger())
		if !s.Live() {
			t.Fatalf("closed: %s", s.happened())
		}
		if reports, _ := s.far.taken(); len(reports) != 0 {
			t.Errorf("reported: %+v", reports)
		}
		s.film(1500 * ms)
		if s.Live() {
			t.Error("open with nobody in view")
		}
	})
}

// The server names somebody else while a face is being compared: nothing is
// signed about either.
func TestStatementNamesWhoseFaceWasCompared(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		own := s.far.got().face
		s.page.say(wire.PageMessage{Type: "login"}, nil)
		s.until("looking", func() bool {
			_, _, l, _, _ := s.page.seen()
			return l != nil && l.Step == vigil.StepLooking
		})
		s.far.mu.Lock()
		other := s.far.me
		other.Person.ID, other.Person.Commitment = sekisho.PersonID(wire.NewID()), "00"
		s.far.me = other
		s.far.mu.Unlock()
		conn := s.conn
		_ = s.ask(func() error { s.watched(conn, told{me: other}, nil); return nil })
		for range 20 {
			s.show(nil, operator())
			time.Sleep(100 * ms)
		}
		synctest.Wait()
		for _, f := range s.far.got().faces {
			if f.Person != own.Person || f.Commitment != own.Commitment {
				t.Errorf("signed about %s with %s", f.Person, f.Commitment)
			}
		}
		if s.Live() {
			t.Error("open although the connection is somebody else's")
		}
	})
}

// A label is the browser's word. Where the system's own list is known, a camera
// that is not in it is not believed: neither to stay, nor to get in, nor to enrol.
func TestCameraThatTheSystemDoesNotHave(t *testing.T) {
	var none, unknown atomic.Bool
	play(t, func(_ *stage, p *parts) {
		cameras := p.cameras
		p.cameras = func() ([]inspect.Device, bool) {
			if unknown.Load() {
				return nil, false
			}
			if none.Load() {
				return []inspect.Device{{Name: "", Driver: "uvcvideo"}, {Name: "Another", Driver: "uvcvideo"}}, true
			}
			return cameras()
		}
	}, func(s *stage) {
		s.work()
		none.Store(true)
		s.film(cameraEvery+time.Second, operator())
		s.closed(sekisho.Covered)
		if problem := s.logIn(operator()); problem != "camera.not_present" {
			t.Errorf("login: %q", problem)
		}
		s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.film(time.Second, operator())
		if _, _, _, e, _ := s.page.seen(); e == nil || e.Step != vigil.StepFailed || e.Problem.Code != "camera.not_present" {
			t.Errorf("enrolment: %+v", e)
		}
		unknown.Store(true) // where nobody can tell, the enrolled label is what there is
		time.Sleep(cameraEvery)
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("control: %q", problem)
		}
	})
}
