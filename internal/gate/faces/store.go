package faces

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
var Schema = storage.Schema{Name: "faces", Files: files}

func consented(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (bool, error) {
	accepted, _, err := answered(ctx, tx, p)
	return err == nil && accepted, err
}

// answered gives the answer in force; given is false where there is none to the
// text in force.
func answered(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (accepted, given bool, err error) {
	yes, version, err := lastAnswer(ctx, tx, p)
	given = err == nil && version == consentVersion
	return given && yes, given, err
}

func insertConsent(ctx context.Context, tx storage.Tx, p sekisho.PersonID, accepted bool, at time.Time) error {
	n := 0
	if accepted {
		n = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO faces_consents (person, seq, version, accepted, at)
		SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ? FROM faces_consents WHERE person = ?`,
		string(p), consentVersion, n, storage.Micros(at), string(p))
	return err
}

const columns = "person, device, commitment, model, engine, picture, approval, at, origin"

func scan(row interface{ Scan(...any) error }) (t Template, err error) {
	var person, device, approval, origin string
	var at int64
	err = row.Scan(&person, &device, &t.Commitment, &t.Model, &t.Engine, &t.Picture, &approval, &at, &origin)
	t.Person, t.Device, t.Approval = sekisho.PersonID(person), sekisho.DeviceID(device), sekisho.ApprovalID(approval)
	t.At, t.Origin = storage.Time(at), sekisho.DeviceID(origin)
	return t, err
}

// template reads the face of a person on a PC; none is errNotEnrolled.
func template(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) (Template, error) {
	t, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM faces_templates WHERE person = ? AND device = ?", string(p), string(d)))
	if errors.Is(err, sql.ErrNoRows) {
		return Template{}, errNotEnrolled
	}
	return t, err
}

func templates(ctx context.Context, tx storage.Tx, where string, args ...any) (out []Template, err error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM faces_templates WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func insertTemplate(ctx context.Context, tx storage.Tx, t Template) error {
	_, err := tx.Exec(ctx, "INSERT INTO faces_templates ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(t.Person), string(t.Device), t.Commitment, t.Model, t.Engine, t.Picture, string(t.Approval), storage.Micros(t.At), string(t.Origin))
	return err
}

func deleteTemplate(ctx context.Context, tx storage.Tx, t Template) error {
	_, err := tx.Exec(ctx, "DELETE FROM faces_templates WHERE person = ? AND device = ?", string(t.Person), string(t.Device))
	return err
}

func failures(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (run int, err error) {
	err = tx.QueryRow(ctx, "SELECT run FROM faces_attempts WHERE person = ?", string(p)).Scan(&run)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return run, err
}

func setFailures(ctx context.Context, tx storage.Tx, p sekisho.PersonID, run int) error {
	_, err := tx.Exec(ctx, `INSERT INTO faces_attempts (person, run) VALUES (?, ?)
		ON CONFLICT (person) DO UPDATE SET run = excluded.run`, string(p), run)
	return err
}
