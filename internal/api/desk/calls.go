package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Telephone is the operator's: his line (calls/softphone), and his calls (calls/exchange).
type Telephone interface {
	Line(ctx context.Context, c Caller, offer wire.LineOffer) (wire.LineAnswer, error)
	Phone(ctx context.Context, c Caller) (wire.Phone, error)
	State(ctx context.Context, c Caller, s wire.PhoneState) error
	Act(ctx context.Context, c Caller, a wire.PhoneAct) error
	Dial(ctx context.Context, c Caller, d wire.PhoneDial) error
	WrapUp(ctx context.Context, c Caller, w wire.PhoneWritten) error
	Hand(ctx context.Context, c Caller, h wire.PhoneHand) error
}

// callRoutes answer a live session alone: a telephone exists only inside a lease.
func (d *Door) callRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST calls/line": take(func(ctx context.Context, c Caller, in wire.LineOffer) (wire.LineAnswer, error) {
			return d.Telephone.Line(ctx, c, in)
		}),
		"GET calls":          answer(func(r *http.Request, c Caller) (wire.Phone, error) { return d.Telephone.Phone(r.Context(), c) }),
		"POST calls/state":   do(func(ctx context.Context, c Caller, s wire.PhoneState) error { return d.Telephone.State(ctx, c, s) }),
		"POST calls/act":     do(func(ctx context.Context, c Caller, a wire.PhoneAct) error { return d.Telephone.Act(ctx, c, a) }),
		"POST calls/dial":    do(func(ctx context.Context, c Caller, n wire.PhoneDial) error { return d.Telephone.Dial(ctx, c, n) }),
		"POST calls/wrap-up": do(func(ctx context.Context, c Caller, w wire.PhoneWritten) error { return d.Telephone.WrapUp(ctx, c, w) }),
		"POST calls/hand":    do(func(ctx context.Context, c Caller, h wire.PhoneHand) error { return d.Telephone.Hand(ctx, c, h) }),
	}
}
