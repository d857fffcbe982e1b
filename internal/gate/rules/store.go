package rules

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "rules", Files: files}

const columns = "number, text, note, author, at"

func scan(row interface{ Scan(...any) error }) (v Version, err error) {
	var at int64
	err = row.Scan(&v.Number, &v.Text, &v.Note, &v.Author, &at)
	v.At = storage.Time(at)
	return v, err
}

// newest is the version in force: the built-in one where none was stored.
func newest(ctx context.Context, tx storage.Tx) (Version, error) {
	v, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM rules_versions ORDER BY number DESC LIMIT 1"))
	if errors.Is(err, sql.ErrNoRows) {
		return Version{Text: standard}, nil
	}
	return v, err
}

// number is the number of the version in force.
func number(ctx context.Context, tx storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COALESCE(MAX(number), 0) FROM rules_versions").Scan(&n)
	return n, err
}

func load(ctx context.Context, tx storage.Tx, n int) (Version, error) {
	if n == 0 {
		return Version{Text: standard}, nil
	}
	v, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM rules_versions WHERE number = ?", n))
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, errUnknown
	}
	return v, err
}

// insert stores the next version; of two at once one wins.
func insert(ctx context.Context, tx storage.Tx, v Version) error {
	_, err := tx.Exec(ctx, "INSERT INTO rules_versions ("+columns+") VALUES (?, ?, ?, ?, ?)",
		v.Number, v.Text, v.Note, string(v.Author), storage.Micros(v.At))
	if storage.Duplicate(err) {
		return errVersion.Because(err)
	}
	return err
}

// history lists versions without their texts, the newest first.
func history(ctx context.Context, tx storage.Tx, limit int) ([]Version, error) {
	rows, err := tx.Query(ctx, "SELECT number, '', note, author, at FROM rules_versions ORDER BY number DESC LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Version{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
