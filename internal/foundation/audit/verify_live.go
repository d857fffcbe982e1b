package audit

import (
	"context"
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
		v.report.find(-1, "a statement of the roots is broken: %v", err)
		return nil
	}
	for _, e := range epochs {
		v.restart(e.Number, e.Signed, v.expect.Roots, len(v.expect.Roots) == 0)
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
			v.report.find(-1, "the row of epoch %d differs from the roots' statement", e.Number)
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
