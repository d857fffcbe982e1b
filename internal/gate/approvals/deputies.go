package approvals

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// NameDeputy lets somebody answer for a supervisor, who names him, for a time.
func (r *Approvals) NameDeputy(ctx context.Context, by, person sekisho.PersonID, begins, ends time.Time) (Deputy, error) {
	now := r.clk.Now()
	d := Deputy{ID: sekisho.DeputyID(wire.NewID()), Principal: by, Person: person, Begins: begins.UTC(), Ends: ends.UTC(), Named: now}
	if err := validDeputy(d, now); err != nil {
		return Deputy{}, err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayName(ctx, tx, d); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO approvals_deputies ("+deputyColumns+") VALUES (?, ?, ?, ?, ?, ?, 0)",
			string(d.ID), string(d.Principal), string(d.Person), storage.Micros(d.Begins), storage.Micros(d.Ends), storage.Micros(d.Named))
		if err != nil {
			return err
		}
		return r.log.Append(ctx, tx, deputyRow("deputy.named", by, d, audit.Allow))
	})
	if err != nil {
		return Deputy{}, fmt.Errorf("approvals: name deputy: %w", err)
	}
	return d, nil
}

func (r *Approvals) mayName(ctx context.Context, tx storage.Tx, d Deputy) error {
	supervises, err := r.people.Holds(ctx, tx, d.Principal, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	already, err := r.people.Holds(ctx, tx, d.Person, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	_, level, err := r.holdsAny(ctx, tx, d.Person, deputyRoles)
	if err != nil {
		return err
	}
	open, err := deputies(ctx, tx, "principal = ? AND ended = 0 AND ends > ?", string(d.Principal), storage.Micros(r.clk.Now()))
	switch {
	case err != nil:
		return err
	case !supervises:
		return ErrRole
	case already:
		return errDeputyNeeds
	case !level:
		return errDeputyRole
	case len(open) >= deputiesEach:
		return errDeputyMany
	}
	return nil
}

// EndDeputy ends one before its time: whoever named him, the deputy himself, or an
// administrator.
func (r *Approvals) EndDeputy(ctx context.Context, by sekisho.PersonID, id sekisho.DeputyID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		found, err := deputies(ctx, tx, "id = ?", string(id))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errDeputyUnknown
		}
		d := found[0]
		manages, err := r.people.Holds(ctx, tx, by, sekisho.RoleAdministrator)
		if err != nil {
			return err
		}
		if by == "" || (by != d.Principal && by != d.Person && !manages) {
			return errDeputyNotYou
		}
		if _, err := tx.Exec(ctx, "UPDATE approvals_deputies SET ended = ? WHERE id = ? AND ended = 0", storage.Micros(r.clk.Now()), string(id)); err != nil {
			return err
		}
		e := deputyRow("deputy.ended", by, d, "")
		e.Closing = true
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("approvals: end deputy: %w", err)
	}
	return nil
}

// Deputies lists those whose time is not over, the next to begin first.
func (r *Approvals) Deputies(ctx context.Context) (out []Deputy, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = deputies(ctx, tx, "ended = 0 AND ends > ?", storage.Micros(r.clk.Now()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("approvals: deputies: %w", err)
	}
	return out, nil
}

// StandsIn gives the supervisors for whom a person may answer now.
func (r *Approvals) StandsIn(ctx context.Context, by sekisho.PersonID) (out []sekisho.PersonID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = r.standsIn(ctx, tx, by)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("approvals: stands in: %w", err)
	}
	return out, nil
}

// standsIn gives them as they are at this moment: both sides must still hold their
// roles, whatever they held when the deputy was named.
func (r *Approvals) standsIn(ctx context.Context, tx storage.Tx, by sekisho.PersonID) (out []sekisho.PersonID, err error) {
	found, err := deputies(ctx, tx, "deputy = ? AND ended = 0 AND ends > ?", string(by), storage.Micros(r.clk.Now()))
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		if !d.In(r.clk.Now()) {
			continue
		}
		_, level, err := r.holdsAny(ctx, tx, by, deputyRoles)
		if err != nil {
			return nil, err
		}
		still, err := r.people.Holds(ctx, tx, d.Principal, sekisho.RoleSupervisor)
		if err != nil {
			return nil, err
		}
		if level && still {
			out = append(out, d.Principal)
		}
	}
	return out, nil
}

// principalFor finds for whom a deputy may answer a question: never one that the
// supervisor himself has asked.
func (r *Approvals) principalFor(ctx context.Context, tx storage.Tx, by sekisho.PersonID, q Question) (p sekisho.PersonID, denied, err error) {
	if by == "" || !deputed(q.Kind) {
		return "", ErrRole, nil
	}
	principals, err := r.standsIn(ctx, tx, by)
	if err != nil {
		return "", nil, err
	}
	for _, p := range principals {
		if p != q.Person {
			return p, nil, nil
		}
	}
	if len(principals) > 0 {
		return "", errOwn, nil
	}
	return "", ErrRole, nil
}

func deputyRow(kind string, by sekisho.PersonID, d Deputy, decision string) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "deputy", ID: string(d.ID)}, Decision: decision,
		Detail: map[string]string{"stands_for": string(d.Principal), "deputy": string(d.Person), "from": d.Begins.Format(time.RFC3339), "until": d.Ends.Format(time.RFC3339)},
	}
}

const deputyColumns = "id, principal, deputy, begins, ends, named, ended"

func deputies(ctx context.Context, tx storage.Tx, where string, args ...any) (out []Deputy, err error) {
	rows, err := tx.Query(ctx, "SELECT "+deputyColumns+" FROM approvals_deputies WHERE "+where+" ORDER BY begins, id LIMIT 500", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Deputy
		var begins, ends, named, ended int64
		if err := rows.Scan(&d.ID, &d.Principal, &d.Person, &begins, &ends, &named, &ended); err != nil {
			return nil, err
		}
		d.Begins, d.Ends, d.Named = storage.Time(begins), storage.Time(ends), storage.Time(named)
		if ended != 0 {
			d.Ended = storage.Time(ended)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
