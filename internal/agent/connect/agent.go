package connect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/blackout"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// Phases, in the words of wire.LocalStatus.
const (
	phaseUnenrolled = "unenrolled"
	phasePending    = "pending"
	phaseReady      = "ready"
	phaseConnecting = "connecting"
	phaseQuarantine = "quarantine"
	phaseLive       = "live"
	phaseBlack      = "black"
	phaseBreak      = "break"
)

var (
	errEarly   = sekisho.Fail(sekisho.KindConflict, "local.too_early")
	errStopped = sekisho.Fail(sekisho.KindBusy, "local.agent_absent")
)

// parts are what an Agent is made of.
type parts struct {
	dir      string
	settings Settings
	clock    clock
	server   server
	door     door // set after the door is open; nil before
	screen   blackout.Screen
	locker   blackout.Locker
	outbox   *uplink.Outbox
	engine   engine
	cameras  func() ([]inspect.Device, bool)
	posture  func(ctx context.Context, d sekisho.DeviceID) wire.PostureReport
	loadKey  func(ctx context.Context) (devicekey.Key, error)
	ek       func(ctx context.Context) ([]byte, error)           // endorsement key of the TPM that is there now
	again    func(ctx context.Context, e uplink.Enrolment) error // enrols anew in place of e
}

// Agent is the conductor. The fields below the line belong to its loop.
type Agent struct {
	parts
	acts  chan func()
	ctx   context.Context // of Run
	work  sync.WaitGroup  // goroutines that block in place of the loop
	shown atomic.Pointer[shown]
	seq   uint64               // of the newest status; the loop's
	line  atomic.Pointer[line] // the connection, for the front door
	open  atomic.Bool          // a session is open: the front door lets live routes pass

	ticket atomic.Pointer[ticketer] // of the open front door

	enrolments atomic.Int64 // begun and ended: an answer asked for before says nothing of them

	// ── the loop's ──
	phase     string
	code      string // an error code when something stands in the way
	key       devicekey.Key
	keyLost   bool // the TPM no longer knows the key of enrolment
	enrolment uplink.Enrolment
	slept     time.Duration // how long the system had been suspended when it was looked at last
	stamp     string        // of the enrolment's file when it was read
	looked    time.Duration // when it was looked at last, while there is none

	sitter string // who sits at a shared PC says that he is; "" after 切断

	conn       connection
	connID     sekisho.ConnectionID
	connCancel context.CancelFunc
	farewell   []<-chan struct{} // what must still be said on this connection before it is closed
	probing    bool              // a request failed; it is being asked whether the connection is alive
	me         wire.Me
	roster     *sealing.Roster
	face       face
	faceErr    error // why face cannot be used; nil if it can

	link    *link // the page, if any
	machine *vigil.Machine
	made    rules         // what machine was made with
	verdict vigil.Verdict // the last one
	camera  cameraCheck
	nonce   string // that the page must echo now

	login   *loginAttempt
	refused <-chan struct{} // closed when the server has been told of the last login that failed here
	enrol   *enrolAttempt
	session *session
	last    *session // that has just ended: its notice may still come
	records map[sekisho.IncidentID]*record
}

// line is one connection as the front door uses it.
type line struct{ connection }

func newAgent(ctx context.Context, p parts) *Agent {
	a := &Agent{parts: p, ctx: ctx, acts: make(chan func(), 256), phase: phaseUnenrolled, slept: p.clock.Asleep(),
		records: map[sekisho.IncidentID]*record{}}
	a.show()
	return a
}

// run is the loop. It returns when its context ends, after everything has been
// let go. begin comes first.
func (a *Agent) run() {
	tick := time.NewTicker(wire.Tick)
	defer tick.Stop()
	for {
		select {
		case act := <-a.acts:
			a.wake()
			act()
		case <-tick.C:
			a.wake()
			a.tick(a.clock.Mono())
		case <-a.ctx.Done():
			a.end()
			return
		}
	}
}

// do hands an act to the loop; false if the loop is over.
func (a *Agent) do(act func()) bool {
	select {
	case a.acts <- act:
		return true
	case <-a.ctx.Done():
		return false
	}
}

