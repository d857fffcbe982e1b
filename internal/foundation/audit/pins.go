package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

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
	held := memory{signed: signed{Checkpoint: c, note: note}}
	var misfit error
	var better bool
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		h, err := l.history(ctx, tx)
		if err != nil {
			return err
		}
		misfit = h.fits(ctx, tx, held)
		better, err = l.isBetter(ctx, tx, &held.signed)
		return err
	})
	if err != nil {
		return err
	}
	if misfit == nil && !better {
		return nil
	}
	if err := l.keepPin(ctx, &held.signed, misfit == nil); err != nil {
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
func (l *Log) remembered() (*memory, error) {
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
	m := l.open(note, math.MaxInt) // of no epoch that could be over
	return &m, nil
}

// setAside moves a broken checkpoint out of the way once two roots have opened a
// new epoch: it could never fit, and it is kept for whoever asks what happened.
func (l *Log) setAside() error {
	m, err := l.remembered()
	if err != nil || m == nil || m.broken == nil {
		return err
	}
	path := filepath.Join(l.folder, pinFile)
	if err := os.Rename(path, path+".broken"); err != nil {
		return fmt.Errorf("audit: the broken checkpoint outside the database: %w", err)
	}
	return syncFolder(l.folder)
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
