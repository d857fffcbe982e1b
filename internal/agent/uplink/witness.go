package uplink

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// OfferFace shows the witness who watches by video what StoreFace will hand over.
func (c *Connection) OfferFace(ctx context.Context, f wire.FaceEnrolment) error {
	f.Connection = c.ID
	return c.Ask(ctx, http.MethodPost, "witness/"+string(f.Approval)+"/offer", wire.StoreFace{Statement: wire.SignWith(c.lease, wire.DomainEnrol, f)}, nil)
}

// Witnessing asks how far an enrolment is that a witness watches.
func (c *Connection) Witnessing(ctx context.Context, id sekisho.ApprovalID) (w wire.Witnessing, err error) {
	return w, c.Ask(ctx, http.MethodGet, "witness/"+string(id), nil, &w)
}
