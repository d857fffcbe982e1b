package readiness

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "readiness", Files: files}

// rulesOf gives one version of the rules; those of the house are version 0.
func rulesOf(ctx context.Context, tx storage.Tx, version int) (r Rules, err error) {
	if version == 0 {
		return Builtin(), nil
	}
	return parseRules(tx.QueryRow(ctx, "SELECT version, body FROM readiness_rules WHERE version = ?", version).Scan)
}

func newestRules(ctx context.Context, tx storage.Tx) (Rules, error) {
	r, err := parseRules(tx.QueryRow(ctx, "SELECT version, body FROM readiness_rules ORDER BY version DESC LIMIT 1").Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Builtin(), nil
	}
	return r, err
}

func parseRules(scan func(...any) error) (r Rules, err error) {
	var version int
	var body string
	if err := scan(&version, &body); err != nil {
		return Rules{}, err
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return Rules{}, err
	}
	r.Version = version
	return r, r.Check()
}

func insertRules(ctx context.Context, tx storage.Tx, r Rules, by sekisho.PersonID, at time.Time) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO readiness_rules (version, body, author, at) VALUES (?, ?, ?, ?)", r.Version, string(body), string(by), storage.Micros(at))
	if storage.Duplicate(err) {
		return errChanged.Because(err)
	}
	return err
}

const columns = `SELECT c.id, c.person, c.device, c.session, c.at, c.rules, c.answers, c.remark, c.ready, c.photo_until, c.state, c.decided, c.decider, c.note,
	CASE WHEN p.id IS NULL THEN 0 ELSE 1 END FROM readiness_checks c LEFT JOIN readiness_photos p ON p.id = c.id`

func scan(row func(...any) error) (c Check, err error) {
	var at, until, decided, ready, photo int64
	var answers string
	if err = row(&c.ID, &c.Person, &c.Device, &c.Session, &at, &c.Rules, &answers, &c.Remark, &ready, &until, &c.State, &decided, &c.Decider, &c.Note, &photo); err != nil {
		return Check{}, err
	}
	c.At, c.PhotoUntil, c.Decided = storage.Time(at), storage.Time(until), storage.Time(decided)
	c.Ready, c.Photo = ready != 0, photo != 0
	return c, json.Unmarshal([]byte(answers), &c.Answers)
}

func one(ctx context.Context, tx storage.Tx, id sekisho.RoomCheckID) (Check, error) {
	c, err := scan(tx.QueryRow(ctx, columns+" WHERE c.id = ?", string(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Check{}, errUnknown
	}
	return c, err
}

func several(ctx context.Context, tx storage.Tx, query string, args ...any) ([]Check, error) {
	rows, err := tx.Query(ctx, columns+query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Check{}
	for rows.Next() {
		c, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// ofPerson gives somebody's checks, the newest first.
func ofPerson(ctx context.Context, tx storage.Tx, p sekisho.PersonID, limit int) ([]Check, error) {
	return several(ctx, tx, " WHERE c.person = ? ORDER BY c.at DESC, c.id DESC LIMIT ?", string(p), limit)
}

// newestWaiting names the self-check of somebody that came last of those that wait.
func newestWaiting(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (id sekisho.RoomCheckID, err error) {
	err = tx.QueryRow(ctx, "SELECT id FROM readiness_checks WHERE person = ? AND state = 'waiting' ORDER BY at DESC, id DESC LIMIT 1", string(p)).Scan(&id)
	return id, err
}

// stands reads as much of everybody's checks as standing needs, the newest first.
func stands(ctx context.Context, tx storage.Tx) (map[sekisho.PersonID][]Check, error) {
	rows, err := tx.Query(ctx, "SELECT person, at, state FROM readiness_checks ORDER BY at DESC, id DESC")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.PersonID][]Check{}
	for rows.Next() {
		var c Check
		var at int64
		if err := rows.Scan(&c.Person, &at, &c.State); err != nil {
			return nil, err
		}
		c.At = storage.Time(at)
		out[c.Person] = append(out[c.Person], c)
	}
	return out, rows.Err()
}

func insert(ctx context.Context, tx storage.Tx, c Check, sealed []byte) error {
	answers, err := json.Marshal(c.Answers)
	if err != nil {
		return err
	}
	ready := 0
	if c.Ready {
		ready = 1
	}
	_, err = tx.Exec(ctx, `INSERT INTO readiness_checks (id, person, device, session, at, rules, answers, remark, ready, photo_until, state, decided, decider, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '')`,
		string(c.ID), string(c.Person), string(c.Device), string(c.Session), storage.Micros(c.At), c.Rules, string(answers), c.Remark, ready,
		storage.Micros(c.PhotoUntil), string(c.State))
	if err != nil || sealed == nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO readiness_photos (id, person, until, sealed) VALUES (?, ?, ?, ?)", string(c.ID), string(c.Person), storage.Micros(c.PhotoUntil), sealed)
	return err
}

func decide(ctx context.Context, tx storage.Tx, c Check) error {
	_, err := tx.Exec(ctx, "UPDATE readiness_checks SET state = ?, decided = ?, decider = ?, note = ? WHERE id = ? AND state = 'waiting'",
		string(c.State), storage.Micros(c.Decided), string(c.Decider), c.Note, string(c.ID))
	return err
}

func photo(ctx context.Context, tx storage.Tx, id sekisho.RoomCheckID) (sealed []byte, err error) {
	err = tx.QueryRow(ctx, "SELECT sealed FROM readiness_photos WHERE id = ?", string(id)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoPhoto
	}
	return sealed, err
}

// kept names photographs by a condition: whose they are, by check.
func kept(ctx context.Context, tx storage.Tx, where string, args ...any) (map[sekisho.RoomCheckID]sekisho.PersonID, error) {
	rows, err := tx.Query(ctx, "SELECT id, person FROM readiness_photos WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.RoomCheckID]sekisho.PersonID{}
	for rows.Next() {
		var id sekisho.RoomCheckID
		var p sekisho.PersonID
		if err := rows.Scan(&id, &p); err != nil {
			return nil, err
		}
		out[id] = p
	}
	return out, rows.Err()
}

func deletePhoto(ctx context.Context, tx storage.Tx, id sekisho.RoomCheckID, now time.Time) error {
	if _, err := tx.Exec(ctx, "DELETE FROM readiness_photos WHERE id = ?", string(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE readiness_checks SET photo_until = ? WHERE id = ?", storage.Micros(now), string(id))
	return err
}

func forgetWords(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "UPDATE readiness_checks SET remark = '', note = '' WHERE person = ?", string(p))
	return err
}
