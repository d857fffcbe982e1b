package clients

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
var Schema = storage.Schema{Name: "clients", Files: files}

const (
	clientColumns     = "id, name, created, ended"
	workColumns       = "w.id, w.client, w.name, w.created, w.ended"
	assignmentColumns = "a.id, a.work, a.person, a.since, a.until, a.subcontracted"
)

type row interface{ Scan(...any) error }

func scanClient(r row) (c Client, err error) {
	var created, ended int64
	err = r.Scan(&c.ID, &c.Name, &created, &ended)
	c.Created, c.Ended = storage.Time(created), storage.Time(ended)
	return c, err
}

func scanWork(r row) (w Work, err error) {
	var created, ended int64
	err = r.Scan(&w.ID, &w.Client, &w.Name, &created, &ended)
	w.Created, w.Ended = storage.Time(created), storage.Time(ended)
	return w, err
}

func scanAssignment(r row) (a Assignment, err error) {
	var since, until, sub int64
	err = r.Scan(&a.ID, &a.Work, &a.Person, &since, &until, &sub)
	a.From, a.Until, a.Subcontracted = storage.Time(since), storage.Time(until), sub == 1
	return a, err
}

// one reads one row of a query, or fails with missing.
func one[T any](scan func(row) (T, error), r *sql.Row, missing error) (T, error) {
	v, err := scan(r)
	if errors.Is(err, sql.ErrNoRows) {
		return v, missing
	}
	return v, err
}

// all reads every row of a query.
func all[T any](ctx context.Context, tx storage.Tx, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func count(ctx context.Context, tx storage.Tx, query string, args ...any) (n int, err error) {
	err = tx.QueryRow(ctx, query, args...).Scan(&n)
	return n, err
}

func loadClient(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (Client, error) {
	return one(scanClient, tx.QueryRow(ctx, "SELECT "+clientColumns+" FROM clients_companies WHERE id = ?", string(id)), errUnknown)
}

func loadWork(ctx context.Context, tx storage.Tx, id sekisho.WorkID) (Work, error) {
	return one(scanWork, tx.QueryRow(ctx, "SELECT "+workColumns+" FROM clients_works w WHERE w.id = ?", string(id)), errWork)
}

func loadAssignment(ctx context.Context, tx storage.Tx, id sekisho.AssignmentID) (Assignment, error) {
	return one(scanAssignment, tx.QueryRow(ctx, "SELECT "+assignmentColumns+" FROM clients_assignments a WHERE a.id = ?", string(id)), errAssigned)
}

func worksOf(ctx context.Context, tx storage.Tx, id sekisho.ClientID) ([]Work, error) {
	return all(ctx, tx, scanWork, "SELECT "+workColumns+" FROM clients_works w WHERE w.client = ? ORDER BY w.name, w.id", string(id))
}

func assignmentsOf(ctx context.Context, tx storage.Tx, id sekisho.ClientID) ([]Assignment, error) {
	return all(ctx, tx, scanAssignment, "SELECT "+assignmentColumns+` FROM clients_assignments a JOIN clients_works w ON w.id = a.work
		WHERE w.client = ? ORDER BY a.since DESC, a.id`, string(id))
}

// taken says whether a name is used by another row. It is asked before writing:
// on PostgreSQL a refused insert would end the transaction.
func taken(ctx context.Context, tx storage.Tx, query string, args ...any) error {
	n, err := count(ctx, tx, query, args...)
	if err == nil && n > 0 {
		err = errTaken
	}
	return err
}

// exec runs a change of one row; a name that somebody else has just taken is a conflict.
func exec(ctx context.Context, tx storage.Tx, query string, args ...any) error {
	_, err := tx.Exec(ctx, query, args...)
	if storage.Duplicate(err) {
		return errTaken.Because(err)
	}
	return err
}

func micros(t time.Time) int64 { return storage.Micros(t) }

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
