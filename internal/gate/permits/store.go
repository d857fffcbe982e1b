package permits

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
var Schema = storage.Schema{Name: "permits", Files: files}

const columns = "SELECT id, device, person, place, begins, ends, approver, given, ended, ended_by FROM permits_permits"

func scan(row func(...any) error) (p Permit, err error) {
	var from, until, given, ended int64
	err = row(&p.ID, &p.Device, &p.Person, &p.Where, &from, &until, &p.Approver, &given, &ended, &p.EndedBy)
	p.From, p.Until, p.Given, p.Ended = storage.Time(from), storage.Time(until), storage.Time(given), storage.Time(ended)
	return p, err
}

func one(ctx context.Context, tx storage.Tx, id sekisho.PermitID) (Permit, error) {
	p, err := scan(tx.QueryRow(ctx, columns+" WHERE id = ?", string(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Permit{}, errUnknown
	}
	return p, err
}

func ofDevice(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]Permit, error) {
	return several(ctx, tx, columns+" WHERE device = ? ORDER BY begins DESC, id DESC", string(d))
}

func standing(ctx context.Context, tx storage.Tx, now time.Time) ([]Permit, error) {
	return several(ctx, tx, columns+" WHERE ended = 0 AND ends > ? ORDER BY ends, id", storage.Micros(now))
}

func several(ctx context.Context, tx storage.Tx, query string, args ...any) ([]Permit, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Permit{}
	for rows.Next() {
		p, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

func insert(ctx context.Context, tx storage.Tx, p Permit) error {
	_, err := tx.Exec(ctx, `INSERT INTO permits_permits (id, device, person, place, begins, ends, approver, given, ended, ended_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '')`,
		string(p.ID), string(p.Device), string(p.Person), string(p.Where), storage.Micros(p.From), storage.Micros(p.Until),
		string(p.Approver), storage.Micros(p.Given))
	return err
}

func end(ctx context.Context, tx storage.Tx, id sekisho.PermitID, by sekisho.PersonID, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE permits_permits SET ended = ?, ended_by = ? WHERE id = ? AND ended = 0", storage.Micros(now), string(by), string(id))
	return err
}
