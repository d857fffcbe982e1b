package ties

import (
	"context"
	"embed"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "ties", Files: files}

func of(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (Tie, error) {
	list, err := several(ctx, tx, " AND person = ?", string(p))
	if err != nil || len(list) == 0 {
		return Tie{}, err
	}
	return list[0], nil
}

func ofDevice(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]Tie, error) {
	return several(ctx, tx, " AND device = ?", string(d))
}

func all(ctx context.Context, tx storage.Tx) (map[sekisho.DeviceID][]Tie, error) {
	list, err := several(ctx, tx, "")
	out := map[sekisho.DeviceID][]Tie{}
	for _, t := range list {
		out[t.Device] = append(out[t.Device], t)
	}
	return out, err
}

func several(ctx context.Context, tx storage.Tx, where string, args ...any) (list []Tie, err error) {
	rows, err := tx.Query(ctx, "SELECT person, device, since FROM ties_ties WHERE released = 0"+where+" ORDER BY since", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Tie
		var since int64
		if err := rows.Scan(&t.Person, &t.Device, &since); err != nil {
			return nil, err
		}
		t.Since = storage.Time(since)
		list = append(list, t)
	}
	return list, rows.Err()
}

func insert(ctx context.Context, tx storage.Tx, id string, t Tie) error {
	_, err := tx.Exec(ctx, "INSERT INTO ties_ties (id, person, device, since, released, released_by) VALUES (?, ?, ?, ?, 0, '')",
		id, string(t.Person), string(t.Device), storage.Micros(t.Since))
	return err
}

func end(ctx context.Context, tx storage.Tx, t Tie, by sekisho.PersonID, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE ties_ties SET released = ?, released_by = ? WHERE person = ? AND device = ? AND released = 0",
		storage.Micros(now), string(by), string(t.Person), string(t.Device))
	return err
}
