package acd

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// stage is where a call is.
type stage uint8

const (
	gone stage = iota
	waiting
	offered
	talking
)

// call is one call that the machine knows.
type call struct {
	id       sekisho.CallID
	line     *line // nil: an operator's own
	level    sekisho.Level
	stage    stage
	since    time.Time // when the caller began to wait; kept through everything
	entered  time.Time // this queue
	seq      uint64
	priority int  // within the queue
	head     bool // was offered or answered before
	answered bool
	callback bool // a place without a caller
	hops     int  // overflows
	told     time.Time
	overdue  bool // exchange has been told that nobody takes it

	ringing   []*agent
	agent     *agent
	keptFor   sekisho.PersonID
	keptUntil time.Time
}

// line is a queue with what stands in it.
type line struct {
	Queue
	length int           // calls that wait or are offered
	usual  time.Duration // what handling a call takes, over the last ones

	// nobody is the round of settle in which nobody who idles was found for a call
	// of a level, after so many steps: the next such call need not ask.
	nobody [3][maxSteps + 1]uint64
}

func (l *line) asked(c *call, now time.Time) *uint64 {
	level := 2
	switch c.level {
	case sekisho.LevelNone:
		level = 0
	case sekisho.LevelLittle:
		level = 1
	}
	return &l.nobody[level][l.step(now.Sub(c.since))]
}

// order is that in which calls are served: by the queue's priority, then those
// that had been at the head, then by when the caller began to wait.
func order(a, b *call) int {
	switch {
	case a.line.Priority != b.line.Priority:
		return b.line.Priority - a.line.Priority
	case a.head != b.head && a.head:
		return -1
	case a.head != b.head:
		return 1
	}
	return cmp.Or(b.priority-a.priority, a.since.Compare(b.since), cmp.Compare(a.seq, b.seq))
}

func (m *Machine) stand(c *call) {
	c.stage = waiting
	at, _ := slices.BinarySearchFunc(m.waiting, c, order)
	m.waiting = slices.Insert(m.waiting, at, c)
	m.look = true
}

func (m *Machine) step(c *call) {
	at, found := slices.BinarySearchFunc(m.waiting, c, order)
	if found && m.waiting[at] == c {
		m.waiting = slices.Delete(m.waiting, at, at+1)
	}
}

// enter puts a call into a queue.
func (m *Machine) enter(c *call, l *line) {
	c.line, c.entered, c.overdue = l, m.now, false
	l.length++
	m.stand(c)
	m.note(c, Fact{Kind: FactQueued, Again: c.answered})
	m.announce(c)
}

// keepPlace is told before anybody is there; its fact is in the log already.
func (m *Machine) keepPlace(e PlaceKept) error {
	l := m.lines[e.Queue]
	switch {
	case e.Call == "" || !e.Since.Before(m.now):
		return errRequest
	case m.calls[e.Call] != nil:
		return errTwice
	case l == nil:
		return errQueue
	}
	m.seq++
	c := &call{id: e.Call, level: e.Level, since: e.Since, entered: m.now, seq: m.seq, callback: true, line: l}
	m.calls[c.id] = c
	l.length++
	m.stand(c)
	return nil
}

// room gives the queue that takes a call: l, or where it overflows to.
func (m *Machine) room(l *line, hops int) (*line, int) {
	for ; l != nil && hops <= maxHops; hops++ {
		if !l.Retired && l.length < l.MaxLength {
			return l, hops
		}
		l = m.lines[l.Overflow]
	}
	return nil, hops
}

// maxHops is how often a call overflows; queues may point at each other.
const maxHops = 3

// places are the callers who are to be called back, as the log knows them.
type places map[sekisho.CallID]Fact

func (p places) add(f Fact) {
	switch f.Kind {
	case FactCallback:
		p[f.Call] = f
	case FactAnswered, FactLeft:
		delete(p, f.Call)
	}
}

func (p places) events() (out []Event) {
	for _, id := range slices.Sorted(maps.Keys(p)) {
		f := p[id]
		out = append(out, PlaceKept{Call: id, Queue: f.Queue, Level: f.Level, Since: f.At.Add(-f.Waited)})
	}
	return out
}
