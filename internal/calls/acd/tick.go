package acd

import (
	"maps"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// maxCallback is how long a place is kept for somebody who wants to be called back.
const maxCallback = 24 * time.Hour

// tick lets time pass: offers and wrap-ups end, calls stop being kept, overflow,
// and are told where they stand. Then everybody is looked at, since what queues
// ask for widens with time.
func (m *Machine) tick() {
	for _, token := range slices.Sorted(maps.Keys(m.offers)) {
		if a := m.offers[token]; a != nil && !m.now.Before(a.offer.until) {
			m.miss(a, FactMissed, NoAnswer, "")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.agents)) {
		a := m.agents[id]
		if a.state == WrapUp && !a.wrap.queue.CodeNeeded && !m.now.Before(a.wrap.until) {
			m.endWrap(a, "")
		}
	}
	for _, c := range slices.Clone(m.waiting) {
		if c.keptFor != "" && !m.now.Before(c.keptUntil) {
			c.keptFor = ""
		}
		m.age(c)
	}
	m.look = true
}

// age looks at one call that waits.
func (m *Machine) age(c *call) {
	l := c.line
	switch {
	case c.callback && m.now.Sub(c.since) >= maxCallback:
		m.note(c, Fact{Kind: FactLeft, Cause: calls.NoAnswer, Waited: m.now.Sub(c.since), Again: true})
		m.remove(c, calls.NoAnswer)
	case c.callback || c.keptFor != "":
	case l.MaxWait > 0 && m.now.Sub(c.entered) >= l.MaxWait && !c.overdue:
		m.overflow(c)
	case l.TellEvery > 0 && m.now.Sub(c.told) >= l.TellEvery:
		m.announce(c)
	}
}

func (m *Machine) overflow(c *call) {
	from := c.line
	to, hops := m.room(m.lines[from.Overflow], c.hops+1)
	if to == nil {
		c.overdue = true
		m.act(Overflow{Call: c.id, From: from.ID})
		return
	}
	m.note(c, Fact{Kind: FactOverflowed, Waited: m.now.Sub(c.since), Again: c.answered})
	m.step(c)
	from.length--
	c.hops, c.head = hops, false
	m.act(Overflow{Call: c.id, From: from.ID, To: to.ID})
	m.enter(c, to)
}

// announce tells a caller his position among those who wait in his queue, and the
// expected waiting time:
//
//	position × usual handling time ÷ operators who are there for the queue
//
// rounded up to seconds. The usual time is the mean of the last calls (each new one
// counts a sixteenth), of talk, hold and the queue's wrap-up. Those count who may
// take this call and are ready, busy or in wrap-up; without any it is negative.
func (m *Machine) announce(c *call) {
	c.told = m.now
	pos := 0
	for _, o := range m.waiting {
		if o.line == c.line {
			pos++
		}
		if o == c {
			break
		}
	}
	m.act(Announce{Call: c.id, Position: pos, Wait: m.expected(c, pos)})
}

func (m *Machine) expected(c *call, pos int) time.Duration {
	n := 0
	for _, a := range m.agents {
		if (a.state == Ready || a.state == WrapUp || a.state.offered() || a.state.talks()) && m.fits(a, c) {
			n++
		}
	}
	if n == 0 {
		return -time.Second
	}
	return (time.Duration(pos)*c.line.usual/time.Duration(n) + time.Second - 1).Truncate(time.Second)
}

// Waiting counts the calls that wait or are offered in a queue.
func (m *Machine) Waiting(id sekisho.QueueID) int {
	if l := m.lines[id]; l != nil {
		return l.length
	}
	return 0
}
