package grants

import (
	"context"
	"embed"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "grants", Files: files}

func (b *Book) loadSuspects(ctx context.Context) (held map[sekisho.PersonID]sekisho.State, err error) {
	err = b.db.Read(ctx, func(tx storage.Tx) error {
		held = map[sekisho.PersonID]sekisho.State{}
		rows, err := tx.Query(ctx, "SELECT person, state FROM grants_suspects")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var person, state string
			if err := rows.Scan(&person, &state); err != nil {
				return err
			}
			s, err := sekisho.ParseState(state)
			if err != nil {
				return err
			}
			held[sekisho.PersonID(person)] = s
		}
		return rows.Err()
	})
	return held, err
}

func saveSuspect(ctx context.Context, tx storage.Tx, p sekisho.PersonID, s sekisho.State, at int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO grants_suspects (person, state, at) VALUES (?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET state = excluded.state, at = excluded.at`, string(p), s.String(), at)
	return err
}

func clearSuspect(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM grants_suspects WHERE person = ?", string(p))
	return err
}

// strings1 reads the one text column of a query.
func strings1[T ~string](ctx context.Context, tx storage.Tx, query string, args ...any) (out []T, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out = []T{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, T(s))
	}
	return out, rows.Err()
}
