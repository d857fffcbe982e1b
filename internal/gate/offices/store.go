package offices

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
var Schema = storage.Schema{Name: "offices", Files: files}

// newest is the rule in force. What is stored and cannot be read is an error, with
// its version, and never a rule that binds nobody.
func newest(ctx context.Context, tx storage.Tx) (Rule, error) {
	var version int
	var roles, ranges string
	err := tx.QueryRow(ctx, "SELECT version, roles, ranges FROM offices_rules ORDER BY version DESC LIMIT 1").Scan(&version, &roles, &ranges)
	if errors.Is(err, sql.ErrNoRows) {
		return Rule{}, nil
	}
	if err != nil {
		return Rule{}, err
	}
	var list []sekisho.Role
	for _, word := range strings.Fields(roles) {
		list = append(list, sekisho.Role(word))
	}
	r, err := Parse(list, strings.Fields(ranges))
	r.Version = version
	return r, err
}

func insert(ctx context.Context, tx storage.Tx, r Rule, by sekisho.PersonID, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO offices_rules (version, roles, ranges, author, at) VALUES (?, ?, ?, ?, ?)",
		r.Version, r.rolesText(), strings.Join(r.Texts(), " "), string(by), at)
	if storage.Duplicate(err) {
		return errVersion.Because(err)
	}
	return err
}
