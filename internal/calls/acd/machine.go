package acd

import (
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Machine is the serial state machine. It is for one goroutine.
type Machine struct {
	rules  Rules
	lines  map[sekisho.QueueID]*line
	agents map[sekisho.PersonID]*agent
	calls  map[sekisho.CallID]*call
	held   Reservations
	offers map[uint64]*agent // by token

	waiting []*call  // in order
	idle    []*agent // Ready, under a live lease
	now     time.Time
	seq     uint64

	look  bool    // somebody came to wait or to idle since settle
	line  []*call // settle's own
	round uint64  // of settle
	acts  []Act
	facts []Fact
}

// NewMachine makes one that knows nobody.
func NewMachine(held Reservations) *Machine {
	return &Machine{
		lines: map[sekisho.QueueID]*line{}, agents: map[sekisho.PersonID]*agent{}, calls: map[sekisho.CallID]*call{},
		held: held, offers: map[uint64]*agent{},
	}
}

// Do takes one event, which happened at a time not before the last one's. What it
// gives is valid until the next Do.
func (m *Machine) Do(e Event, at time.Time) ([]Act, []Fact) {
	clear(m.acts)
	m.acts, m.facts = m.acts[:0], m.facts[:0]
	if at.After(m.now) {
		m.now = at
	}
	if err := m.follow(e); err != nil {
		m.act(Refused{Event: e, Err: err})
	}
	m.settle()
	return m.acts, m.facts
}

func (m *Machine) follow(e Event) error {
	switch e := e.(type) {
	case SetQueue:
		return m.setQueue(e.Queue)
	case SetRules:
		m.rules = e.Rules
		m.recheck()
		return nil
	case CallArrives:
		return m.arrives(e)
	case PlaceKept:
		return m.keepPlace(e)
	case CallLeaves:
		return m.leaves(e.Call, e.Cause)
	case CallLevel:
		return m.setLevel(e)
	case CallHold:
		return m.hold(e)
	case OwnCall:
		return m.ownCall(e)
	case HandOver:
		return m.handOver(e)
	case TalkEnds:
		return m.talkEnds(e.Call, e.Cause)
	case Rings:
		return m.rings(e.Token)
	case Answer:
		return m.answer(e.Token)
	case Decline:
		return m.decline(e.Token)
	case Timeout:
		return m.timeout(e.Token)
	case Tick:
		m.tick()
		return nil
	}
	return m.followAgent(e)
}

func (m *Machine) followAgent(e Event) error {
	if in, ok := e.(AgentIn); ok {
		return m.agentIn(in)
	}
	a := m.agents[agentOf(e)]
	if a == nil {
		return errAgent
	}
	switch e := e.(type) {
	case AgentOut:
		m.agentOut(a)
	case AgentSkills:
		a.learn(e.Skills, e.Works)
		m.recheck()
	case AgentState:
		return m.ask(a, e)
	case WrapUpMore:
		return m.wrapMore(a, e.By)
	case WrapUpDone:
		return m.wrapDone(a, e.Code)
	case LeaseLost:
		m.lock(a)
	case LeaseBack:
		return m.unlock(a, e.Seat)
	default:
		return errRequest
	}
	return nil
}

func agentOf(e Event) sekisho.PersonID {
	switch e := e.(type) {
	case AgentOut:
		return e.Agent
	case AgentSkills:
		return e.Agent
	case AgentState:
		return e.Agent
	case WrapUpMore:
		return e.Agent
	case WrapUpDone:
		return e.Agent
	case LeaseLost:
		return e.Agent
	case LeaseBack:
		return e.Agent
	}
	return ""
}

func (m *Machine) act(a Act) { m.acts = append(m.acts, a) }

// note keeps a fact about a call.
func (m *Machine) note(c *call, f Fact) {
	f.At, f.Call, f.Level = m.now, c.id, c.level
	if c.line != nil {
		f.Queue, f.Work, f.Client = c.line.ID, c.line.Work, c.line.Client
	}
	m.facts = append(m.facts, f)
}

func (m *Machine) setQueue(q Queue) error {
	if q.ID == "" || q.Settings.valid() != nil {
		return errRequest
	}
	l := m.lines[q.ID]
	if l == nil {
		l = &line{usual: usualAtFirst}
		m.lines[q.ID] = l
	}
	l.Queue = q
	slices.SortFunc(m.waiting, order) // its priority may be another
	m.recheck()
	return nil
}

func (m *Machine) arrives(e CallArrives) error {
	l := m.lines[e.Queue]
	switch {
	case e.Call == "":
		return errRequest
	case m.calls[e.Call] != nil:
		return errTwice
	case l == nil || l.Retired:
		return errQueue
	}
	c := &call{id: e.Call, level: e.Level, since: e.Since, line: l, priority: min(max(e.Priority, 0), 9)}
	if !c.level.Valid() {
		c.level = sekisho.LevelFull
	}
	if c.since.IsZero() || c.since.After(m.now) {
		c.since = m.now
	}
	m.seq++
	c.seq = m.seq
	to, hops := m.room(l, 0)
	if to == nil {
		m.note(c, Fact{Kind: FactTurned, Cause: calls.Crowded})
		m.act(Overflow{Call: c.id, From: l.ID, Full: true})
		return errCrowded
	}
	c.hops = hops
	m.calls[c.id] = c
	if to != l {
		m.note(c, Fact{Kind: FactQueued})
		m.note(c, Fact{Kind: FactOverflowed})
		m.act(Overflow{Call: c.id, From: l.ID, To: to.ID})
	}
	m.enter(c, to)
	return nil
}

// leaves ends a call, or leaves its place behind.
func (m *Machine) leaves(id sekisho.CallID, cause calls.Cause) error {
	c := m.calls[id]
	switch {
	case c == nil:
		return errCall
	case c.stage == talking:
		return m.talkEnds(id, cause)
	case c.callback && cause == calls.ForCallback:
		return errTwice
	}
	waited := m.now.Sub(c.since)
	if cause == calls.ForCallback {
		c.callback, c.keptFor = true, ""
		m.note(c, Fact{Kind: FactCallback, Waited: waited, Again: c.answered})
		m.withdraw(c, nil)
		m.act(Left{Call: c.id, Cause: cause})
		m.look = true // it may have been kept for somebody
		return nil
	}
	f := Fact{Kind: FactLeft, Cause: cause, Waited: waited, Again: c.answered}
	if (cause == calls.Abandoned || cause == calls.ByCaller) && !c.callback {
		f.Kind, f.Quick = FactAbandoned, waited < c.line.ShortWithin
	}
	m.note(c, f)
	m.remove(c, cause)
	return nil
}

// remove takes a call that waits or is offered out of the machine.
func (m *Machine) remove(c *call, cause calls.Cause) {
	was := c.stage
	c.stage = gone
	if was == waiting {
		m.step(c)
	}
	m.withdraw(c, nil)
	c.line.length--
	delete(m.calls, c.id)
	m.act(Left{Call: c.id, Cause: cause})
}

// setLevel changes a call's level. Whoever may not hear it any more does not.
func (m *Machine) setLevel(e CallLevel) error {
	c := m.calls[e.Call]
	if c == nil {
		return errCall
	}
	if c.level = e.Level; !c.level.Valid() {
		c.level = sekisho.LevelFull
	}
	switch c.stage {
	case waiting:
		m.look = true
	case offered:
		m.recheck()
	case talking:
		if a := c.agent; !m.mayHear(a, c) {
			m.interrupt(a, 0)
			m.afterTalk(a, c.line, c.id)
		}
	}
	return nil
}
