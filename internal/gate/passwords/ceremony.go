package passwords

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

const (
	ceremonyLife  = 2 * time.Minute
	maxCeremonies = 10_000 // some hundred bytes each
)

// Begun is the answer to one guess.
type Begun struct {
	ID  string // hand it back with the proof; a secret of the page that began
	KE2 []byte
}

// ceremony is what the room remembers of an answered guess, once.
type ceremony struct {
	login  string
	person sekisho.PersonID // "" where nobody was asked for
	record []byte           // that answered
	mac    []byte           // that KE3 must show
	until  time.Duration    // monotonic
}

// ceremonies are those under way. When there is no room the oldest goes: whoever
// began it asks again, at the cost of one more guess.
type ceremonies struct {
	mu    sync.Mutex
	held  map[string]ceremony
	order []string // ids, oldest first; some may be over
}

func (c *ceremonies) put(x ceremony, now time.Duration) (id string) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	id = base64.RawURLEncoding.EncodeToString(b[:])
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.order) > 0 {
		oldest, ok := c.held[c.order[0]]
		if ok && now < oldest.until && len(c.order) < maxCeremonies {
			break
		}
		delete(c.held, c.order[0])
		c.order = c.order[1:]
	}
	x.until = now + ceremonyLife
	c.held[id] = x
	c.order = append(c.order, id)
	return id
}

// take gives a ceremony once.
func (c *ceremonies) take(id string, now time.Duration) (ceremony, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.held[id]
	delete(c.held, id)
	return x, ok && now < x.until
}
