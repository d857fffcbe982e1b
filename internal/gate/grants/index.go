package grants

import (
	"hash/maphash"
	"sync"
)

// stripes is how many locks an index is spread over: 10,000 agents renew at
// once, and the road looks an address up for every new flow.
const stripes = 64

// index is a map from K to seats that many goroutines read and few change.
type index[K comparable] struct {
	seed  maphash.Seed
	parts [stripes]struct {
		sync.RWMutex
		seats map[K]*seat
	}
}

func newIndex[K comparable]() *index[K] {
	i := &index[K]{seed: maphash.MakeSeed()}
	for n := range i.parts {
		i.parts[n].seats = map[K]*seat{}
	}
	return i
}

func (i *index[K]) stripe(k K) int { return int(maphash.Comparable(i.seed, k) % stripes) }

func (i *index[K]) get(k K) *seat {
	p := &i.parts[i.stripe(k)]
	p.RLock()
	defer p.RUnlock()
	return p.seats[k]
}

// add puts s under k unless the place is taken.
func (i *index[K]) add(k K, s *seat) bool {
	p := &i.parts[i.stripe(k)]
	p.Lock()
	defer p.Unlock()
	if p.seats[k] != nil {
		return false
	}
	p.seats[k] = s
	return true
}

// set puts s under k.
func (i *index[K]) set(k K, s *seat) {
	p := &i.parts[i.stripe(k)]
	p.Lock()
	defer p.Unlock()
	p.seats[k] = s
}

// remove takes k out if it still names s.
func (i *index[K]) remove(k K, s *seat) {
	p := &i.parts[i.stripe(k)]
	p.Lock()
	defer p.Unlock()
	if p.seats[k] == s {
		delete(p.seats, k)
	}
}

// all is a snapshot in no order.
func (i *index[K]) all() []*seat {
	var out []*seat
	for n := range i.parts {
		p := &i.parts[n]
		p.RLock()
		for _, s := range p.seats {
			out = append(out, s)
		}
		p.RUnlock()
	}
	return out
}
