package policies

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "policies", Files: files}

// newest reads the version in force: the highest stored or else the built-in one.
func newest(ctx context.Context, tx storage.Tx, name sekisho.PolicyName) (p wire.GuardPolicy, err error) {
	var body string
	var version int
	err = tx.QueryRow(ctx, "SELECT version, body FROM policies_versions WHERE name = ? ORDER BY version DESC LIMIT 1",
		string(name)).Scan(&version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		if p, ok := builtin[name]; ok {
			return p, nil
		}
		return p, errUnknown
	}
	if err != nil {
		return p, err
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(body)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return wire.GuardPolicy{}, err
	}
	if p.Name != name || p.Version != version {
		return wire.GuardPolicy{}, errors.New("policies: a row holds another policy than its key says")
	}
	if err := Validate(p); err != nil {
		return wire.GuardPolicy{}, err
	}
	return p, nil
}

func names(ctx context.Context, tx storage.Tx) (out []sekisho.PolicyName, err error) {
	rows, err := tx.Query(ctx, "SELECT DISTINCT name FROM policies_versions")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, sekisho.PolicyName(n))
	}
	return out, rows.Err()
}

func insert(ctx context.Context, tx storage.Tx, p wire.GuardPolicy, by sekisho.PersonID, at int64) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO policies_versions (name, version, body, author, at) VALUES (?, ?, ?, ?, ?)",
		string(p.Name), p.Version, string(body), string(by), at)
	if storage.Duplicate(err) {
		return errVersion.Because(err)
	}
	return err
}
