package passwords

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "passwords", Files: files}

// loadRecord gives nil where there is none.
func loadRecord(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (record []byte, err error) {
	err = tx.QueryRow(ctx, "SELECT record FROM passwords_records WHERE person = ?", string(p)).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

func putRecord(ctx context.Context, tx storage.Tx, p sekisho.PersonID, record []byte, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO passwords_records (person, record, at) VALUES (?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET record = excluded.record, at = excluded.at`, string(p), record, storage.Micros(at))
	return err
}

func deleteRecord(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (gone bool, err error) {
	res, err := tx.Exec(ctx, "DELETE FROM passwords_records WHERE person = ?", string(p))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func loadGuesses(ctx context.Context, tx storage.Tx, login string) (guesses, error) {
	g := guesses{login: login}
	var began, last, until int64
	err := tx.QueryRow(ctx, "SELECT n, began, last, until, level FROM passwords_guesses WHERE login = ?", login).
		Scan(&g.n, &began, &last, &until, &g.level)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil
	}
	g.began, g.last, g.until = storage.Time(began), storage.Time(last), storage.Time(until)
	return g, err
}

func putGuesses(ctx context.Context, tx storage.Tx, g guesses) error {
	_, err := tx.Exec(ctx, `INSERT INTO passwords_guesses (login, person, n, began, last, until, level) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (login) DO UPDATE SET person = excluded.person, n = excluded.n, began = excluded.began, last = excluded.last,
		until = excluded.until, level = excluded.level`,
		g.login, string(g.person), g.n, storage.Micros(g.began), storage.Micros(g.last), storage.Micros(g.until), g.level)
	return err
}

func deleteGuesses(ctx context.Context, tx storage.Tx, login string) error {
	_, err := tx.Exec(ctx, "DELETE FROM passwords_guesses WHERE login = ?", login)
	return err
}

func deleteGuessesOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM passwords_guesses WHERE person = ?", string(p))
	return err
}

// unlockGuessesOf ends a lock-out at a moment; how many followed each other stays.
func unlockGuessesOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE passwords_guesses SET n = 0, until = CASE WHEN until > ? THEN ? ELSE until END WHERE person = ?", storage.Micros(at), storage.Micros(at), string(p))
	return err
}

func deleteOld(ctx context.Context, tx storage.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM passwords_guesses WHERE last < ? AND until < ?", storage.Micros(before), storage.Micros(before))
	return err
}

func listLocked(ctx context.Context, tx storage.Tx, now time.Time) ([]Locked, error) {
	rows, err := tx.Query(ctx, "SELECT person, until FROM passwords_guesses WHERE person <> '' AND until > ? ORDER BY until, person", storage.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Locked{}
	for rows.Next() {
		var person string
		var until int64
		if err := rows.Scan(&person, &until); err != nil {
			return nil, err
		}
		out = append(out, Locked{Person: sekisho.PersonID(person), Until: storage.Time(until)})
	}
	return out, rows.Err()
}
