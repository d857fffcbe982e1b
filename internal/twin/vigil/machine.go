package vigil

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Times of the machine. Those that a policy may choose are in wire.GuardPolicy;
// those of one face are in seat.go.
const (
	Calm      = 160 * time.Millisecond  // between checks while all is well: six a second
	Burst     = 30 * time.Millisecond   // after a doubtful frame: measure everything, at once
	burstFor  = 1500 * time.Millisecond // how long one doubt keeps the high rate
	lostAfter = time.Second             // without a frame
	awayAfter = 600 * time.Millisecond  // without the operator's face before he counts as absent
	dimAfter  = 2 * time.Second         // of absence
	countFrom = 3 * time.Second         // before the end of the policy's absence
	shyAfter  = time.Second             // an unknown face in the seat keeps the screen open no longer
	frozenFor = 1500 * time.Millisecond // without one changed pixel
	blindRun  = 2                       // frames in a row

	minAbsentMS = 5000
	maxAbsentMS = 30000
)

// Config is what a Machine is made with.
type Config struct {
	Policy     wire.GuardPolicy
	Thresholds Thresholds
	Class      sekisho.LeaseClass // ClassApproved: one face, unmatched, is present
}

// Machine judges one seat, frame by frame. It is not safe for concurrent use.
// The zero value judges nothing and stays closed.
type Machine struct {
	config Config

	now     time.Duration // the newest time that was given to it
	frame   uint64
	shot    time.Duration // when the newest frame left the camera
	heard   time.Duration // when it arrived
	started bool

	seat   seat
	beside beside
	blind  run
	frozen run

	state    sekisho.State
	since    time.Duration
	proof    time.Duration // when the newest frame that the state rests on left the camera
	doubting bool
	doubted  time.Duration // when the doubt began that keeps the rate high
	hint     string
	faces    int

	open    bool
	onBreak bool
	reason  sekisho.State
	shown   time.Duration
	present time.Duration // the newest time at which the operator was there for certain
}

// NewMachine returns a closed machine.
func NewMachine(c Config) *Machine {
	c.Policy.AbsentMS = max(minAbsentMS, min(maxAbsentMS, c.Policy.AbsentMS))
	return &Machine{config: c}
}

// Open opens the machine after a login that is Done and a session that the
// server opened. It does nothing on a break or without thresholds.
func (m *Machine) Open(at time.Duration) Verdict {
	m.advance(at)
	if !m.onBreak && m.config.Thresholds.judges() && m.config.Class != sekisho.ClassNone {
		m.open, m.reason, m.shown = true, sekisho.Unknown, 0
		m.present = m.now
		m.beside.gone() // the login saw the operator alone
		if m.state != sekisho.Present {
			m.enter(sekisho.Unsure, m.now)
		}
	}
	return m.verdict(false)
}

// Pause begins a break: closed at once, whatever the camera shows.
func (m *Machine) Pause(at time.Duration) Verdict {
	m.advance(at)
	m.onBreak = true
	m.forget()
	m.enter(sekisho.Break, m.now)
	return m.fall(sekisho.Break, m.now)
}

// Resume ends a break. The machine stays closed until Open.
func (m *Machine) Resume(at time.Duration) Verdict {
	m.advance(at)
	if m.onBreak {
		m.onBreak = false
		m.forget()
	}
	return m.verdict(false)
}

// Close closes from outside: the server ended the session, or the page went
// away (Lost), after which frames are numbered from the beginning again.
func (m *Machine) Close(why sekisho.State, at time.Duration) Verdict {
	m.advance(at)
	if why == sekisho.Lost && !m.onBreak {
		m.forget()
		m.frame, m.started = 0, false
		m.enter(sekisho.Lost, m.now)
	}
	return m.fall(why, m.now)
}

// Tick tells the machine that time passed without a frame; call it every 100 ms.
func (m *Machine) Tick(at time.Duration) Verdict {
	m.advance(at)
	if m.started && !m.onBreak && m.now-m.heard >= lostAfter && m.state != sekisho.Lost {
		m.forget()
		m.enter(sekisho.Lost, m.heard)
	}
	return m.judge()
}

// Step judges one frame. One that is no evidence counts as if none had come.
func (m *Machine) Step(o Observation, at time.Duration) Verdict {
	if o.Fault != "" || o.Width == 0 || o.Frame <= m.frame || m.onBreak || !m.config.Thresholds.judges() {
		return m.Tick(at)
	}
	m.advance(at)
	m.frame, m.shot, m.heard, m.started = o.Frame, max(m.now-o.Age, m.shot), m.now, true
	m.settle(m.classify(o, m.shot))
	return m.judge()
}

func (m *Machine) advance(at time.Duration) { m.now = max(m.now, at) }

// forget drops everything that was learnt of the seat.
func (m *Machine) forget() {
	m.seat, m.beside, m.blind, m.frozen = seat{}, beside{}, run{}, run{}
	m.state, m.since, m.proof, m.doubting, m.hint, m.faces = sekisho.Unknown, m.now, m.now, false, "", 0
}

// finding is what one frame, with those before it, says.
type finding struct {
	state sekisho.State
	since time.Duration // when the first frame that showed it left the camera
	doubt bool          // something disagrees with the state, or it is not a calm one
}

