package vigil

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Times of the machine. Those that a policy may choose are in wire.GuardPolicy.
const (
	Calm        = 160 * time.Millisecond  // between checks while all is well: six a second
	Burst       = 30 * time.Millisecond   // after a doubtful frame: measure everything, at once
	burstFor    = 1500 * time.Millisecond // how long a doubt keeps the high rate
	lostAfter   = time.Second             // without a frame
	awayAfter   = 600 * time.Millisecond  // without the operator's face before he counts as absent
	dimAfter    = 2 * time.Second         // of absence
	countFrom   = 3 * time.Second         // before the end of the policy's absence
	matchFor    = 1200 * time.Millisecond // how long one match speaks for a face that is never out of sight
	turnedFor   = 3 * time.Second         // the same while the face is seen turned away or down
	frozenFor   = 1500 * time.Millisecond // without one changed pixel
	clearFor    = 600 * time.Millisecond  // without an onlooker before he counts as gone
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

	now      time.Duration
	frame    uint64
	captured time.Duration // of the newest frame
	heard    time.Duration // when the newest frame arrived
	started  bool

	seat   seat
	beside beside
	blind  run
	frozen run

	state  sekisho.State
	since  time.Duration
	proof  time.Duration // capture of the newest frame that the state rests on
	doubt  time.Duration // when the doubt began that keeps the rate high
	doubts bool
	hint   string
	faces  int

	open    bool
	onBreak bool
	reason  sekisho.State
	shown   time.Duration
	present time.Duration // capture of the newest frame with the operator for certain
	strict  bool
}

// NewMachine returns a closed machine.
func NewMachine(c Config) *Machine {
	c.Policy.AbsentMS = max(minAbsentMS, min(maxAbsentMS, c.Policy.AbsentMS))
	return &Machine{config: c}
}

// Open opens the machine after a login that is Done and a session that the
// server opened. It does nothing on a break.
func (m *Machine) Open(at time.Duration) Verdict {
	m.advance(at)
	if !m.onBreak && m.config.Thresholds.judges() {
		m.open, m.reason, m.shown, m.strict = true, sekisho.Unknown, 0, false
		m.present = m.now
		if m.state != sekisho.Present {
			m.enter(sekisho.Unsure, m.now, m.now)
		}
	}
	return m.verdict(false)
}

