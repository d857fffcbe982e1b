package faces

import (
	"crypto/rand"
	"crypto/subtle"
	"math/big"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
)

// nonce is what one connection was handed for its next login.
type nonce struct {
	value     [32]byte
	person    sekisho.PersonID
	device    sekisho.DeviceID
	challenge string
	until     time.Duration // monotonic
}

// nonces holds at most one for each connection: asking again replaces it.
type nonces struct {
	mu   sync.Mutex
	held map[sekisho.ConnectionID]nonce
}

// sweepAt is how many nonces are held before the expired ones are thrown away.
const sweepAt = 1024

func (n *nonces) issue(c sekisho.ConnectionID, p sekisho.PersonID, d sekisho.DeviceID, challenge bool, now time.Duration) nonce {
	fresh := nonce{person: p, device: d, until: now + nonceLife}
	_, _ = rand.Read(fresh.value[:]) // crypto/rand never fails
	if challenge {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(len(vigil.Challenges))))
		if err != nil {
			panic("faces: no random numbers: " + err.Error()) // crypto/rand never fails
		}
		fresh.challenge = vigil.Challenges[i.Int64()]
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.held) >= sweepAt {
		for id, old := range n.held {
			if now >= old.until {
				delete(n.held, id)
			}
		}
	}
	n.held[c] = fresh
	return fresh
}

// take gives the nonce of a connection, once. A wrong value uses it up too, so
// that nobody can try values.
func (n *nonces) take(c sekisho.ConnectionID, p sekisho.PersonID, value []byte, now time.Duration) (nonce, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	held, ok := n.held[c]
	delete(n.held, c)
	if !ok || now >= held.until || p == "" || held.person != p || subtle.ConstantTimeCompare(held.value[:], value) != 1 {
		return nonce{}, false
	}
	return held, true
}
