package devices

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

type enrolmentRow struct {
	id     string
	device sekisho.DeviceID
	ticket string // hash
	presented
	asked time.Time
}

func insertEnrolment(ctx context.Context, tx storage.Tx, e enrolmentRow) error {
	ekHash, ek := "", []byte{} // never nil, which would be NULL
	if len(e.ek) > 0 {
		ekHash, ek = hash(e.ek), e.ek
	}
	_, err := tx.Exec(ctx, `INSERT INTO devices_enrolments
		(id, device, ticket, state, code, key_kind, key_hash, fingerprint, ek_hash, csr, spki, ek, certificate, hostname, platform, agent, asked, decided, proved, ground)
		VALUES (?, ?, ?, 'pending', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
		e.id, string(e.device), e.ticket, e.keyKind, hash(e.spki), wire.Fingerprint(e.spki), ekHash, e.csr, e.spki, ek, []byte{},
		e.hostname, e.platform, e.agent, storage.Micros(e.asked), string(e.proved), e.ground)
	return err
}

// keyElsewhere refuses a key that was ever presented for another PC, and a TPM
// that another PC in use has.
func keyElsewhere(ctx context.Context, tx storage.Tx, device sekisho.DeviceID, p presented) error {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM devices_enrolments WHERE key_hash = ? AND device <> ?", hash(p.spki), string(device)).Scan(&n)
	if err != nil {
		return err
	}
	if n > 0 {
		return ErrKeyKnown
	}
	if len(p.ek) == 0 {
		return nil
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM devices_enrolments e JOIN devices_devices d ON d.enrolment = e.id
		WHERE e.ek_hash = ? AND d.id <> ? AND d.state NOT IN ('returned', 'revoked')`, hash(p.ek), string(device)).Scan(&n)
	if err == nil && n > 0 {
		return ErrTPMKnown
	}
	return err
}

func issueEnrolment(ctx context.Context, tx storage.Tx, id string, certificate []byte, now time.Time) error {
	return one(tx.Exec(ctx, "UPDATE devices_enrolments SET state = 'issued', certificate = ?, decided = ? WHERE id = ?",
		certificate, storage.Micros(now), id))
}

func updateCertificate(ctx context.Context, tx storage.Tx, enrolment string, certificate []byte) error {
	return one(tx.Exec(ctx, "UPDATE devices_enrolments SET certificate = ? WHERE id = ?", certificate, enrolment))
}

// refuseEnrolments ends those of a device that still count.
func refuseEnrolments(ctx context.Context, tx storage.Tx, device sekisho.DeviceID, code string, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE devices_enrolments SET state = 'refused', code = ?, decided = ? WHERE device = ? AND state IN ('pending', 'issued')",
		code, storage.Micros(now), string(device))
	return err
}

// selectStatus answers a ticket. What does not fit together is ErrTicket.
func selectStatus(ctx context.Context, tx storage.Tx, device sekisho.DeviceID, ticket string) (s wire.EnrolmentStatus, asked time.Time, err error) {
	var micros int64
	err = tx.QueryRow(ctx, `SELECT e.state, e.code, e.certificate, d.tier, e.asked FROM devices_enrolments e JOIN devices_devices d ON d.id = e.device
		WHERE e.ticket = ? AND e.device = ?`, ticket, string(device)).Scan(&s.State, &s.Code, (*[]byte)(&s.Certificate), &s.Tier, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		return s, asked, ErrTicket
	}
	return s, storage.Time(micros), err
}

type bindingRow struct {
	id       string
	device   sekisho.DeviceID
	at       time.Time
	keyHash  string
	leaseKey []byte
	signed   wire.Signed
}

func insertBinding(ctx context.Context, tx storage.Tx, b bindingRow) error {
	_, err := tx.Exec(ctx, "INSERT INTO devices_bindings (id, device, at, key_hash, lease_key, payload, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
		b.id, string(b.device), storage.Micros(b.at), b.keyHash, b.leaseKey, []byte(b.signed.Payload), []byte(b.signed.Signature))
	return err
}