// Pause begins a break: closed at once, whatever the camera shows.
func (m *Machine) Pause(at time.Duration) Verdict {
	m.advance(at)
	m.onBreak = true
	m.enter(sekisho.Break, m.now, m.now)
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

// Close closes from outside: the server ended the session, the page is gone.
func (m *Machine) Close(state sekisho.State, at time.Duration) Verdict {
	m.advance(at)
	if state == sekisho.Lost {
		m.forget()
		m.enter(sekisho.Lost, m.now, m.now)
	}
	return m.fall(state, m.now)
}

// Tick tells the machine that time passed without a frame; call it every 100 ms.
func (m *Machine) Tick(at time.Duration) Verdict {
	m.advance(at)
	if m.onBreak {
		return m.verdict(false)
	}
	if m.started && m.now-m.heard >= lostAfter && m.state != sekisho.Lost {
		m.forget()
		m.enter(sekisho.Lost, m.heard, m.heard)
	}
	return m.judge()
}

// Step judges one frame.
func (m *Machine) Step(o Observation, at time.Duration) Verdict {
	if o.Fault != "" || o.Width == 0 || o.Frame <= m.frame || m.onBreak || !m.config.Thresholds.judges() {
		return m.Tick(at)
	}
	m.advance(at)
	shot := max(m.now-o.Age, m.captured)
	m.frame, m.captured, m.heard, m.started = o.Frame, shot, m.now, true
	m.settle(m.classify(o, shot), shot)
	return m.judge()
}

func (m *Machine) advance(at time.Duration) { m.now = max(m.now, at) }

// forget drops everything that was learnt of the seat.
func (m *Machine) forget() {
	m.seat, m.beside, m.blind, m.frozen = seat{}, beside{}, run{}, run{}
	m.state, m.since, m.proof, m.doubts, m.hint, m.faces = sekisho.Unknown, m.now, m.now, false, "", 0
}

// finding is what one frame, with those before it, says.
type finding struct {
	state sekisho.State
	since time.Duration // capture of the first frame that showed it
	doubt bool          // the frame disagrees with the state, or the state is not a calm one
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
	if m.blind.count >= 2 {
		m.seat.leave()
		return finding{state: sekisho.Covered, since: m.blind.first}
	}
	operator, others := m.seat.pick(o, shot, t)
	looker, since := m.beside.note(others, &m.seat, operator, shot, t, m.config.Policy.Onlooker)
	m.faces = m.beside.counted
	m.hint = ""
	if operator != nil {
		m.faces++
		m.hint = operator.Hint
		m.seat.measure(operator, shot, t)
	} else {
		m.seat.miss(shot)
	}
	doubt := m.blind.count > 0 || m.beside.doubtful() || m.frozen.count > 1
	switch {
	case m.seat.pictured(shot):
		return finding{sekisho.Spoof, m.seat.picturedSince(), doubt}
	case looker:
		return finding{sekisho.Onlooker, since, doubt}
	case m.seat.foreign():
		return finding{sekisho.Other, m.seat.foreignSince, doubt}
	case m.frozen.count > 2 && shot-m.frozen.first >= frozenFor:
		return finding{sekisho.Covered, m.frozen.first, doubt}
	case operator == nil:
		return m.empty(shot, doubt)
	}
	return m.seated(operator, shot, doubt)
}

// empty is a frame without the operator's face.
func (m *Machine) empty(shot time.Duration, doubt bool) finding {
	if m.seat.gone(shot) >= awayAfter || m.state != sekisho.Present && m.state != sekisho.Unsure {
		return finding{sekisho.Absent, m.seat.emptySince, doubt}
	}
	return finding{sekisho.Unsure, m.seat.emptySince, true}
}

// seated is a frame with a face in the seat that nothing speaks against.
func (m *Machine) seated(operator *Sighting, shot time.Duration, doubt bool) finding {
	if m.config.Class == sekisho.ClassApproved {
		return finding{sekisho.Present, shot, doubt}
	}
	if m.seat.matched(shot) {
		return finding{sekisho.Present, shot, doubt || m.seat.doubtful()}
	}
	return finding{sekisho.Unsure, shot, true}
}

// settle takes a finding over into the state.
func (m *Machine) settle(f finding, shot time.Duration) {
	if f.doubt && !m.doubts {
		m.doubt = m.now
	}
	m.doubts = f.doubt
	if f.state == sekisho.Present {
		m.present = m.evidence(shot)
	}
	if f.state == m.state {
		m.proof = m.evidence(shot)
		return
	}
	m.enter(f.state, f.since, m.evidence(shot))
}

// evidence is the capture time of the frame that identity rests on: presence
// rests on the newest match, everything else on the newest frame.
func (m *Machine) evidence(shot time.Duration) time.Duration {
	if m.seat.held && m.config.Class != sekisho.ClassApproved && m.seat.lastMatch > 0 && m.seat.matched(shot) {
		return m.seat.continued(shot)
	}
	return shot
}

func (m *Machine) enter(s sekisho.State, since, proof time.Duration) {
	if s == m.state {
		return
	}
	m.state, m.since, m.proof = s, min(since, m.now), proof
}

// judge says whether the session may go on in the present state.
func (m *Machine) judge() Verdict {
	if !m.open {
		return m.verdict(false)
	}
	in := m.now - m.since
	absent := time.Duration(m.config.Policy.AbsentMS) * time.Millisecond
	switch m.state {
	case sekisho.Present:
		return m.verdict(false)
	case sekisho.Unsure:
		if in < wire.MaxUnsure && m.now-m.present < absent+wire.MaxUnsure {
			return m.verdict(false)
		}
	case sekisho.Absent:
		if in < absent && m.now-m.present < absent+wire.MaxUnsure && m.config.Class != sekisho.ClassApproved {
			return m.verdict(false)
		}
	}
	return m.fall(m.state, m.since)
}

// fall closes the machine; only Open opens it again.
func (m *Machine) fall(why sekisho.State, shown time.Duration) Verdict {
	fell := m.open
	if fell {
		m.open, m.reason, m.shown = false, why, shown
	}
	if m.config.Policy.Reentry != "standard" {
		switch why {
		case sekisho.Other, sekisho.Spoof, sekisho.Covered:
			m.strict = true
		}
	}
	return m.verdict(fell)
}

func (m *Machine) verdict(fell bool) Verdict {
	v := Verdict{
		State: m.state, InState: max(0, m.now-m.since), Frame: m.frame, Captured: m.proof, Open: m.open,
		Interval: Calm, Hint: m.hint, Fell: fell, Reason: m.reason, Shown: m.shown, Faces: m.faces, Strict: m.strict,
	}
	if m.doubts && m.now-m.doubt < burstFor {
		v.Interval = Burst
	}
	if !m.open {
		if v.State == sekisho.Present { // recognised, but not let in: that is for a login
			v.State = sekisho.Unknown
		}
		return v
	}
	v.Screen = Open
	if m.state == sekisho.Absent || m.state == sekisho.Unsure && m.seat.fresh {
		m.dim(&v)
	}
	return v
}

// dim shows absence coming: dimmed after two seconds, then three, two, one.
func (m *Machine) dim(v *Verdict) {
	if v.State == sekisho.Unsure { // somebody sat down after an absence and is not known yet
		v.Screen = Dimmed
		return
	}
	if v.InState >= dimAfter {
		v.Screen = Dimmed
	}
	left := time.Duration(m.config.Policy.AbsentMS)*time.Millisecond - v.InState
	if left <= countFrom {
		v.Count = int((left + time.Second - 1) / time.Second)
	}
}
