package operators

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Outline is as much of a person as lists of a whole centre need.
type Outline struct {
	ID     sekisho.PersonID
	Name   string
	Kana   string
	Login  string
	Roles  []sekisho.Role // shared between people: not to be changed
	Active bool
}

// LogValue hides the person.
func (Outline) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Has says whether an active person holds a role.
func (o Outline) Has(r sekisho.Role) bool { return o.Active && slices.Contains(o.Roles, r) }

// Outlines gives everybody by kana, or by name where there is none.
func (r *Operators) Outlines(ctx context.Context) (list []Outline, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, name, kana, login, roles, active, last_day FROM operators_people
			ORDER BY CASE WHEN kana = '' THEN name ELSE kana END, name, id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		known := map[string][]sekisho.Role{}
		for rows.Next() {
			var o Outline
			var roles, lastDay string
			var active int64
			if err := rows.Scan(&o.ID, &o.Name, &o.Kana, &o.Login, &roles, &active, &lastDay); err != nil {
				return err
			}
			if _, ok := known[roles]; !ok {
				known[roles] = parseRoles(roles)
			}
			o.Roles = known[roles]
			o.Active = Person{Suspended: active != 1, LastDay: Day(lastDay)}.at(now).Active
			list = append(list, o)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("operators: outlines: %w", err)
	}
	return list, nil
}
