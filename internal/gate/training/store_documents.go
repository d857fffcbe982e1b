package training

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const versionColumns = "v.version, v.title_ja, v.title_en, v.body_ja, v.body_en, v.note, v.published, v.publisher"

// inForce joins each document with its highest version.
const inForce = "SELECT d.id, d.level, d.required, " + versionColumns + ` FROM training_documents d
	JOIN training_versions v ON v.document = d.id AND v.version = (SELECT MAX(w.version) FROM training_versions w WHERE w.document = d.id)`

func scanVersion(row interface{ Scan(...any) error }, before ...any) (v Version, err error) {
	var published int64
	var publisher string
	err = row.Scan(append(before, &v.Version, &v.Title.JA, &v.Title.EN, &v.Body.JA, &v.Body.EN, &v.Note, &published, &publisher)...)
	v.Published, v.Publisher = storage.Time(published), sekisho.PersonID(publisher)
	return v, err
}

func scanDocument(row interface{ Scan(...any) error }) (d Document, err error) {
	var id string
	var required int64
	d.Version, err = scanVersion(row, &id, &d.Level, &required)
	d.ID, d.Required = sekisho.DocumentID(id), required != 0
	return d, err
}

func documents(ctx context.Context, tx storage.Tx) ([]Document, error) {
	return all(ctx, tx, func(rows *sql.Rows) (Document, error) { return scanDocument(rows) }, inForce+" ORDER BY d.seq")
}

func document(ctx context.Context, tx storage.Tx, id sekisho.DocumentID) (Document, error) {
	d, err := scanDocument(tx.QueryRow(ctx, inForce+" WHERE d.id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Document{}, errNoDocument
	}
	return d, err
}

func versions(ctx context.Context, tx storage.Tx, id sekisho.DocumentID) ([]Version, error) {
	return all(ctx, tx, func(rows *sql.Rows) (Version, error) { return scanVersion(rows) },
		"SELECT "+versionColumns+" FROM training_versions v WHERE v.document = ? ORDER BY v.version DESC", string(id))
}

// publications are the numbers and times of every version, the first first.
func publications(ctx context.Context, tx storage.Tx) (map[sekisho.DocumentID][]Version, error) {
	out := map[sekisho.DocumentID][]Version{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var v Version
		var published int64
		err := rows.Scan(&id, &v.Version, &published)
		v.Published = storage.Time(published)
		out[sekisho.DocumentID(id)] = append(out[sekisho.DocumentID(id)], v)
		return struct{}{}, err
	}, "SELECT document, version, published FROM training_versions ORDER BY document, version")
	return out, err
}

func version(ctx context.Context, tx storage.Tx, id sekisho.DocumentID, n int) (Version, error) {
	v, err := scanVersion(tx.QueryRow(ctx, "SELECT "+versionColumns+" FROM training_versions v WHERE v.document = ? AND v.version = ?", string(id), n))
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, errNoDocument
	}
	return v, err
}

func insertDocument(ctx context.Context, tx storage.Tx, seq int, d Document) error {
	if _, err := tx.Exec(ctx, "INSERT INTO training_documents (id, seq, level, required) VALUES (?, ?, ?, ?)",
		string(d.ID), seq, d.Level, bit(d.Required)); err != nil {
		return err
	}
	return insertVersion(ctx, tx, d.ID, d.Version)
}

func insertVersion(ctx context.Context, tx storage.Tx, id sekisho.DocumentID, v Version) error {
	_, err := tx.Exec(ctx, `INSERT INTO training_versions (document, version, title_ja, title_en, body_ja, body_en, note, published, publisher)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(id), v.Version, v.Title.JA, v.Title.EN, v.Body.JA, v.Body.EN, v.Note, storage.Micros(v.Published), string(v.Publisher))
	return err
}

func insertAcknowledgement(ctx context.Context, tx storage.Tx, by By, a wire.Acknowledgement, signed wire.Signed, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO training_acknowledgements
		(id, person, document, version, language, device, connection, at, session, class, payload, signature, lease_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		wire.NewID(), string(by.Person), string(a.Document), a.Version, a.Language, string(by.Device), string(by.Connection), storage.Micros(at),
		string(by.Session), string(by.Class), []byte(signed.Payload), []byte(signed.Signature), []byte(by.LeaseKey))
	return err
}
