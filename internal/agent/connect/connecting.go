package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	pollEvery     = 2 * time.Second  // a pending enrolment
	watchEvery    = 10 * time.Second // an idle connection
	watchWithin   = 8 * time.Second
	connectWithin = 40 * time.Second // TPM, server and WireGuard's first handshake together
	maxRetries    = 6                // attempts to come back by itself after a loss
)

var errOtherPerson = sekisho.Fail(sekisho.KindDenied, "connection.unknown").Because(errors.New("connect: the server names another person"))

// poll asks until a pending enrolment is decided, or another one has taken its place.
func (a *Agent) poll() {
	if err := a.openKey(); err != nil {
		a.stand(phaseUnenrolled, err)
		return
	}
	e, key, stamp := a.enrolment, a.key, a.stamp
	a.aside(func() func() {
		for {
			if uplink.EnrolmentStamp(a.dir) != stamp { // enrolled again beside us: this answer is nobody's
				return func() { a.begin() }
			}
			next, err := uplink.Poll(a.ctx, a.dir, e, key)
			if err == nil && next.State != uplink.StatePending {
				return func() { a.decided(e, next) }
			}
			if err != nil {
				slog.Warn("enrolment not decided yet", "error", err)
			}
			select {
			case <-time.After(pollEvery):
			case <-a.ctx.Done():
				return nil
			}
		}
	})
}

func (a *Agent) decided(asked, e uplink.Enrolment) {
	if a.enrolment.Device != asked.Device || a.enrolment.Fingerprint != asked.Fingerprint {
		return
	}
	a.enrolment, a.stamp = e, uplink.EnrolmentStamp(a.dir)
	if e.State == uplink.StateIssued {
		a.stand(phaseReady, nil)
		return
	}
	a.stand(phaseUnenrolled, refusedBecause(e.Code))
}

// connected is what a new connection brings.
type connected struct {
	conn      connection
	id        sekisho.ConnectionID
	enrolment uplink.Enrolment
	me        wire.Me
	roster    *sealing.Roster
	face      face
	faceErr   error
	rosterErr error
	told      postureTold
}

// connect opens a connection; retry counts the attempts after a loss.
func (a *Agent) connect(retry int) {
	if err := a.openKey(); err != nil {
		a.stand(phaseReady, err)
		return
	}
	a.stand(phaseConnecting, nil)
	if a.connCancel != nil { // of an attempt that failed
		a.connCancel()
	}
	ctx, cancel := context.WithCancel(a.ctx)
	a.connCancel = cancel
	e, key, login := a.enrolment, a.key, a.sitter
	a.aside(func() func() {
		if retry > 0 {
			select {
			case <-time.After(time.Second << min(retry-1, 4)):
			case <-ctx.Done():
				return nil
			}
		}
		within, done := context.WithTimeout(ctx, connectWithin)
		defer done()
		c := connected{}
		var err error
		if c.conn, c.id, c.enrolment, err = a.server.Connect(within, e, key, login); err == nil {
			err = a.acquaint(within, key, &c)
		}
		return func() { a.reached(ctx, c, err, retry) }
	})
}

// faceOf loads what is kept here of a person's face, if anything may be.
func (a *Agent) faceOf(ctx context.Context, key devicekey.Key, p wire.DeskPerson) (face, error) {
	switch {
	case mustForget(p):
		if err := forgetFace(a.dir, p.ID); err != nil {
			slog.Error("a face that may not be kept could not be deleted", "error", err)
		}
		return face{}, errNotEnroled
	case !p.FaceUsable: // compared with nobody
		return face{}, errNotEnroled
	case !p.Consented: // to the text of today: it waits for his answer
		return face{}, errConsent
	}
	return loadFace(ctx, a.dir, key, p)
}

// acquaint learns what is needed before anybody can be let in.
func (a *Agent) acquaint(ctx context.Context, key devicekey.Key, c *connected) (err error) {
	if c.me, err = c.conn.Me(ctx); err != nil {
		_ = c.conn.Close() // it is being given up
		return err
	}
	a.firstPosture(ctx, c)
	roster, err := currentRoster(ctx, a.dir, c.conn, c.enrolment.Roots, a.clock.Now())
	if err != nil {
		slog.Error("no roster to seal records to", "error", err)
		c.rosterErr = err
	} else {
		c.roster = &roster
	}
	if err := a.share(ctx, key, c); err != nil {
		_ = c.conn.Close() // it is being given up
		return err
	}
	c.face, c.faceErr = a.faceOf(ctx, key, c.me.Person)
	return nil
}

