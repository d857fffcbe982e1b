package exchange

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/ivr"
)

// place is what is kept of a caller who asked to be called back.
type place struct {
	about About
	level sekisho.Level
	said  []Said
}

// maxPlaces bounds what is kept; beyond it callers are told that nobody can take the call.
const maxPlaces = 10_000

type places struct {
	mu   sync.Mutex
	kept map[sekisho.CallID]place
}

func newPlaces() *places { return &places{kept: map[sekisho.CallID]place{}} }

func (p *places) keep(id sekisho.CallID, one place) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) >= maxPlaces {
		return false
	}
	p.kept[id] = one
	return true
}

func (p *places) take(id sekisho.CallID) (place, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.kept[id]
	delete(p.kept, id)
	return one, ok
}

// view is what a callback shows to whom it is offered; nil if nothing is kept.
func (p *places) view(id sekisho.CallID, q sekisho.QueueID) *View {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.kept[id]
	if !ok {
		return nil
	}
	return &View{About: one.about, Stage: string(inQueue), Since: one.about.Begun, Queue: q, Level: one.level, Said: one.said, Recording: "off"}
}

// keepPlace lets the caller go and his place in the queue stay (折り返し予約).
func (x *Exchange) keepPlace(c *call, s ivr.CallbackStep) {
	about := c.about
	about.Direction, about.Called, about.Caller, about.Row = "out", s.Number, c.about.Called, x.newID()
	if !x.places.keep(about.ID, place{about: about, level: s.Level, said: c.said}) {
		x.alarm("call.turned_away", about.ID, errOver)
		return
	}
	x.ACD.Do(arrives(about.ID, s.Queue, s.Level))
	x.ACD.Do(leaves(about.ID, calls.ForCallback))
}

// surveyed notes what a caller said after the talk.
func (x *Exchange) surveyed(c *call, name string, key calls.Digit) {
	x.wait.Go(func() { x.keepAnswer(c.about.ID, name, string(key), time.Now().UTC()) })
}
