package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/wire"
)

// demoRoom is one invented operator's accepted self-check; the others have none,
// so that a demonstration shows both.
func (h *House) demoRoom(ctx context.Context, operator, supervisor sekisho.PersonID) error {
	in := wire.RoomAnswers{Remark: "見本（架空の自己点検）"}
	for _, q := range readiness.Builtin().Questions {
		in.Answers = append(in.Answers, wire.RoomAnswer{Question: q.ID, Yes: true})
	}
	if err := h.readiness.Answer(ctx, readiness.By{Person: operator, Session: sekisho.SessionID(wire.NewID())}, in); err != nil {
		return err
	}
	waiting, _, err := h.readiness.Checks(ctx)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if _, err := h.readiness.Decide(ctx, audit.Actor{Person: supervisor, Role: sekisho.RoleSupervisor}, c.ID, true, ""); err != nil {
			return err
		}
	}
	return nil
}
