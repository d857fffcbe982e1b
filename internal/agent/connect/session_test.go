package connect

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

type ctxT = context.Context

func ed25519Key() (ed25519.PublicKey, ed25519.PrivateKey, error) {
	return ed25519.GenerateKey(rand.Reader)
}

// The line goes dead: no nonce comes, so nobody knows whether the lease lives.
func TestSilentServerClosesAndComesBack(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.far.mu.Lock()
		s.far.silent = true
		s.far.mu.Unlock()
		began := time.Now()
		for s.Live() {
			if time.Since(began) > wire.LeaseTTL+200*ms {
				t.Fatal("still open")
			}
			s.show(nil, operator())
			time.Sleep(100 * ms)
		}
		synctest.Wait()
		if got := s.happened(); !strings.Contains(got, "flows reset") || strings.Contains(got, "screen taken") {
			t.Errorf("happened: %s", got)
		}
		s.far.mu.Lock()
		s.far.silent = false
		s.far.mu.Unlock()
		s.until("back in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
		if n := s.far.got().connects; n != 2 {
			t.Errorf("connected %d times", n)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("not let in again: %s", problem)
		}
		if reports, _ := s.far.taken(); len(reports) != 0 {
			t.Errorf("a dead line was reported as a detection: %+v", reports)
		}
	})
}

func TestServerEndsTheSession(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.far.got().heard.Closed(wire.LeaseClosed{Session: s.far.got().session, State: sekisho.Unknown, Reason: "session.closed_by_sv"})
		synctest.Wait()
		if s.Live() {
			t.Error("still open")
		}
		v, st, _, _, _ := s.page.seen()
		if v.Screen != "black" || st.Phase != phaseBlack || st.Code != "session.closed_by_sv" || st.Title == "" {
			t.Errorf("%+v %+v", v, st)
		}
		if reports, _ := s.far.taken(); len(reports) != 0 {
			t.Errorf("reported: %+v", reports)
		}
		s.far.got().heard.Closed(wire.LeaseClosed{Session: s.far.got().session, Reason: "again"}) // told twice
		synctest.Wait()
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("not let in again: %s", problem)
		}
	})
}

func TestBreakClosesAccessUntilANewLogin(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.page.say(wire.PageMessage{Type: "break"}, nil)
		synctest.Wait()
		if st := s.Status(""); s.Live() || st.Phase != phaseBreak || st.State != sekisho.Break {
			t.Errorf("live %v, %+v", s.Live(), st)
		}
		if got := s.happened(); !strings.Contains(got, "lease ended: break") || strings.Contains(got, "system locked") {
			t.Errorf("happened: %s", got)
		}
		time.Sleep(5 * time.Second)
		if reports, _ := s.far.taken(); len(reports) != 0 {
			t.Errorf("a break was reported: %+v", reports)
		}
		if problem := s.logIn(operator()); problem != "local.too_early" {
			t.Errorf("logged in on a break: %q", problem)
		}
		s.page.say(wire.PageMessage{Type: "resume"}, nil)
		s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
		s.film(time.Second, operator())
		if s.Live() {
			t.Error("open again without a login")
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("not let in again: %s", problem)
		}
	})
}

func TestBreakOutlastsItsPage(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.page.say(wire.PageMessage{Type: "break"}, nil)
		synctest.Wait()
		s.page.leave()
		s.openPage()
		s.id = 0
		s.film(time.Second, operator())
		if st := s.Status(""); st.Phase != phaseBreak || st.State != sekisho.Break || s.Live() {
			t.Errorf("live %v, %+v", s.Live(), st)
		}
		s.page.say(wire.PageMessage{Type: "resume"}, nil)
		s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("not let in: %s", problem)
		}
	})
}

