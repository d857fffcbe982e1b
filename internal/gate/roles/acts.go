package roles

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// apply does a change that was judged, with its row.
func (r *Roles) apply(ctx context.Context, tx storage.Tx, by sekisho.PersonID, c Change) (Role, error) {
	if c.Act == ActGive {
		if err := give(ctx, tx, c.Role, c.Person); err != nil {
			return Role{}, err
		}
		if err := r.log.Append(ctx, tx, audit.Event{
			Kind: "role.given", Actor: administrator(by), Object: object(c.Role), Decision: audit.Allow,
			Detail: map[string]string{"person": string(c.Person)},
		}); err != nil {
			return Role{}, err
		}
		return load(ctx, tx, c.Role)
	}
	kind := "role.created"
	if c.Act == ActChange {
		kind = "role.changed"
	}
	if err := put(ctx, tx, Role{ID: c.Role, Name: c.Name, Rights: c.Rights, Version: c.Seen + 1, Changed: r.clk.Now()}); err != nil {
		return Role{}, err
	}
	if err := r.log.Append(ctx, tx, audit.Event{
		Kind: kind, Actor: administrator(by), Object: object(c.Role), Decision: audit.Allow,
		Detail: map[string]string{"name": c.Name, "rights": texts(c.Rights)},
	}); err != nil {
		return Role{}, err
	}
	return load(ctx, tx, c.Role)
}

// Take takes a role from somebody. It waits for nobody.
func (r *Roles) Take(ctx context.Context, by sekisho.PersonID, id sekisho.OwnRoleID, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.administers(ctx, tx, by); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, "DELETE FROM roles_people WHERE role = ? AND person = ?", string(id), string(p))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(errUnknown, err)
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "role.taken", Actor: administrator(by), Object: object(id), Closing: true, Detail: map[string]string{"person": string(p)},
		})
	})
	if err != nil {
		return fmt.Errorf("roles: take: %w", err)
	}
	return nil
}

// Delete takes a role from everybody and away.
func (r *Roles) Delete(ctx context.Context, by sekisho.PersonID, id sekisho.OwnRoleID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.administers(ctx, tx, by); err != nil {
			return err
		}
		old, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, query := range []string{"DELETE FROM roles_people WHERE role = ?", "DELETE FROM roles_roles WHERE id = ?"} {
			if _, err := tx.Exec(ctx, query, string(id)); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "role.deleted", Actor: administrator(by), Object: object(id), Closing: true,
			Detail: map[string]string{"name": old.Name, "holders": fmt.Sprint(len(old.Holders))},
		})
	})
	if err != nil {
		return fmt.Errorf("roles: delete: %w", err)
	}
	return nil
}

// ForgetPerson takes every own role from somebody whose contract has ended.
func (r *Roles) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		held, err := column[sekisho.OwnRoleID](ctx, tx, "SELECT role FROM roles_people WHERE person = ? ORDER BY role", string(p))
		if err != nil || len(held) == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM roles_people WHERE person = ?", string(p)); err != nil {
			return err
		}
		for _, id := range held {
			if err := r.log.Append(ctx, tx, audit.Event{
				Kind: "role.taken", Actor: audit.Actor{Process: "server"}, Object: object(id), Closing: true, Detail: map[string]string{"person": string(p)},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("roles: forget: %w", err)
	}
	return nil
}

func (r *Roles) administers(ctx context.Context, tx storage.Tx, by sekisho.PersonID) error {
	if own, err := r.people.RolesOf(ctx, tx, by); err != nil || !slices.Contains(own, sekisho.RoleAdministrator) {
		return errors.Join(errBy, err)
	}
	return nil
}

func administrator(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleAdministrator}
}

func object(id sekisho.OwnRoleID) audit.Object { return audit.Object{Type: "role", ID: string(id)} }
