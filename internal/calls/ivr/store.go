package ivr

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
var Schema = storage.Schema{Name: "ivr", Files: files}

func insertFlow(ctx context.Context, tx storage.Tx, f Listed, draft Flow) error {
	text, err := encode(draft)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO ivr_flows (id, client, name, draft, edit, published, created, changed, ended) VALUES (?, ?, ?, ?, 0, 0, ?, ?, 0)",
		string(f.ID), string(f.Client), f.Name, text, storage.Micros(f.Created), storage.Micros(f.Changed))
	return err
}

func updateDraft(ctx context.Context, tx storage.Tx, id sekisho.FlowID, edit int, text string, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE ivr_flows SET draft = ?, edit = ?, changed = ? WHERE id = ?", text, edit, storage.Micros(at), string(id))
	return err
}

func endFlow(ctx context.Context, tx storage.Tx, id sekisho.FlowID, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE ivr_flows SET published = 0, ended = ? WHERE id = ?", storage.Micros(at), string(id))
	return err
}

const flowColumns = "SELECT id, client, name, edit, published, created, changed, ended FROM ivr_flows "

func loadFlow(ctx context.Context, tx storage.Tx, id sekisho.FlowID) (Listed, error) {
	all, err := selectFlows(ctx, tx, flowColumns+"WHERE id = ?", string(id))
	if err == nil && len(all) == 0 {
		err = errUnknown
	}
	if err != nil {
		return Listed{}, err
	}
	return all[0], nil
}

func selectFlows(ctx context.Context, tx storage.Tx, query string, args ...any) ([]Listed, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Listed{}
	for rows.Next() {
		var f Listed
		var created, changed, ended int64
		if err := rows.Scan(&f.ID, &f.Client, &f.Name, &f.Edit, &f.Published, &created, &changed, &ended); err != nil {
			return nil, err
		}
		f.Created, f.Changed, f.Ended = storage.Time(created), storage.Time(changed), storage.Time(ended)
		out = append(out, f)
	}
	return out, rows.Err()
}

// loadGraph reads one flow. What is stored and cannot be read is an error.
func loadGraph(ctx context.Context, tx storage.Tx, missing error, query string, args ...any) (Flow, error) {
	var text string
	err := tx.QueryRow(ctx, query, args...).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return Flow{}, missing
	}
	if err != nil {
		return Flow{}, err
	}
	return ParseFlow([]byte(text))
}

func loadDraft(ctx context.Context, tx storage.Tx, id sekisho.FlowID) (Flow, error) {
	return loadGraph(ctx, tx, errUnknown, "SELECT draft FROM ivr_flows WHERE id = ?", string(id))
}

func loadVersion(ctx context.Context, tx storage.Tx, id sekisho.FlowID, version int) (Flow, error) {
	return loadGraph(ctx, tx, errVersion, "SELECT graph FROM ivr_versions WHERE flow = ? AND version = ?", string(id), version)
}

func newest(ctx context.Context, tx storage.Tx, id sekisho.FlowID) (version int, err error) {
	err = tx.QueryRow(ctx, "SELECT COALESCE(MAX(version), 0) FROM ivr_versions WHERE flow = ?", string(id)).Scan(&version)
	return version, err
}

// insertVersion keeps a version and brings it into force.
func insertVersion(ctx context.Context, tx storage.Tx, id sekisho.FlowID, f Flow, v Version) error {
	text, err := encode(f)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO ivr_versions (flow, version, graph, origin, author, at) VALUES (?, ?, ?, ?, ?, ?)",
		string(id), v.Number, text, v.Origin, string(v.Author), storage.Micros(v.At))
	if storage.Duplicate(err) {
		return errChanged.Because(err)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE ivr_flows SET published = ? WHERE id = ?", v.Number, string(id))
	return err
}

func selectVersions(ctx context.Context, tx storage.Tx, id sekisho.FlowID) ([]Version, error) {
	rows, err := tx.Query(ctx, "SELECT version, origin, author, at FROM ivr_versions WHERE flow = ? ORDER BY version DESC LIMIT 500", string(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Version{}
	for rows.Next() {
		var v Version
		var at int64
		if err := rows.Scan(&v.Number, &v.Origin, &v.Author, &at); err != nil {
			return nil, err
		}
		v.At = storage.Time(at)
		out = append(out, v)
	}
	return out, rows.Err()
}

// idsOf reads the ids of what a client company has.
func idsOf[ID ~string](ctx context.Context, tx storage.Tx, query string, c sekisho.ClientID) (map[ID]bool, error) {
	rows, err := tx.Query(ctx, query, string(c))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[ID]bool{}
	for rows.Next() {
		var id ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}
