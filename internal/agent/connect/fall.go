package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/blackout"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// reportable says which states are incidents; a break and a doubt are none.
func reportable(s sekisho.State) bool {
	switch s {
	case sekisho.Onlooker, sekisho.Other, sekisho.Absent, sekisho.Covered, sekisho.Spoof, sekisho.Lost:
		return true
	}
	return false
}

// unguarded says that a screen goes black because nobody could say any more that
// the operator sits there alone: then the system is locked too, where the policy
// says so. A break, the end of work, a line that is gone and a supervisor's word
// are no such reasons: the guard saw the operator to the last.
func unguarded(why sekisho.State, code string) bool {
	return code != "lease.expired" && (reportable(why) || why == sekisho.Unsure)
}

// lockAside locks the system for an end that is no record; preserve does it for
// those that are.
func (a *Agent) lockAside(s *session) {
	if !s.policy.LockOS {
		return
	}
	a.aside(func() func() {
		if err := a.locker.Lock(context.WithoutCancel(a.ctx)); err != nil { // bounded by itself
			slog.Error("the system was not locked", "error", err)
		}
		return nil
	})
}

// fall closes the seat on the guard's own verdict. The order is a promise: what
// a stranger could see goes first, nothing on the network is waited for.
func (a *Agent) fall(v vigil.Verdict, now time.Duration) {
	s := a.session
	why := v.Reason
	var screen grabbed
	if reportable(why) {
		screen = a.grab()
	}
	a.shut(why, v)
	if why == sekisho.Break {
		a.stand(phaseBreak, nil)
	} else {
		a.stand(phaseBlack, nil)
	}
	a.tellFall(v)
	a.aborted()
	s.lease.Verdict(uplink.Verdict{State: why, InState: v.InState, Captured: v.Captured, Ends: true})
	if reportable(why) {
		a.record(s, v, now, screen)
		return
	}
	if why == sekisho.Unsure { // a state that alone ends no lease at once
		a.tellEnd(a.conn, "lease.unsure")
		a.lockAside(s)
	}
	a.release(s, nil)
}

// fallQuietly closes the seat for a reason that is no detection: the server
// ended it, the line is gone, a confirmation did not come. tell says that the
// server has to be told.
func (a *Agent) fallQuietly(state sekisho.State, code string, tell bool) {
	s := a.session
	if s == nil {
		return
	}
	var v vigil.Verdict
	if a.machine != nil {
		v = a.machine.Close(state, a.clock.Mono())
	}
	if v.State == sekisho.Unknown || a.byHand() {
		v.State = state
	}
	a.shut(state, v)
	a.stand(phaseBlack, sekisho.Fail(sekisho.KindExpired, code))
	a.tellFall(v)
	a.aborted()
	if unguarded(state, code) {
		a.lockAside(s)
	}
	var said <-chan struct{}
	if tell {
		said = a.tellEnd(a.conn, code)
	}
	a.release(s, said)
}

// leave ends a session because the operator, or the agent's own end, asks for
// it; the phase is the caller's to set.
func (a *Agent) leave(code string) { a.fallQuietly(sekisho.Break, code, true) }

// shut makes the session's end true on this side before anything is told.
func (a *Agent) shut(why sekisho.State, v vigil.Verdict) {
	a.open.Store(false)
	a.last, a.session, a.nonce = a.session, nil, ""
	a.me.Session = nil
	v.Screen, v.Open, v.Count = vigil.Black, false, 0
	a.verdict = v
	slog.Info("closed", "state", why, "faces", v.Faces)
}

// tellFall shows the page the verdict that closed it.
func (a *Agent) tellFall(v vigil.Verdict) {
	if a.link == nil {
		return
	}
	local := v.Local()
	local.Screen, local.Countdown = vigil.Black.String(), 0
	if local.Interval == 0 {
		local.Interval = int(vigil.Calm.Milliseconds())
	}
	a.link.send(wire.AgentMessage{Type: "verdict", Verdict: &local})
}

// aborted resets what still flows to the page.
func (a *Agent) aborted() {
	if a.door != nil {
		a.door.Abort()
	}
	if a.conn != nil {
		a.conn.Cut()
	}
}

// release lets the lease's socket go when the server has answered, or when the
// lease has passed by itself. What ended quietly is told on it once more, for
// the case that the request did not arrive.
func (a *Agent) release(s *session, said <-chan struct{}) {
	a.work.Go(func() {
		if said != nil {
			<-said // bounded by itself
		}
		s.lease.Verdict(uplink.Verdict{State: sekisho.Lost, Captured: a.clock.Mono(), Ends: true}) // nothing, if an end was given before
		select {
		case <-s.over:
		case <-time.After(endWithin):
		case <-a.ctx.Done():
		}
		s.lease.Close()
	})
}

// grabbed is the screen's raw picture, or why there is none.
type grabbed struct {
	picture blackout.Picture
	err     error
}

// grab takes the screen as it is at this moment, within its bound.
func (a *Agent) grab() grabbed {
	if !a.settings.ScreenPicture {
		return grabbed{err: errors.New("not configured")}
	}
	ctx, cancel := context.WithTimeout(a.ctx, blackout.GrabWithin)
	defer cancel()
	p, err := a.screen.Grab(ctx)
	return grabbed{p, err}
}
