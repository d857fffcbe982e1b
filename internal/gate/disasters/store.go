package disasters

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "disasters", Files: files}

func widenings(ctx context.Context, tx storage.Tx) ([]Widening, error) {
	rows, err := tx.Query(ctx, "SELECT id, name, text, author, agreed FROM disasters_widenings WHERE ended = 0 ORDER BY name, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Widening{}
	for rows.Next() {
		w, err := scanWidening(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

func scanWidening(row interface{ Scan(...any) error }) (w Widening, err error) {
	var agreed int64
	err = row.Scan(&w.ID, &w.Name, &w.Text, &w.Author, &agreed)
	w.Agreed = storage.Time(agreed)
	return w, err
}

func loadWidening(ctx context.Context, tx storage.Tx, id sekisho.WideningID) (Widening, error) {
	w, err := scanWidening(tx.QueryRow(ctx, "SELECT id, name, text, author, agreed FROM disasters_widenings WHERE id = ? AND ended = 0", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Widening{}, errUnknown
	}
	return w, err
}

func insertWidening(ctx context.Context, tx storage.Tx, w Widening) error {
	_, err := tx.Exec(ctx, "INSERT INTO disasters_widenings (id, name, text, author, agreed, ended) VALUES (?, ?, ?, ?, ?, 0)",
		string(w.ID), w.Name, w.Text, string(w.Author), storage.Micros(w.Agreed))
	return err
}

func dropWidening(ctx context.Context, tx storage.Tx, id sekisho.WideningID, now time.Time) error {
	res, err := tx.Exec(ctx, "UPDATE disasters_widenings SET ended = ? WHERE id = ? AND ended = 0", storage.Micros(now), string(id))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errUnknown, err)
	}
	return nil
}

const columns = "id, widening, name, text, reason, announcement, author, begins, ends"

func scan(row interface{ Scan(...any) error }) (d Disaster, err error) {
	var begins, ends int64
	err = row.Scan(&d.ID, &d.Widening, &d.Name, &d.Text, &d.Reason, &d.Announcement, &d.Author, &begins, &ends)
	d.Begins, d.Ends = storage.Time(begins), storage.Time(ends)
	return d, err
}

// inForce is the disaster of this moment, or the zero one.
func inForce(ctx context.Context, tx storage.Tx, now time.Time) (Disaster, error) {
	d, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM disasters_declared WHERE ended = 0 AND begins <= ? AND ends > ? ORDER BY begins DESC LIMIT 1",
		storage.Micros(now), storage.Micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return Disaster{}, nil
	}
	return d, err
}

// unsettled are those whose time is over and whose end is not written down.
func unsettled(ctx context.Context, tx storage.Tx, now time.Time) (out []Disaster, err error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM disasters_declared WHERE ended = 0 AND ends <= ? ORDER BY ends", storage.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func insertDisaster(ctx context.Context, tx storage.Tx, d Disaster) error {
	_, err := tx.Exec(ctx, "INSERT INTO disasters_declared ("+columns+", ended, ended_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
		string(d.ID), string(d.Widening), d.Name, d.Text, d.Reason, d.Announcement, string(d.Author), storage.Micros(d.Begins), storage.Micros(d.Ends))
	return err
}

func endDisaster(ctx context.Context, tx storage.Tx, id sekisho.DisasterID, by sekisho.PersonID, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE disasters_declared SET ended = ?, ended_by = ? WHERE id = ? AND ended = 0", storage.Micros(at), string(by), string(id))
	return err
}

// hash names a text in the log.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
