package certs

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
var Schema = storage.Schema{Name: "certs", Files: files}

type rootRow struct {
	generation int
	der        []byte
}

func selectRoots(ctx context.Context, tx storage.Tx) ([]rootRow, error) {
	rows, err := tx.Query(ctx, "SELECT generation, der FROM certs_authorities ORDER BY generation")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []rootRow
	for rows.Next() {
		var r rootRow
		if err := rows.Scan(&r.generation, &r.der); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// selectCrosses reads the certificates of the newest authority by older ones.
func selectCrosses(ctx context.Context, tx storage.Tx) ([][]byte, error) {
	rows, err := tx.Query(ctx, "SELECT der FROM certs_rotations WHERE newer = (SELECT MAX(generation) FROM certs_authorities) ORDER BY older")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list [][]byte
	for rows.Next() {
		var der []byte
		if err := rows.Scan(&der); err != nil {
			return nil, err
		}
		list = append(list, der)
	}
	return list, rows.Err()
}

func newestGeneration(ctx context.Context, tx storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COALESCE(MAX(generation), 0) FROM certs_authorities").Scan(&n)
	return n, err
}

func insertRoot(ctx context.Context, tx storage.Tx, r root, made time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO certs_authorities (generation, der, made) VALUES (?, ?, ?)",
		r.generation, r.cert.Raw, storage.Micros(made))
	return err
}

func insertRotation(ctx context.Context, tx storage.Tx, older, newer int, der []byte, made time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO certs_rotations (older, newer, der, made) VALUES (?, ?, ?, ?)",
		older, newer, der, storage.Micros(made))
	return err
}

type certRow struct {
	serial     string
	device     sekisho.DeviceID // "" for the agents' door
	tier       sekisho.Tier
	generation int
	keyHash    string
	der        []byte
	notAfter   time.Time
	issued     time.Time
	revoked    time.Time
}

func insertCertificate(ctx context.Context, tx storage.Tx, c certRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO certs_certificates
		(serial, device, tier, generation, key_hash, der, not_after, issued, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		c.serial, string(c.device), string(c.tier), c.generation, c.keyHash, c.der, storage.Micros(c.notAfter), storage.Micros(c.issued))
	return err
}

const certColumns = "serial, device, tier, generation, key_hash, der, not_after, issued, revoked"

// certificateBySerial gives ok false where the serial is unknown.
func certificateBySerial(ctx context.Context, tx storage.Tx, serial string) (c certRow, ok bool, err error) {
	return scanCertificate(tx.QueryRow(ctx, "SELECT "+certColumns+" FROM certs_certificates WHERE serial = ?", serial))
}

// latestCertificate is the unrevoked one of this device and key that ends last.
func latestCertificate(ctx context.Context, tx storage.Tx, device sekisho.DeviceID, keyHash string) (certRow, bool, error) {
	return scanCertificate(tx.QueryRow(ctx, "SELECT "+certColumns+` FROM certs_certificates
		WHERE device = ? AND key_hash = ? AND revoked = 0 ORDER BY not_after DESC, serial LIMIT 1`, string(device), keyHash))
}

func scanCertificate(row *sql.Row) (c certRow, ok bool, err error) {
	var notAfter, issued, revoked int64
	err = row.Scan(&c.serial, &c.device, &c.tier, &c.generation, &c.keyHash, &c.der, &notAfter, &issued, &revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return certRow{}, false, nil
	}
	c.notAfter, c.issued, c.revoked = storage.Time(notAfter), storage.Time(issued), storage.Time(revoked)
	return c, err == nil, err
}

// revokeAll ends every certificate of a device and says how many there were.
func revokeAll(ctx context.Context, tx storage.Tx, device sekisho.DeviceID, at time.Time) (int64, error) {
	res, err := tx.Exec(ctx, "UPDATE certs_certificates SET revoked = ? WHERE device = ? AND revoked = 0", storage.Micros(at), string(device))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
