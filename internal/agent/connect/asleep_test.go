package connect

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// The lid is opened again: nothing that stood on the screen before may be seen,
// however short the sleep was, and whatever the page says first.
func TestSleepClosesBeforeAnythingElse(t *testing.T) {
	for name, nap := range map[string]time.Duration{"short": 1500 * ms, "night": 9 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.work()
				s.nap.slept.Add(int64(nap))
				s.show(nil, operator()) // no time has passed on the monotonic clock
				v, _, _, _, _ := s.page.seen()
				if s.Live() || v.Screen != "black" {
					t.Errorf("live %v, screen %s", s.Live(), v.Screen)
				}
				if got := s.happened(); !strings.Contains(got, "flows reset") {
					t.Errorf("happened: %s", got)
				}
				s.until("back in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
				s.film(time.Second, operator())
				if s.Live() {
					t.Error("open again without a login")
				}
				if problem := s.logIn(operator()); problem != "" {
					t.Errorf("not let in again: %s", problem)
				}
				if got := strings.Join(s.far.got().ended, " "); got != "lease.lost" {
					t.Errorf("the server was told %q", got)
				}
			})
		})
	}
}

func TestSleepEndsALogin(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.me.Missing = []string{}
		s.far.mu.Unlock()
		asked := false
		s.nap.slept.Add(int64(500 * ms)) // what two readings may differ by ends nothing
		if problem := s.logIn(operator()); problem != "" || !s.Live() {
			t.Fatalf("control: %q", problem)
		}
		s.film(7*time.Second, operator(), onlooker())
		s.page.mu.Lock()
		s.page.login = nil
		s.page.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "login"}, nil)
		synctest.Wait()
		_ = s.ask(func() error { asked = s.login != nil; return nil })
		s.nap.slept.Add(int64(time.Minute))
		s.show(nil, operator())
		if _, _, l, _, _ := s.page.seen(); !asked || l == nil || l.Problem == nil || l.Problem.Code != "lease.lost" {
			t.Errorf("asked %v, login %+v", asked, l)
		}
	})
}

func TestRealClockKnowsOfSleep(t *testing.T) {
	if d := newClock().Asleep(); d < 0 {
		t.Errorf("%v asleep", d)
	}
}