// classify applies the rules in the order of what closes first.
func (m *Machine) classify(o Observation, shot time.Duration) finding {
	t := m.config.Thresholds
	if o.Hidden {
		m.forget()
		return finding{state: sekisho.Lost, since: shot}
	}
	m.blind.note(o.Blind, shot)
	m.frozen.note(o.Frozen, shot)
	if m.blind.count >= blindRun {
		m.seat.leave()
		return finding{state: sekisho.Covered, since: m.blind.first}
	}
	operator, others := m.seat.pick(o, shot, t)
	looked := m.beside.note(others, m.seat.box(operator, shot), shot, t)
	m.faces, m.hint = m.beside.count, ""
	if operator != nil {
		m.faces++
		m.hint = operator.Hint
		m.seat.measure(operator, shot, t)
	} else {
		m.seat.miss(shot)
	}
	looked = looked && m.config.Policy.Onlooker
	doubt := m.blind.count > 0 || m.config.Policy.Onlooker && m.beside.doubtful()
	if since, yes := m.seat.pictured(shot); yes {
		return finding{sekisho.Spoof, since, doubt}
	}
	switch {
	case looked:
		return finding{sekisho.Onlooker, m.beside.since, doubt}
	case m.seat.foreign():
		return finding{sekisho.Other, m.seat.foreignSince, doubt}
	case operator == nil:
		return m.emptied(shot, doubt)
	case m.frozen.count > 2 && shot-m.frozen.first >= frozenFor:
		return finding{sekisho.Covered, m.frozen.first, doubt} // a picture of presence, not presence
	}
	return m.seated(shot, doubt)
}

// emptied is a frame without the operator's face: for a moment a doubt, then absence.
func (m *Machine) emptied(shot time.Duration, doubt bool) finding {
	if shot-m.seat.empty.first < awayAfter && (m.state == sekisho.Present || m.state == sekisho.Unsure) {
		return finding{sekisho.Unsure, m.seat.empty.first, true}
	}
	return finding{sekisho.Absent, m.seat.empty.first, doubt}
}

// seated is a frame with a face in the seat that nothing speaks against.
func (m *Machine) seated(shot time.Duration, doubt bool) finding {
	switch {
	case m.config.Class == sekisho.ClassApproved:
		return finding{sekisho.Present, shot, doubt || m.seat.doubtful()}
	case m.seat.matched(shot):
		return finding{sekisho.Present, shot, doubt || m.seat.doubtful()}
	}
	return finding{sekisho.Unsure, shot, true}
}

// settle takes a finding over into the state.
func (m *Machine) settle(f finding) {
	if f.doubt && !m.doubting {
		m.doubted = m.now
	}
	m.doubting, m.proof = f.doubt, m.shot
	if f.state == sekisho.Present {
		m.present = m.now
	}
	m.enter(f.state, f.since)
}

func (m *Machine) enter(s sekisho.State, since time.Duration) {
	if s != m.state {
		m.state, m.since = s, min(since, m.now)
	}
}

// judge says whether the session may go on in the present state.
func (m *Machine) judge() Verdict {
	if !m.open || m.lives() {
		return m.verdict(false)
	}
	return m.fall(m.state, m.since)
}

// lives is the rule of the lease (DESIGN §3.5), as the agent keeps it: present,
// unsure for five seconds in a row, absent until the policy's time, and no mix
// of the two for longer than both together.
func (m *Machine) lives() bool {
	in, apart := m.now-m.since, m.now-m.present
	absent := time.Duration(m.config.Policy.AbsentMS) * time.Millisecond
	switch m.state {
	case sekisho.Present:
		return true
	case sekisho.Unsure:
		return in < wire.MaxUnsure && apart < absent+wire.MaxUnsure
	case sekisho.Absent:
		return m.config.Class != sekisho.ClassApproved && in < absent && apart < absent+wire.MaxUnsure
	}
	return false
}

// fall closes the machine; only Open opens it again.
func (m *Machine) fall(why sekisho.State, shown time.Duration) Verdict {
	fell := m.open
	if fell {
		m.open, m.reason, m.shown = false, why, shown
	}
	return m.verdict(fell)
}

func (m *Machine) verdict(fell bool) Verdict {
	v := Verdict{
		State: m.state, InState: max(0, m.now-m.since), Frame: m.frame, Captured: m.proof, Open: m.open,
		Interval: Calm, Hint: m.hint, Fell: fell, Reason: m.reason, Shown: m.shown, Faces: m.faces,
	}
	if m.doubting && m.now-m.doubted < burstFor {
		v.Interval = Burst
	}
	if !m.open {
		if v.State == sekisho.Present || v.State == sekisho.Unsure { // recognised perhaps, but not let in: that is for a login
			v.State = sekisho.Unknown
		}
		return v
	}
	v.Screen, v.Count = m.screen(v.InState)
	return v
}

// screen shows what is coming: dimmed after two seconds of absence, then
// three, two, one; dimmed while nobody knows yet who sat down.
func (m *Machine) screen(in time.Duration) (Screen, int) {
	switch m.state {
	case sekisho.Present:
		return Open, 0
	case sekisho.Unsure:
		if m.seat.away || m.seat.unknown() && in >= shyAfter {
			return Dimmed, 0
		}
		return Open, 0
	case sekisho.Absent:
		left := time.Duration(m.config.Policy.AbsentMS)*time.Millisecond - in
		count := 0
		if left <= countFrom {
			count = int((left + time.Second - 1) / time.Second)
		}
		if in >= dimAfter {
			return Dimmed, count
		}
		return Open, count
	}
	return Black, 0
}
