package connect

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// The server took the new face and its answer was lost: the operator is let in
// with it, at once or after the next connection, and nobody cries tampering.
func TestLostAnswerToAFaceIsMadeGood(t *testing.T) {
	for name, deaf := range map[string]bool{"the server says so at once": false, "the line was lost too": true} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.sit()
				s.enrolFace()
				old := s.far.me.Person.Commitment
				s.far.mu.Lock()
				s.far.deafFaces, s.far.deafAfter = true, deaf
				s.far.mu.Unlock()
				s.tryEnrolFace()
				s.far.mu.Lock()
				s.far.deafFaces = false
				delete(s.far.fail, "me")
				s.far.mu.Unlock()
				if s.far.me.Person.Commitment == old {
					t.Fatal("control: the server took nothing")
				}
				if deaf {
					if err := s.Disconnect(); err != nil {
						t.Fatal(err)
					}
					if err := s.Connect(""); err != nil {
						t.Fatal(err)
					}
					s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
				}
				if problem := s.logIn(operator()); problem != "" {
					t.Errorf("got %q", problem)
				}
				path, err := facePath(s.dir, s.far.me.Person.ID)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(path + freshFace); !os.IsNotExist(err) {
					t.Errorf("the face is not in its place: %v", err)
				}
			})
		})
	}
}

// Another centre, or new roots, begin their rosters from one; the old ones count again
// for whoever goes back.
func TestRosterOfOtherRootsDoesNotStandInTheWay(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		o := officers()
		now := s.clock.Now()
		other := o.roots
		public, private, err := ed25519Key()
		if err != nil {
			t.Fatal(err)
		}
		other.RosterRoots = []wire.Bytes{wire.Bytes(public)}
		first := o.roster
		first.Version = 1
		s.far.mu.Lock()
		s.far.roster = signRoster(first, private)
		s.far.mu.Unlock()
		conn := s.conn
		if r, err := currentRoster(t.Context(), s.dir, conn, other, now); err != nil || r.Version != 1 {
			t.Errorf("roster 1 of other roots: %+v, %v", r.Version, err)
		}
		s.far.mu.Lock()
		s.far.roster = signRoster(first, o.root) // an old one of the first roots
		s.far.mu.Unlock()
		if r, err := currentRoster(t.Context(), s.dir, conn, o.roots, now); err != nil || r.Version != 3 {
			t.Errorf("back under the first roots: roster %d, %v", r.Version, err)
		}
	})
}

// A roster that has changed since the connection was opened is the one that the
// next session's records are sealed to; an expired one lets nobody in and ends
// what is open.
func TestRosterIsAskedForAtEachLogin(t *testing.T) {
	o := officers()
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		newer := o.roster
		newer.Version = 4
		newer.Expires = s.clock.Now().Add(time.Minute).UTC()
		s.far.mu.Lock()
		s.far.roster = signRoster(newer, o.root)
		s.far.mu.Unlock()
		if problem := s.logIn(operator()); problem != "" {
			t.Fatalf("got %q", problem)
		}
		var held sealing.Roster
		_ = s.ask(func() error { held = *s.roster; return nil })
		if held.Version != 4 {
			t.Errorf("sealing to roster %d", held.Version)
		}
		began := s.clock.Mono()
		for s.Live() && s.clock.Mono()-began < 2*time.Minute {
			s.film(time.Second, operator())
		}
		if st := s.Status(""); s.Live() || st.Code != "evidence.no_roster" || s.clock.Mono()-began < 50*time.Second {
			t.Errorf("live %v after %v, %+v", s.Live(), s.clock.Mono()-began, st)
		}
		if problem := s.logIn(operator()); problem != "evidence.no_roster" {
			t.Errorf("let in under an expired roster: %q", problem)
		}
		r := &record{roster: &held, whole: make(chan struct{})}
		if _, err := s.seal(r); sekisho.CodeOf(err) != "evidence.no_roster" {
			t.Errorf("sealed to an expired roster: %v", err)
		}
	})
}

// tryEnrolFace goes through the poses once more, however it ends.
func (s *stage) tryEnrolFace() {
	s.page.mu.Lock()
	s.page.enrol = nil
	s.page.mu.Unlock()
	s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
	poses := map[string]wire.Face{"left": someone(1, 250, 15, 0), "right": someone(1, 250, -15, 0), "up": someone(1, 250, 0, 12)}
	for range 200 {
		synctest.Wait()
		_, _, _, e, _ := s.page.seen()
		if e != nil && (e.Step == vigil.StepDone || e.Step == vigil.StepFailed) {
			return
		}
		face := operator()
		if e != nil && poses[e.Pose].Score > 0 {
			face = poses[e.Pose]
		}
		s.show(nil, face)
		time.Sleep(100 * ms)
	}
	s.t.Fatal("the enrolment was never decided")
}
