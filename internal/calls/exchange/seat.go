package exchange

import (
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// Session is a live lease as the telephone needs to know it.
type Session struct {
	ID      sekisho.SessionID
	Person  sekisho.PersonID
	Place   sekisho.Place
	Tier    sekisho.Tier
	Class   sekisho.LeaseClass
	Camera  bool
	Epoch   uint64     // grows with every session
	Address netip.Addr // of its PC inside the tunnel
}

func (s Session) seat() acd.Seat {
	return acd.Seat{Place: s.Place, Tier: s.Tier, Class: s.Class, Camera: s.Camera}
}

// seat is one person at his telephone. He keeps it while a lease is dead: calls
// that were parted from him may come back.
type seat struct {
	person sekisho.PersonID

	mu      sync.Mutex
	session *Session // nil: no live lease, and nothing to be heard
	known   bool     // to the ACD
	back    bool     // the ACD knows of this session
	rests   bool     // he took calls before his break, and does after it
	state   acd.StateChanged
	offer   *offer
	call    *call // before him, or whom he hears as a supervisor
	wrapUp  *wrapUp
	hand    time.Time // raised since; zero: not
}

// offer is a call that rings at a seat.
type offer struct {
	token uint64
	call  *call
	until time.Time
	back  bool
	view  *View // of a callback: there is no call yet
}

// wrapUp is what is to be written of the call before.
type wrapUp struct {
	call  sekisho.CallID
	queue sekisho.QueueID
	until time.Time
}

// live gives the session under which the person may hear anything now.
func (s *seat) live() (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return Session{}, false
	}
	return *s.session, true
}

// takes says whether calls come to the seat, or would once it is free. The caller
// holds s.mu.
func (s *seat) takes() bool {
	switch s.state.State {
	case acd.Ready, acd.Reserved, acd.Ringing, acd.Talking, acd.Hold, acd.WrapUp:
		return s.state.Next != acd.Away
	}
	return false
}

// leave takes a call from the seat, if it is that one.
func (s *seat) leave(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.call == c {
		s.call = nil
	}
	if s.offer != nil && s.offer.call == c && c != nil {
		s.offer = nil
	}
}

// join gives the seat a call, unless it has another.
func (s *seat) join(c *call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil || s.call != nil && s.call != c {
		return false
	}
	s.call, s.offer = c, nil
	return true
}

func (s *seat) ring(o *offer) { s.mu.Lock(); s.offer = o; s.mu.Unlock() }

// hush ends the ringing of an offer.
func (s *seat) hush(token uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offer != nil && s.offer.token == token {
		s.offer = nil
	}
}

// at gives the call before the seat, or the one that rings.
func (s *seat) at() (c *call, o *offer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.call, s.offer
}
