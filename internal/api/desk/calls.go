package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Telephone opens the operator's line (calls/softphone).
type Telephone interface {
	Line(ctx context.Context, c Caller, offer wire.LineOffer) (wire.LineAnswer, error)
}

// callRoutes answer a live session alone: a telephone exists only inside a lease.
func (d *Door) callRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST calls/line": take(func(ctx context.Context, c Caller, in wire.LineOffer) (wire.LineAnswer, error) {
			return d.Telephone.Line(ctx, c, in)
		}),
	}
}
