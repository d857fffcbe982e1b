package operators

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
var Schema = storage.Schema{Name: "operators", Files: files}

const personColumns = `p.id, p.name, p.kana, p.login, p.roles, p.face_usable, p.place, p.active, p.created,
	p.agency, p.last_day, p.password,
	(SELECT COUNT(*) FROM operators_passkeys k WHERE k.person = p.id)`

func scanPerson(row interface{ Scan(...any) error }) (p Person, err error) {
	var id, roles, place, lastDay, password string
	var usable, active, created int64
	err = row.Scan(&id, &p.Name, &p.Kana, &p.Login, &roles, &usable, &place, &active, &created,
		&p.Agency, &lastDay, &password, &p.Passkeys)
	p.ID, p.Roles, p.Place = sekisho.PersonID(id), parseRoles(roles), sekisho.Place(place)
	p.FaceUsable, p.Suspended, p.Created = usable == 1, active != 1, storage.Time(created)
	p.LastDay, p.Password = Day(lastDay), PasswordState(password)
	return p, err
}

// load reads a person as he stands now; nobody is errUnknown.
func (r *Operators) load(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (Person, error) {
	p, err := scanPerson(tx.QueryRow(ctx, "SELECT "+personColumns+" FROM operators_people p WHERE p.id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, errUnknown
	}
	return p.at(r.clk.Now()), err
}

func listPeople(ctx context.Context, tx storage.Tx, now time.Time) ([]Person, error) {
	return selectPeople(ctx, tx, now, "")
}

func selectPeople(ctx context.Context, tx storage.Tx, now time.Time, where string, args ...any) ([]Person, error) {
	rows, err := tx.Query(ctx, "SELECT "+personColumns+" FROM operators_people p "+where+" ORDER BY p.kana, p.name, p.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Person{}
	for rows.Next() {
		p, err := scanPerson(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, p.at(now))
	}
	return out, rows.Err()
}

func insertPerson(ctx context.Context, tx storage.Tx, p Person) error {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM operators_people WHERE login = ?", p.Login).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errTaken
	}
	_, err := tx.Exec(ctx, `INSERT INTO operators_people (id, name, kana, login, roles, face_usable, place, active, created, agency, last_day, password)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(p.ID), p.Name, p.Kana, p.Login, rolesText(p.Roles), number(p.FaceUsable),
		string(p.Place), number(!p.Suspended), storage.Micros(p.Created), p.Agency, string(p.LastDay), string(p.Password))
	if storage.Duplicate(err) {
		return errTaken.Because(err)
	}
	return err
}

// updatePerson stores a person. With a last day that lies ahead he has not left,
// whatever was done when an earlier one passed.
func updatePerson(ctx context.Context, tx storage.Tx, p Person, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE operators_people SET name = ?, kana = ?, roles = ?, face_usable = ?, place = ?, active = ?,
		agency = ?, last_day = ?, password = ? WHERE id = ?`,
		p.Name, p.Kana, rolesText(p.Roles), number(p.FaceUsable), string(p.Place), number(!p.Suspended),
		p.Agency, string(p.LastDay), string(p.Password), string(p.ID))
	if err != nil || p.LastDay.over(now) {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE operators_people SET left_at = 0 WHERE id = ? AND left_at <> 0", string(p.ID))
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// administrators counts the active ones beside one person, up to two: with keyed
// only those who can sign in to the console, by a passkey or a password.
func (r *Operators) administrators(ctx context.Context, tx storage.Tx, beside sekisho.PersonID, keyed bool) (int, error) {
	having := " AND (p.last_day = '' OR p.last_day >= ?)"
	if keyed {
		having += " AND (p.password = '" + string(PasswordSet) + "' OR EXISTS (SELECT 1 FROM operators_passkeys k WHERE k.person = p.id AND k.rp IN ('" + string(RPConsole) + "', '" + string(RPHome) + "')))"
	}
	return countAdministrators(ctx, tx, beside, having, string(DayOf(r.clk.Now())))
}

// lasting counts the active administrators beside one person whose contract has
// no end, up to two: there is always one, whatever the calendar says.
func lasting(ctx context.Context, tx storage.Tx, beside sekisho.PersonID) (int, error) {
	return countAdministrators(ctx, tx, beside, " AND p.last_day = ''")
}

func countAdministrators(ctx context.Context, tx storage.Tx, beside sekisho.PersonID, having string, args ...any) (n int, err error) {
	// Roles are words between blanks; LIMIT keeps strangers' questions cheap in a large centre.
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM operators_people p WHERE p.active = 1 AND p.id <> ? AND ' ' || p.roles || ' ' LIKE ?"+
		having+" LIMIT 2) AS found", append([]any{string(beside), "% " + string(sekisho.RoleAdministrator) + " %"}, args...)...).Scan(&n)
	return n, err
}

// passkey rows

type passkeyRow struct {
	id     string
	person sekisho.PersonID
	rp     RP
	body   string
}

func passkeys(ctx context.Context, tx storage.Tx, p sekisho.PersonID, rp RP) (out []passkeyRow, err error) {
	rows, err := tx.Query(ctx, "SELECT id, body FROM operators_passkeys WHERE person = ? AND rp = ? ORDER BY created, id", string(p), string(rp))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		k := passkeyRow{person: p, rp: rp}
		if err := rows.Scan(&k.id, &k.body); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

func insertPasskey(ctx context.Context, tx storage.Tx, k passkeyRow, at time.Time) error {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM operators_passkeys WHERE id = ?", k.id).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errHasKey
	}
	_, err := tx.Exec(ctx, "INSERT INTO operators_passkeys (id, person, rp, body, created, used) VALUES (?, ?, ?, ?, ?, 0)",
		k.id, string(k.person), string(k.rp), k.body, storage.Micros(at))
	if storage.Duplicate(err) {
		return errHasKey.Because(err)
	}
	return err
}

func usePasskey(ctx context.Context, tx storage.Tx, k passkeyRow, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE operators_passkeys SET body = ?, used = ? WHERE id = ? AND person = ?",
		k.body, storage.Micros(at), k.id, string(k.person))
	return err
}

// links

type link struct {
	hash     string
	kind     string
	person   sekisho.PersonID
	expires  time.Time
	seconded bool // a second administrator approved it
}

func insertLink(ctx context.Context, tx storage.Tx, l link, now time.Time) error {
	// A new link voids the older ones of its kind and person.
	if _, err := tx.Exec(ctx, "DELETE FROM operators_links WHERE kind = ? AND person = ?", l.kind, string(l.person)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO operators_links (hash, kind, person, made, expires, used, seconded) VALUES (?, ?, ?, ?, ?, 0, ?)",
		l.hash, l.kind, string(l.person), storage.Micros(now), storage.Micros(l.expires), number(l.seconded))
	return err
}

// loadLink gives a link that may still be used; every other one is errLink.
func loadLink(ctx context.Context, tx storage.Tx, kind, hash string, now time.Time) (link, error) {
	l := link{hash: hash, kind: kind}
	var person string
	var expires, used, seconded int64
	err := tx.QueryRow(ctx, "SELECT person, expires, used, seconded FROM operators_links WHERE hash = ? AND kind = ?", hash, kind).
		Scan(&person, &expires, &used, &seconded)
	if errors.Is(err, sql.ErrNoRows) {
		return link{}, errLink
	}
	if err != nil {
		return link{}, err
	}
	l.person, l.expires, l.seconded = sekisho.PersonID(person), storage.Time(expires), seconded == 1
	if used != 0 || !now.Before(l.expires) {
		return link{}, errLink
	}
	return l, nil
}

// useLink marks a link as used; whoever comes second is refused.
func useLink(ctx context.Context, tx storage.Tx, l link, now time.Time) error {
	res, err := tx.Exec(ctx, "UPDATE operators_links SET used = ? WHERE hash = ? AND used = 0", storage.Micros(now), l.hash)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errLink, err)
	}
	return nil
}

func isDemo(ctx context.Context, tx storage.Tx) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM operators_demo").Scan(&n)
	return n > 0, err
}
