package loans

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
var Schema = storage.Schema{Name: "loans", Files: files}

func load(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (Loan, error) {
	l := Loan{Device: d, Items: []Item{}}
	var until, since, back int64
	err := tx.QueryRow(ctx, "SELECT until, since, back, back_to, note FROM loans_loans WHERE device = ?", string(d)).Scan(&until, &since, &back, &l.BackTo, &l.Note)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Loan{}, err
	}
	l.Until, l.Since, l.Back = storage.Time(until), storage.Time(since), storage.Time(back)
	if l.Items, err = items(ctx, tx, d); err != nil {
		return Loan{}, err
	}
	var made, used, over int64
	err = tx.QueryRow(ctx, "SELECT made, used, withdrawn FROM loans_cards WHERE device = ? ORDER BY number DESC LIMIT 1", string(d)).Scan(&made, &used, &over)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Loan{}, err
	}
	l.Card = Card{Made: storage.Time(made), Used: storage.Time(used), Over: storage.Time(over)}
	return l, nil
}

func items(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]Item, error) {
	rows, err := tx.Query(ctx, "SELECT name, state FROM loans_items WHERE device = ? ORDER BY number", string(d))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Item{}
	for rows.Next() {
		var i Item
		if err := rows.Scan(&i.Name, &i.State); err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, rows.Err()
}

func untils(ctx context.Context, tx storage.Tx) (map[sekisho.DeviceID]time.Time, error) {
	rows, err := tx.Query(ctx, "SELECT device, until FROM loans_loans WHERE until > 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.DeviceID]time.Time{}
	for rows.Next() {
		var d sekisho.DeviceID
		var until int64
		if err := rows.Scan(&d, &until); err != nil {
			return nil, err
		}
		out[d] = storage.Time(until)
	}
	return out, rows.Err()
}

// save replaces what is noted of a PC; when it was first noted stays.
func save(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, names []string, until, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO loans_loans (device, until, since, back, back_to, note) VALUES (?, ?, ?, 0, '', '')
		ON CONFLICT (device) DO UPDATE SET until = excluded.until`, string(d), storage.Micros(until), storage.Micros(now))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM loans_items WHERE device = ?", string(d)); err != nil {
		return err
	}
	for i, name := range names {
		if _, err := tx.Exec(ctx, "INSERT INTO loans_items (device, number, name, state) VALUES (?, ?, ?, ?)", string(d), i, name, string(Out)); err != nil {
			return err
		}
	}
	return nil
}

// received notes the return, also of a PC of which nothing was noted before.
func received(ctx context.Context, tx storage.Tx, l Loan, by sekisho.PersonID, note string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO loans_loans (device, until, since, back, back_to, note) VALUES (?, 0, ?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET back = excluded.back, back_to = excluded.back_to, note = excluded.note`,
		string(l.Device), storage.Micros(now), storage.Micros(now), string(by), note)
	if err != nil {
		return err
	}
	return states(ctx, tx, l)
}

// states notes where the accessories are.
func states(ctx context.Context, tx storage.Tx, l Loan) error {
	for _, i := range l.Items {
		if _, err := tx.Exec(ctx, "UPDATE loans_items SET state = ? WHERE device = ? AND name = ?", string(i.State), string(l.Device), i.Name); err != nil {
			return err
		}
	}
	return nil
}

func insertCard(ctx context.Context, tx storage.Tx, hash string, d sekisho.DeviceID, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO loans_cards (secret, device, number, made, used, withdrawn)
		VALUES (?, ?, (SELECT COALESCE(MAX(number), 0) + 1 FROM loans_cards WHERE device = ?), ?, 0, 0)`, hash, string(d), string(d), storage.Micros(now))
	return err
}

func selectCard(ctx context.Context, tx storage.Tx, hash string) (d sekisho.DeviceID, used, over time.Time, err error) {
	var u, w int64
	err = tx.QueryRow(ctx, "SELECT device, used, withdrawn FROM loans_cards WHERE secret = ?", hash).Scan(&d, &u, &w)
	if errors.Is(err, sql.ErrNoRows) {
		err = errUnknown
	}
	return d, storage.Time(u), storage.Time(w), err
}

// useCard is the one moment at which a card is spent.
func useCard(ctx context.Context, tx storage.Tx, hash string, now time.Time) error {
	res, err := tx.Exec(ctx, "UPDATE loans_cards SET used = ? WHERE secret = ? AND used = 0 AND withdrawn = 0", storage.Micros(now), hash)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errUsed, err)
	}
	return nil
}

func withdraw(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE loans_cards SET withdrawn = ? WHERE device = ? AND used = 0 AND withdrawn = 0", storage.Micros(now), string(d))
	return err
}
