package presence

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Another notes, in the transaction of a witness's refusal (gate/witnesses), that
// somebody else than its person sat before a PC that enrolled a face. Nothing is
// sealed of it: whoever enrols is no onlooker of a session.
func (p *Presence) Another(ctx context.Context, tx storage.Tx, witness, person sekisho.PersonID, d sekisho.DeviceID, c sekisho.ConnectionID) (sekisho.IncidentID, error) {
	now := p.clk.Now()
	i := Incident{
		ID: sekisho.IncidentID(wire.NewID()), Person: person, Device: d, Connection: c, State: sekisho.Other,
		At: now, Reported: now, Faces: 1, Evidence: EvidenceNone,
	}
	if err := insert(ctx, tx, i); err != nil {
		return "", err
	}
	e := reportedRow(i)
	e.Actor = audit.Actor{Person: witness, Role: sekisho.RoleSupervisor}
	return i.ID, p.deps.Audit.Append(ctx, tx, e)
}
