package acd

// agentIn is also what a new session of somebody who is there comes to.
func (m *Machine) agentIn(e AgentIn) error {
	if e.Agent == "" {
		return errRequest
	}
	if _, ok := e.Seat.limit(); !ok {
		return errLease
	}
	if a := m.agents[e.Agent]; a != nil {
		m.lock(a)
		a.learn(e.Skills, e.Works)
		return m.unlock(a, e.Seat)
	}
	a := &agent{id: e.Agent, seat: e.Seat, live: true}
	a.learn(e.Skills, e.Works)
	m.agents[a.id] = a
	m.setState(a, Away, "")
	return nil
}

func (m *Machine) agentOut(a *agent) {
	m.drop(a, false)
	if a.wrap != nil {
		m.endWrap(a, "")
	}
	a.live, a.next = false, Out
	m.setState(a, Out, "")
	delete(m.agents, a.id)
	m.release(a)
}

// drop takes offer and talk from somebody.
func (m *Machine) drop(a *agent, keep bool) {
	switch {
	case a.offer != nil:
		m.unoffer(a)
	case a.call != nil && keep:
		m.interrupt(a, m.rules.KeepFor)
	case a.call != nil:
		m.interrupt(a, 0)
	}
}

// lock shuts an operator out at once: his lease is dead.
func (m *Machine) lock(a *agent) {
	if !a.live {
		return
	}
	a.live = false
	switch {
	case a.state == WrapUp:
		a.wrap.spent += m.now.Sub(a.since)
		a.before = WrapUp
	case a.state == Break: // it goes on: a break ends a lease, and a lost lease no break
		a.before = Break
		return
	case a.state == Away, a.state == NoAnswer:
		a.before = a.state
	default:
		a.before = Ready
	}
	m.drop(a, true)
	m.setState(a, Locked, "")
}

// unlock lets an operator back in: to the call that was kept for him, to the
// wrap-up that he was in, or to what he asked for meanwhile.
func (m *Machine) unlock(a *agent, s Seat) error {
	switch _, ok := s.limit(); {
	case !ok:
		return errLease
	case a.live:
		return errState
	}
	a.live, a.seat, a.idle = true, s, m.now
	for _, c := range m.waiting {
		if c.keptFor == a.id && m.fits(a, c) {
			m.offer(a, c)
			if a.offer != nil {
				return nil
			}
		}
	}
	m.release(a)
	switch {
	case a.before == WrapUp:
		a.wrap.until = m.now.Add(a.wrap.queue.WrapUp)
		m.setState(a, WrapUp, "")
	case a.next == Out && a.before != Ready:
		m.setState(a, a.before, "")
	default:
		m.free(a)
	}
	return nil
}

// release gives the calls that were kept for somebody to everybody.
func (m *Machine) release(a *agent) {
	for _, c := range m.waiting {
		if c.keptFor == a.id {
			c.keptFor = ""
			m.look = true
		}
	}
}
