package acd

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// usualAtFirst is what handling a call takes, as long as a queue has handled none.
const usualAtFirst = 3 * time.Minute

func (m *Machine) hold(e CallHold) error {
	c := m.calls[e.Call]
	if c == nil || c.stage != talking {
		return errCall
	}
	s := Talking
	if e.On {
		s = Hold
	}
	m.setState(c.agent, s, "")
	return nil
}

// ownCall makes an operator busy with a call that he has otherwise.
func (m *Machine) ownCall(e OwnCall) error {
	a := m.agents[e.Agent]
	switch {
	case a == nil:
		return errAgent
	case e.Call == "":
		return errRequest
	case m.calls[e.Call] != nil:
		return errTwice
	case !a.live || a.state != Ready && a.state != Away && a.state != NoAnswer:
		return errState
	}
	c := &call{id: e.Call, level: e.Level, since: m.now, answered: true}
	if !c.level.Valid() {
		c.level = sekisho.LevelFull
	}
	if !m.mayHear(a, c) {
		return errNotTaken
	}
	c.stage, c.agent = talking, a
	m.calls[c.id] = c
	if a.state == Away { // he comes back to where he was
		a.next, a.why = Away, a.reason
	}
	a.call, a.begun, a.held = c, m.now, 0
	m.setState(a, Talking, "")
	m.act(Owned{Call: c.id, Agent: a.id})
	return nil
}

// spoke ends an operator's part in a call and notes how long he had it.
func (m *Machine) spoke(a *agent, kind FactKind, cause calls.Cause) *call {
	c := a.call
	held := a.held
	if a.state == Hold {
		held += m.now.Sub(a.since)
	}
	talk := m.now.Sub(a.begun) - held
	m.note(c, Fact{Kind: kind, Agent: a.id, Talk: talk, Hold: held, Cause: cause})
	if c.line != nil && kind == FactTalked {
		c.line.usual += (talk + held + c.line.WrapUp - c.line.usual) / 16
	}
	a.call, c.agent = nil, nil
	return c
}

func (m *Machine) talkEnds(id sekisho.CallID, cause calls.Cause) error {
	c := m.calls[id]
	if c == nil || c.stage != talking {
		return errCall
	}
	a := c.agent
	m.spoke(a, FactTalked, cause)
	c.stage = gone
	delete(m.calls, c.id)
	m.act(Left{Call: c.id, Cause: cause})
	m.afterTalk(a, c.line, c.id)
	return nil
}

// afterTalk is wrap-up, where the queue has one.
func (m *Machine) afterTalk(a *agent, l *line, id sekisho.CallID) {
	if l == nil || l.WrapUp == 0 {
		m.free(a)
		return
	}
	a.wrap = &wrap{call: id, queue: &l.Queue, until: m.now.Add(l.WrapUp)}
	m.setState(a, WrapUp, "")
}

// interrupt takes a call from somebody who talks. It goes to the head of its queue,
// with the time that the caller has waited, and is kept for him for a while.
func (m *Machine) interrupt(a *agent, keep time.Duration) {
	c := m.spoke(a, FactInterrupted, "")
	if c.line == nil {
		c.stage = gone
		delete(m.calls, c.id)
		m.act(Stranded{Call: c.id, Agent: a.id})
		return
	}
	c.head, c.entered, c.overdue = true, m.now, false
	if keep > 0 {
		c.keptFor, c.keptUntil = a.id, m.now.Add(keep)
	}
	c.line.length++
	m.stand(c)
	m.act(Requeued{Call: c.id, Queue: c.line.ID, Agent: a.id, KeptFor: keep})
}

// handOver moves a talk to another operator, who may hear the call as if it were
// offered to him.
func (m *Machine) handOver(e HandOver) error {
	c, to := m.calls[e.Call], m.agents[e.To]
	switch {
	case c == nil || c.stage != talking:
		return errCall
	case to == nil:
		return errAgent
	case !m.mayHear(to, c):
		return errNotTaken
	case to.call != nil && to.call.line == nil && to.call != c:
		own := m.spoke(to, FactTalked, calls.Transferred)
		own.stage = gone
		delete(m.calls, own.id)
		m.act(Left{Call: own.id, Cause: calls.Transferred})
	case to.state == Away:
		to.next, to.why = Away, to.reason
	case to.state != Ready && to.state != NoAnswer:
		return errState
	}
	from := c.agent
	m.spoke(from, FactHandedOver, "")
	m.act(HandedOver{Call: c.id, From: from.id, To: to.id})
	to.call, c.agent, to.begun, to.held = c, to, m.now, 0
	to.taken++
	m.note(c, Fact{Kind: FactAnswered, Agent: to.id, Again: true})
	m.setState(to, Talking, "")
	m.afterTalk(from, c.line, c.id)
	return nil
}
