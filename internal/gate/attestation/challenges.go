package attestation

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// challengeLife is how long a challenge can be answered: a slow TPM takes tens of
// seconds to make its endorsement key anew.
const challengeLife = 2 * time.Minute

// maxChallenges bounds memory at about 20 MB. Only who holds a code that counts
// can ask, and has one open challenge.
const maxChallenges = 1 << 14

// challenges are the open ones of this node, by the holder that each is for.
type challenges struct {
	clk clock.Clock

	mu   sync.Mutex // guards open
	open map[string]pending
}

type pending struct {
	asked
	dies time.Duration // monotonic
}

func newChallenges(clk clock.Clock) *challenges {
	return &challenges{clk: clk, open: map[string]pending{}}
}

// put opens a challenge; an earlier one of the same holder ends.
func (c *challenges) put(holder string, a asked) error {
	now := c.clk.Mono()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) >= maxChallenges {
		for h, p := range c.open {
			if now >= p.dies {
				delete(c.open, h)
			}
		}
		if len(c.open) >= maxChallenges {
			return ErrBusy
		}
	}
	c.open[holder] = pending{a, now + challengeLife}
	return nil
}

// take ends the holder's challenge and gives it, if it was still open.
func (c *challenges) take(holder string) (asked, error) {
	now := c.clk.Mono()
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.open[holder]
	delete(c.open, holder)
	if !ok || now >= p.dies {
		return asked{}, ErrChallenge
	}
	return p.asked, nil
}
