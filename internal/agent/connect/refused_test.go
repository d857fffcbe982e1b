package connect

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Who fails before the camera is counted at the server, not only told on the page.
func TestFailedLoginsAreToldToTheServer(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		if problem := s.logIn(stranger()); problem != "vigil.other_person" {
			t.Fatalf("a stranger: %q", problem)
		}
		picture := operator()
		picture.Live = ptr(0.001)
		if problem := s.logIn(picture); problem != "vigil.not_live" {
			t.Fatalf("a picture: %q", problem)
		}
		if problem := s.logIn(wire.Face{}); problem != "vigil.login_timeout" { // nobody there: no frame is evidence
			t.Fatalf("nobody: %q", problem)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Fatalf("control: %q", problem)
		}
		synctest.Wait()
		s.far.mu.Lock()
		defer s.far.mu.Unlock()
		var reasons, nonces []string
		for _, r := range s.far.refusals {
			reasons, nonces = append(reasons, r.Reason), append(nonces, string(r.Nonce))
			if r.Person != s.far.me.Person.ID {
				t.Errorf("told of %s", r.Person)
			}
		}
		if want := []string{"vigil.other_person", "vigil.not_live"}; !slices.Equal(reasons, want) || nonces[0] == nonces[1] {
			t.Errorf("told %q with nonces %q", reasons, nonces)
		}
	})
}

// However slow the line is: the next attempt's nonce is asked for only after
// the last failure has been told, so that none of them goes uncounted.
func TestNoAttemptBeforeTheLastFailureIsTold(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.slowly = 2 * time.Second
		s.far.mu.Unlock()
		s.forget()
		for range 2 {
			if problem := s.logIn(stranger()); problem != "vigil.other_person" {
				t.Fatalf("a stranger: %q", problem)
			}
		}
		time.Sleep(3 * time.Second)
		if got, want := s.happened(), "nonce asked, refusal told, nonce asked, refusal told"; got != want {
			t.Errorf("happened: %s\nwant:     %s", got, want)
		}
	})
}

// Ending work does not outrun the word of a failed login.
func TestFailureIsToldBeforeTheConnectionIsClosed(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.slowly = 2 * time.Second
		s.far.mu.Unlock()
		_ = s.logIn(stranger())
		if err := s.Disconnect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if got := s.happened(); !strings.Contains(got, "refusal told, disconnected") {
			t.Errorf("happened: %s", got)
		}
	})
}
