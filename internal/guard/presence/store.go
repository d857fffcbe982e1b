package presence

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "presence", Files: files}

const columns = `id, person, device, connection, session, state, at, reported, first_ms, faces, os_locked, lock_why,
	hashes, evidence, decision, decider, decided, note, objection`

func scan(row interface{ Scan(...any) error }) (i Incident, err error) {
	var id, person, device, connection, session, state, hashes, decider string
	var at, reported, first, locked, decided int64
	err = row.Scan(&id, &person, &device, &connection, &session, &state, &at, &reported, &first, &i.Faces, &locked, &i.LockReason,
		&hashes, &i.Evidence, &i.Decision, &decider, &decided, &i.Note, &i.Objection)
	if err != nil {
		return Incident{}, err
	}
	i.ID, i.Person, i.Device = sekisho.IncidentID(id), sekisho.PersonID(person), sekisho.DeviceID(device)
	i.Connection, i.Session, i.Decider = sekisho.ConnectionID(connection), sekisho.SessionID(session), sekisho.PersonID(decider)
	i.At, i.Reported, i.Decided = storage.Time(at), storage.Time(reported), storage.Time(decided)
	i.First, i.OSLocked, i.Hashes = time.Duration(first)*time.Millisecond, locked == 1, strings.Fields(hashes)
	i.State, err = sekisho.ParseState(state)
	return i, err
}

func load(ctx context.Context, tx storage.Tx, id sekisho.IncidentID) (Incident, error) {
	i, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM presence_incidents WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Incident{}, errUnknown
	}
	return i, err
}

func insert(ctx context.Context, tx storage.Tx, i Incident) error {
	_, err := tx.Exec(ctx, "INSERT INTO presence_incidents ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(i.ID), string(i.Person), string(i.Device), string(i.Connection), string(i.Session), i.State.String(),
		storage.Micros(i.At), storage.Micros(i.Reported), i.First.Milliseconds(), i.Faces, number(i.OSLocked), i.LockReason,
		strings.Join(i.Hashes, " "), i.Evidence, i.Decision, string(i.Decider), storage.Micros(i.Decided), i.Note, i.Objection)
	return err
}

// save writes what may change of an incident; what was reported never does.
func save(ctx context.Context, tx storage.Tx, i Incident) error {
	_, err := tx.Exec(ctx, `UPDATE presence_incidents SET os_locked = ?, lock_why = ?, hashes = ?, evidence = ?, decision = ?,
		decider = ?, decided = ?, note = ?, objection = ? WHERE id = ?`,
		number(i.OSLocked), i.LockReason, strings.Join(i.Hashes, " "), i.Evidence, i.Decision,
		string(i.Decider), storage.Micros(i.Decided), i.Note, i.Objection, string(i.ID))
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func list(ctx context.Context, tx storage.Tx, f Filter) ([]Incident, error) {
	where, args := []string{"1 = 1"}, []any{}
	if f.Person != "" {
		where, args = append(where, "person = ?"), append(args, string(f.Person))
	}
	if f.Among != nil {
		among := "1 = 0"
		if n := len(f.Among); n > 0 {
			among = "person IN (?" + strings.Repeat(", ?", n-1) + ")"
		}
		where = append(where, among)
		for _, p := range f.Among {
			args = append(args, string(p))
		}
	}
	if f.Undecided {
		where = append(where, "decision = ''")
	}
	if !f.Before.IsZero() {
		at := storage.Micros(f.Before)
		where, args = append(where, "(at < ? OR at = ? AND id < ?)"), append(args, at, at, string(f.BeforeID))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM presence_incidents WHERE "+strings.Join(where, " AND ")+
		" ORDER BY at DESC, id DESC LIMIT ?", append(args, min(limit, 500))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Incident{}
	for rows.Next() {
		i, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// incidentsOf lists a person's incidents, the newest first.
func (p *Presence) incidentsOf(ctx context.Context, person sekisho.PersonID) (out []string, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) error {
		out, err = ids(ctx, tx, "SELECT id FROM presence_incidents WHERE person = ? ORDER BY at DESC LIMIT ?", string(person), recordsOwned)
		return err
	})
	return out, err
}

// ids runs a query that selects one id a row.
func ids(ctx context.Context, tx storage.Tx, query string, args ...any) (out []string, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

func reportedSince(ctx context.Context, tx storage.Tx, p sekisho.PersonID, since time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM presence_incidents WHERE person = ? AND reported > ?",
		string(p), storage.Micros(since)).Scan(&n)
	return n, err
}

// waiting lists the incidents whose evidence was expected when the process before this one ended.
func (p *Presence) waiting(ctx context.Context) (out []sekisho.IncidentID, err error) {
	err = p.db.Read(ctx, func(tx storage.Tx) error {
		list, err := ids(ctx, tx, "SELECT id FROM presence_incidents WHERE evidence = 'expected'")
		for _, id := range list {
			out = append(out, sekisho.IncidentID(id))
		}
		return err
	})
	return out, err
}
