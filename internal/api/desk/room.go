package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Room has the self-checks of the rooms that people work in (gate/readiness).
type Room interface {
	Own(ctx context.Context, c Caller) (wire.RoomCheck, error)
	Answer(ctx context.Context, c Caller, a wire.RoomAnswers) error
}

// roomRoutes answer a live session alone: what is said of a room must be the
// person's whose face was seen. Nothing of it stands before work, so nobody needs
// it in quarantine.
func (d *Door) roomRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET room":  answer(func(r *http.Request, c Caller) (wire.RoomCheck, error) { return d.Room.Own(r.Context(), c) }),
		"POST room": do(func(ctx context.Context, c Caller, a wire.RoomAnswers) error { return d.Room.Answer(ctx, c, a) }),
	}
}
