package evidence

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema
var schema embed.FS

// Schema is the room's tables, for storage.Migrate.
var Schema = storage.Schema{Name: "evidence", Files: fs.FS(schema)}

const columns = `b.hash, b.incident, b.person, b.device, b.session, b.size, b.arrived, b.deleted, b.kind, b.taken,
	COALESCE(d.decided, 0), COALESCE(h.since, 0)`

const joined = ` FROM evidence_bundles b LEFT JOIN evidence_decisions d ON d.incident = b.incident
	LEFT JOIN evidence_holds h ON h.incident = b.incident`

type row interface{ Scan(...any) error }

func scan(r row) (b Bundle, held bool, err error) {
	var arrived, deleted, taken, decided, since int64
	err = r.Scan(&b.Hash, &b.Origin.Incident, &b.Origin.Person, &b.Origin.Device, &b.Origin.Session, &b.Size,
		&arrived, &deleted, &b.Kind, &taken, &decided, &since)
	b.Arrived, b.Deleted, b.Taken = storage.Time(arrived), storage.Time(deleted), storage.Time(taken)
	b.DeleteAt = dueAt(storage.Time(decided), since != 0)
	return b, since != 0, err
}

func load(ctx context.Context, tx storage.Tx, hash string) (Bundle, bool, error) {
	b, _, err := scan(tx.QueryRow(ctx, `SELECT `+columns+joined+` WHERE b.hash = ?`, hash))
	if errors.Is(err, sql.ErrNoRows) {
		return Bundle{}, false, nil
	}
	return b, err == nil, err
}

func ofIncident(ctx context.Context, tx storage.Tx, id sekisho.IncidentID) (all []Bundle, held bool, err error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+joined+` WHERE b.incident = ? ORDER BY b.arrived, b.hash`, id)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		b, h, err := scan(rows)
		if err != nil {
			return nil, false, err
		}
		held = held || h
		all = append(all, b)
	}
	return all, held, rows.Err()
}

func insert(ctx context.Context, tx storage.Tx, b Bundle) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_bundles (hash, incident, person, device, session, size, arrived, deleted, gone, kind, taken)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0)`,
		b.Hash, b.Origin.Incident, b.Origin.Person, b.Origin.Device, b.Origin.Session, b.Size, storage.Micros(b.Arrived), b.Kind)
	return err
}

func viewers(ctx context.Context, tx storage.Tx, id sekisho.IncidentID) (all []Viewer, err error) {
	rows, err := tx.Query(ctx, `SELECT hash, person, role, at, reason FROM evidence_views WHERE incident = ? ORDER BY at, id`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v Viewer
		var at int64
		if err := rows.Scan(&v.Hash, &v.Person, &v.Role, &at, &v.Reason); err != nil {
			return nil, err
		}
		v.At = storage.Time(at)
		all = append(all, v)
	}
	return all, rows.Err()
}

// hashes runs a query that selects one hash a row.
func hashes(ctx context.Context, tx storage.Tx, query string, args ...any) (all []string, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h string
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

// due lists bundles whose time is over, at most limit: of decided incidents, and
// pictures that no enrolment took.
func due(ctx context.Context, tx storage.Tx, now time.Time, limit int) ([]string, error) {
	return hashes(ctx, tx, `SELECT b.hash FROM evidence_bundles b LEFT JOIN evidence_decisions d ON d.incident = b.incident
		LEFT JOIN evidence_holds h ON h.incident = b.incident
		WHERE b.deleted = 0 AND (b.kind = ? AND h.since IS NULL AND d.decided <= ? OR b.kind = ? AND b.taken = 0 AND b.arrived <= ?)
		ORDER BY b.hash LIMIT ?`,
		Record, storage.Micros(now.Add(-Retention)), Enrolment, storage.Micros(now.Add(-waitsFor)), limit)
}

// waitingOf lists a person's pictures on a PC that no enrolment took, the oldest first.
func waitingOf(ctx context.Context, tx storage.Tx, from Origin) (all []Bundle, err error) {
	list, err := hashes(ctx, tx, `SELECT hash FROM evidence_bundles WHERE kind = ? AND person = ? AND device = ? AND taken = 0 AND deleted = 0
		ORDER BY arrived, hash`, Enrolment, from.Person, from.Device)
	if err != nil {
		return nil, err
	}
	for _, hash := range list {
		b, _, err := load(ctx, tx, hash)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// sentSince counts what a person's PCs sent, deleted or not.
func sentSince(ctx context.Context, tx storage.Tx, p sekisho.PersonID, since time.Time) (n int, size int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM evidence_bundles WHERE person = ? AND arrived > ?`,
		p, storage.Micros(since)).Scan(&n, &size)
	return n, size, err
}

// leftovers lists bundles marked as deleted that the vault may still have.
func leftovers(ctx context.Context, tx storage.Tx, limit int) ([]string, error) {
	return hashes(ctx, tx, `SELECT hash FROM evidence_bundles WHERE deleted > 0 AND gone = 0 ORDER BY hash LIMIT ?`, limit)
}
