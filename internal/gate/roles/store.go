package roles

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "roles", Files: files}

func load(ctx context.Context, tx storage.Tx, id sekisho.OwnRoleID) (Role, error) {
	r := Role{ID: id}
	var rights string
	var changed int64
	err := tx.QueryRow(ctx, "SELECT name, rights, version, changed FROM roles_roles WHERE id = ?", string(id)).Scan(&r.Name, &rights, &r.Version, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		return Role{}, errUnknown
	}
	if err != nil {
		return Role{}, err
	}
	r.Rights, r.Changed = parse(rights), storage.Time(changed)
	r.Holders, err = holders(ctx, tx, id)
	return r, err
}

func holders(ctx context.Context, tx storage.Tx, id sekisho.OwnRoleID) ([]sekisho.PersonID, error) {
	return column[sekisho.PersonID](ctx, tx, "SELECT person FROM roles_people WHERE role = ? ORDER BY person", string(id))
}

func column[T ~string](ctx context.Context, tx storage.Tx, query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		out = append(out, T(one))
	}
	return out, rows.Err()
}

// rightsOf are the rights of every own role that a person holds, but one.
func rightsOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID, but sekisho.OwnRoleID) ([]Right, error) {
	lists, err := column[string](ctx, tx, "SELECT r.rights FROM roles_roles r JOIN roles_people p ON p.role = r.id WHERE p.person = ? AND r.id <> ?", string(p), string(but))
	if err != nil {
		return nil, err
	}
	all := []Right{}
	for _, text := range lists {
		all = append(all, parse(text)...)
	}
	return normal(all)
}

// free refuses a name that another role than id has.
func free(ctx context.Context, tx storage.Tx, name string, id sekisho.OwnRoleID) error {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM roles_roles WHERE name = ? AND id <> ?", name, string(id)).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errTaken
	}
	return nil
}

func put(ctx context.Context, tx storage.Tx, r Role) error {
	_, err := tx.Exec(ctx, `INSERT INTO roles_roles (id, name, rights, version, changed) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, rights = excluded.rights, version = excluded.version, changed = excluded.changed`,
		string(r.ID), r.Name, texts(r.Rights), r.Version, storage.Micros(r.Changed))
	if storage.Duplicate(err) {
		return errTaken.Because(err)
	}
	return err
}

func give(ctx context.Context, tx storage.Tx, id sekisho.OwnRoleID, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "INSERT INTO roles_people (role, person) VALUES (?, ?) ON CONFLICT DO NOTHING", string(id), string(p))
	return err
}
