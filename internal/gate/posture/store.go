package posture

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "posture", Files: files}

// newest reads the rules in force: the highest version stored, or else the place's.
// What is stored and no longer valid is an error and not a default.
func newest(ctx context.Context, tx storage.Tx, policy sekisho.PolicyName, place sekisho.Place) (r wire.PostureRules, err error) {
	var body string
	var version int
	err = tx.QueryRow(ctx, "SELECT version, body FROM posture_rules WHERE policy = ? ORDER BY version DESC LIMIT 1",
		string(policy)).Scan(&version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return builtin(policy, place), nil
	}
	if err != nil {
		return r, err
	}
	if err := strict(body, &r); err != nil {
		return wire.PostureRules{}, err
	}
	if r.Policy != policy || r.Version != version {
		return wire.PostureRules{}, errors.New("posture: a row holds other rules than its key says")
	}
	if err := Validate(r); err != nil {
		return wire.PostureRules{}, err
	}
	return r, nil
}

func insert(ctx context.Context, tx storage.Tx, r wire.PostureRules, by sekisho.PersonID, at time.Time) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO posture_rules (policy, version, body, author, at) VALUES (?, ?, ?, ?, ?)",
		string(r.Policy), r.Version, string(body), string(by), storage.Micros(at))
	if storage.Duplicate(err) {
		return errChanged.Because(err)
	}
	return err
}

// readReport gives a PC's newest report; At is zero where there is none.
func readReport(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (k kept, err error) {
	var connection, body, outcomes string
	var at int64
	err = tx.QueryRow(ctx, "SELECT connection, body, outcomes, at FROM posture_reports WHERE device = ?", string(d)).
		Scan(&connection, &body, &outcomes, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return kept{}, nil
	}
	if err != nil {
		return k, err
	}
	k.Connection, k.At = sekisho.ConnectionID(connection), storage.Time(at)
	if err := strict(body, &k.Report); err != nil {
		return kept{}, err
	}
	return k, strict(outcomes, &k.Outcomes)
}

func saveReport(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, k kept) error {
	body, err := json.Marshal(k.Report)
	if err != nil {
		return err
	}
	outcomes, err := json.Marshal(k.Outcomes)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO posture_reports (device, connection, body, outcomes, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET connection = excluded.connection, body = excluded.body, outcomes = excluded.outcomes, at = excluded.at`,
		string(d), string(k.Connection), string(body), string(outcomes), storage.Micros(k.At))
	return err
}

// readPlace gives a PC's own place in marks, or nil.
func readPlace(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (*wire.PosturePlace, error) {
	var body string
	err := tx.QueryRow(ctx, "SELECT body FROM posture_places WHERE device = ?", string(d)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p wire.PosturePlace
	if err := strict(body, &p); err != nil {
		return nil, err
	}
	return &p, nil
}

func savePlace(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, p wire.PosturePlace, by sekisho.PersonID, at time.Time) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO posture_places (device, body, author, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET body = excluded.body, author = excluded.author, at = excluded.at`,
		string(d), string(body), string(by), storage.Micros(at))
	return err
}

func strict(body string, v any) error {
	dec := json.NewDecoder(bytes.NewReader([]byte(body)))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}
