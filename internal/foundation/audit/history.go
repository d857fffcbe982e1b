package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// history is the head with the restarts that led to it.
type history struct {
	origin string
	epoch  int
	size   int64
	kept   map[int]int64 // by epoch, the entries before it of which none was lost
}

func (l *Log) history(ctx context.Context, tx storage.Tx) (*history, error) {
	h := &history{origin: l.origin, kept: map[int]int64{}}
	if err := tx.QueryRow(ctx, "SELECT size, epoch FROM audit_head WHERE id = 1").Scan(&h.size, &h.epoch); err != nil {
		return nil, fmt.Errorf("audit: head: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT number, kept FROM audit_epochs")
	if err != nil {
		return nil, fmt.Errorf("audit: epochs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		var kept int64
		if err := rows.Scan(&number, &kept); err != nil {
			return nil, fmt.Errorf("audit: epochs: %w", err)
		}
		h.kept[number] = kept
	}
	return h, rows.Err()
}

// memory is a checkpoint that somebody kept, or the place where one stood that
// is not there any more: what was signed does not break by itself.
type memory struct {
	signed
	broken error
	epoch  int // where it is broken: as the row beside it says, which nothing signs
}

// open reads a note; epoch is what stands beside it.
func (l *Log) open(note []byte, epoch int) memory {
	c, err := checkpoint.Open(note, l.verifier, l.origin)
	if err != nil {
		err = fmt.Errorf("a checkpoint that was kept is broken: %w", err)
	}
	return memory{signed: signed{Checkpoint: c, note: note}, broken: err, epoch: epoch}
}

// fits says whether the log continues what is remembered, or why not. A
// checkpoint of an earlier epoch must fit as far as its entries survived the
// restarts since; a broken one is what the roots of that restart knew of.
func (h *history) fits(ctx context.Context, tx storage.Tx, m memory) error {
	if m.broken != nil {
		if m.epoch < h.epoch {
			return nil
		}
		return m.broken
	}
	c := m.signed
	epoch, err := checkpoint.EpochOf(c.Origin, h.origin)
	if err != nil {
		return err
	}
	if epoch > h.epoch {
		return fmt.Errorf("epoch %d is remembered, the log is in epoch %d", epoch, h.epoch)
	}
	survivors := h.size
	for n := epoch + 1; n <= h.epoch; n++ {
		kept, ok := h.kept[n]
		if !ok {
			return fmt.Errorf("epoch %d has no roots' statement", n)
		}
		survivors = min(survivors, kept)
	}
	if c.Size > survivors {
		if epoch < h.epoch {
			return nil // among the entries that two roster roots declared lost
		}
		return fmt.Errorf("%d entries are remembered, the log has %d", c.Size, h.size)
	}
	root, err := tlog.TreeHash(c.Size, hashReader(ctx, tx))
	if err != nil {
		return fmt.Errorf("the tree of %d entries cannot be computed: %w", c.Size, err)
	}
	if root != c.Root {
		return fmt.Errorf("another tree of %d entries is remembered", c.Size)
	}
	return nil
}

// known are the last checkpoint that was signed and all pins.
func (l *Log) known(ctx context.Context, tx storage.Tx, epoch int) ([]memory, error) {
	last, err := l.memories(ctx, tx, "SELECT epoch, note FROM audit_checkpoints WHERE epoch = ? ORDER BY size DESC LIMIT 1", epoch)
	if err != nil {
		return nil, err
	}
	pins, err := l.memories(ctx, tx, "SELECT epoch, note FROM audit_pins ORDER BY epoch, size DESC LIMIT 1000")
	return append(last, pins...), err
}

func (l *Log) memories(ctx context.Context, tx storage.Tx, query string, args ...any) (out []memory, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("audit: remembered checkpoints: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var epoch int
		var note []byte
		if err := rows.Scan(&epoch, &note); err != nil {
			return nil, fmt.Errorf("audit: remembered checkpoints: %w", err)
		}
		out = append(out, l.open(note, epoch))
	}
	return out, rows.Err()
}
