package ivr

import (
	"maps"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// MaxSteps is how many nodes one call may come through.
const MaxSteps = 1000

// longest is the longest that a prompt is waited for; margin what a wait has beyond
// the time that whoever is waited for was given.
const (
	longest = MaxPrompt + margin
	margin  = 10 * time.Second
)

// phase is what a machine is doing.
type phase uint8

const (
	idle    phase = iota // not started
	waiting              // for an event that answers wait
	talking              // with an operator, or put through
	over
)

// Machine walks one call through a flow. It is not safe for use by several goroutines.
type Machine struct {
	nodes map[NodeID]*Node
	flow  Flow
	facts Facts

	phase      phase
	at         *Node // nil while the fallback is under way
	wait       int
	then       func(Event) (NodeID, bool) // what an answer leads to; false: go on waiting
	queued     bool                       // what is waited for is a queue
	left       bool                       // a message was left
	fallen     bool
	cause      calls.Cause
	steps      int
	level      sekisho.Level
	attributes map[string]Value
	collected  map[string]Secret
	path       []NodeID
	now        time.Time
	out        []Step
}

// Begin stands at the start of a flow. Nothing happens before the Event Started.
func Begin(f Flow, facts Facts) *Machine {
	m := &Machine{flow: f, facts: facts, nodes: map[NodeID]*Node{}, level: facts.Level, attributes: map[string]Value{}, collected: map[string]Secret{}}
	for i := range f.Nodes {
		m.nodes[f.Nodes[i].ID] = &f.Nodes[i]
	}
	if !m.level.Valid() {
		m.level = sekisho.LevelFull
	}
	return m
}

// Take tells the machine what happened and gives what to do next. Nothing to do
// means: go on as before.
func (m *Machine) Take(e Event) []Step {
	m.out = nil
	if !e.At.IsZero() {
		m.now = e.At
	}
	switch {
	case m.phase == over:
	case e.Kind == HungUp && m.phase == waiting && m.queued:
		m.end(calls.Abandoned)
	case e.Kind == HungUp:
		m.end(calls.ByCaller)
	case m.phase == idle && e.Kind == Started:
		m.enter(m.flow.Start)
	case m.phase == talking && e.Kind == Talked:
		if m.flow.Survey == "" || m.fallen {
			m.hang(m.cause)
		} else {
			m.enter(m.flow.Survey)
		}
	case m.phase == waiting && e.Wait == m.wait:
		if next, done := m.then(e); done && m.phase == waiting {
			m.enter(next)
		}
	}
	return m.out
}

// Ended gives why the call ended for the flow; false while it has not.
func (m *Machine) Ended() (calls.Cause, bool) { return m.cause, m.phase == over }

// Talking says whether somebody has answered and the talk has not ended.
func (m *Machine) Talking() bool { return m.phase == talking }

// Level is the call's level as it is now.
func (m *Machine) Level() sekisho.Level { return m.level }

// Path gives the nodes that the call came through, in order.
func (m *Machine) Path() []NodeID { return m.path }

// Attributes gives a copy of what was noted about the call.
func (m *Machine) Attributes() map[string]Value { return maps.Clone(m.attributes) }

func (m *Machine) do(s Step) { m.out = append(m.out, s) }

// enter walks on from a node until something has to be waited for.
func (m *Machine) enter(id NodeID) {
	for {
		n := m.nodes[id]
		if m.steps++; m.steps > MaxSteps {
			m.fall(id, errSteps)
			return
		}
		if n == nil {
			m.fall(id, errTarget)
			return
		}
		m.at, m.path = n, append(m.path, id)
		next, goesOn := m.visit(n)
		if !goesOn {
			return
		}
		id = next
	}
}

// await makes a wait of at most most; then says what an event leads to.
func (m *Machine) await(most time.Duration, then func(Event) (NodeID, bool)) Wait {
	m.wait++
	m.phase, m.then, m.queued = waiting, then, false
	return Wait{ID: m.wait, Most: most}
}

// talk begins: the machine waits for nothing until it has ended.
func (m *Machine) talk(cause calls.Cause) (NodeID, bool) {
	m.phase, m.cause = talking, cause
	return "", false
}

func (m *Machine) hang(cause calls.Cause) {
	if m.left && cause == calls.ByFlow {
		cause = calls.ToVoicemail
	}
	m.do(HangStep{cause})
	m.end(cause)
}

func (m *Machine) end(cause calls.Cause) {
	m.phase, m.cause, m.then = over, cause, nil
	clear(m.collected)
}

// fall goes the flow's fallback, once: into its queue, then words, then the end.
func (m *Machine) fall(id NodeID, why *sekisho.Error) {
	m.do(FaultStep{id, why.Code})
	if m.fallen {
		m.hang(calls.ByFlow)
		return
	}
	m.fallen, m.at = true, nil
	if m.flow.Fallback.Queue == "" {
		m.words()
		return
	}
	m.do(QueueStep{
		Wait: m.await(fallbackWait+margin, func(e Event) (NodeID, bool) {
			switch e.Kind {
			case Answered:
				return m.talk(calls.ByOperator)
			case Overflowed, Timeout, Failed:
				m.words()
			}
			return "", false
		}),
		Queue: m.flow.Fallback.Queue, Level: m.level, Attributes: m.Attributes(),
	})
	m.queued = true
}

// fallbackWait is how long a call waits in the fallback's queue.
const fallbackWait = 10 * time.Minute

// words are the last: the fallback's prompt, and the end.
func (m *Machine) words() {
	m.do(SayStep{
		Wait: m.await(longest, func(e Event) (NodeID, bool) {
			if e.Kind == Played || e.Kind == Timeout || e.Kind == Failed {
				m.hang(calls.ByFlow)
			}
			return "", false
		}),
		Prompt: m.flow.Fallback.Prompt,
	})
}

var errSteps = sekisho.Fail(sekisho.KindInternal, "flow.too_many_steps")
