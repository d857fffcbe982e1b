package presence

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Incidents lists detections, the newest first.
func (p *Presence) Incidents(ctx context.Context, f Filter) (out []Incident, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = list(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("presence: incidents: %w", err)
	}
	return out, nil
}

// Incident gives one.
func (p *Presence) Incident(ctx context.Context, id sekisho.IncidentID) (i Incident, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) (err error) {
		i, err = load(ctx, tx, id)
		return err
	})
	if err != nil {
		return Incident{}, fmt.Errorf("presence: incident: %w", err)
	}
	return i, nil
}

// Decide says, once, what an incident was. From then on its retention runs.
func (p *Presence) Decide(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, decision, note string) (Incident, error) {
	i, err := p.decide(ctx, by, id, decision, note)
	return i, p.refuse(err, refused("incident.decision_refused", by, id))
}

// refused is the row of somebody's refused act on an incident. What is no
// incident's id is anybody's text and stays out.
func refused(kind string, by sekisho.PersonID, id sekisho.IncidentID) audit.Event {
	if !wire.ValidID(string(id)) {
		id = ""
	}
	return audit.Event{Kind: kind, Actor: audit.Actor{Person: by}, Object: object(id)}
}

func (p *Presence) decide(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, decision, note string) (Incident, error) {
	if !validDecision(decision) {
		return Incident{}, errDecision
	}
	if !validNote(note) {
		return Incident{}, errNote
	}
	var i Incident
	err := p.db.Write(ctx, func(tx storage.Tx) error {
		role, err := p.decider(ctx, tx, by)
		if err != nil {
			return err
		}
		if i, err = load(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case i.Person == by:
			return errOwn
		case i.Decision != Undecided:
			return errDecided
		}
		i.Decision, i.Decider, i.Decided, i.Note = decision, by, p.clk.Now(), note
		if err := save(ctx, tx, i); err != nil {
			return err
		}
		if err := p.deps.Evidence.Decided(ctx, tx, i.ID, i.Decided); err != nil {
			return err
		}
		return p.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "incident.decided", Actor: audit.Actor{Person: by, Role: role}, Object: object(id), Session: i.Session,
			Decision: audit.Allow, Reason: decision, Detail: map[string]string{"person": string(i.Person)},
			Personal: audit.Personal{"note": note},
		})
	})
	if err != nil {
		return Incident{}, fmt.Errorf("presence: decide: %w", err)
	}
	p.tell(i)
	return i, nil
}

// decider gives the role in which somebody may decide, or a refusal.
func (p *Presence) decider(ctx context.Context, tx storage.Tx, by sekisho.PersonID) (sekisho.Role, error) {
	for _, role := range []sekisho.Role{sekisho.RoleOfficer, sekisho.RoleSupervisor} {
		ok, err := p.deps.People.Holds(ctx, tx, by, role)
		if err != nil {
			return "", err
		}
		if ok && by != "" {
			return role, nil
		}
	}
	return "", errRole
}

// Object keeps the operator's own words about an incident that concerns him.
func (p *Presence) Object(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, words string) error {
	return p.refuse(p.object(ctx, by, id, words), refused("incident.objection_refused", by, id))
}

func (p *Presence) object(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, words string) error {
	if words == "" || !validNote(words) {
		return errNote
	}
	var i Incident
	err := p.db.Write(ctx, func(tx storage.Tx) (err error) {
		if i, err = load(ctx, tx, id); err != nil {
			return err
		}
		if i.Person != by || by == "" {
			return errUnknown // that it exists is nobody else's business
		}
		i.Objection = words
		if err := save(ctx, tx, i); err != nil {
			return err
		}
		return p.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "incident.objected", Actor: audit.Actor{Person: by, Device: i.Device, Role: sekisho.RoleOperator}, Object: object(id),
			Session: i.Session, Decision: audit.Allow, Personal: audit.Personal{"objection": words},
		})
	})
	if err != nil {
		return fmt.Errorf("presence: object: %w", err)
	}
	p.tell(i)
	return nil
}
