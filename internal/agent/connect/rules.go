package connect

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

const acknowledgeWithin = 20 * time.Second

// Acknowledge signs for a rule document in the name of the person whom this
// connection was opened for, for the front door. Who sits there is shown by the
// login on the same connection: the server counts it for no other.
func (a *Agent) Acknowledge(ctx context.Context, k wire.LocalAcknowledge) error {
	var conn connection
	var person sekisho.PersonID
	if err := a.ask(func() error {
		if a.conn == nil || a.me.Person.ID == "" {
			return uplink.ErrClosed
		}
		conn, person = a.conn, a.me.Person.ID
		return nil
	}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, acknowledgeWithin)
	defer cancel()
	return conn.Acknowledge(ctx, person, k)
}
