package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Phone is the operator's telephone (calls/exchange).
type Phone interface {
	Phone(ctx context.Context, c Caller) (wire.Phone, error)
	State(ctx context.Context, c Caller, s wire.PhoneState) error
	Act(ctx context.Context, c Caller, a wire.PhoneAct) error
	Dial(ctx context.Context, c Caller, d wire.PhoneDial) error
	WrapUp(ctx context.Context, c Caller, w wire.PhoneWritten) error
	Hand(ctx context.Context, c Caller, h wire.PhoneHand) error
}

// phoneRoutes answer a live session alone: nobody hears a caller without a lease.
func (d *Door) phoneRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET calls":          answer(func(r *http.Request, c Caller) (wire.Phone, error) { return d.Phone.Phone(r.Context(), c) }),
		"POST calls/state":   do(func(ctx context.Context, c Caller, s wire.PhoneState) error { return d.Phone.State(ctx, c, s) }),
		"POST calls/act":     do(func(ctx context.Context, c Caller, a wire.PhoneAct) error { return d.Phone.Act(ctx, c, a) }),
		"POST calls/dial":    do(func(ctx context.Context, c Caller, n wire.PhoneDial) error { return d.Phone.Dial(ctx, c, n) }),
		"POST calls/wrap-up": do(func(ctx context.Context, c Caller, w wire.PhoneWritten) error { return d.Phone.WrapUp(ctx, c, w) }),
		"POST calls/hand":    do(func(ctx context.Context, c Caller, h wire.PhoneHand) error { return d.Phone.Hand(ctx, c, h) }),
	}
}
