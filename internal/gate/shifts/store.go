package shifts

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "shifts", Files: files}

// newest are the rules in force.
func newest(ctx context.Context, tx storage.Tx) (Rules, error) {
	r := Standard()
	var home, office int
	err := tx.QueryRow(ctx, "SELECT version, home, office, before, after, zone FROM shifts_rules ORDER BY version DESC LIMIT 1").
		Scan(&r.Version, &home, &office, &r.Before, &r.After, &r.Zone)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	r.Home, r.Office = home == 1, office == 1
	return r, err
}

func insertRules(ctx context.Context, tx storage.Tx, r Rules, by sekisho.PersonID, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO shifts_rules (version, home, office, before, after, zone, author, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.Version, number(r.Home), number(r.Office), r.Before, r.After, r.Zone, string(by), at)
	if storage.Duplicate(err) {
		return errVersion.Because(err)
	}
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func load(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (Shift, error) {
	all, err := selectShifts(ctx, tx, "SELECT person, day, spans FROM shifts_days WHERE person = ?", string(p))
	return all[p], err
}

// selectShifts reads shifts. What is stored and cannot be read is an error, and
// never a day on which everything is open.
func selectShifts(ctx context.Context, tx storage.Tx, query string, args ...any) (map[sekisho.PersonID]Shift, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.PersonID]Shift{}
	for rows.Next() {
		var person, day, text string
		if err := rows.Scan(&person, &day, &text); err != nil {
			return nil, err
		}
		spans, err := ParseSpans(text)
		if err != nil {
			return nil, err
		}
		p := sekisho.PersonID(person)
		if out[p] == nil {
			out[p] = Shift{}
		}
		out[p][Day(day)] = spans
	}
	return out, rows.Err()
}

func store(ctx context.Context, tx storage.Tx, p sekisho.PersonID, s Shift) error {
	if _, err := tx.Exec(ctx, "DELETE FROM shifts_days WHERE person = ?", string(p)); err != nil {
		return err
	}
	for day, spans := range s {
		if _, err := tx.Exec(ctx, "INSERT INTO shifts_days (person, day, spans) VALUES (?, ?, ?)", string(p), string(day), Spans(spans)); err != nil {
			return err
		}
	}
	return nil
}

// extensions are those that have not ended.
// extensions gives those that have not ended, of one person or, with "", of everybody.
func extensions(ctx context.Context, tx storage.Tx, p sekisho.PersonID, now time.Time) (map[sekisho.PersonID][]Extension, error) {
	rows, err := tx.Query(ctx, "SELECT person, start, until FROM shifts_extensions WHERE until > ? AND (person = ? OR ? = '')", storage.Micros(now), string(p), string(p))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.PersonID][]Extension{}
	for rows.Next() {
		var person sekisho.PersonID
		var from, until int64
		if err := rows.Scan(&person, &from, &until); err != nil {
			return nil, err
		}
		out[person] = append(out[person], Extension{From: storage.Time(from), Until: storage.Time(until)})
	}
	return out, rows.Err()
}

func insertExtension(ctx context.Context, tx storage.Tx, p, by sekisho.PersonID, e Extension) error {
	if _, err := tx.Exec(ctx, "DELETE FROM shifts_extensions WHERE person = ? AND until < ?", string(p), storage.Micros(e.From.Add(-24*time.Hour))); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO shifts_extensions (id, person, start, until, author) VALUES (?, ?, ?, ?, ?)",
		wire.NewID(), string(p), storage.Micros(e.From), storage.Micros(e.Until), string(by))
	return err
}
