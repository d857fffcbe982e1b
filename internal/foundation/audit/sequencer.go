package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// sequenceBatch is how many inbox rows get their number in one transaction.
const sequenceBatch = 1024

// settle orders what waits in the inbox, if no other node is doing so now. On
// SQLite there is nothing to do.
func (l *Log) settle(ctx context.Context) error {
	if l.db.Dialect() == storage.SQLite {
		return nil
	}
	for {
		n, err := l.sequence(ctx)
		if errors.Is(err, storage.ErrElsewhere) {
			return nil // the other node does it
		}
		if err != nil || n < sequenceBatch {
			return err
		}
	}
}

// sequence moves one batch from the inbox into the tree. Only the holder of the
// lock gets here, and the head's compare-and-set would stop a second one.
func (l *Log) sequence(ctx context.Context) (n int, err error) {
	err = l.db.Exclusively(ctx, "audit/sequencer", func(tx storage.Tx) error {
		rows, err := readInbox(ctx, tx)
		if err != nil || len(rows) == 0 {
			return err
		}
		n = len(rows)
		ids := make([]any, 0, len(rows))
		for _, w := range rows {
			ids = append(ids, w.id)
		}
		there, err := l.numbered(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, w := range rows {
			if there[w.id] {
				continue // a copy of a row that was moved before
			}
			r, err := l.admit(w)
			if err != nil {
				return err
			}
			if err := l.place(ctx, tx, r); err != nil {
				return err
			}
		}
		return deleteInbox(ctx, tx, ids)
	})
	return n, err
}

type waitingRow struct {
	id, leaf string
	mac      []byte
}

// admit turns an inbox row into a record. A row that no process of ours wrote
// is not believed: its hash goes into the log as an event of its own.
func (l *Log) admit(w waitingRow) (*record, error) {
	leaf, err := decode([]byte(w.leaf))
	if err == nil && leaf.ID == w.id && hmac.Equal(w.mac, l.mac(w.id, []byte(w.leaf))) {
		return &record{id: w.id, at: leaf.At.UnixMicro(), kind: leaf.Kind, leaf: []byte(w.leaf), index: leaf.index()}, nil
	}
	sum := sha256.Sum256([]byte(w.leaf))
	return encode(Event{Kind: "audit.forged", Actor: Actor{Process: "server"}, Decision: Deny, Reason: "audit.forged",
		Detail: map[string]string{"sha256": hex.EncodeToString(sum[:])}}, l.stamp())
}

func readInbox(ctx context.Context, tx storage.Tx) ([]waitingRow, error) {
	rows, err := tx.Query(ctx, "SELECT id, leaf, mac FROM audit_inbox ORDER BY id LIMIT ?", sequenceBatch)
	if err != nil {
		return nil, fmt.Errorf("audit: inbox: %w", err)
	}
	defer rows.Close()
	var out []waitingRow
	for rows.Next() {
		var w waitingRow
		if err := rows.Scan(&w.id, &w.leaf, &w.mac); err != nil {
			return nil, fmt.Errorf("audit: inbox: %w", err)
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// numbered says which of these entries are in the tree already.
func (l *Log) numbered(ctx context.Context, tx storage.Tx, ids []any) (map[string]bool, error) {
	there := map[string]bool{}
	for chunk := range slices.Chunk(ids, inList) {
		found, err := idsIn(ctx, tx, "audit_leaves", chunk)
		if err != nil {
			return nil, err
		}
		maps.Copy(there, found)
	}
	return there, nil
}

// inList is how many values stand in one list.
const inList = 256

func deleteInbox(ctx context.Context, tx storage.Tx, ids []any) error {
	for chunk := range slices.Chunk(ids, inList) {
		if _, err := tx.Exec(ctx, "DELETE FROM audit_inbox WHERE id IN (?"+strings.Repeat(", ?", len(chunk)-1)+")", chunk...); err != nil {
			return fmt.Errorf("audit: inbox: %w", err)
		}
	}
	return nil
}
