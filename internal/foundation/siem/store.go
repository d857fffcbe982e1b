package siem

import (
	"context"
	"embed"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's table.
var Schema = storage.Schema{Name: "siem", Files: files}

// cursor is how far the log was passed on.
type cursor struct {
	next  int64
	epoch int
	at    time.Time // of the last batch that was taken
}

func readCursor(ctx context.Context, tx storage.Tx) (c cursor, err error) {
	var at int64
	err = tx.QueryRow(ctx, "SELECT next, epoch, at FROM siem_cursor WHERE id = 1").Scan(&c.next, &c.epoch, &at)
	c.at = storage.Time(at)
	return c, err
}

// hold takes the stream for one process until a moment; where another one has
// it, the answer is false.
func hold(ctx context.Context, tx storage.Tx, holder string, now, until time.Time) (bool, error) {
	res, err := tx.Exec(ctx, "UPDATE siem_cursor SET holder = ?, until = ? WHERE id = 1 AND (holder = ? OR until < ?)",
		holder, storage.Micros(until), holder, storage.Micros(now))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// leave gives the stream up.
func leave(ctx context.Context, tx storage.Tx, holder string) error {
	_, err := tx.Exec(ctx, "UPDATE siem_cursor SET holder = '', until = 0 WHERE id = 1 AND holder = ?", holder)
	return err
}

// move writes how far it came, if it still stands where it was read.
func move(ctx context.Context, tx storage.Tx, holder string, from, to cursor) (bool, error) {
	res, err := tx.Exec(ctx, "UPDATE siem_cursor SET next = ?, epoch = ?, at = ? WHERE id = 1 AND next = ? AND holder = ?",
		to.next, to.epoch, storage.Micros(to.at), from.next, holder)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
