package audit

import (
	"context"
	"errors"
	"fmt"

	"database/sql"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

var errNoEntry = sekisho.Fail(sekisho.KindNotFound, "audit.no_entry")

// Head returns the newest checkpoint that was signed, without signing one. On a
// log that never signed, it signs the first.
func (l *Log) Head(ctx context.Context) (note []byte, size int64, err error) {
	var c *signed
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		p, err := l.head(ctx, tx)
		if err != nil {
			return err
		}
		c, err = l.lastSigned(ctx, tx, p.epoch)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	if c == nil {
		return l.Checkpoint(ctx)
	}
	return c.note, c.Size, nil
}

// Checkpoint signs the tree as it stands now and returns the signed note. It
// refuses while the log is not what was signed before.
func (l *Log) Checkpoint(ctx context.Context) (note []byte, size int64, err error) {
	if err := l.settle(ctx); err != nil {
		return nil, 0, err
	}
	c, err := l.sign(ctx)
	if err != nil {
		return nil, 0, err
	}
	return c.note, c.Size, nil
}

// signed is a checkpoint with the note that carries it.
type signed struct {
	checkpoint.Checkpoint
	note []byte
}

// sign signs the committed head, once it is shown to continue the last one
// signed, and notes whether that could be done.
func (l *Log) sign(ctx context.Context) (*signed, error) {
	if err := l.mayNotSign(); err != nil {
		return nil, err
	}
	c, err := l.signHead(ctx)
	l.signedNow(ctx, err)
	return c, err
}

func (l *Log) signHead(ctx context.Context) (*signed, error) {
	var next *signed
	err := l.db.Read(ctx, func(tx storage.Tx) (err error) {
		next, err = l.prepare(ctx, tx)
		return err
	})
	if errors.Is(err, checkpoint.ErrInconsistent) || errors.Is(err, errHole) {
		return nil, ErrRolledBack.Because(err)
	}
	if err != nil || next.note != nil {
		return next, err
	}
	if next.note, err = checkpoint.Sign(next.Checkpoint, l.signer); err != nil {
		return nil, fmt.Errorf("audit: sign: %w", err)
	}
	epoch, err := checkpoint.EpochOf(next.Origin, l.origin)
	if err != nil {
		return nil, err
	}
	err = l.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO audit_checkpoints (epoch, size, at, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			epoch, next.Size, storage.Micros(l.clk.Now()), next.note)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("audit: keep checkpoint: %w", err)
	}
	if err := l.remember(next.note); err != nil {
		return nil, err
	}
	return next, nil
}

// prepare returns the checkpoint to sign, or the last one, with its note, if nothing was added since.
func (l *Log) prepare(ctx context.Context, tx storage.Tx) (*signed, error) {
	p, err := l.head(ctx, tx)
	if err != nil {
		return nil, err
	}
	root, err := p.edge.root()
	if err != nil {
		return nil, err
	}
	next := &signed{Checkpoint: checkpoint.Checkpoint{Origin: checkpoint.EpochOrigin(l.origin, p.epoch), Size: p.base, Root: root}}
	last, err := l.lastSigned(ctx, tx, p.epoch)
	if err != nil || last == nil {
		return next, err
	}
	if last.Size == next.Size && last.Root == next.Root {
		return last, nil
	}
	proof, err := prove(last.Size, next.Size, hashReader(ctx, tx))
	if err != nil {
		return nil, err
	}
	return next, checkpoint.Consistent(last.Checkpoint, next.Checkpoint, proof)
}

// prove is tlog.ProveTree, which wants neither equal trees nor empty ones.
func prove(from, to int64, r tlog.HashReader) ([]tlog.Hash, error) {
	if from <= 0 || from >= to {
		return nil, nil
	}
	return tlog.ProveTree(to, from, r)
}

// lastSigned is the newest checkpoint of an epoch, nil if there is none.
func (l *Log) lastSigned(ctx context.Context, tx storage.Tx, epoch int) (*signed, error) {
	return l.oneSigned(tx.QueryRow(ctx, "SELECT note FROM audit_checkpoints WHERE epoch = ? ORDER BY size DESC LIMIT 1", epoch))
}

func (l *Log) oneSigned(row *sql.Row) (*signed, error) {
	s := &signed{}
	err := row.Scan(&s.note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: checkpoint: %w", err)
	}
	if s.Checkpoint, err = checkpoint.Open(s.note, l.verifier, l.origin); err != nil {
		return nil, fmt.Errorf("audit: checkpoint: %w", err)
	}
	return s, nil
}

// Since returns the newest checkpoint with the proof that it continues the tree
// of the given size, for whoever pinned that one.
func (l *Log) Since(ctx context.Context, size int64) (note []byte, proof []tlog.Hash, err error) {
	c, err := l.current(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	if size < 0 || size > c.Size {
		return nil, nil, errNoEntry
	}
	err = l.db.Read(ctx, func(tx storage.Tx) (err error) {
		proof, err = prove(size, c.Size, hashReader(ctx, tx))
		return err
	})
	return c.note, proof, err
}

// Consistency proves that the tree of to entries begins with that of from.
func (l *Log) Consistency(ctx context.Context, from, to int64) (proof []tlog.Hash, err error) {
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		p, err := l.head(ctx, tx)
		if err != nil {
			return err
		}
		if from < 0 || from > to || to > p.base {
			return errNoEntry
		}
		proof, err = prove(from, to, hashReader(ctx, tx))
		return err
	})
	return proof, err
}

// current is a signed checkpoint of at least the given size: the last one if it
// is large enough, else a new one.
func (l *Log) current(ctx context.Context, atLeast int64) (*signed, error) {
	var c *signed
	err := l.db.Read(ctx, func(tx storage.Tx) error {
		p, err := l.head(ctx, tx)
		if err != nil {
			return err
		}
		c, err = l.lastSigned(ctx, tx, p.epoch)
		return err
	})
	if err != nil || (c != nil && c.Size >= atLeast) {
		return c, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	return l.sign(ctx)
}

// Prove shows that entry seq is in the log, in a form that stands on its own.
func (l *Log) Prove(ctx context.Context, seq int64) (checkpoint.Proof, error) {
	c, err := l.current(ctx, seq+1)
	if err != nil {
		return checkpoint.Proof{}, err
	}
	if seq < 0 || seq >= c.Size {
		return checkpoint.Proof{}, errNoEntry
	}
	p := checkpoint.Proof{Index: seq, Checkpoint: c.note}
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		var leaf string
		if err := tx.QueryRow(ctx, "SELECT leaf FROM audit_leaves WHERE seq = ?", seq).Scan(&leaf); err != nil {
			return fmt.Errorf("audit: entry %d: %w", seq, err)
		}
		p.Extra = []byte(leaf)
		hashes, err := tlog.ProveRecord(c.Size, seq, hashReader(ctx, tx))
		p.Hashes = hashes
		return err
	})
	if err != nil {
		return checkpoint.Proof{}, err
	}
	if _, err := p.Verify(l.verifier, l.origin); err != nil {
		return checkpoint.Proof{}, fmt.Errorf("audit: entry %d does not match the signed tree: %w", seq, err)
	}
	return p, nil
}