func TestChallengeOfTheServerIsPassedOn(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.challenge = vigil.TurnLeft
		s.far.mu.Unlock()
		if problem := s.logIn(operator()); problem != "vigil.challenge_missed" {
			t.Errorf("without the movement: %q", problem)
		}
		s.page.mu.Lock()
		s.page.login = nil
		s.page.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "login"}, nil)
		s.until("logged in", func() bool {
			_, _, l, _, _ := s.page.seen()
			if l != nil && l.Step == vigil.StepDone {
				return true
			}
			face := operator()
			if l != nil && l.Challenge == vigil.TurnLeft && s.id%8 < 4 {
				face = someone(1, 250, 30, 0)
			}
			s.show(nil, face)
			time.Sleep(75 * ms)
			return false
		})
		if got := s.far.got().faces[len(s.far.got().faces)-1].Challenge; got != vigil.TurnLeft {
			t.Errorf("the statement names challenge %q", got)
		}
	})
}

func TestApprovedByHandLivesByConfirmations(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		approval := sekisho.ApprovalID(wire.NewID())
		s.page.say(wire.PageMessage{Type: "login", Approval: approval}, nil)
		s.until("at work", func() bool { return s.Live() })
		if st := s.far.got().approved[0]; st.Camera || st.Approval != approval || st.Person != s.far.me.Person.ID {
			t.Errorf("%+v", st)
		}
		s.until("open", func() bool { v, _, _, _, _ := s.page.seen(); return v.Screen == "open" })
		time.Sleep(20 * time.Second)
		s.page.say(wire.PageMessage{Type: "confirm"}, nil)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if !s.Live() {
			t.Fatal("closed although confirmed")
		}
		last := s.far.got().verdicts[len(s.far.got().verdicts)-1]
		if last.State != sekisho.Present || last.InState < 17*time.Second || last.InState > 21*time.Second {
			t.Errorf("the lease hears %+v", last)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if st := s.Status(""); s.Live() || st.Code != "lease.confirmation_missing" {
			t.Errorf("live %v, %+v", s.Live(), st)
		}
		if got := strings.Join(s.far.got().ended, " "); got != "lease.confirmation_missing" {
			t.Errorf("the server was told %q", got)
		}
	})
}

func TestApprovedByHandEndsWithItsPage(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("at work", func() bool { return s.Live() })
		s.page.leave()
		synctest.Wait()
		if s.Live() {
			t.Error("open without a page")
		}
	})
}

func TestApprovedWithCameraEndsAtAnyAbsence(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.page.say(wire.PageMessage{Type: "login", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("at work", func() bool { s.show(nil, stranger()); return s.Live() }) // nobody's template: one face will do
		if !s.far.got().approved[0].Camera {
			t.Errorf("%+v", s.far.got().approved[0])
		}
		s.film(3*time.Second, stranger())
		if !s.Live() {
			t.Fatal("closed with the face in view")
		}
		s.film(1500 * ms)
		if s.Live() {
			t.Error("open with nobody in view")
		}
	})
}

// The session opens on the server after the page has gone: nobody keeps it.
func TestAnswerThatComesTooLateIsGivenBack(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		gate := make(chan struct{})
		l := &loginAttempt{}
		_ = s.ask(func() error {
			s.login = l
			s.sendLogin(l, func(context.Context, connection) (wire.SessionAnswer, error) {
				<-gate
				return wire.SessionAnswer{}, nil
			}, true)
			return nil
		})
		s.page.leave()
		synctest.Wait()
		close(gate)
		synctest.Wait()
		if s.Live() || len(s.far.got().ended) != 1 {
			t.Errorf("live %v, told %q", s.Live(), s.far.got().ended)
		}
	})
}

func TestRefusalsOfTheServerReachThePage(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		for act, code := range map[string]string{"login-nonce": "face.wait", "sessions": "face.commitment", "me": "person.suspended"} {
			s.far.mu.Lock()
			s.far.fail = map[string]error{act: sekisho.Fail(sekisho.KindDenied, code)}
			s.far.mu.Unlock()
			if problem := s.logIn(operator()); problem != code {
				t.Errorf("%s: %q", act, problem)
			}
		}
		s.far.mu.Lock()
		s.far.fail = map[string]error{}
		s.far.mu.Unlock()
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("control: %q", problem)
		}
	})
}

