package trunks

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "trunks", Files: files}

// row is a trunk with its wrapped password.
type row struct {
	Trunk
	secret []byte
}

const columns = "SELECT id, name, kind, host, port, transport, security, login, secret, allow, max_calls, out_calls, per_minute, opens, closes, zone, prefixes FROM trunks_trunks"

func (r *row) scan(from interface{ Scan(...any) error }) error {
	var port int64
	var allow, prefixes string
	err := from.Scan(&r.ID, &r.Name, &r.Kind, &r.Host, &port, &r.Transport, &r.Security, &r.User, &r.secret, &allow, &r.MaxCalls,
		&r.Rules.MaxCalls, &r.Rules.PerMinute, &r.Rules.From, &r.Rules.To, &r.Rules.Zone, &prefixes)
	if err != nil {
		return err
	}
	r.Port, r.HasSecret, r.Rules.Prefixes = uint16(port), len(r.secret) > 0, strings.Fields(prefixes)
	for _, text := range strings.Fields(allow) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return err // what is stored and cannot be read never becomes a list that lets everybody in
		}
		r.Allow = append(r.Allow, p)
	}
	return nil
}

func (r row) values(now time.Time) []any {
	allow := make([]string, len(r.Allow))
	for i, p := range r.Allow {
		allow[i] = p.String()
	}
	return []any{r.Name, string(r.Kind), r.Host, int64(r.Port), string(r.Transport), string(r.Security), r.User, r.secret, strings.Join(allow, " "), r.MaxCalls,
		r.Rules.MaxCalls, r.Rules.PerMinute, r.Rules.From, r.Rules.To, r.Rules.Zone, strings.Join(r.Rules.Prefixes, " "), storage.Micros(now), string(r.ID)}
}

func selectAll(ctx context.Context, tx storage.Tx) ([]row, error) {
	rows, err := tx.Query(ctx, columns+" ORDER BY name, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []row{}
	for rows.Next() {
		var r row
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func selectOne(ctx context.Context, tx storage.Tx, id sekisho.TrunkID) (r row, err error) {
	err = r.scan(tx.QueryRow(ctx, columns+" WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return r, errUnknown
	}
	return r, err
}

func insert(ctx context.Context, tx storage.Tx, r row, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO trunks_trunks (name, kind, host, port, transport, security, login, secret, allow, max_calls,
		out_calls, per_minute, opens, closes, zone, prefixes, changed, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.values(now)...)
	if storage.Duplicate(err) {
		return errTaken
	}
	return err
}

func update(ctx context.Context, tx storage.Tx, r row, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE trunks_trunks SET name = ?, kind = ?, host = ?, port = ?, transport = ?, security = ?, login = ?, secret = ?, allow = ?, max_calls = ?,
		out_calls = ?, per_minute = ?, opens = ?, closes = ?, zone = ?, prefixes = ?, changed = ? WHERE id = ?`, r.values(now)...)
	if storage.Duplicate(err) {
		return errTaken
	}
	return err
}

func remove(ctx context.Context, tx storage.Tx, id sekisho.TrunkID) error {
	_, err := tx.Exec(ctx, "DELETE FROM trunks_trunks WHERE id = ?", string(id))
	return err
}

func selectNumbers(ctx context.Context, tx storage.Tx) ([]Number, error) {
	rows, err := tx.Query(ctx, "SELECT number, trunk, work, flow FROM trunks_numbers ORDER BY number")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Number{}
	for rows.Next() {
		var n Number
		if err := rows.Scan(&n.Number, &n.Trunk, &n.Work, &n.Flow); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

func selectNumber(ctx context.Context, tx storage.Tx, number calls.Number) (n Number, err error) {
	err = tx.QueryRow(ctx, "SELECT number, trunk, work, flow FROM trunks_numbers WHERE number = ?", string(number)).Scan(&n.Number, &n.Trunk, &n.Work, &n.Flow)
	if errors.Is(err, sql.ErrNoRows) {
		return n, errNoNumber
	}
	return n, err
}

func insertNumber(ctx context.Context, tx storage.Tx, n Number, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO trunks_numbers (number, trunk, work, flow, changed) VALUES (?, ?, ?, ?, ?)",
		string(n.Number), string(n.Trunk), string(n.Work), string(n.Flow), storage.Micros(now))
	if storage.Duplicate(err) {
		return errPlaced
	}
	return err
}

func updateNumber(ctx context.Context, tx storage.Tx, n Number, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE trunks_numbers SET trunk = ?, work = ?, flow = ?, changed = ? WHERE number = ?",
		string(n.Trunk), string(n.Work), string(n.Flow), storage.Micros(now), string(n.Number))
	return err
}

func removeNumber(ctx context.Context, tx storage.Tx, number calls.Number) error {
	_, err := tx.Exec(ctx, "DELETE FROM trunks_numbers WHERE number = ?", string(number))
	return err
}

// numbersOf is how many numbers a trunk carries.
func numbersOf(ctx context.Context, tx storage.Tx, id sekisho.TrunkID) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM trunks_numbers WHERE trunk = ?", string(id)).Scan(&n)
	return n, err
}
