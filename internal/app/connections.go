package app

import (
	"context"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/wire"
)

// orphaned is how long a tunnel may stand that the book does not know: far
// longer than lies between the two steps of Open.
const orphaned = 30 * time.Second

// errReplaced is what the older of two connections of one PC is told that began
// at the same moment.
var errReplaced = sekisho.Fail(sekisho.KindConflict, "connection.replaced")

// silent is how long a tunnel may go without a handshake before its connection
// is tidied away. WireGuard shakes hands every two minutes while it is used.
const silent = 5 * time.Minute

// road is what is needed of road/flows.
type road interface {
	Connect(id sekisho.ConnectionID, wireguard []byte) (tunnels.Opened, error)
	Disconnect(id sekisho.ConnectionID, reason string) (n int, took time.Duration)
	Tunnels() ([]tunnels.Peer, error)
}

// connections joins what the pc door opens: a tunnel on the road and a
// connection in the gate's book. A PC has one at a time; the newest wins.
//
// Closing never waits for an opening that is under way. Whoever closes a PC, or
// opens it anew, takes current first; whoever opens looks at it again once he
// has joined both, and closes what he has opened if it is not his any more.
type connections struct {
	book  *grants.Book
	flows road
	clock clock.Clock
	ended func(sekisho.ConnectionID) // tells the desk door

	mu      sync.Mutex
	current map[sekisho.DeviceID]sekisho.ConnectionID
}

// Open makes the tunnel first and the connection second: packets of an address
// that the book does not know are quarantine's at most.
func (c *connections) Open(ctx context.Context, b devices.Binding) (a wire.ConnectAnswer, err error) {
	id := sekisho.ConnectionID(wire.NewID())
	c.mu.Lock()
	older := c.current[b.Device]
	c.current[b.Device] = id
	c.mu.Unlock()
	if older != "" {
		c.Close(older, "connection.replaced")
	}
	t, err := c.flows.Connect(id, b.WGPub[:])
	if err != nil {
		c.forget(b.Device, id)
		return a, err
	}
	err = c.book.Connect(ctx, grants.Connection{
		ID: id, Device: b.Device, Person: b.Person, Address: t.Address,
		LeaseKey: b.LeaseKey, Tier: b.Tier, Policy: b.Policy,
	})
	if err != nil {
		c.Close(id, "internal")
		c.forget(b.Device, id)
		return a, err
	}
	if !c.is(b.Device, id) {
		c.Close(id, errReplaced.Code)
		return a, errReplaced
	}
	return wire.ConnectAnswer{
		Connection: id, Address: t.Address.String(), Gateway: t.Gateway.String(), Endpoint: t.Endpoint,
		ServerKey: t.ServerKey[:], PSK: t.PSK[:], MTU: t.MTU, Tier: b.Tier, Group: b.Group,
	}, nil
}

// Close ends a connection at once: its session, its flows, its tunnel.
func (c *connections) Close(id sekisho.ConnectionID, reason string) {
	c.book.Disconnect(id, reason)
	c.flows.Disconnect(id, reason)
	c.ended(id)
}

// CloseDevice ends the connection of a PC that may no longer connect.
func (c *connections) CloseDevice(d sekisho.DeviceID, reason string) {
	c.mu.Lock()
	id := c.current[d]
	delete(c.current, d)
	c.mu.Unlock()
	if id != "" {
		c.Close(id, reason)
	}
	c.book.DisconnectDevice(d, reason)
}

// CloseSeat ends the connection of a PC if it is this person's; with no person,
// whoever's it is.
func (c *connections) CloseSeat(d sekisho.DeviceID, p sekisho.PersonID, reason string) {
	if p == "" {
		c.CloseDevice(d, reason)
		return
	}
	for _, s := range c.book.Live() {
		if s.Device == d && s.Person == p {
			c.forget(d, s.Connection)
			c.Close(s.Connection, reason)
		}
	}
}

// is says whether id is the connection that a PC has now.
func (c *connections) is(d sekisho.DeviceID, id sekisho.ConnectionID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current[d] == id
}

func (c *connections) forget(d sekisho.DeviceID, id sekisho.ConnectionID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current[d] == id {
		delete(c.current, d)
	}
}

// tidy ends connections in quarantine whose PC has long been silent, and tunnels
// that lead to no connection, however much they are used. Live ones need no
// tidying: their lease ends first.
func (c *connections) tidy() error {
	peers, err := c.flows.Tunnels()
	if err != nil {
		return err
	}
	now := c.clock.Now()
	for _, p := range peers {
		last := p.LastHandshake
		if last.IsZero() {
			last = p.Opened
		}
		s, ok := c.book.Connection(p.Connection)
		if ok && (s.Live || now.Sub(last) < silent) || !ok && now.Sub(p.Opened) < orphaned {
			continue
		}
		if ok {
			c.forget(s.Device, p.Connection)
		}
		c.Close(p.Connection, "connection.silent")
	}
	return nil
}
