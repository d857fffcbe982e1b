package approvals

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
var Schema = storage.Schema{Name: "approvals", Files: files}

const columns = "id, kind, person, device, connection, note, code, state, asked, expires, wrong, decider, decided, subject"

func scan(row interface{ Scan(...any) error }) (q Question, err error) {
	var id, person, device, connection, decider, subject string
	var asked, expires, decided int64
	err = row.Scan(&id, &q.Kind, &person, &device, &connection, &q.Note, &q.Code, &q.State, &asked, &expires, &q.wrong, &decider, &decided, &subject)
	q.Subject = sekisho.PersonID(subject)
	q.ID, q.Person, q.Device = sekisho.ApprovalID(id), sekisho.PersonID(person), sekisho.DeviceID(device)
	q.Connection, q.Decider = sekisho.ConnectionID(connection), sekisho.PersonID(decider)
	q.Asked, q.Expires, q.Decided = storage.Time(asked), storage.Time(expires), storage.Time(decided)
	return q, err
}

func load(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (Question, error) {
	q, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM approvals_asks WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Question{}, errUnknown
	}
	return q, err
}

func insert(ctx context.Context, tx storage.Tx, q Question) error {
	_, err := tx.Exec(ctx, "INSERT INTO approvals_asks ("+columns+", used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
		string(q.ID), q.Kind, string(q.Person), string(q.Device), string(q.Connection), q.Note, q.Code, q.State,
		storage.Micros(q.Asked), storage.Micros(q.Expires), q.wrong, string(q.Decider), storage.Micros(q.Decided), string(q.Subject))
	return err
}

func save(ctx context.Context, tx storage.Tx, q Question) error {
	_, err := tx.Exec(ctx, "UPDATE approvals_asks SET state = ?, expires = ?, wrong = ?, decider = ?, decided = ? WHERE id = ?",
		q.State, storage.Micros(q.Expires), q.wrong, string(q.Decider), storage.Micros(q.Decided), string(q.ID))
	return err
}

// take moves approved to used; whoever comes second finds nothing to move.
func take(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, now time.Time) error {
	res, err := tx.Exec(ctx, "UPDATE approvals_asks SET state = ?, used = ? WHERE id = ? AND state = ?",
		Used, storage.Micros(now), string(id), Approved)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errUsed, err)
	}
	return nil
}

// withdraw expires what a person still has waiting of a kind.
func withdraw(ctx context.Context, tx storage.Tx, q Question) error {
	_, err := tx.Exec(ctx, "UPDATE approvals_asks SET state = ? WHERE person = ? AND device = ? AND kind = ? AND state = ?",
		Expired, string(q.Person), string(q.Device), q.Kind, Waiting)
	return err
}

// askedSince counts what was asked in a person's name on one PC: at a shared one
// whoever says his name asks, and must not use up what he may ask elsewhere.
func askedSince(ctx context.Context, tx storage.Tx, q Question, since time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM approvals_asks WHERE person = ? AND device = ? AND asked > ?",
		string(q.Person), string(q.Device), storage.Micros(since)).Scan(&n)
	return n, err
}

func waiting(ctx context.Context, tx storage.Tx, now time.Time) ([]Question, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM approvals_asks WHERE state = ? AND expires > ? ORDER BY asked, id",
		Waiting, storage.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Question{}
	for rows.Next() {
		q, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, rows.Err()
}
