package audit

import (
	"bytes"
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

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
	rows, err := tx.Query(ctx, "SELECT seq, id, at, kind, person, device, session, object, customer, call, leaf FROM audit_leaves WHERE seq >= ? AND seq < ? ORDER BY seq", start, end)
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
		if err := rows.Scan(&r.seq, &r.id, &r.at, &r.kind, &r.index[0], &r.index[1], &r.index[2], &r.index[3], &r.index[4], &r.index[5], &r.leaf); err != nil {
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
	index    index
	leaf     []byte
}

// row compares the columns that searches use with the entry itself.
func (v *live) row(r *leafRow) {
	l, err := decode(r.leaf)
	if err != nil {
		v.report.find(r.seq, "the entry cannot be read")
		return
	}
	v.look(r.seq, l)
	v.report.Erased += int64(len(l.Personal)) // until their values are met
	same := l.ID == r.id && l.At.UnixMicro() == r.at && l.Kind == r.kind && l.index() == r.index
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
