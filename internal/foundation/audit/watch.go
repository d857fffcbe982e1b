package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// watch remembers, on PostgreSQL, what this process committed to the inbox until
// it is seen in the tree. Between the two stands a row that only the database
// protects; whoever deletes it there is found out by its absence here.
type watch struct {
	mu      sync.Mutex
	waiting map[string]watched
}

type watched struct {
	since time.Duration // monotonic
	sum   [sha256.Size]byte
}

const (
	watchAfter = 5 * time.Second // the sequencer has had its second by then
	maxWatched = 1 << 16
)

func (w *watch) add(id string, leaf []byte, now time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.waiting = map[string]watched{}
	}
	if len(w.waiting) < maxWatched {
		w.waiting[id] = watched{now, sha256.Sum256(leaf)}
	}
}

// due are the entries that should be in the tree by now.
func (w *watch) due(now time.Duration) []any {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []any
	for id, e := range w.waiting {
		if now-e.since >= watchAfter {
			ids = append(ids, id)
		}
	}
	return ids
}

// oldest is how long the oldest entry has been waiting for its number.
func (w *watch) oldest(now time.Duration) (age time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.waiting {
		age = max(age, now-e.since)
	}
	return age
}

func (w *watch) forget(id string) watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := w.waiting[id]
	delete(w.waiting, id)
	return e
}

// lookForVanished tells of entries that were committed and are nowhere.
func (l *Log) lookForVanished(ctx context.Context) error {
	for ids := range slices.Chunk(l.watch.due(l.clk.Mono()), inList) {
		found := map[string]bool{}
		var late map[string]bool
		err := l.db.Read(ctx, func(tx storage.Tx) (err error) {
			if found, err = idsIn(ctx, tx, "audit_leaves", ids); err != nil {
				return err
			}
			late, err = idsIn(ctx, tx, "audit_inbox", ids)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			id := id.(string)
			if late[id] {
				continue // the sequencer is behind
			}
			if e := l.watch.forget(id); !found[id] {
				l.Afterwards(Event{Kind: "audit.vanished", Actor: Actor{Process: "server"}, Object: Object{Type: "event", ID: id},
					Decision: Deny, Reason: "audit.vanished", Detail: map[string]string{"sha256": hex.EncodeToString(e.sum[:])}})
			}
		}
	}
	return nil
}

// idsIn says which of the ids, at most inList, a table has.
func idsIn(ctx context.Context, tx storage.Tx, table string, ids []any) (map[string]bool, error) {
	rows, err := tx.Query(ctx, "SELECT id FROM "+table+" WHERE id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", ids...)
	if err != nil {
		return nil, fmt.Errorf("audit: %s: %w", table, err)
	}
	defer rows.Close()
	there := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("audit: %s: %w", table, err)
		}
		there[id] = true
	}
	return there, rows.Err()
}
