package console

import (
	"sync"

	"github.com/sekisho/sekisho"
)

// sockets counts the open event sockets, so that one person or one broken page
// cannot use them up.
type sockets struct {
	mu   sync.Mutex
	all  int
	each map[sekisho.PersonID]int
}

func (s *sockets) enter(p sekisho.PersonID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxSockets || s.each[p] >= maxPerPerson {
		return false
	}
	if s.each == nil {
		s.each = map[sekisho.PersonID]int{}
	}
	s.all++
	s.each[p]++
	return true
}

func (s *sockets) leave(p sekisho.PersonID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.each[p]--; s.each[p] <= 0 {
		delete(s.each, p)
	}
}
