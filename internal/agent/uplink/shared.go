package uplink

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Shared asks how this PC stands: whether it is shared, whose faces it may keep,
// and what waits for it.
func (c *Connection) Shared(ctx context.Context) (s wire.SharedPC, err error) {
	return s, c.Ask(ctx, http.MethodGet, "shared", nil, &s)
}

// PutSealKey hands over this PC's key to seal to, which the device key has signed.
func (c *Connection) PutSealKey(ctx context.Context, k wire.CertifiedKey) error {
	return c.Ask(ctx, http.MethodPost, "shared/key", k, nil)
}

// TakenFace tells what became of the face that waited.
func (c *Connection) TakenFace(ctx context.Context, t wire.CarryTaken) error {
	return c.Ask(ctx, http.MethodPost, "shared/taken", t, nil)
}

// CarryTargets asks for PCs of the group that lack the face of whoever works here.
func (c *Connection) CarryTargets(ctx context.Context) (t wire.CarryTargets, err error) {
	return t, c.Ask(ctx, http.MethodGet, "shared/targets", nil, &t)
}

// CarryFace hands over a face that was sealed for another PC.
func (c *Connection) CarryFace(ctx context.Context, f wire.Carry) error {
	return c.Ask(ctx, http.MethodPost, "shared/faces", f, nil)
}

// Serve tells the outbox whose connection carries what follows: what is another
// person's waits until he connects here again.
func (o *Outbox) Serve(p sekisho.PersonID) {
	o.mu.Lock()
	o.serves = p
	o.mu.Unlock()
}

// theirs says whether an entry is of somebody whom the connection does not serve.
func (o *Outbox) theirs(e entry) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.serves != "" && e.Report.Person != o.serves
}
