package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Head is where the log stands.
type Head struct {
	Size  int64
	Epoch int
}

// Onwards returns entries from a number on, the oldest first and without
// personal values, and where the log stands: for whoever passes it on.
func (l *Log) Onwards(ctx context.Context, from int64, limit int) (entries []Entry, head Head, err error) {
	if err := l.settle(ctx); err != nil {
		return nil, head, err
	}
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT size, epoch FROM audit_head WHERE id = 1").Scan(&head.Size, &head.Epoch); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT seq, leaf FROM audit_leaves WHERE seq >= ? ORDER BY seq LIMIT ?", from, limit)
		if err != nil {
			return err
		}
		entries, err = scanEntries(rows)
		return err
	})
	if err != nil {
		return nil, head, fmt.Errorf("audit: onwards from %d: %w", from, err)
	}
	return entries, head, nil
}

// Kept is how many entries of an epoch are in the log still: none was lost below it.
func (l *Log) Kept(ctx context.Context, epoch int) (kept int64, err error) {
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		return tx.QueryRow(ctx, "SELECT COALESCE(MIN(kept), (SELECT size FROM audit_head WHERE id = 1)) FROM audit_epochs WHERE number > ?", epoch).Scan(&kept)
	})
	if err != nil {
		return 0, fmt.Errorf("audit: kept of epoch %d: %w", epoch, err)
	}
	return kept, nil
}

// Counts says how many entries of each kind there are in a span of time.
func (l *Log) Counts(ctx context.Context, from, to time.Time) (map[string]int64, error) {
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	err := l.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT kind, COUNT(*) FROM audit_leaves WHERE at >= ? AND at < ? GROUP BY kind", storage.Micros(from), storage.Micros(to))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			var n int64
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			counts[kind] = n
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("audit: counts: %w", err)
	}
	return counts, nil
}

// ReadLeaf reads the bytes of an entry back. Its number and its personal values
// do not stand in them.
func ReadLeaf(leaf []byte) (Entry, error) {
	l, err := decode(leaf)
	if err != nil {
		return Entry{}, err
	}
	return Entry{ID: l.ID, At: l.At.UTC(), Event: l.event(), Leaf: leaf}, nil
}
