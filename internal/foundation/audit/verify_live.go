package audit

import (
	"bytes"
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// VerifyLive checks this log where it stands, the inbox included, and the
// checkpoint kept outside the database.
func (l *Log) VerifyLive(ctx context.Context, since []byte) (Report, error) {
	if err := l.settle(ctx); err != nil {
		return Report{}, err
	}
	if len(since) == 0 {
		outside, err := l.remembered()
		if err != nil {
			return Report{}, err
		}
		if outside != nil {
			since = outside.note
		}
	}
	return verifyDatabase(ctx, l.db, Expect{Key: l.vkey, Since: since}, l.mac)
}

// VerifyDatabase checks a log straight on its database: everything that
// VerifyExport checks, and beside it the stored hashes, the columns that
// searches use, the personal values and the pins. It needs no private key.
func VerifyDatabase(ctx context.Context, db *storage.DB, expect Expect) (Report, error) {
	return verifyDatabase(ctx, db, expect, nil)
}

type macFunc func(id string, leaf []byte) []byte

func verifyDatabase(ctx context.Context, db *storage.DB, expect Expect, mac macFunc) (Report, error) {
	w, err := newWalk(expect.Key)
	if err != nil {
		return Report{}, err
	}
	v := &live{walk: w, db: db, expect: expect, mac: mac}
	for _, step := range []func(context.Context) error{v.begin, v.tree, v.clearValues, v.inbox} {
		if err := step(ctx); err != nil {
			return *w.report, fmt.Errorf("audit: verify: %w", err)
		}
	}
	w.checkEpochs()
	return *w.report, w.report.err()
}

// live is a database under verification.
type live struct {
	*walk
	db     *storage.DB
	expect Expect
	mac    macFunc // nil where the log's key is not at hand
}

// begin reads the head and everything that was signed.
func (v *live) begin(ctx context.Context) error {
	return v.db.Read(ctx, func(tx storage.Tx) error {
		var size, leaves, hashes, heads int64
		var epoch int
		err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_head").Scan(&heads)
		if err == nil {
			err = tx.QueryRow(ctx, "SELECT size, epoch FROM audit_head WHERE id = 1").Scan(&size, &epoch)
		}
		if errors.Is(err, sql.ErrNoRows) {
			v.report.find(-1, "the head is missing")
			err = nil
		}
		if err != nil {
			return err
		}
		if heads != 1 {
			v.report.find(-1, "there are %d heads", heads)
		}
		v.head(checkpoint.Checkpoint{Size: size}, epoch)
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_leaves").Scan(&leaves); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_hashes").Scan(&hashes); err != nil {
			return err
		}
		if leaves != size {
			v.report.find(-1, "there are %d entries, the head says %d", leaves, size)
		}
		if want := storedHashes(size); hashes != want {
			v.report.find(-1, "there are %d hashes, a tree of %d entries has %d", hashes, size, want)
		}
		if err := v.epochRows(ctx, tx); err != nil {
			return err
		}
		if err := v.notes(ctx, tx, "SELECT note FROM audit_checkpoints ORDER BY epoch, size", "a signed checkpoint"); err != nil {
			return err
		}
		if err := v.notes(ctx, tx, "SELECT note FROM audit_pins ORDER BY epoch, size", "a checkpoint that was reported back"); err != nil {
			return err
		}
		v.since(v.expect.Since)
		return v.columns(ctx, tx)
	})
}

func storedHashes(size int64) int64 {
	if size == 0 {
		return 0
	}
	return tlog.StoredHashCount(size)
}

func (v *live) epochRows(ctx context.Context, tx storage.Tx) error {
	epochs, err := readEpochs(ctx, tx)
	if err != nil {
		v.report.find(-1, "an officers' statement is broken: %v", err)
		return nil
	}
	for _, e := range epochs {
		v.restart(e.Number, e.Signed, v.expect.Officers, len(v.expect.Officers) == 0)
	}
	return nil
}

func (v *live) notes(ctx context.Context, tx storage.Tx, query, label string) error {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var note []byte
		if err := rows.Scan(&note); err != nil {
			return err
		}
		v.remembered(note, label)
	}
	return rows.Err()
}