// ask is do that waits for an answer.
func (a *Agent) ask(act func() error) error {
	answer := make(chan error, 1)
	if !a.do(func() { answer <- act() }) {
		return errStopped
	}
	select {
	case err := <-answer:
		return err
	case <-a.ctx.Done():
		return errStopped
	}
}

// aside runs blocking work outside the loop; what it returns runs in the loop.
func (a *Agent) aside(work func() (then func())) {
	a.work.Go(func() {
		if then := work(); then != nil {
			a.do(then)
		}
	})
}

// begin reads the enrolment and the key. It runs again when this PC was enrolled
// anew: the key of before is another one, and nothing may rest on it.
func (a *Agent) begin() {
	a.stamp = uplink.EnrolmentStamp(a.dir)
	a.closeKey()
	a.keyLost = false
	e, err := uplink.LoadEnrolment(a.dir)
	if err != nil {
		a.stand(phaseUnenrolled, err)
		return
	}
	a.enrolment = e
	if err := a.outbox.Belong(e.Roots); err != nil {
		slog.Error("the outbox cannot be used", "error", err)
		a.stand(phaseUnenrolled, uplink.ErrState.Because(err))
		return
	}
	switch e.State {
	case uplink.StatePending:
		a.stand(phasePending, uplink.ErrPending)
		a.poll()
	case uplink.StateIssued:
		a.stand(phaseReady, a.openKey())
	default:
		a.stand(phaseUnenrolled, refusedBecause(e.Code))
	}
	if !a.engine.ready() && a.code == "" {
		a.code = errModels.Code
	}
	a.show()
}

func refusedBecause(code string) error {
	if code == "" {
		return uplink.ErrRefused
	}
	return sekisho.Fail(sekisho.KindDenied, code)
}

// openKey loads the device's key if it is not open yet. A key that this PC's
// TPM does not know ends the enrolment: only a new one helps.
func (a *Agent) openKey() error {
	if a.key != nil {
		return nil
	}
	key, err := a.loadKey(a.ctx)
	if err != nil {
		if errors.Is(err, devicekey.ErrLost) || errors.Is(err, devicekey.ErrMissing) || errors.Is(err, devicekey.ErrDamaged) || errors.Is(err, devicekey.ErrOther) {
			a.enrolment.State = ""
		}
		if errors.Is(err, devicekey.ErrLost) {
			a.keyLost = true
			err = a.whyLost(err)
		}
		slog.Error("the device's key cannot be used", "error", err)
		return err
	}
	a.key = key
	return nil
}

// stand puts the agent into a phase, with what stands in the way.
func (a *Agent) stand(phase string, err error) {
	a.phase, a.code = phase, ""
	if err != nil {
		a.code = sekisho.CodeOf(err)
		if a.enrolment.State == "" && phase == phaseReady {
			a.phase = phaseUnenrolled
		}
	}
	a.show()
}

// end lets go of everything, the session first.
func (a *Agent) end() {
	a.leave("session.ended_by_you")
	a.dropConnection()
	if a.link != nil {
		a.link.drop()
	}
	// Acts that others still hand in find the loop over: do returns false.
	a.work.Wait()
	a.closeKey()
}

func (a *Agent) closeKey() {
	if a.key == nil {
		return
	}
	if err := a.key.Close(); err != nil {
		slog.Warn("the device's key did not close", "error", err)
	}
	a.key = nil
}

// tick is called every 100 ms.
func (a *Agent) tick(now time.Duration) {
	if a.link != nil && a.machine != nil && !a.byHand() && a.judge(a.machine.Tick(now), now, false) {
		a.tellVerdict()
	}
	a.tickRoster()
	a.tickSession(now)
	a.tickLogin(now)
	a.tickEnrol(now)
	a.tickUnenrolled(now)
}

// tickUnenrolled notices that this PC has been enrolled meanwhile, by the
// command line beside the running agent.
func (a *Agent) tickUnenrolled(now time.Duration) {
	if a.phase != phaseUnenrolled || now-a.looked < pollEvery {
		return
	}
	a.looked = now
	if stamp := uplink.EnrolmentStamp(a.dir); stamp != a.stamp {
		a.begin()
	}
}
