package operators

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// PlanList says what a list would do, and does nothing.
func (r *Operators) PlanList(ctx context.Context, by sekisho.PersonID, kind ListKind, file []byte) (p Plan, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		p, err = r.planList(ctx, tx, by, kind, file)
		return err
	})
	if err != nil {
		return Plan{}, fmt.Errorf("operators: plan list: %w", err)
	}
	return p, nil
}

func (r *Operators) planList(ctx context.Context, tx storage.Tx, by sekisho.PersonID, kind ListKind, file []byte) (Plan, error) {
	if kind != ListJoiners && kind != ListLeavers {
		return Plan{}, errListKind
	}
	list, encoding, err := readList(kind, file)
	if err != nil {
		return Plan{}, err
	}
	people, err := listPeople(ctx, tx, r.clk.Now())
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Kind: kind, Encoding: encoding, Rows: plan(kind, by, list, people, r.clk.Now())}
	if err := r.refuseSeconded(ctx, tx, p.Rows); err != nil {
		return Plan{}, err
	}
	p.Seen = p.seal(file)
	return p, nil
}

// refuseSeconded refuses the rows that one administrator may not do alone: nobody
// confirms a list.
func (r *Operators) refuseSeconded(ctx context.Context, tx storage.Tx, rows []Row) error {
	two, err := r.foureyes(ctx, tx)
	if err != nil || !two {
		return err
	}
	for i := range rows {
		row := &rows[i]
		if row.Fate != FateChanged {
			continue
		}
		next := row.after.at(r.clk.Now())
		back, err := r.back(ctx, tx, row.before, next)
		if err != nil {
			return err
		}
		if back || gives(row.before, next) {
			row.refuse("roles", ErrRoleSecond)
		}
	}
	return nil
}

// ApplyList does what PlanList showed: all of it in one transaction, or nothing.
// seen is the plan's name; where the people have changed since, so has the plan.
func (r *Operators) ApplyList(ctx context.Context, by sekisho.PersonID, kind ListKind, file []byte, seen string) (p Plan, err error) {
	var done []Person
	err = r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if p, err = r.planList(ctx, tx, by, kind, file); err != nil {
			return err
		}
		if p.Count(FateRefused) > 0 {
			return errListRefused
		}
		if p.Seen != seen {
			return errListSeen
		}
		done, err = r.applyRows(ctx, tx, by, p)
		return err
	})
	if err != nil {
		r.log.Afterwards(audit.Event{
			Kind: "list.refused", Actor: administrator(by), Object: audit.Object{Type: "list", ID: string(kind)},
			Decision: audit.Deny, Reason: sekisho.CodeOf(err),
		})
		return Plan{}, fmt.Errorf("operators: apply list: %w", err)
	}
	for _, one := range done {
		r.tell(one)
	}
	if kind == ListLeavers || slices.ContainsFunc(done, func(one Person) bool { return !one.Active }) {
		r.endNow(ctx)
	}
	return p, nil
}

func (r *Operators) applyRows(ctx context.Context, tx storage.Tx, by sekisho.PersonID, p Plan) (done []Person, err error) {
	for i := range p.Rows {
		row := &p.Rows[i]
		switch row.Fate {
		case FateNew:
			row.after = r.fresh(row.after)
			err = r.insert(ctx, tx, administrator(by), row.after)
		case FateChanged:
			err = r.applyChange(ctx, tx, by, *row)
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", row.Line, err)
		}
		done = append(done, row.after)
	}
	if err := r.noteTwo(ctx, tx); err != nil {
		return nil, err
	}
	return done, r.log.Append(ctx, tx, audit.Event{
		Kind: "list.applied", Actor: administrator(by), Object: audit.Object{Type: "list", ID: string(p.Kind)}, Decision: audit.Allow,
		Detail: map[string]string{"rows": strconv.Itoa(len(p.Rows)), "new": strconv.Itoa(p.Count(FateNew)), "changed_people": strconv.Itoa(p.Count(FateChanged))},
	})
}

func (r *Operators) applyChange(ctx context.Context, tx storage.Tx, by sekisho.PersonID, row Row) error {
	if err := r.given(ctx, tx, row.before, row.after.at(r.clk.Now()), nil); err != nil {
		return err
	}
	if err := updatePerson(ctx, tx, row.after, r.clk.Now()); err != nil {
		return err
	}
	detail := map[string]string{"fields": strings.Join(row.Fields, " ")}
	if was, is := rolesText(row.before.Roles), rolesText(row.after.Roles); was != is {
		detail["roles"] = was + " → " + is
	}
	if row.before.LastDay != row.after.LastDay {
		detail["last_day"] = dayText(row.before.LastDay) + " → " + dayText(row.after.LastDay)
	}
	return r.log.Append(ctx, tx, audit.Event{Kind: "person.changed", Actor: administrator(by), Object: object(row.before.ID), Detail: detail})
}
