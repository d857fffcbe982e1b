package reminders

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
var Schema = storage.Schema{Name: "reminders", Files: files}

// States of a mail.
const (
	stateWaiting = "waiting"
	stateSent    = "sent"
	stateFailed  = "failed"
)

// queued is one mail of the queue.
type queued struct {
	id     string
	person sekisho.PersonID
	day    string
	text   string
	next   time.Time // not tried before
	tries  int
}

func address(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (Recipient, error) {
	out := Recipient{Person: p, Language: "ja"}
	err := tx.QueryRow(ctx, "SELECT address, language FROM reminders_addresses WHERE person = ?", string(p)).Scan(&out.Address, &out.Language)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	return out, err
}

func addresses(ctx context.Context, tx storage.Tx) (out []Recipient, err error) {
	rows, err := tx.Query(ctx, "SELECT person, address, language FROM reminders_addresses ORDER BY person")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var to Recipient
		var person string
		if err := rows.Scan(&person, &to.Address, &to.Language); err != nil {
			return nil, err
		}
		to.Person = sekisho.PersonID(person)
		out = append(out, to)
	}
	return out, rows.Err()
}

func saveAddress(ctx context.Context, tx storage.Tx, p sekisho.PersonID, to, language string) error {
	_, err := tx.Exec(ctx, `INSERT INTO reminders_addresses (person, address, language) VALUES (?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET address = excluded.address, language = excluded.language`, string(p), to, language)
	return err
}

// forget erases a person's address and the texts of his mails; that there were
// some stays, so that none goes out twice.
func forget(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	if _, err := tx.Exec(ctx, "DELETE FROM reminders_addresses WHERE person = ?", string(p)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE reminders_mails SET state = 'failed', body = '' WHERE person = ? AND state = 'waiting'", string(p))
	return err
}

func planned(ctx context.Context, tx storage.Tx, day string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM reminders_days WHERE day = ?", day).Scan(&n)
	return n > 0, err
}

func notePlanned(ctx context.Context, tx storage.Tx, day string, at time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO reminders_days (day, at) VALUES (?, ?)", day, storage.Micros(at))
	return err
}

func insertMail(ctx context.Context, tx storage.Tx, m queued) error {
	_, err := tx.Exec(ctx, "INSERT INTO reminders_mails (id, person, day, body, state, tries, next, ended) VALUES (?, ?, ?, ?, 'waiting', 0, ?, 0)",
		m.id, string(m.person), m.day, m.text, storage.Micros(m.next))
	return err
}

// nextMail is the one that has waited longest.
func nextMail(ctx context.Context, tx storage.Tx, now time.Time) (m queued, found bool, err error) {
	var person string
	var next int64
	err = tx.QueryRow(ctx, "SELECT id, person, day, body, tries, next FROM reminders_mails WHERE state = 'waiting' AND next <= ? ORDER BY next, id LIMIT 1", storage.Micros(now)).
		Scan(&m.id, &person, &m.day, &m.text, &m.tries, &next)
	if errors.Is(err, sql.ErrNoRows) {
		return queued{}, false, nil
	}
	m.person, m.next = sekisho.PersonID(person), storage.Time(next)
	return m, err == nil, err
}

// claimMail moves a mail out of others' reach until a time; whoever comes second finds none.
func claimMail(ctx context.Context, tx storage.Tx, m queued, until time.Time) (bool, error) {
	res, err := tx.Exec(ctx, "UPDATE reminders_mails SET tries = ?, next = ? WHERE id = ? AND state = 'waiting' AND next = ?",
		m.tries, storage.Micros(until), m.id, storage.Micros(m.next))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func delayMail(ctx context.Context, tx storage.Tx, m queued, until time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE reminders_mails SET next = ? WHERE id = ? AND state = 'waiting'", storage.Micros(until), m.id)
	return err
}

// endMail closes a mail and erases its text.
func endMail(ctx context.Context, tx storage.Tx, m queued, state string, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE reminders_mails SET state = ?, body = '', ended = ? WHERE id = ?", state, storage.Micros(at), m.id)
	return err
}

// sweep erases what ended long ago.
func sweep(ctx context.Context, tx storage.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM reminders_mails WHERE state <> 'waiting' AND next < ?", storage.Micros(before))
	return err
}
