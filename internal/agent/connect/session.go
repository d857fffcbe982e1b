package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const endWithin = 3 * time.Second

var errNap = sekisho.Fail(sekisho.KindExpired, "lease.lost")

// session is the live one.
type session struct {
	id     sekisho.SessionID
	class  sekisho.LeaseClass
	policy wire.GuardPolicy
	lease  lease
	heard  time.Duration // when the newest nonce came
	over   chan struct{} // closed when the server has said that the session is over

	byHand    bool // class approved without a camera
	confirmed time.Duration
	shown     time.Duration
}

// byHand says that confirmations, not frames, keep the session.
func (a *Agent) byHand() bool { return a.session != nil && a.session.byHand }

// openSession starts the guard over a session that the server has opened.
func (a *Agent) openSession(conn connection, answer wire.SessionAnswer, camera bool) error {
	now := a.clock.Mono()
	s := &session{id: answer.Session.ID, class: answer.Session.Class, policy: answer.Policy, heard: now, confirmed: now,
		over: make(chan struct{}), byHand: !camera}
	l, err := a.server.Lease(conn, s.id, uplink.Heard{
		Nonce:  func(text string) { a.do(func() { a.nonceCame(s, text) }) },
		Closed: func(c wire.LeaseClosed) { a.do(func() { a.leaseClosed(s, c) }) },
	})
	if err != nil {
		return err
	}
	s.lease = l
	conn.Renew()
	a.setNonce("") // the login's is used up; the lease's first one is on its way
	if a.machine == nil || a.made != (rules{answer.Policy, s.class}) {
		a.newMachine(answer.Policy, s.class)
	}
	a.session, a.farewell = s, nil
	a.open.Store(true)
	if s.byHand {
		a.verdict = vigil.Verdict{State: sekisho.Present}
	} else {
		a.verdict = a.machine.Open(now)
	}
	a.me.Session = &answer.Session
	a.stand(phaseLive, nil)
	if s.class == sekisho.ClassFace {
		a.noteCamera()
	}
	a.spread(s)
	a.tellVerdict()
	if s.byHand {
		a.tellHand(now)
	}
	return nil
}

func (a *Agent) nonceCame(s *session, text string) {
	if a.session != s {
		return
	}
	s.heard = a.clock.Mono()
	a.setNonce(text)
	if s.byHand {
		s.lease.Verdict(uplink.Verdict{State: sekisho.Present, InState: s.heard - s.confirmed, Captured: a.clock.Mono()})
	}
}

// leaseClosed takes the server's notice that a session is over.
func (a *Agent) leaseClosed(s *session, c wire.LeaseClosed) {
	select {
	case <-s.over:
	default:
		close(s.over)
	}
	if a.session != s {
		return
	}
	code := c.Reason
	if wire.TextOf(code) == wire.TextOf("internal") {
		code = "lease.expired"
	}
	a.fallQuietly(c.State, code, false)
}

// confirm is the operator's own word that he is there, without a camera.
func (a *Agent) confirm(at time.Duration) {
	if a.byHand() {
		a.session.confirmed = at
		a.tellHand(at)
	}
}

// tickSession ends what has lapsed on this side: no nonce, no page, no word.
func (a *Agent) tickSession(now time.Duration) {
	s := a.session
	if s == nil {
		return
	}
	switch {
	case now-s.heard >= wire.LeaseTTL:
		a.lost(sekisho.Fail(sekisho.KindBusy, "lease.expired"))
	case a.link == nil, now-a.link.alive >= aliveWithin:
		a.losePage()
	case s.byHand && now-s.confirmed >= time.Duration(s.policy.ConfirmEvery)*time.Second:
		a.fallQuietly(sekisho.Absent, "lease.confirmation_missing", true)
	case s.byHand && now-s.shown >= time.Second/2:
		a.tellHand(now)
	}
}

// napAfter is the shortest suspend that counts: the two clocks are not read in
// the same instant.
const napAfter = time.Second

// wake notices that the system was suspended. Whoever opens the lid may be
// anybody: the work goes from the screen before anything else is looked at, and
// the way back leads through quarantine.
func (a *Agent) wake() {
	slept := a.clock.Asleep()
	nap := slept - a.slept
	a.slept = slept
	if nap < napAfter {
		return
	}
	slog.Warn("the system was suspended", "for", nap)
	if a.login != nil {
		a.failLogin(a.login, errNap)
	}
	if a.enrol != nil {
		a.failEnrol(a.enrol, errNap)
	}
	if a.session != nil {
		a.fallQuietly(sekisho.Lost, errNap.Code, true)
		a.dropConnection()
		a.connect(1)
	}
}

// tellHand shows the page an open screen without frames.
func (a *Agent) tellHand(now time.Duration) {
	a.session.shown = now
	if a.link != nil {
		v := wire.LocalVerdict{State: sekisho.Present, SinceMS: (now - a.session.confirmed).Milliseconds(), Screen: vigil.Open.String(), Interval: 500}
		a.link.send(wire.AgentMessage{Type: "verdict", Verdict: &v})
	}
}

// takeBreak closes access and lets the camera go.
func (a *Agent) takeBreak(at time.Duration) {
	if a.conn == nil || a.machine == nil {
		a.refuse(errEarly)
		return
	}
	a.dropEnrol()
	a.login = nil
	v := a.machine.Pause(at)
	if a.session != nil {
		v.State, v.Reason = sekisho.Break, sekisho.Break
		a.fall(v, at)
		return
	}
	a.verdict = v
	a.stand(phaseBreak, nil)
	a.tellVerdict()
}

func (a *Agent) resume(at time.Duration) {
	if a.phase != phaseBreak {
		return
	}
	if a.machine != nil {
		a.verdict = a.machine.Resume(at)
	}
	a.stand(phaseQuarantine, nil)
	a.tellVerdict()
}

// tellEnd tells the server that a session is over, and why. The loop does not
// wait for it; the connection's end does.
func (a *Agent) tellEnd(c connection, reason string) <-chan struct{} {
	said := make(chan struct{})
	if c == nil {
		close(said)
		return said
	}
	a.farewell = append(a.farewell, said)
	a.work.Go(func() {
		defer close(said)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), endWithin)
		defer cancel()
		_ = c.EndSession(ctx, reason) // the lease ends without it
	})
	return said
}