func (a *Agent) reached(ctx context.Context, c connected, err error, retry int) {
	if ctx.Err() != nil { // disconnected meanwhile
		if c.conn != nil && err == nil {
			a.aside(func() func() { _ = c.conn.Close(); return nil })
		}
		return
	}
	if err != nil {
		slog.Warn("not connected", "error", err, "attempt", retry)
		a.learnShared(err)
		if retry > 0 && retry < maxRetries && sekisho.KindOf(err) == sekisho.KindBusy {
			a.connect(retry + 1)
			return
		}
		a.stand(phaseReady, err)
		return
	}
	a.enrolment, a.conn, a.connID, a.me = c.enrolment, c.conn, c.id, c.me
	a.roster, a.face, a.faceErr, a.probing = c.roster, c.face, c.faceErr, false
	a.line.Store(&line{c.conn})
	a.newMachine(a.me.Policy, sekisho.ClassFace)
	a.outbox.Serve(a.me.Person.ID)
	a.aside(func() func() { a.outbox.Run(ctx, c.conn); return nil })
	a.watch(ctx, c.conn)
	a.followPosture(ctx, c.conn, c.told)
	a.stand(phaseQuarantine, c.rosterErr)
}

// watch asks now and then whether the connection is alive; while a session is
// open its lease says so.
func (a *Agent) watch(ctx context.Context, c connection) {
	a.aside(func() func() {
		for {
			select {
			case <-time.After(watchEvery):
			case <-ctx.Done():
				return nil
			}
			if a.open.Load() {
				continue
			}
			within, cancel := context.WithTimeout(ctx, watchWithin)
			told, err := a.askMe(within, c)
			cancel()
			if !a.do(func() {
				if err != nil && a.conn == c {
					a.trouble(err) // asks once more before anything is given up
					return
				}
				a.watched(c, told, err)
			}) {
				return nil
			}
		}
	})
}

// told is the server's answer about the person, and how many enrolments had
// begun or ended when it was asked.
type told struct {
	me         wire.Me
	enrolments int64
}

func (a *Agent) askMe(ctx context.Context, c connection) (told, error) {
	n := a.enrolments.Load()
	me, err := c.Me(ctx)
	return told{me, n}, err
}

func (a *Agent) watched(c connection, answer told, err error) {
	if a.conn != c {
		return
	}
	a.probing = false
	if err == nil {
		a.learn(answer)
		return
	}
	code := sekisho.CodeOf(err)
	if errors.Is(err, uplink.ErrClosed) || code == "connection.unknown" || code == "tunnel.broken" {
		a.lost(err)
	}
}

// learn takes in what the server says of the person now. A connection is one
// person's: an answer that names somebody else ends it, and what was under way
// on it, so that nothing is signed about one person with another's face.
//
// Consent that was taken back takes effect here: the face is deleted from the
// disk and from memory. An answer from before an enrolment says nothing of it.
func (a *Agent) learn(t told) bool {
	if t.me.Person.ID != a.me.Person.ID {
		a.lost(errOtherPerson)
		return false
	}
	if t.enrolments != a.enrolments.Load() || a.enrol != nil && a.enrol.sending {
		return true
	}
	a.me = t.me
	if a.phase == phaseBlack && a.code == "consent.withdrawn" && a.me.Person.Consented { // given again: nothing is closed for want of it
		a.stand(phaseQuarantine, nil)
	}
	if mustForget(a.me.Person) {
		a.face, a.faceErr = face{}, errNotEnroled
		if err := forgetFace(a.dir, a.me.Person.ID); err != nil {
			slog.Error("a face that may not be kept could not be deleted", "error", err)
		}
	}
	return true
}

// trouble looks at a request that failed: it may have met the reset of a
// session's flows, or the connection may be gone. One question more tells.
func (a *Agent) trouble(err error) {
	code := sekisho.CodeOf(err)
	if errors.Is(err, uplink.ErrClosed) || code == "connection.unknown" {
		a.lost(err)
		return
	}
	if code != "tunnel.broken" || a.probing || a.conn == nil {
		return
	}
	a.probing = true
	conn := a.conn
	a.aside(func() func() {
		ctx, cancel := context.WithTimeout(a.ctx, watchWithin)
		defer cancel()
		answer, err := a.askMe(ctx, conn)
		return func() { a.watched(conn, answer, err) }
	})
}

// lost gives a connection up and comes back through quarantine.
func (a *Agent) lost(err error) {
	slog.Warn("the connection is lost", "error", err)
	a.fallQuietly(sekisho.Lost, "lease.expired", true)
	a.dropConnection()
	a.connect(1)
}

// dropConnection closes the connection and forgets what came with it.
func (a *Agent) dropConnection() {
	if a.connCancel != nil {
		a.connCancel()
		a.connCancel = nil
	}
	conn := a.conn
	a.line.Store(nil)
	a.conn, a.connID, a.me, a.roster, a.face, a.faceErr = nil, "", wire.Me{}, nil, face{}, nil
	a.dropEnrol()
	a.login, a.machine, a.verdict = nil, nil, vigil.Verdict{}
	farewell := a.farewell
	a.farewell = nil
	if conn != nil {
		a.aside(func() func() {
			for _, said := range farewell {
				<-said // bounded by itself
			}
			// What was sealed a moment ago is handed over before the line is given up:
			// else it would be missed until this PC connects again.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), endWithin)
			defer cancel()
			if err := a.outbox.Flush(ctx, conn); err != nil {
				slog.Warn("evidence waits in the outbox for the next connection", "error", err)
			}
			_ = conn.Close() // the tunnel ends either way
			return nil
		})
	}
}
