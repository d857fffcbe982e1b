package searches

import (
	"context"
	"embed"
	"encoding/json"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "searches", Files: files}

func list(ctx context.Context, tx storage.Tx, person sekisho.PersonID) ([]Saved, error) {
	rows, err := tx.Query(ctx, "SELECT id, name, query, at FROM searches_saved WHERE person = ? ORDER BY name LIMIT ?", string(person), maxSaved)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Saved{}
	for rows.Next() {
		var s Saved
		var id, query string
		var at int64
		if err := rows.Scan(&id, &s.Name, &query, &at); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(query), &s.Query); err != nil {
			return nil, err
		}
		s.ID, s.At = sekisho.SearchID(id), storage.Time(at)
		out = append(out, s)
	}
	return out, rows.Err()
}

func count(ctx context.Context, tx storage.Tx, person sekisho.PersonID) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM searches_saved WHERE person = ?", string(person)).Scan(&n)
	return n, err
}

func insert(ctx context.Context, tx storage.Tx, person sekisho.PersonID, s Saved) error {
	query, err := json.Marshal(s.Query)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO searches_saved (id, person, name, query, at) VALUES (?, ?, ?, ?, ?)",
		string(s.ID), string(person), s.Name, string(query), storage.Micros(s.At))
	return err
}

// remove deletes one row of the person's own; column is id or name.
func remove(ctx context.Context, tx storage.Tx, person sekisho.PersonID, column, value string) error {
	res, err := tx.Exec(ctx, "DELETE FROM searches_saved WHERE person = ? AND "+column+" = ?", string(person), value)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errUnknown
}
