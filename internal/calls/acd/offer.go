package acd

import (
	"maps"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// Reservations decide who has an operator. A reservation has a token that is
// greater than any before (fencing): only the newest of an operator counts, once.
type Reservations interface {
	// Reserve takes an operator who is not reserved at the moment.
	Reserve(agent sekisho.PersonID, call sekisho.CallID, until time.Time) (token uint64, ok bool)
	// Use turns a reservation into a talk: once, and only the newest one's token.
	Use(agent sekisho.PersonID, token uint64) bool
	// Release gives an operator back; another one's token changes nothing.
	Release(agent sekisho.PersonID, token uint64)
}

// OneNode keeps reservations in memory, for a centre that runs on one node. It is
// for one goroutine.
type OneNode struct {
	last  uint64
	taken map[sekisho.PersonID]uint64
}

// NewOneNode has nobody reserved.
func NewOneNode() *OneNode { return &OneNode{taken: map[sekisho.PersonID]uint64{}} }

// Reserve implements Reservations.
func (r *OneNode) Reserve(agent sekisho.PersonID, _ sekisho.CallID, _ time.Time) (uint64, bool) {
	if r.taken[agent] != 0 {
		return 0, false
	}
	r.last++
	r.taken[agent] = r.last
	return r.last, true
}

// Use implements Reservations.
func (r *OneNode) Use(agent sekisho.PersonID, token uint64) bool {
	ok := token != 0 && r.taken[agent] == token
	r.Release(agent, token)
	return ok
}

// Release implements Reservations.
func (r *OneNode) Release(agent sekisho.PersonID, token uint64) {
	if r.taken[agent] == token {
		delete(r.taken, agent)
	}
}

func (m *Machine) offer(a *agent, c *call) {
	until := m.now.Add(c.line.RingFor)
	token, ok := m.held.Reserve(a.id, c.id, until)
	if !ok {
		return // another node has him
	}
	if c.stage == waiting {
		m.step(c)
	}
	c.stage, c.ringing = offered, append(c.ringing, a)
	a.offer, a.last = &offer{token: token, call: c, until: until}, token
	m.offers[token] = a
	m.note(c, Fact{Kind: FactOffered, Agent: a.id})
	m.act(Offer{Token: token, Agent: a.id, Call: c.id, Queue: c.line.ID, Until: until, Callback: c.callback})
	m.setState(a, Reserved, "")
}

// unoffer forgets an offer. The call goes back to the head of its queue when it
// was the last one.
func (m *Machine) unoffer(a *agent) {
	o := a.offer
	a.offer = nil
	delete(m.offers, o.token)
	m.held.Release(a.id, o.token)
	c := o.call
	c.ringing = slices.DeleteFunc(c.ringing, func(x *agent) bool { return x == a })
	m.act(Withdraw{Token: o.token, Agent: a.id, Call: c.id})
	if c.stage == offered && len(c.ringing) == 0 {
		c.head = true
		m.stand(c)
	}
}

// withdraw ends the offers of a call, but for one operator's; they are ready for the next.
func (m *Machine) withdraw(c *call, but *agent) {
	for _, a := range slices.Clone(c.ringing) {
		if a != but {
			m.unoffer(a)
			m.free(a)
		}
	}
}

// recheck withdraws offers that may not be any more, and looks at everybody.
func (m *Machine) recheck() {
	m.look = true
	for _, token := range slices.Sorted(maps.Keys(m.offers)) {
		if a := m.offers[token]; !m.fits(a, a.offer.call) {
			m.unoffer(a)
			m.free(a)
		}
	}
}

func (m *Machine) rings(token uint64) error {
	a := m.offers[token]
	if a == nil {
		return errToken
	}
	m.setState(a, Ringing, "")
	return nil
}

func (m *Machine) answer(token uint64) error {
	a := m.offers[token]
	switch {
	case a == nil:
		return errToken
	case m.now.After(a.offer.until):
		m.miss(a, FactMissed, NoAnswer, "")
		return errToken
	}
	c := a.offer.call
	if !m.fits(a, c) || !m.held.Use(a.id, token) {
		m.unoffer(a)
		m.free(a)
		return errLease
	}
	delete(m.offers, token)
	a.offer, a.call, a.begun, a.held = nil, c, m.now, 0
	a.taken++
	m.withdraw(c, a)
	waited := m.now.Sub(c.since)
	m.note(c, Fact{Kind: FactAnswered, Agent: a.id, Waited: waited, Quick: waited <= c.line.Target, Again: c.answered || c.callback})
	c.line.length--
	if c.callback {
		m.act(CallbackDue{Token: token, Agent: a.id, Call: c.id, Queue: c.line.ID})
	} else {
		m.act(Connect{Token: token, Agent: a.id, Call: c.id, Queue: c.line.ID})
	}
	c.stage, c.agent, c.ringing, c.answered, c.callback, c.keptFor = talking, a, nil, true, false, ""
	m.setState(a, Talking, "")
	return nil
}

func (m *Machine) decline(token uint64) error {
	if a := m.offers[token]; a != nil {
		m.miss(a, FactDeclined, Away, "declined")
		return nil
	}
	return errToken
}

func (m *Machine) timeout(token uint64) error {
	if a := m.offers[token]; a != nil {
		m.miss(a, FactMissed, NoAnswer, "")
		return nil
	}
	return errToken
}

// miss takes an offer back from somebody who did not take it. He gets no other
// until he says so, or what he had asked for.
func (m *Machine) miss(a *agent, kind FactKind, s State, reason string) {
	c := a.offer.call
	m.note(c, Fact{Kind: kind, Agent: a.id})
	if c.keptFor == a.id {
		c.keptFor = ""
	}
	if a.next == Break || a.next == Away {
		s, reason = a.next, a.why
	}
	a.next, a.why = Out, ""
	m.setState(a, s, reason)
	m.unoffer(a)
}
