package pools

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// target is a PC with its key to seal to.
type target struct {
	device sekisho.DeviceID
	key    wire.CertifiedKey
}

func keyOf(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (k wire.CertifiedKey, found bool, err error) {
	var cert, payload, signature []byte
	err = tx.QueryRow(ctx, "SELECT certificate, payload, signature FROM pools_keys WHERE device = ?", string(d)).Scan(&cert, &payload, &signature)
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	return certifiedKey(cert, payload, signature), err == nil, err
}

func certifiedKey(cert, payload, signature []byte) wire.CertifiedKey {
	return wire.CertifiedKey{Certificate: cert, Statement: wire.Signed{Payload: payload, Signature: signature}}
}

func keysOf(ctx context.Context, tx storage.Tx, id sekisho.PoolID) ([]target, error) {
	return each(ctx, tx, `SELECT k.device, k.certificate, k.payload, k.signature FROM pools_keys k
		JOIN pools_devices d ON d.device = k.device WHERE d.pool = ? ORDER BY k.device`, func(scan func(...any) error) (t target, err error) {
		var cert, payload, signature []byte
		err = scan(&t.device, &cert, &payload, &signature)
		t.key = certifiedKey(cert, payload, signature)
		return t, err
	}, string(id))
}

func putKey(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, k wire.CertifiedKey) error {
	_, err := tx.Exec(ctx, `INSERT INTO pools_keys (device, certificate, payload, signature) VALUES (?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET certificate = excluded.certificate, payload = excluded.payload, signature = excluded.signature`,
		string(d), []byte(k.Certificate), []byte(k.Statement.Payload), []byte(k.Statement.Signature))
	return err
}

func putCarried(ctx context.Context, tx storage.Tx, f wire.CarriedFace, c wire.Carry, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO pools_carried (person, device, commitment, sealed, certificate, payload, signature, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (person, device) DO UPDATE SET commitment = excluded.commitment, sealed = excluded.sealed, certificate = excluded.certificate,
		payload = excluded.payload, signature = excluded.signature, at = excluded.at`,
		string(f.Person), string(f.To), f.Commitment, []byte(c.Sealed), []byte(c.Certificate), []byte(c.Statement.Payload), []byte(c.Statement.Signature), storage.Micros(now))
	return err
}

// carried reads a face on its way, with its commitment; "" is none.
func carried(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) (c wire.Carry, commitment string, err error) {
	var sealed, cert, payload, signature []byte
	err = tx.QueryRow(ctx, "SELECT commitment, sealed, certificate, payload, signature FROM pools_carried WHERE person = ? AND device = ?", string(p), string(d)).
		Scan(&commitment, &sealed, &cert, &payload, &signature)
	if errors.Is(err, sql.ErrNoRows) {
		return wire.Carry{}, "", nil
	}
	return wire.Carry{Sealed: sealed, Certificate: cert, Statement: wire.Signed{Payload: payload, Signature: signature}}, commitment, err
}

// late is a face that waits too long.
type late struct {
	person     sekisho.PersonID
	device     sekisho.DeviceID
	commitment string
}

func carriedBefore(ctx context.Context, tx storage.Tx, before time.Time) ([]late, error) {
	return each(ctx, tx, "SELECT person, device, commitment FROM pools_carried WHERE at < ? ORDER BY person, device", func(scan func(...any) error) (l late, err error) {
		err = scan(&l.person, &l.device, &l.commitment)
		return l, err
	}, storage.Micros(before))
}

func deleteCarried(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error {
	_, err := tx.Exec(ctx, "DELETE FROM pools_carried WHERE person = ? AND device = ?", string(p), string(d))
	return err
}

func deleteCarriedOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM pools_carried WHERE person = ?", string(p))
	return err
}
