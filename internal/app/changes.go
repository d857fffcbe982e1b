package app

import (
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// changes passes on that something changed: to the person it concerns, and to
// the console. It carries no facts that a door would have to protect: whoever
// hears of a change asks the door for what he may see. A slow listener misses
// changes, never the latest one; seq shows it the gap.
type changes struct {
	mu      sync.Mutex
	seq     uint64
	next    int
	persons map[sekisho.PersonID]map[int]chan wire.Event
	console map[int]chan wire.Event
}

func newChanges() *changes {
	return &changes{persons: map[sekisho.PersonID]map[int]chan wire.Event{}, console: map[int]chan wire.Event{}}
}

// Subscribe follows what concerns one person.
func (c *changes) Subscribe(p sekisho.PersonID) (<-chan wire.Event, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.persons[p] == nil {
		c.persons[p] = map[int]chan wire.Event{}
	}
	ch, id := make(chan wire.Event, 16), c.next
	c.next++
	c.persons[p][id] = ch
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.persons[p], id)
		if len(c.persons[p]) == 0 {
			delete(c.persons, p)
		}
	}
}

// Changes follows what the console shows.
func (c *changes) Changes() (<-chan wire.Event, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, id := make(chan wire.Event, 64), c.next
	c.next++
	c.console[id] = ch
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.console, id)
	}
}

// tell tells one person; it never waits.
func (c *changes) tell(p sekisho.PersonID, kind string, data any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	for _, ch := range c.persons[p] {
		offer(ch, wire.Event{V: 1, Seq: c.seq, Type: kind, Data: data})
	}
}

// show tells the console; it never waits.
func (c *changes) show(kind string, data any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	for _, ch := range c.console {
		offer(ch, wire.Event{V: 1, Seq: c.seq, Type: kind, Data: data})
	}
}

// offer puts an event in, at the cost of the oldest where there is no room.
func offer(ch chan wire.Event, e wire.Event) {
	for {
		select {
		case ch <- e:
			return
		default:
		}
		select {
		case <-ch:
		default:
		}
	}
}
