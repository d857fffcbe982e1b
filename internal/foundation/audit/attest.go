package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// errWaits is an entry that is committed and has no number yet, because the
// node that gives them is away.
var errWaits = sekisho.Fail(sekisho.KindBusy, "storage.busy")

const (
	numberWithin = 10 * time.Second
	numberLook   = 50 * time.Millisecond
)

// Attest writes e in a transaction of its own, with what also does in it (nil
// for nothing), and gives the proof that e is in the log: a signature, by the
// key that auditors hold, over what e says and when.
func (l *Log) Attest(ctx context.Context, e Event, also func(tx storage.Tx) error) (checkpoint.Proof, error) {
	if err := l.refuses(e); err != nil {
		return checkpoint.Proof{}, err
	}
	r, err := encode(e, l.stamp())
	if err != nil {
		return checkpoint.Proof{}, err
	}
	err = l.db.Write(ctx, func(tx storage.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return l.insert(ctx, tx, r)
	})
	if err != nil {
		return checkpoint.Proof{}, err
	}
	seq, err := l.numberOf(ctx, r.id)
	if err != nil {
		return checkpoint.Proof{}, err
	}
	return l.Prove(ctx, seq)
}

// numberOf waits for the number of an entry that is committed.
func (l *Log) numberOf(ctx context.Context, id string) (seq int64, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, numberWithin, errWaits)
	defer cancel()
	for {
		if err := l.settle(ctx); err != nil {
			return 0, err
		}
		err := l.db.Read(ctx, func(tx storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT seq FROM audit_leaves WHERE id = ?", id).Scan(&seq)
		})
		if !errors.Is(err, sql.ErrNoRows) {
			return seq, err
		}
		select {
		case <-time.After(numberLook):
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// proveChunk is how many entries are proved in one read.
const proveChunk = 256

// ProveAll proves many entries under one checkpoint, in the order given. What
// they have in common in the tree is read once.
func (l *Log) ProveAll(ctx context.Context, seqs []int64) ([]checkpoint.Proof, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	c, err := l.current(ctx, slices.Max(seqs)+1)
	if err != nil {
		return nil, err
	}
	proofs := make([]checkpoint.Proof, 0, len(seqs))
	known := map[int64]tlog.Hash{}
	for chunk := range slices.Chunk(seqs, proveChunk) {
		if slices.Min(chunk) < 0 || slices.Max(chunk) >= c.Size {
			return nil, errNoEntry
		}
		err := l.db.Read(ctx, func(tx storage.Tx) error {
			leaves, err := leavesOf(ctx, tx, chunk)
			if err != nil {
				return err
			}
			for _, seq := range chunk {
				leaf, ok := leaves[seq]
				if !ok {
					return errNoEntry
				}
				hashes, err := tlog.ProveRecord(c.Size, seq, remembering(ctx, tx, known))
				if err != nil {
					return err
				}
				if err := tlog.CheckRecord(hashes, c.Size, c.Root, seq, tlog.RecordHash(leaf)); err != nil {
					return fmt.Errorf("entry %d does not match the signed tree: %w", seq, err)
				}
				proofs = append(proofs, checkpoint.Proof{Extra: leaf, Index: seq, Hashes: hashes, Checkpoint: c.note})
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("audit: proofs: %w", err)
		}
	}
	return proofs, nil
}

func leavesOf(ctx context.Context, tx storage.Tx, seqs []int64) (map[int64][]byte, error) {
	list, args := make([]string, len(seqs)), make([]any, len(seqs))
	for i, seq := range seqs {
		args[i] = seq
	}
	rows, err := tx.Query(ctx, "SELECT seq, leaf FROM audit_leaves WHERE seq "+in(list), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64][]byte{}
	for rows.Next() {
		var seq int64
		var leaf string
		if err := rows.Scan(&seq, &leaf); err != nil {
			return nil, err
		}
		out[seq] = []byte(leaf)
	}
	return out, rows.Err()
}

// remembering is hashReader that reads no hash twice.
func remembering(ctx context.Context, tx storage.Tx, known map[int64]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		var missing []int64
		for _, p := range positions {
			if _, ok := known[p]; !ok {
				missing = append(missing, p)
			}
		}
		if len(missing) > 0 {
			hashes, err := readHashes(ctx, tx, missing)
			if err != nil {
				return nil, err
			}
			for i, p := range missing {
				known[p] = hashes[i]
			}
		}
		out := make([]tlog.Hash, len(positions))
		for i, p := range positions {
			out[i] = known[p]
		}
		return out, nil
	})
}