func TestLostConnectionIsOpenedAnew(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.far.mu.Lock()
		s.far.fail["me"] = sekisho.Fail(sekisho.KindDenied, "connection.unknown")
		s.far.mu.Unlock()
		time.Sleep(watchEvery)
		s.until("reconnecting", func() bool { return s.Status("").Phase == phaseConnecting })
		s.far.mu.Lock()
		s.far.fail = map[string]error{"connect": uplink.ErrUnreachable}
		s.far.mu.Unlock()
		time.Sleep(3 * time.Second)
		s.far.mu.Lock()
		s.far.fail = map[string]error{}
		s.far.mu.Unlock()
		s.until("back", func() bool { return s.Status("").Phase == phaseQuarantine })
	})
}

// A request that met the reset of a dead session's flows is no lost connection.
func TestOneBrokenRequestIsNotALostConnection(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.far.mu.Lock()
		s.far.fail["login-nonce"] = sekisho.Fail(sekisho.KindBusy, "tunnel.broken")
		s.far.mu.Unlock()
		for range 3 {
			if problem := s.logIn(operator()); problem != "tunnel.broken" {
				t.Errorf("got %q", problem)
			}
		}
		if n := s.far.got().connects; n != 1 || s.Status("").Phase != phaseQuarantine {
			t.Errorf("%d connections, phase %s", n, s.Status("").Phase)
		}
		s.far.mu.Lock()
		s.far.fail["me"] = sekisho.Fail(sekisho.KindBusy, "tunnel.broken")
		s.far.mu.Unlock()
		_ = s.logIn(operator())
		s.until("reconnecting", func() bool { return s.Status("").Phase == phaseConnecting })
		s.far.mu.Lock()
		s.far.fail = map[string]error{}
		s.far.mu.Unlock()
		s.until("back", func() bool { return s.Status("").Phase == phaseQuarantine })
	})
}

// The PC is enrolled by the command line while its agent runs.
func TestEnrolmentBesideARunningAgent(t *testing.T) {
	var kept []byte
	play(t, func(s *stage, p *parts) {
		path := filepath.Join(p.dir, "enrolment.json")
		var err error
		if kept, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}, func(s *stage) {
		s.openPage()
		if st := s.Status(""); st.Phase != phaseUnenrolled || st.Code != "enrolment.none" {
			t.Fatalf("%+v", st)
		}
		if err := os.WriteFile(filepath.Join(s.dir, "enrolment.json"), kept, 0o600); err != nil {
			t.Fatal(err)
		}
		s.until("ready", func() bool { return s.Status("").Phase == phaseReady })
		if err := s.Connect(""); err != nil {
			t.Fatal(err)
		}
		s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
	})
}

func TestConnectFailuresAreSaid(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.openPage()
		for _, err := range []error{uplink.ErrImpostor, sekisho.Fail(sekisho.KindBusy, "tunnel.udp_blocked"), sekisho.Fail(sekisho.KindDenied, "device.suspended")} {
			s.far.mu.Lock()
			s.far.fail = map[string]error{"connect": err}
			s.far.mu.Unlock()
			if err := s.Connect(""); err != nil {
				t.Fatal(err)
			}
			s.until("said", func() bool {
				st := s.Status("en")
				return st.Phase == phaseReady && st.Code == sekisho.CodeOf(err) && st.Action != ""
			})
		}
		if err := s.Disconnect(); err != nil {
			t.Error(err)
		}
	})
}

func TestLockThatFailsIsToldTruly(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.lock.err = errors.New("no lock on this system")
		s.work()
		s.film(400*ms, operator(), onlooker())
		time.Sleep(3 * time.Second)
		synctest.Wait()
		reports, _ := s.far.taken()
		if last := reports[len(reports)-1]; last.OSLocked || last.LockReason != "no lock on this system" {
			t.Errorf("%+v", last)
		}
	})
}

