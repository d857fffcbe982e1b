package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

var errPin = sekisho.Fail(sekisho.KindInvalid, "audit.pin_not_ours")

// Pin takes a checkpoint that somebody else holds: an agent reports back the
// newest one it saw. One that this log never grew from, or that it has not yet
// reached, means that the database was put back or replaced: opening acts end
// at once. Nobody can forge one, since our own key must have signed it.
func (l *Log) Pin(ctx context.Context, note []byte) error {
	c, err := checkpoint.Open(note, l.verifier, l.origin)
	if err != nil {
		return errPin.Because(err)
	}
	held := &signed{Checkpoint: c, note: note}
	var misfit error
	var better bool
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		h, err := l.history(ctx, tx)
		if err != nil {
			return err
		}
		misfit = h.fits(ctx, tx, held)
		better, err = l.isBetter(ctx, tx, held)
		return err
	})
	if err != nil {
		return err
	}
	if misfit == nil && !better {
		return nil
	}
	if err := l.keepPin(ctx, held, misfit == nil); err != nil {
		return err
	}
	if misfit != nil {
		return l.CheckPins(ctx)
	}
	return nil
}

// isBetter says whether no pin of that epoch is as large.
func (l *Log) isBetter(ctx context.Context, tx storage.Tx, c *signed) (bool, error) {
	epoch, err := checkpoint.EpochOf(c.Origin, l.origin)
	if err != nil {
		return false, err
	}
	var most sql.NullInt64
	if err := tx.QueryRow(ctx, "SELECT MAX(size) FROM audit_pins WHERE epoch = ?", epoch).Scan(&most); err != nil {
		return false, fmt.Errorf("audit: pins: %w", err)
	}
	return !most.Valid || c.Size > most.Int64, nil
}

// keepPin stores a pin. One that fits replaces the smaller ones that fit.
func (l *Log) keepPin(ctx context.Context, c *signed, fits bool) error {
	epoch, err := checkpoint.EpochOf(c.Origin, l.origin)
	if err != nil {
		return err
	}
	err = l.db.Write(ctx, func(tx storage.Tx) error {
		if fits {
			if _, err := tx.Exec(ctx, "DELETE FROM audit_pins WHERE epoch = ? AND size < ?", epoch, c.Size); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO audit_pins (epoch, size, root, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			epoch, c.Size, c.Root[:], storage.Micros(l.clk.Now()), c.note)
		return err
	})
	if err != nil {
		return fmt.Errorf("audit: keep pin: %w", err)
	}
	return nil
}

// CheckPins compares the log with everything that anybody remembers of it: the
// checkpoints it signed, the one kept outside the database, and what others
// reported. It sets whether opening acts are allowed and returns ErrRolledBack
// if they are not.
func (l *Log) CheckPins(ctx context.Context) error {
	outside, err := l.remembered()
	if err != nil {
		return err
	}
	var now standing
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		h, err := l.history(ctx, tx)
		if err != nil {
			return err
		}
		l.setEpoch(h.epoch)
		known, err := l.known(ctx, tx, h.epoch)
		if err != nil {
			return err
		}
		if outside != nil {
			known = append(known, outside)
		}
		for _, c := range known {
			if err := h.fits(ctx, tx, c); err != nil {
				if !now.blocked || c.Size < now.first {
					now.first = c.Size
				}
				now.blocked, now.why, now.lost = true, err.Error(), max(now.lost, c.Size)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !l.block(now) && now.blocked {
		return ErrRolledBack.Because(errors.New(now.why))
	}
	if now.blocked {
		slog.ErrorContext(ctx, "audit log is not the one that is remembered; opening acts are refused", "reason", now.why)
		l.Afterwards(Event{Kind: "audit.rolled_back", Actor: Actor{Process: "server"}, Decision: Deny, Reason: "audit.rolled_back"})
		return ErrRolledBack.Because(errors.New(now.why))
	}
	return nil
}

// block sets the standing and says whether it changed.
func (l *Log) block(now standing) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := l.standing.blocked != now.blocked
	l.standing = now
	return changed
}

func (l *Log) setEpoch(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch = n
}

func (l *Log) whyNot() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped != nil {
		return ErrStopped.Because(l.stopped)
	}
	return ErrRolledBack.Because(errors.New(l.standing.why))
}

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

// fits says whether the log continues c, or why not. A checkpoint of an earlier
// epoch must fit as far as its entries survived the restarts since.
func (h *history) fits(ctx context.Context, tx storage.Tx, c *signed) error {
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
			return fmt.Errorf("epoch %d has no officers' statement", n)
		}
		survivors = min(survivors, kept)
	}
	if c.Size > survivors {
		if epoch < h.epoch {
			return nil // among the entries that two officers declared lost
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
func (l *Log) known(ctx context.Context, tx storage.Tx, epoch int) ([]*signed, error) {
	var out []*signed
	if c, err := l.lastSigned(ctx, tx, epoch); err != nil {
		return nil, err
	} else if c != nil {
		out = append(out, c)
	}
	rows, err := tx.Query(ctx, "SELECT note FROM audit_pins ORDER BY epoch, size DESC LIMIT 1000")
	if err != nil {
		return nil, fmt.Errorf("audit: pins: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		s := &signed{}
		if err := rows.Scan(&s.note); err != nil {
			return nil, fmt.Errorf("audit: pins: %w", err)
		}
		if s.Checkpoint, err = checkpoint.Open(s.note, l.verifier, l.origin); err != nil {
			return nil, fmt.Errorf("audit: a pin in the database is broken: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

const pinFile = "audit.checkpoint"

// remember keeps the newest checkpoint outside the database.
func (l *Log) remember(note []byte) error {
	if l.folder == "" {
		return nil
	}
	if err := replaceFile(filepath.Join(l.folder, pinFile), note); err != nil {
		return fmt.Errorf("audit: keep the checkpoint outside the database: %w", err)
	}
	return nil
}

// remembered reads it back; nil if there is none yet.
func (l *Log) remembered() (*signed, error) {
	if l.folder == "" {
		return nil, nil
	}
	note, err := os.ReadFile(filepath.Join(l.folder, pinFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: the checkpoint outside the database: %w", err)
	}
	c, err := checkpoint.Open(note, l.verifier, l.origin)
	if err != nil {
		return nil, fmt.Errorf("audit: the checkpoint outside the database: %w", err)
	}
	return &signed{Checkpoint: c, note: note}, nil
}

// replaceFile writes a file so that after a crash it is the old one or the new one.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