// columns compares what the rows of signed things say beside their notes.
func (v *live) columns(ctx context.Context, tx storage.Tx) error {
	for _, e := range v.restarts {
		var same int
		err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_epochs WHERE number = ? AND size = ? AND kept = ? AND lost = ?", e.Number, e.Size, e.Kept, e.Lost).Scan(&same)
		if err != nil {
			return err
		}
		if same != 1 {
			v.report.find(-1, "the row of epoch %d differs from the officers' statement", e.Number)
		}
	}
	rows, err := tx.Query(ctx, "SELECT epoch, size, note FROM audit_checkpoints UNION ALL SELECT epoch, size, note FROM audit_pins")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var epoch int
		var size int64
		var note []byte
		if err := rows.Scan(&epoch, &size, &note); err != nil {
			return err
		}
		c, err := checkpoint.Open(note, v.verifier, v.name)
		if err != nil {
			continue // found already
		}
		if n, err := checkpoint.EpochOf(c.Origin, v.name); err != nil || n != epoch || c.Size != size {
			v.report.find(-1, "the row of the checkpoint of %d entries says %d", c.Size, size)
		}
	}
	return rows.Err()
}

// tree recomputes every hash from the entries and compares it with the stored one.
func (v *live) tree(ctx context.Context) error {
	for start := int64(0); start < v.report.Size; start += readChunk {
		end := min(start+readChunk, v.report.Size)
		if err := ctx.Err(); err != nil {
			return err
		}
		err := v.db.Read(ctx, func(tx storage.Tx) error {
			computed, err := v.leaves(ctx, tx, start, end)
			if err != nil {
				return err
			}
			return v.hashes(ctx, tx, start, end, computed)
		})
		if err != nil {
			return err
		}
	}
	return v.finish()
}

// leaves reads a range of entries and returns the hashes that come with it.
// A missing entry counts as an empty one, so that those after it are still looked at.
func (v *live) leaves(ctx context.Context, tx storage.Tx, start, end int64) ([]tlog.Hash, error) {
	rows, err := tx.Query(ctx, "SELECT seq, id, at, kind, person, device, session, object, leaf FROM audit_leaves WHERE seq >= ? AND seq < ? ORDER BY seq", start, end)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	computed := make([]tlog.Hash, 0, 2*(end-start)+64)
	next := start
	take := func(leaf []byte) error {
		_, hashes, err := v.entry(leaf)
		computed = append(computed, hashes...)
		next++
		return err
	}
	for rows.Next() {
		var r leafRow
		if err := rows.Scan(&r.seq, &r.id, &r.at, &r.kind, &r.index[0], &r.index[1], &r.index[2], &r.index[3], &r.leaf); err != nil {
			return nil, err
		}
		for next < r.seq {
			v.report.find(next, "the entry is missing")
			if err := take(nil); err != nil {
				return nil, err
			}
		}
		v.row(&r)
		if err := take(r.leaf); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for next < end {
		v.report.find(next, "the entry is missing")
		if err := take(nil); err != nil {
			return nil, err
		}
	}
	return computed, nil
}

type leafRow struct {
	seq, at  int64
	id, kind string
	index    [4]string
	leaf     []byte
}

// row compares the columns that searches use with the entry itself.
func (v *live) row(r *leafRow) {
	l, err := decode(r.leaf)
	if err != nil {
		v.report.find(r.seq, "the entry cannot be read")
		return
	}
	v.look(l)
	v.report.Erased += int64(len(l.Personal)) // until their values are met
	same := l.ID == r.id && l.At.UnixMicro() == r.at && l.Kind == r.kind && string(l.Actor.Person) == r.index[0] &&
		string(l.Actor.Device) == r.index[1] && string(l.Session) == r.index[2] && l.Object.ID == r.index[3]
	if !same {
		v.report.find(r.seq, "the columns for searching differ from the entry")
	}
}

func (v *live) hashes(ctx context.Context, tx storage.Tx, start, end int64, computed []tlog.Hash) error {
	first := tlog.StoredHashIndex(0, start)
	rows, err := tx.Query(ctx, "SELECT pos, hash FROM audit_hashes WHERE pos >= ? AND pos < ? ORDER BY pos", first, first+int64(len(computed)))
	if err != nil {
		return err
	}
	defer rows.Close()
	next := first
	for ; rows.Next(); next++ {
		var pos int64
		var hash []byte
		if err := rows.Scan(&pos, &hash); err != nil {
			return err
		}
		for ; next < pos; next++ {
			v.report.find(-1, "the hash at %d is missing", next)
		}
		if !bytes.Equal(hash, computed[pos-first][:]) {
			level, n := tlog.SplitStoredHashIndex(pos)
			seq := (n+1)<<level - 1
			if level == 0 {
				v.report.find(seq, "the entry is not the one that was hashed")
			} else {
				v.report.find(seq, "the %d entries up to here do not have the stored hash", int64(1)<<level)
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for ; next < first+int64(len(computed)); next++ {
		v.report.find(-1, "the hash at %d is missing", next)
	}
	return nil
}

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
