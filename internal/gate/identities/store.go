package identities

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
var Schema = storage.Schema{Name: "identities", Files: files}

// personOf is who a subject of an issuer is; nobody is errUnlinked.
func personOf(ctx context.Context, tx storage.Tx, issuer, subject string) (sekisho.PersonID, error) {
	var p string
	err := tx.QueryRow(ctx, "SELECT person FROM identities_links WHERE issuer = ? AND subject = ?", issuer, subject).Scan(&p)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errUnlinked
	}
	return sekisho.PersonID(p), err
}

// free refuses a subject that somebody else is.
func free(ctx context.Context, tx storage.Tx, p sekisho.PersonID, issuer, subject string) error {
	switch held, err := personOf(ctx, tx, issuer, subject); {
	case err == nil && held != p:
		return errTaken
	case err != nil && !errors.Is(err, errUnlinked):
		return err
	}
	return nil
}

func link(ctx context.Context, tx storage.Tx, p sekisho.PersonID, issuer, subject string, at int64) error {
	if err := free(ctx, tx, p, issuer, subject); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO identities_links (person, issuer, subject, made) VALUES (?, ?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject, made = excluded.made`, string(p), issuer, subject, at)
	if storage.Duplicate(err) {
		return errTaken.Because(err)
	}
	return err
}

func unlink(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (bool, error) {
	res, err := tx.Exec(ctx, "DELETE FROM identities_links WHERE person = ?", string(p))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func subjects(ctx context.Context, tx storage.Tx, issuer string) (map[sekisho.PersonID]string, error) {
	rows, err := tx.Query(ctx, "SELECT person, subject FROM identities_links WHERE issuer = ?", issuer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.PersonID]string{}
	for rows.Next() {
		var p, subject string
		if err := rows.Scan(&p, &subject); err != nil {
			return nil, err
		}
		out[sekisho.PersonID(p)] = subject
	}
	return out, rows.Err()
}
