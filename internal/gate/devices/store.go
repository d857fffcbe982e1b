package devices

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "devices", Files: files}

// record is a Device with what only this room needs of its enrolment.
type record struct {
	Device
	enrolment string
	keyHash   string
	ticket    string // hash
	csr, spki []byte
}

func (r *record) hideExpired(now time.Time) {
	if !now.Before(r.CodeUntil) {
		r.CodeUntil, r.CodeHeld = time.Time{}, false
	}
}

const selectRecord = `SELECT d.id, d.tag, d.model, d.place, d.person, d.policy, d.state, d.since, d.reason, d.tier, d.registered, d.enrolment,
	COALESCE(e.key_kind, ''), COALESCE(e.key_hash, ''), COALESCE(e.fingerprint, ''), COALESCE(e.hostname, ''), COALESCE(e.platform, ''), COALESCE(e.agent, ''), e.csr, e.spki,
	COALESCE(e.proved, ''), COALESCE(e.ground, ''), COALESCE(e.ek_hash, ''), COALESCE(e.ticket, ''), d.trouble, d.trouble_since,
	COALESCE(c.expires, 0), COALESCE(c.held, 0)
	FROM devices_devices d LEFT JOIN devices_enrolments e ON e.id = d.enrolment
	LEFT JOIN devices_codes c ON c.device = d.id AND c.used = 0 AND c.withdrawn = 0`

// inOrder is by asset tag; what has ended comes last.
const inOrder = " ORDER BY CASE WHEN d.state IN ('returned', 'revoked') THEN 1 ELSE 0 END, d.tag, d.id"

func scanRecord(scan func(...any) error) (r record, err error) {
	var since, registered, trouble, code, held int64
	err = scan(&r.ID, &r.Tag, &r.Model, &r.Place, &r.Person, &r.Policy, &r.State, &since, &r.Reason, &r.Tier, &registered, &r.enrolment,
		&r.KeyKind, &r.keyHash, &r.Fingerprint, &r.Hostname, &r.Platform, &r.Agent, &r.csr, &r.spki,
		&r.Proved, &r.Ground, &r.EK, &r.ticket, &r.Trouble, &trouble, &code, &held)
	r.Since, r.Registered, r.CodeUntil, r.TroubleAt = storage.Time(since), storage.Time(registered), storage.Time(code), storage.Time(trouble)
	r.CodeHeld = held != 0
	return r, err
}

func selectDevice(ctx context.Context, tx storage.Tx, id sekisho.DeviceID) (record, error) {
	r, err := scanRecord(tx.QueryRow(ctx, selectRecord+" WHERE d.id = ?", string(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return record{}, ErrNotFound
	}
	return r, err
}

func selectDevices(ctx context.Context, tx storage.Tx, where string, args ...any) ([]record, error) {
	rows, err := tx.Query(ctx, selectRecord+where+inOrder, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []record
	for rows.Next() {
		r, err := scanRecord(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func insertDevice(ctx context.Context, tx storage.Tx, d Device) error {
	_, err := tx.Exec(ctx, `INSERT INTO devices_devices (id, tag, model, place, person, policy, state, since, reason, tier, enrolment, registered)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?)`,
		string(d.ID), d.Tag, d.Model, string(d.Place), string(d.Person), string(d.Policy), string(d.State), storage.Micros(d.Since), storage.Micros(d.Registered))
	return err
}

// tagUsed says whether a PC in use has an asset tag.
func tagUsed(ctx context.Context, tx storage.Tx, tag string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM devices_devices WHERE tag = ? AND state NOT IN ('returned', 'revoked')", tag).Scan(&n)
	return n > 0, err
}

// change is what an act changes of a device's own row.
type change struct {
	state     State
	since     time.Time
	reason    string
	tier      sekisho.Tier
	enrolment string
	trouble   string // "" ends what was wrong before
}

func updateDevice(ctx context.Context, tx storage.Tx, id sekisho.DeviceID, c change) error {
	return one(tx.Exec(ctx, "UPDATE devices_devices SET state = ?, since = ?, reason = ?, tier = ?, enrolment = ?, trouble = ?, trouble_since = CASE WHEN trouble = ? THEN trouble_since ELSE ? END WHERE id = ?",
		string(c.state), storage.Micros(c.since), c.reason, string(c.tier), c.enrolment, c.trouble, c.trouble, troubleSince(c.trouble, c.since), string(id)))
}

func troubleSince(code string, now time.Time) int64 {
	if code == "" {
		return 0
	}
	return storage.Micros(now)
}

// noteTrouble leaves the PC as it is and says what is wrong with it.
func noteTrouble(ctx context.Context, tx storage.Tx, id sekisho.DeviceID, code string, now time.Time) error {
	return one(tx.Exec(ctx, "UPDATE devices_devices SET trouble = ?, trouble_since = ? WHERE id = ?", code, troubleSince(code, now), string(id)))
}

// one demands that exactly one row was changed.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		return errNoRow
	}
	return err
}

type codeRow struct {
	secret         string // hash
	device         sekisho.DeviceID
	made, expires  time.Time
	used, withdraw time.Time
	held           bool // the PC's receipt is not confirmed
}

func insertCode(ctx context.Context, tx storage.Tx, c codeRow) error {
	_, err := tx.Exec(ctx, "INSERT INTO devices_codes (secret, device, made, expires, used, withdrawn, held) VALUES (?, ?, ?, ?, 0, 0, ?)",
		c.secret, string(c.device), storage.Micros(c.made), storage.Micros(c.expires), bit(c.held))
	return err
}

func selectCode(ctx context.Context, tx storage.Tx, secret string) (codeRow, error) {
	c := codeRow{secret: secret}
	var made, expires, used, withdrawn, held int64
	err := tx.QueryRow(ctx, "SELECT device, made, expires, used, withdrawn, held FROM devices_codes WHERE secret = ?", secret).
		Scan(&c.device, &made, &expires, &used, &withdrawn, &held)
	if errors.Is(err, sql.ErrNoRows) {
		return codeRow{}, ErrCodeUnknown
	}
	c.made, c.expires, c.used, c.withdraw = storage.Time(made), storage.Time(expires), storage.Time(used), storage.Time(withdrawn)
	c.held = held != 0
	return c, err
}

// useCode is the one moment at which a code is spent.
func useCode(ctx context.Context, tx storage.Tx, secret string, now time.Time) error {
	err := one(tx.Exec(ctx, "UPDATE devices_codes SET used = ? WHERE secret = ? AND used = 0 AND withdrawn = 0 AND held = 0", storage.Micros(now), secret))
	if errors.Is(err, errNoRow) {
		return ErrCodeUsed
	}
	return err
}

// receive starts the days of a code that waited for its PC's receipt.
func receive(ctx context.Context, tx storage.Tx, id sekisho.DeviceID, now, expires time.Time) error {
	err := one(tx.Exec(ctx, "UPDATE devices_codes SET held = 0, expires = ? WHERE device = ? AND held = 1 AND used = 0 AND withdrawn = 0 AND expires > ?",
		storage.Micros(expires), string(id), storage.Micros(now)))
	if errors.Is(err, errNoRow) {
		return ErrNotHeld
	}
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func withdrawCodes(ctx context.Context, tx storage.Tx, id sekisho.DeviceID, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE devices_codes SET withdrawn = ? WHERE device = ? AND used = 0 AND withdrawn = 0", storage.Micros(now), string(id))
	return err
}
