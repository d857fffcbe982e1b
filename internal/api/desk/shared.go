package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Shared knows PCs that several people use, and passes their sealed faces on.
type Shared interface {
	State(ctx context.Context, c Caller) (wire.SharedPC, error)
	Key(ctx context.Context, c Caller, k wire.CertifiedKey) error
	Taken(ctx context.Context, c Caller, t wire.CarryTaken) error
	Targets(ctx context.Context, c Caller) (wire.CarryTargets, error)
	Carry(ctx context.Context, c Caller, f wire.Carry) error
}

// sharedRoutes are the agent's alone. In quarantine a PC learns what it may keep
// and gets what was sealed for it; only a live session sends a face on.
func (d *Door) sharedRoutes() (quarantine, live map[string]http.HandlerFunc) {
	quarantine = map[string]http.HandlerFunc{
		"GET shared":        answer(func(r *http.Request, c Caller) (wire.SharedPC, error) { return d.Shared.State(r.Context(), c) }),
		"POST shared/key":   do(d.Shared.Key),
		"POST shared/taken": do(d.Shared.Taken),
	}
	live = map[string]http.HandlerFunc{
		"GET shared/targets": answer(func(r *http.Request, c Caller) (wire.CarryTargets, error) { return d.Shared.Targets(r.Context(), c) }),
		"POST shared/faces":  do(d.Shared.Carry),
	}
	return quarantine, live
}
