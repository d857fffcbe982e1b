package connect

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// kept are the files of faces on this PC.
func (s *stage) kept() []string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "faces", "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return files
}

// withdraw takes the consent back at the server; posted says that the page did
// it from this very PC.
func (s *stage) withdraw(posted bool) {
	s.t.Helper()
	s.consent(false, posted)
}

func (s *stage) consent(given, posted bool) {
	s.t.Helper()
	s.far.mu.Lock()
	s.far.me.Person.Consented, s.far.me.Person.Lapsed, s.far.me.Person.Commitment, s.far.me.Missing = given, false, "", []string{"consent", "face"}
	if given {
		s.far.me.Missing = []string{"face"}
	}
	s.far.mu.Unlock()
	if posted {
		res, err := s.Do(s.t.Context(), http.MethodPost, consentRoute, http.Header{}, []byte(`{}`))
		if err != nil {
			s.t.Fatal(err)
		}
		res.Body.Close()
	}
}

// forgotten checks that nothing is left of the face, on disk and in memory.
func (s *stage) forgotten() {
	s.t.Helper()
	if files := s.kept(); len(files) != 0 {
		s.t.Errorf("still on the disk: %v", files)
	}
	empty := false
	_ = s.ask(func() error { empty = s.face.Templates.Empty() && len(s.face.Random) == 0; return nil })
	if !empty {
		s.t.Error("the template is still in memory")
	}
}

// Taken back on the page: the face is gone when the page has its answer.
func TestWithdrawnConsentDeletesTheFaceAtOnce(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		if len(s.kept()) != 1 {
			t.Fatalf("control: %v", s.kept())
		}
		s.withdraw(true)
		s.forgotten()
		s.far.got().heard.Closed(wire.LeaseClosed{Session: s.far.got().session, Reason: "consent.withdrawn"})
		synctest.Wait()
		if s.Live() {
			t.Error("still open")
		}
		if problem := s.logIn(operator()); problem != "vigil.not_enrolled" {
			t.Errorf("logged in without a face: %q", problem)
		}
		s.page.mu.Lock()
		s.page.refused = ""
		s.page.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		synctest.Wait()
		if _, _, _, _, refused := s.page.seen(); refused != "consent.required" {
			t.Errorf("a face is enrolled without consent: %q", refused)
		}
		if st := s.Status(""); st.Phase != phaseBlack || st.Code != "consent.withdrawn" {
			t.Errorf("control: %s %s", st.Phase, st.Code)
		}
		s.consent(true, true)
		if st := s.Status(""); st.Phase != phaseQuarantine || st.Code != "" {
			t.Errorf("closed for want of consent, though it is given again: %s %s", st.Phase, st.Code)
		}
	})
}

// Taken back elsewhere: gone as soon as this PC asks, and before a face is
// loaded at the next connection.
func TestConsentWithdrawnElsewhere(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.withdraw(false)
		time.Sleep(watchEvery + time.Second)
		synctest.Wait()
		s.forgotten()
	})
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		fresh := s.kept()[0] + freshFace // left behind by an enrolment that nobody heard the end of
		if err := os.WriteFile(fresh, []byte("sealed"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Disconnect(); err != nil {
			t.Fatal(err)
		}
		s.withdraw(false)
		if err := s.Connect(""); err != nil {
			t.Fatal(err)
		}
		s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
		s.forgotten()
	})
}

// Whoever agreed to an earlier text is asked again: until he answers his face is
// compared with nobody and stays, and when he agrees it opens as before.
func TestAnEarlierConsentKeepsTheFaceClosedUntilAnswered(t *testing.T) {
	for name, agrees := range map[string]bool{"agrees": true, "refuses": false} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.sit()
				s.enrolFace()
				if err := s.Disconnect(); err != nil {
					t.Fatal(err)
				}
				s.asked(false, true, "consent")
				if err := s.Connect(""); err != nil {
					t.Fatal(err)
				}
				s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
				loaded := true
				_ = s.ask(func() error { loaded = !s.face.Templates.Empty(); return nil })
				if problem := s.logIn(operator()); problem != "consent.required" || loaded || len(s.kept()) != 1 {
					t.Errorf("before the answer: %q, loaded %v, kept %v", problem, loaded, s.kept())
				}
				if agrees {
					s.asked(true, false)
					if problem := s.logIn(operator()); problem != "" || !s.Live() {
						t.Errorf("after the answer: %q", problem)
					}
					return
				}
				s.consent(false, true)
				s.forgotten()
			})
		})
	}
}

// asked says what the server holds of the person's consent; the commitment stays.
func (s *stage) asked(consented, lapsed bool, missing ...string) {
	s.far.mu.Lock()
	defer s.far.mu.Unlock()
	s.far.me.Person.Consented, s.far.me.Person.Lapsed, s.far.me.Missing = consented, lapsed, missing
}

// Whose face cannot be used is compared with nobody; what he enrolled before stays.
func TestFaceThatCannotBeUsedIsNotLoaded(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		if err := s.Disconnect(); err != nil {
			t.Fatal(err)
		}
		s.far.mu.Lock()
		s.far.me.Person.FaceUsable, s.far.me.Person.Commitment = false, ""
		s.far.mu.Unlock()
		if err := s.Connect(""); err != nil {
			t.Fatal(err)
		}
		s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
		loaded := true
		_ = s.ask(func() error { loaded = !s.face.Templates.Empty(); return nil })
		if loaded || len(s.kept()) != 1 {
			t.Errorf("loaded %v, kept %v", loaded, s.kept())
		}
	})
}

// What the server refuses does not stay; what it may have taken does.
func TestFaceThatTheServerRefused(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		kept int
	}{
		"refused": {sekisho.Fail(sekisho.KindDenied, "approval.used"), 0},
		"lost":    {sekisho.Fail(sekisho.KindBusy, "tunnel.broken"), 1},
		"unclear": {errors.New("disk full"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.sit()
				s.far.mu.Lock()
				s.far.fail["faces"] = c.err
				s.far.mu.Unlock()
				s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
				poses := map[string]wire.Face{"left": someone(1, 250, 15, 0), "right": someone(1, 250, -15, 0), "up": someone(1, 250, 0, 12)}
				s.until("refused", func() bool {
					_, _, _, e, _ := s.page.seen()
					if e != nil && e.Step == "failed" {
						return true
					}
					face := operator()
					if e != nil && poses[e.Pose].Score > 0 {
						face = poses[e.Pose]
					}
					s.show(nil, face)
					time.Sleep(75 * ms)
					return false
				})
				if files := s.kept(); len(files) != c.kept {
					t.Errorf("kept %v", files)
				}
			})
		})
	}
}

// An answer that was asked for before the enrolment does not know of it: it
// deletes nothing.
func TestOlderAnswerDoesNotDeleteAFreshFace(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.far.mu.Lock()
		before := s.far.me
		s.far.mu.Unlock()
		old := told{me: before, enrolments: s.enrolments.Load()}
		s.enrolFace()
		_ = s.ask(func() error { s.watched(s.conn, old, nil); return nil })
		if len(s.kept()) != 1 {
			t.Errorf("kept %v", s.kept())
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("not let in: %s", problem)
		}
	})
}
