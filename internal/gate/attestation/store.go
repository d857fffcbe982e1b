package attestation

import (
	"context"
	"crypto/x509"
	"database/sql"
	"embed"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "attestation", Files: files}

func isListed(ctx context.Context, tx storage.Tx, ek string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM attestation_eks WHERE ek = ?", ek).Scan(&n)
	return n > 0, err
}

// insertKnown says whether the key is new on the list.
func insertKnown(ctx context.Context, tx storage.Tx, row Row, now time.Time) (bool, error) {
	res, err := tx.Exec(ctx, "INSERT INTO attestation_eks (ek, label, added) VALUES (?, ?, ?) ON CONFLICT (ek) DO NOTHING",
		row.EK, row.Label, storage.Micros(now))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func countKnown(ctx context.Context, tx storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM attestation_eks").Scan(&n)
	return n, err
}

func selectKnown(ctx context.Context, tx storage.Tx) (list []Known, err error) {
	rows, err := tx.Query(ctx, "SELECT ek, label, added FROM attestation_eks ORDER BY label, ek")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k Known
		var added int64
		if err := rows.Scan(&k.EK, &k.Label, &added); err != nil {
			return nil, err
		}
		k.Added = storage.Time(added)
		list = append(list, k)
	}
	return list, rows.Err()
}

func deleteKnown(ctx context.Context, tx storage.Tx, ek string) error {
	return found(tx.Exec(ctx, "DELETE FROM attestation_eks WHERE ek = ?", ek))
}

// found demands that there was something to change.
func found(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// caRow is an authority with its certificate.
type caRow struct {
	CA
	der []byte
}

func selectCAs(ctx context.Context, tx storage.Tx) (list []caRow, err error) {
	rows, err := tx.Query(ctx, "SELECT id, certificate, subject, ends, added FROM attestation_cas ORDER BY subject, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c caRow
		var ends, added int64
		if err := rows.Scan(&c.ID, &c.der, &c.Subject, &ends, &added); err != nil {
			return nil, err
		}
		c.Until, c.Added = storage.Time(ends), storage.Time(added)
		list = append(list, c)
	}
	return list, rows.Err()
}

func insertCA(ctx context.Context, tx storage.Tx, c CA, der []byte) error {
	_, err := tx.Exec(ctx, "INSERT INTO attestation_cas (id, certificate, subject, ends, added) VALUES (?, ?, ?, ?, ?)",
		c.ID, der, c.Subject, storage.Micros(c.Until), storage.Micros(c.Added))
	if storage.Duplicate(err) {
		return ErrKnown.Because(err)
	}
	return err
}

func deleteCA(ctx context.Context, tx storage.Tx, id string) error {
	return found(tx.Exec(ctx, "DELETE FROM attestation_cas WHERE id = ?", id))
}

const ruleOnlyKnown = "only_known"

// selectOnlyKnown is false as long as nobody has set the rule.
func selectOnlyKnown(ctx context.Context, tx storage.Tx) (bool, error) {
	var value string
	err := tx.QueryRow(ctx, "SELECT value FROM attestation_rules WHERE name = ?", ruleOnlyKnown).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return value != "false", err // a word that is not understood is the stricter one
}

func updateOnlyKnown(ctx context.Context, tx storage.Tx, only bool) error {
	value := "false"
	if only {
		value = "true"
	}
	_, err := tx.Exec(ctx, "INSERT INTO attestation_rules (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		ruleOnlyKnown, value)
	return err
}

// subject is an authority's name as a screen may show it.
func subject(cert *x509.Certificate) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(cert.Subject.String(), ""))
	if r := []rune(printable); len(r) > 200 {
		printable = string(r[:200]) + "…"
	}
	return printable
}
