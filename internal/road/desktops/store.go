package desktops

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema
var files embed.FS

// Schema is this room's table.
var Schema = storage.Schema{Name: "desktops", Files: files}

// row is a desktop with its wrapped password.
type row struct {
	Desktop
	secret []byte
}

const columns = "SELECT id, name, host, port, secret FROM desktops_desktops"

func (r *row) scan(from interface{ Scan(...any) error }) error {
	err := from.Scan(&r.ID, &r.Name, &r.Host, &r.Port, &r.secret)
	r.HasSecret = len(r.secret) > 0
	return err
}

func selectAll(ctx context.Context, tx storage.Tx) ([]Desktop, error) {
	rows, err := tx.Query(ctx, columns+" ORDER BY name, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Desktop{}
	for rows.Next() {
		var r row
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, r.Desktop)
	}
	return list, rows.Err()
}

func selectOne(ctx context.Context, tx storage.Tx, id sekisho.DesktopID) (r row, err error) {
	err = r.scan(tx.QueryRow(ctx, columns+" WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return r, errNotFound
	}
	return r, err
}

// nameTaken says whether another desktop bears the name.
func nameTaken(ctx context.Context, tx storage.Tx, d Desktop) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM desktops_desktops WHERE name = ? AND id <> ?", d.Name, string(d.ID)).Scan(&n)
	return n > 0, err
}

func insert(ctx context.Context, tx storage.Tx, r row, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO desktops_desktops (id, name, host, port, secret, changed) VALUES (?, ?, ?, ?, ?, ?)",
		string(r.ID), r.Name, r.Host, r.Port, r.secret, storage.Micros(now))
	return err
}

func update(ctx context.Context, tx storage.Tx, r row, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE desktops_desktops SET name = ?, host = ?, port = ?, secret = ?, changed = ? WHERE id = ?",
		r.Name, r.Host, r.Port, r.secret, storage.Micros(now), string(r.ID))
	return err
}

func remove(ctx context.Context, tx storage.Tx, id sekisho.DesktopID) error {
	_, err := tx.Exec(ctx, "DELETE FROM desktops_desktops WHERE id = ?", string(id))
	return err
}