// The page hands nothing over: the report goes out all the same, soon, and the
// bundle says what is missing.
func TestRecordWithoutThePagesHelp(t *testing.T) {
	play(t, func(_ *stage, p *parts) { p.settings.ScreenPicture = false }, func(s *stage) {
		s.work()
		s.page.keeps.Store(true)
		s.film(400*ms, operator(), onlooker())
		time.Sleep(time.Second)
		synctest.Wait()
		reports, _ := s.far.taken()
		if len(reports) != 1 || len(reports[0].Evidence) != 0 || reports[0].Faces != 2 || reports[0].FirstMS > 500 {
			t.Fatalf("after a second: %+v", reports)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		reports, bundles := s.far.taken()
		last := reports[len(reports)-1]
		if len(reports) != 2 || len(last.Evidence) != 1 || last.AgoMS < 2000 {
			t.Fatalf("after four: %+v", reports)
		}
		m, parts := openBundle(t, bundles[last.Evidence[0]])
		if len(parts) != 0 || !strings.Contains(m.Note, "camera") || !strings.Contains(m.Note, "screen") {
			t.Errorf("manifest %+v with %d parts", m, len(parts))
		}
		if got := s.happened(); strings.Contains(got, "screen taken") {
			t.Errorf("happened: %s", got)
		}
	})
}

func TestPicturesOfOtherIncidentsAreNotTaken(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.page.keeps.Store(true)
		for _, id := range []sekisho.IncidentID{"", "x", sekisho.IncidentID(wire.NewID())} {
			s.page.say(wire.PageMessage{Type: "picture", Incident: id}, jpegBytes)
		}
		s.film(400*ms, operator(), onlooker())
		s.page.mu.Lock()
		id := s.page.asked[len(s.page.asked)-1].Incident
		s.page.mu.Unlock()
		first, second := append([]byte{}, jpegBytes...), append([]byte{}, jpegBytes...)
		second[5] = 'X'
		s.page.say(wire.PageMessage{Type: "picture", Incident: id}, first)
		s.page.say(wire.PageMessage{Type: "picture", Incident: id}, second) // the first one stands
		time.Sleep(4 * time.Second)
		synctest.Wait()
		reports, bundles := s.far.taken()
		_, parts := openBundle(t, bundles[reports[len(reports)-1].Evidence[0]])
		if len(parts) != 2 || parts[0].Data[5] != first[5] {
			t.Errorf("%d parts, %q", len(parts), parts[0].Data)
		}
		n := 0
		_ = s.ask(func() error { n = len(s.records); return nil })
		if n != 0 {
			t.Errorf("%d records with clear pictures are still in memory", n)
		}
	})
}

func TestPolicyWithoutLockLocksNothing(t *testing.T) {
	play(t, func(s *stage, _ *parts) { s.far.policy.LockOS = false }, func(s *stage) {
		s.work()
		s.film(400*ms, operator(), onlooker())
		time.Sleep(3 * time.Second)
		if got := s.happened(); strings.Contains(got, "system locked") {
			t.Errorf("happened: %s", got)
		}
	})
}

func TestStopEndsTheSession(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.cancel()
		<-s.done
		if got := s.happened(); s.Live() || !strings.Contains(got, "flows reset") {
			t.Errorf("live %v, happened: %s", s.Live(), got)
		}
		if err := s.Connect(""); !errors.Is(err, errStopped) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestPageCannotSkipItsTurn(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.openPage()
		for _, m := range []wire.PageMessage{{Type: "login"}, {Type: "enrol", Approval: "x"}, {Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, {Type: "break"}} {
			s.page.mu.Lock()
			s.page.refused = ""
			s.page.mu.Unlock()
			s.page.say(m, nil)
			synctest.Wait()
			if _, _, _, _, refused := s.page.seen(); refused != "local.too_early" {
				t.Errorf("%s: %q", m.Type, refused)
			}
		}
		// What has no meaning now changes nothing.
		for _, m := range []wire.PageMessage{{Type: "resume"}, {Type: "confirm"}, {Type: "pose", Pose: "left"}, {Type: "verdict"}, {Type: "frame"}, {Type: ""}} {
			s.page.say(m, nil)
			synctest.Wait()
		}
		s.show(nil, operator())
		if st := s.Status(""); st.Phase != phaseReady || s.Live() {
			t.Errorf("%+v", st)
		}
	})
}
