package audit

import (
	"context"
	"crypto/hmac"
	"database/sql"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// clearValues compares the personal values with their commitments.
func (v *live) clearValues(ctx context.Context) error {
	var event, field string
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		err := v.db.Read(ctx, func(tx storage.Tx) error {
			rows, err := tx.Query(ctx, `SELECT c.event, c.field, c.salt, c.value, l.seq, l.leaf FROM audit_clear c LEFT JOIN audit_leaves l ON l.id = c.event
				WHERE c.event > ? OR (c.event = ? AND c.field > ?) ORDER BY c.event, c.field LIMIT ?`, event, event, field, readChunk)
			if err != nil {
				return err
			}
			defer rows.Close()
			for ; rows.Next(); n++ {
				var c clearValue
				var seq sql.NullInt64
				var leaf []byte
				if err := rows.Scan(&event, &c.field, &c.salt, &c.value, &seq, &leaf); err != nil {
					return err
				}
				field = c.field
				v.clearValue(c, seq, leaf, tx.Dialect())
			}
			return rows.Err()
		})
		if err != nil || n < readChunk {
			return err
		}
	}
}

func (v *live) clearValue(c clearValue, seq sql.NullInt64, leaf []byte, dialect string) {
	if !seq.Valid {
		if dialect == storage.SQLite { // on PostgreSQL the entry may still be in the inbox
			v.report.find(-1, "a personal value belongs to no entry")
		}
		return
	}
	l, err := decode(leaf)
	if err != nil {
		return // found already
	}
	if _, ok := l.Personal[c.field]; ok {
		v.report.Erased--
	}
	if !hmac.Equal([]byte(l.Personal[c.field]), []byte(c.commitment())) {
		v.report.find(seq.Int64, "a personal value is not the one that was committed to")
	}
}

// inbox looks whether what waits was written by a process that holds the log's key.
func (v *live) inbox(ctx context.Context) error {
	return v.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id, leaf, mac FROM audit_inbox")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var w waitingRow
			if err := rows.Scan(&w.id, &w.leaf, &w.mac); err != nil {
				return err
			}
			if tx.Dialect() == storage.SQLite {
				v.report.find(-1, "the inbox is not used on SQLite and has a row")
			} else if v.mac != nil && !hmac.Equal(w.mac, v.mac(w.id, []byte(w.leaf))) {
				v.report.find(-1, "a waiting entry was not written by this log")
			}
		}
		return rows.Err()
	})
}
