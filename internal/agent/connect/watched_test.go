package connect

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestNothingIsStoredBeforeItsWitnessConfirms: what was offered to a witness who
// watches by video is stored once he has confirmed it, and is just that; what he
// refuses, or what nobody waits for any more, is not.
func TestNothingIsStoredBeforeItsWitnessConfirms(t *testing.T) {
	for name, test := range map[string]struct {
		answer wire.Witnessing
		step   string
		code   string
	}{
		"confirmed": {wire.Witnessing{State: "confirmed"}, vigil.StepDone, ""},
		"refused":   {wire.Witnessing{State: "refused", Reason: "witness.another_person"}, vigil.StepFailed, "witness.another_person"},
		"silent":    {wire.Witnessing{State: "ended", Reason: "witness.silent"}, vigil.StepFailed, "witness.silent"},
		"unknown":   {wire.Witnessing{State: "whatever"}, vigil.StepFailed, "witness.over"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.sit()
				s.far.witness(wire.Witnessing{State: "offered"})
				approval := sekisho.ApprovalID(wire.NewID())
				s.page.say(wire.PageMessage{Type: "enrol", Approval: approval, Watched: true}, nil)
				s.pose(vigil.StepSending)
				time.Sleep(5 * time.Second)
				if stored, offered := s.far.enrolments(); stored.Commitment != "" || len(offered) != 1 || offered[0].Approval != approval {
					t.Fatalf("before the answer: stored %v, %d offered", stored.Commitment != "", len(offered))
				}
				s.far.witness(test.answer)
				time.Sleep(2 * confirmPoll)
				synctest.Wait()
				_, _, _, e, _ := s.page.seen()
				if e == nil || e.Step != test.step || test.code != "" && (e.Problem == nil || e.Problem.Code != test.code) {
					t.Errorf("told the page %+v", e)
				}
				stored, offered := s.far.enrolments()
				if (stored.Commitment == offered[0].Commitment && stored.Picture == offered[0].Picture) != (test.code == "") {
					t.Errorf("stored: %v", stored.Commitment != "")
				}
			})
		})
	}
}

// pose shows what is asked for until the enrolment is at a step.
func (s *stage) pose(step string) {
	s.t.Helper()
	poses := map[string]wire.Face{"left": someone(1, 250, 15, 0), "right": someone(1, 250, -15, 0), "up": someone(1, 250, 0, 12)}
	for range 200 {
		synctest.Wait()
		_, _, _, e, _ := s.page.seen()
		if e != nil && e.Step == step {
			return
		}
		face := operator()
		if e != nil && poses[e.Pose].Score > 0 {
			face = poses[e.Pose]
		}
		s.show(nil, face)
		time.Sleep(100 * ms)
	}
	s.t.Fatalf("never came to %s", step)
}

func (f *farServer) witness(w wire.Witnessing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.witnessing = w
}

func (f *farServer) enrolments() (stored wire.FaceEnrolment, offered []wire.FaceEnrolment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.face, f.offered
}
