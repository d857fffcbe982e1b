package connect

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Who closes the window ends his work: no detection, no record, no locked PC.
func TestClosedWindowIsTheEndOfWork(t *testing.T) {
	for name, byHand := range map[string]bool{"by face": false, "by approval": true} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				if byHand {
					s.sit()
					s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
					s.until("at work", func() bool { return s.Live() })
					s.forget()
				} else {
					s.work()
				}
				s.page.say(wire.PageMessage{Type: "leave"}, nil)
				s.page.leave()
				time.Sleep(5 * time.Second)
				synctest.Wait()
				if s.Live() || s.Status("").Phase != phaseQuarantine {
					t.Errorf("live %v, %+v", s.Live(), s.Status(""))
				}
				if reports, _ := s.far.taken(); len(reports) != 0 {
					t.Errorf("reported: %+v", reports)
				}
				if got := strings.Join(s.far.got().ended, " "); got != "session.ended_by_you" {
					t.Errorf("the server was told %q", got)
				}
				if got := s.happened(); !strings.Contains(got, "flows reset") || strings.Contains(got, "locked") {
					t.Errorf("happened: %s", got)
				}
				s.page.say(wire.PageMessage{Type: "leave"}, nil) // means nothing without a session
			})
		})
	}
}

// A page that dies without a word is a detection, and the system's own picture
// of that moment arrives although no page can hand anything over, even when the
// agent is stopped the next moment.
func TestPageThatDiesLeavesItsRecord(t *testing.T) {
	for name, after := range map[string]func(s *stage){
		"agent goes on": func(s *stage) { time.Sleep(8 * time.Second) },
		"work ended": func(s *stage) {
			if err := s.Disconnect(); err != nil {
				s.t.Fatal(err)
			}
			time.Sleep(8 * time.Second)
		},
		"agent stopped": func(s *stage) { s.cancel(); <-s.done },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.work()
				s.page.leave()
				synctest.Wait()
				after(s)
				synctest.Wait()
				reports, bundles := s.far.taken()
				if len(reports) == 0 {
					t.Fatal("nothing was reported")
				}
				last := reports[len(reports)-1]
				if last.State != sekisho.Lost || len(last.Evidence) != 1 || bundles[last.Evidence[0]] == nil {
					t.Fatalf("reports %+v, %d bundles", reports, len(bundles))
				}
				m, parts := openBundle(t, bundles[last.Evidence[0]])
				if len(parts) != 1 || parts[0].Source != "os" || !strings.Contains(m.Note, "camera") {
					t.Errorf("manifest %+v with %d parts", m, len(parts))
				}
			})
		})
	}
}

// The policy says that the system is locked when the guard blackens the screen:
// for every reason of the guard's, and for no other.
func TestSystemIsLockedForTheGuardsReasons(t *testing.T) {
	half := func() wire.Face { return someone(0.38, 250, 0, 0) }
	for name, c := range map[string]struct {
		act    func(s *stage)
		locked bool
	}{
		"unsure for too long": {func(s *stage) { s.film(8*time.Second, half()) }, true},
		"page gone":           {func(s *stage) { s.page.leave() }, true},
		"slept":               {func(s *stage) { s.nap.slept.Add(int64(time.Hour)) }, true},
		"server says unsure": {func(s *stage) {
			s.far.got().heard.Closed(wire.LeaseClosed{Session: s.far.got().session, State: sekisho.Unsure, Reason: "lease.unsure"})
		}, true},
		"supervisor": {func(s *stage) {
			s.far.got().heard.Closed(wire.LeaseClosed{Session: s.far.got().session, Reason: "session.closed_by_sv"})
		}, false},
		"break":       {func(s *stage) { s.page.say(wire.PageMessage{Type: "break"}, nil) }, false},
		"end of work": {func(s *stage) { _ = s.Disconnect() }, false},
		"line gone": {func(s *stage) {
			s.far.mu.Lock()
			s.far.silent = true
			s.far.mu.Unlock()
			s.film(wire.LeaseTTL+time.Second, operator())
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.work()
				c.act(s)
				time.Sleep(time.Second)
				synctest.Wait()
				if s.Live() {
					t.Fatal("still open")
				}
				if got := strings.Count(s.happened(), "system locked"); (got == 1) != c.locked || got > 1 {
					t.Errorf("locked %d times: %s", got, s.happened())
				}
			})
		})
	}
	// Without a camera his word is the guard's evidence.
	play(t, nil, func(s *stage) {
		s.sit()
		s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("at work", func() bool { return s.Live() })
		time.Sleep(32 * time.Second)
		synctest.Wait()
		if got := s.happened(); s.Live() || !strings.Contains(got, "system locked") {
			t.Errorf("live %v, happened: %s", s.Live(), got)
		}
	})
}
