package reports

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "reports", Files: files}

// maxListed is how many reports a list holds; older ones are still found by id.
const maxListed = 500

const columns = "id, at, person, first_day, last_day, language, format, addressee, sha256, LENGTH(body) + LENGTH(proof)"

func scan(row interface{ Scan(...any) error }) (r Report, err error) {
	var id, person string
	var at int64
	err = row.Scan(&id, &at, &person, &r.From, &r.To, &r.Language, &r.Format, &r.Addressee, &r.SHA256, &r.Size)
	r.ID, r.By, r.At = sekisho.ReportID(id), sekisho.PersonID(person), storage.Time(at)
	return r, err
}

// insert keeps a report whose proof is not there yet: it proves this very transaction.
func insert(ctx context.Context, tx storage.Tx, r Report, body []byte) error {
	_, err := tx.Exec(ctx, "INSERT INTO reports_made (id, at, person, first_day, last_day, language, format, addressee, sha256, body, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(r.ID), storage.Micros(r.At), string(r.By), r.From, r.To, r.Language, r.Format, r.Addressee, r.SHA256, body, []byte{})
	return err
}

func setProof(ctx context.Context, tx storage.Tx, id sekisho.ReportID, proof []byte) error {
	_, err := tx.Exec(ctx, "UPDATE reports_made SET proof = ? WHERE id = ?", proof, string(id))
	return err
}

// list gives reports whose proof is there, the newest first.
func list(ctx context.Context, tx storage.Tx) ([]Report, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM reports_made WHERE LENGTH(proof) > 0 ORDER BY at DESC, id DESC LIMIT ?", maxListed)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Report{}
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func load(ctx context.Context, tx storage.Tx, id sekisho.ReportID) (r Report, body, proof []byte, err error) {
	r, err = scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM reports_made WHERE id = ? AND LENGTH(proof) > 0", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil, nil, errUnknown
	}
	if err == nil {
		err = tx.QueryRow(ctx, "SELECT body, proof FROM reports_made WHERE id = ?", string(id)).Scan(&body, &proof)
	}
	return r, body, proof, err
}
