package pools

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "pools", Files: files}

func (p Pool) devices() []sekisho.DeviceID {
	out := make([]sekisho.DeviceID, 0, len(p.PCs))
	for _, pc := range p.PCs {
		out = append(out, pc.Device)
	}
	return out
}

func in(pool Pool, p sekisho.PersonID) bool {
	return slices.ContainsFunc(pool.People, func(m Member) bool { return m.Person == p })
}

func has(list []sekisho.PersonID, p sekisho.PersonID) bool { return slices.Contains(list, p) }

func count(ctx context.Context, tx storage.Tx) (n int, err error) {
	return n, tx.QueryRow(ctx, "SELECT COUNT(*) FROM pools_pools WHERE ended = 0").Scan(&n)
}

func insert(ctx context.Context, tx storage.Tx, p Pool) error {
	_, err := tx.Exec(ctx, "INSERT INTO pools_pools (id, name, client, created, ended) VALUES (?, ?, ?, ?, 0)",
		string(p.ID), p.Name, string(p.Client), storage.Micros(p.Created))
	return err
}

func end(ctx context.Context, tx storage.Tx, id sekisho.PoolID, now time.Time) error {
	if _, err := tx.Exec(ctx, "DELETE FROM pools_people WHERE pool = ?", string(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE pools_pools SET ended = ? WHERE id = ? AND ended = 0", storage.Micros(now), string(id))
	return err
}

// one reads a group that stands, with its people and PCs.
func one(ctx context.Context, tx storage.Tx, id sekisho.PoolID) (Pool, error) {
	p := Pool{ID: id, People: []Member{}, PCs: []PC{}}
	var created int64
	err := tx.QueryRow(ctx, "SELECT name, client, created FROM pools_pools WHERE id = ? AND ended = 0", string(id)).Scan(&p.Name, &p.Client, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Pool{}, errUnknown
	}
	if err != nil {
		return Pool{}, err
	}
	p.Created = storage.Time(created)
	if p.People, err = people(ctx, tx, id); err != nil {
		return Pool{}, err
	}
	p.PCs, err = pcs(ctx, tx, id)
	return p, err
}

func people(ctx context.Context, tx storage.Tx, id sekisho.PoolID) ([]Member, error) {
	return each(ctx, tx, "SELECT person, since FROM pools_people WHERE pool = ? ORDER BY since, person", func(scan func(...any) error) (m Member, err error) {
		var since int64
		err = scan(&m.Person, &since)
		m.Since = storage.Time(since)
		return m, err
	}, string(id))
}

func pcs(ctx context.Context, tx storage.Tx, id sekisho.PoolID) ([]PC, error) {
	return each(ctx, tx, `SELECT d.device, d.since, CASE WHEN k.device IS NULL THEN 0 ELSE 1 END
		FROM pools_devices d LEFT JOIN pools_keys k ON k.device = d.device WHERE d.pool = ? ORDER BY d.since, d.device`, func(scan func(...any) error) (pc PC, err error) {
		var since, key int64
		err = scan(&pc.Device, &since, &key)
		pc.Since, pc.Key = storage.Time(since), key == 1
		return pc, err
	}, string(id))
}

func standing(ctx context.Context, tx storage.Tx) ([]sekisho.PoolID, error) {
	return each(ctx, tx, "SELECT id FROM pools_pools WHERE ended = 0 ORDER BY name", func(scan func(...any) error) (id sekisho.PoolID, err error) {
		return id, scan(&id)
	})
}

func each[T any](ctx context.Context, tx storage.Tx, query string, scan func(func(...any) error) (T, error), args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// poolOf is "" for a PC that is not shared.
func poolOf(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (id sekisho.PoolID, err error) {
	err = tx.QueryRow(ctx, "SELECT pool FROM pools_devices WHERE device = ?", string(d)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func groupOf(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (s Sitting, err error) {
	err = tx.QueryRow(ctx, "SELECT p.id, p.name, p.client FROM pools_devices d JOIN pools_pools p ON p.id = d.pool WHERE d.device = ?", string(d)).Scan(&s.Pool, &s.Group, &s.Client)
	if errors.Is(err, sql.ErrNoRows) {
		return Sitting{}, nil
	}
	return s, err
}

func member(ctx context.Context, tx storage.Tx, id sekisho.PoolID, p sekisho.PersonID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM pools_people WHERE pool = ? AND person = ?", string(id), string(p)).Scan(&n)
	return err == nil && n == 1, err
}

func insertPerson(ctx context.Context, tx storage.Tx, id sekisho.PoolID, p sekisho.PersonID, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO pools_people (pool, person, since) VALUES (?, ?, ?)", string(id), string(p), storage.Micros(now))
	return err
}

func deletePerson(ctx context.Context, tx storage.Tx, id sekisho.PoolID, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM pools_people WHERE pool = ? AND person = ?", string(id), string(p))
	return err
}

func insertPC(ctx context.Context, tx storage.Tx, id sekisho.PoolID, d sekisho.DeviceID, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO pools_devices (device, pool, since) VALUES (?, ?, ?)", string(d), string(id), storage.Micros(now))
	return err
}

// deletePC forgets the PC, its key, and what is on its way to it.
func deletePC(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) error {
	for _, table := range []string{"pools_devices", "pools_keys", "pools_carried"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE device = ?", string(d)); err != nil {
			return err
		}
	}
	return nil
}
