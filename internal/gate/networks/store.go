package networks

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "networks", Files: files}

// newest is the list in force. What is stored and cannot be read is an error,
// and never a door that answers everybody.
func newest(ctx context.Context, tx storage.Tx, door Door) (List, error) {
	l := List{Door: door}
	var text string
	err := tx.QueryRow(ctx, "SELECT version, ranges FROM networks_lists WHERE door = ? ORDER BY version DESC LIMIT 1", string(door)).Scan(&l.Version, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return l, nil
	}
	if err != nil {
		return List{}, err
	}
	l.Ranges, err = Parse(strings.Fields(text))
	return l, err
}

func insert(ctx context.Context, tx storage.Tx, l List, by sekisho.PersonID, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO networks_lists (door, version, ranges, author, at) VALUES (?, ?, ?, ?, ?)",
		string(l.Door), l.Version, strings.Join(Texts(l.Ranges), " "), string(by), at)
	if storage.Duplicate(err) {
		return errVersion.Because(err)
	}
	return err
}
