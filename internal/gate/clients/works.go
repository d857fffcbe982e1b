package clients

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// AddWork names a work of a client.
func (r *Clients) AddWork(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, name string) (w Work, err error) {
	if !validName(name) {
		return Work{}, errName
	}
	w = Work{ID: sekisho.WorkID(wire.NewID()), Client: client, Name: name, Created: r.clk.Now()}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := loadClient(ctx, tx, client); err != nil {
			return err
		}
		if n, err := count(ctx, tx, "SELECT COUNT(*) FROM clients_works WHERE client = ?", string(client)); err != nil || n >= maxWorks {
			return orElse(err, errMany)
		}
		if err := taken(ctx, tx, "SELECT COUNT(*) FROM clients_works WHERE client = ? AND name = ?", string(client), name); err != nil {
			return err
		}
		if err := exec(ctx, tx, "INSERT INTO clients_works (id, client, name, created, ended) VALUES (?, ?, ?, ?, 0)",
			string(w.ID), string(client), name, micros(w.Created)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "work.created", Actor: administrator(by), Object: workObject(w.ID), Decision: audit.Allow,
			Detail: map[string]string{"client": string(client), "name": name},
		})
	})
	if err != nil {
		return Work{}, fmt.Errorf("clients: add work: %w", err)
	}
	return w, nil
}

// ChangeWork renames a work, or ends and resumes it. Nobody is assigned to an
// ended work, whatever his days say.
func (r *Clients) ChangeWork(ctx context.Context, by sekisho.PersonID, id sekisho.WorkID, change Change) (w Work, err error) {
	if change.Name != nil && !validName(*change.Name) {
		return Work{}, errName
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if w, err = loadWork(ctx, tx, id); err != nil {
			return err
		}
		e := audit.Event{Kind: "work.changed", Actor: administrator(by), Object: workObject(id), Decision: audit.Allow, Detail: map[string]string{}}
		if change.Name != nil && *change.Name != w.Name {
			if err := taken(ctx, tx, "SELECT COUNT(*) FROM clients_works WHERE client = ? AND name = ? AND id <> ?", string(w.Client), *change.Name, string(id)); err != nil {
				return err
			}
			e.Detail["name"] = w.Name + " → " + *change.Name
			w.Name = *change.Name
		}
		if change.Ended != nil && *change.Ended != !w.Ended.IsZero() {
			w.Ended = r.ended(*change.Ended)
			e.Kind, e.Closing = "work.ended", true
			if !*change.Ended {
				e.Kind, e.Closing = "work.resumed", false
			}
		}
		if err := exec(ctx, tx, "UPDATE clients_works SET name = ?, ended = ? WHERE id = ?", w.Name, micros(w.Ended), string(id)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return Work{}, fmt.Errorf("clients: change work %s: %w", id, err)
	}
	return w, nil
}

func (r *Clients) ended(yes bool) time.Time {
	if yes {
		return r.clk.Now()
	}
	return time.Time{}
}

// Assign puts an operator on a work for some days. ID is set here.
func (r *Clients) Assign(ctx context.Context, by sekisho.PersonID, a Assignment) (Assignment, error) {
	if a.From.IsZero() || (!a.Until.IsZero() && !a.From.Before(a.Until)) {
		return Assignment{}, errDays
	}
	a.ID = sekisho.AssignmentID(wire.NewID())
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		w, err := loadWork(ctx, tx, a.Work)
		if err != nil {
			return err
		}
		if ok, err := r.people.Holds(ctx, tx, a.Person, sekisho.RoleOperator); err != nil || !ok {
			return orElse(err, errNoWorker)
		}
		known, err := assignmentsOf(ctx, tx, w.Client)
		if err != nil {
			return err
		}
		if len(known) >= maxAssignments {
			return errMany
		}
		for _, other := range known {
			if other.Work == a.Work && other.Person == a.Person && other.overlaps(a) {
				return errOverlap
			}
		}
		if err := exec(ctx, tx, "INSERT INTO clients_assignments (id, work, person, since, until, subcontracted) VALUES (?, ?, ?, ?, ?, ?)",
			string(a.ID), string(a.Work), string(a.Person), micros(a.From), micros(a.Until), number(a.Subcontracted)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, assignmentRow("work.assigned", by, a, audit.Allow))
	})
	if err != nil {
		return Assignment{}, fmt.Errorf("clients: assign: %w", err)
	}
	return a, nil
}

// EndAssignment sets the end of an assignment, exclusive; it may lie before now
// only as far as the assignment's own first day.
func (r *Clients) EndAssignment(ctx context.Context, by sekisho.PersonID, id sekisho.AssignmentID, until time.Time) (a Assignment, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if a, err = loadAssignment(ctx, tx, id); err != nil {
			return err
		}
		if until.IsZero() || !a.From.Before(until) {
			return errDays
		}
		if !a.Until.IsZero() && until.After(a.Until) {
			return errOverlap // longer is another assignment: what lies between may be another client's
		}
		a.Until = until
		if err := exec(ctx, tx, "UPDATE clients_assignments SET until = ? WHERE id = ?", micros(until), string(id)); err != nil {
			return err
		}
		e := assignmentRow("work.assignment_ended", by, a, audit.Allow)
		e.Closing = true
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return Assignment{}, fmt.Errorf("clients: end assignment %s: %w", id, err)
	}
	return a, nil
}

// Withdraw takes an assignment back that was a mistake, as if it had never been;
// the log keeps that it was.
func (r *Clients) Withdraw(ctx context.Context, by sekisho.PersonID, id sekisho.AssignmentID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		a, err := loadAssignment(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := exec(ctx, tx, "DELETE FROM clients_assignments WHERE id = ?", string(id)); err != nil {
			return err
		}
		e := assignmentRow("work.assignment_withdrawn", by, a, audit.Allow)
		e.Closing = true
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("clients: withdraw %s: %w", id, err)
	}
	return nil
}

func assignmentRow(kind string, by sekisho.PersonID, a Assignment, decision string) audit.Event {
	sub := "false"
	if a.Subcontracted {
		sub = "true"
	}
	return audit.Event{
		Kind: kind, Actor: administrator(by), Object: workObject(a.Work), Decision: decision,
		Detail: map[string]string{"person": string(a.Person), "from": Day(a.From), "until": LastDay(a.Until), "subcontracted": sub},
	}
}

func workObject(id sekisho.WorkID) audit.Object { return audit.Object{Type: "work", ID: string(id)} }
