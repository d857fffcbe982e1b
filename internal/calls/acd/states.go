package acd

import (
	"slices"
	"time"
)

// setState moves an operator to a state and tells it.
func (m *Machine) setState(a *agent, s State, reason string) {
	if a.state == s && a.reason == reason {
		return
	}
	was := a.state
	if was == Hold && s != Hold {
		a.held += m.now.Sub(a.since)
	}
	a.state, a.reason, a.since = s, reason, m.now
	if s == Ready && was != Ready {
		if !was.offered() { // an offer that was taken back does not begin his waiting anew
			a.idle = m.now
		}
		m.idle, m.look = append(m.idle, a), true
	} else if s != Ready && was == Ready {
		m.idle = slices.DeleteFunc(m.idle, func(x *agent) bool { return x == a })
	}
	m.facts = append(m.facts, Fact{At: m.now, Kind: FactState, Agent: a.id, State: s, Reason: reason})
	m.tell(a)
}

func (m *Machine) tell(a *agent) {
	act := StateChanged{Agent: a.id, State: a.state, Reason: a.reason, Since: a.since, Next: a.next}
	if a.state == WrapUp && !a.wrap.queue.CodeNeeded {
		act.Until = a.wrap.until
	}
	m.act(act)
}

// free gives an operator who has nothing to do the state that he asked for, else Ready.
func (m *Machine) free(a *agent) {
	s, reason := Ready, ""
	if a.next != Out {
		s, reason = a.next, a.why
	}
	a.next, a.why = Out, ""
	m.setState(a, s, reason)
}

// ask follows an operator's, or a supervisor's, wish for a state.
func (m *Machine) ask(a *agent, e AgentState) error {
	if !e.State.chosen() || e.Reason != "" && !validWord(e.Reason, 40) {
		return errRequest
	}
	forced := e.By != "" && e.By != a.id
	switch {
	case a.state == WrapUp && forced && a.wrap != nil:
		a.next, a.why = e.State, e.Reason
		m.endWrap(a, "")
	case !a.live, a.state == WrapUp, a.state.offered(), a.state.talks():
		a.next, a.why = e.State, e.Reason
		m.tell(a)
	default:
		a.next, a.why = Out, ""
		m.setState(a, e.State, e.Reason)
	}
	return nil
}

// endWrap ends a wrap-up; code is "" where none was given.
func (m *Machine) endWrap(a *agent, code string) {
	w := a.wrap
	if a.state == WrapUp {
		w.spent += m.now.Sub(a.since)
	}
	a.wrap = nil
	l := w.queue
	m.facts = append(m.facts, Fact{
		At: m.now, Kind: FactWrapped, Call: w.call, Queue: l.ID, Work: l.Work, Client: l.Client, Agent: a.id, Wrap: w.spent, Code: code,
	})
	if a.state == WrapUp {
		m.free(a)
	}
}

func (m *Machine) wrapDone(a *agent, code string) error {
	switch {
	case a.state != WrapUp:
		return errState
	case code == "" && a.wrap.queue.CodeNeeded, code != "" && !slices.Contains(a.wrap.queue.Codes, code):
		return errCode
	}
	m.endWrap(a, code)
	return nil
}

// maxMore is by how much a wrap-up may be prolonged at once.
const maxMore = 10 * time.Minute

func (m *Machine) wrapMore(a *agent, by time.Duration) error {
	switch {
	case a.state != WrapUp:
		return errState
	case by <= 0 || by > maxMore || a.wrap.until.Add(by).Sub(a.since) > time.Hour+maxMore:
		return errRequest
	}
	a.wrap.until = a.wrap.until.Add(by)
	m.tell(a)
	return nil
}
