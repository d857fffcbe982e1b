package ivr

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// After failures in a row a look-up is not asked for a while; then one call tries it.
const (
	failures = 5
	pause    = 30 * time.Second
)

type circuit struct {
	failed int
	until  time.Duration // monotonic: not asked before
	trying bool
}

// circuits are those of all look-ups of one node.
type circuits struct {
	clk clock.Clock
	mu  sync.Mutex
	by  map[HookID]*circuit
}

func newCircuits(clk clock.Clock) *circuits { return &circuits{clk: clk, by: map[HookID]*circuit{}} }

// allow says whether a look-up may be asked now; whoever was allowed reports.
func (c *circuits) allow(id HookID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.by[id]
	if one == nil || one.failed < failures {
		return true
	}
	if one.trying || c.clk.Mono() < one.until {
		return false
	}
	one.trying = true
	return true
}

// release takes an allowance back that came to nothing.
func (c *circuits) release(id HookID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.by[id]; one != nil {
		one.trying = false
	}
}

func (c *circuits) report(id HookID, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ok {
		delete(c.by, id)
		return
	}
	one := c.by[id]
	if one == nil {
		one = &circuit{}
		c.by[id] = one
	}
	one.failed, one.trying, one.until = one.failed+1, false, c.clk.Mono()+pause
}

// stopped says whether a look-up is not asked at the moment.
func (c *circuits) stopped(id HookID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.by[id]
	return one != nil && one.failed >= failures && c.clk.Mono() < one.until
}

// forget drops what is known of a look-up that changed.
func (c *circuits) forget(id HookID) { c.mu.Lock(); delete(c.by, id); c.mu.Unlock() }
