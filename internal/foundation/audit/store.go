package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// pending is what a transaction is going to add to the tree. It is kept in the
// transaction's scope, so that it follows savepoints, and written at its end.
// It is never changed, only replaced; its slices share their backs, which is
// sound because a transaction is one goroutine's and rolls back in order.
type pending struct {
	base   int64 // size of the tree before the transaction
	epoch  int
	edge   edge
	leaves []any // rows of audit_leaves, flat
	hashes []any // rows of audit_hashes, flat
}

// insert puts a record on its way: on SQLite into the tree, on PostgreSQL into the inbox.
func (l *Log) insert(ctx context.Context, tx storage.Tx, r *record) error {
	if err := insertClear(ctx, tx, r); err != nil {
		return err
	}
	if tx.Dialect() == storage.SQLite {
		return l.place(ctx, tx, r)
	}
	_, err := tx.Exec(ctx, "INSERT INTO audit_inbox (id, leaf, mac) VALUES (?, ?, ?)", r.id, string(r.leaf), l.mac(r.id, r.leaf))
	if err != nil {
		return fmt.Errorf("audit: inbox: %w", err)
	}
	if scope := storage.ScopeOf(tx); scope != nil {
		scope.AfterCommit(func() { l.watch.add(r.id, r.leaf, l.clk.Mono()) })
	}
	return nil
}

func insertClear(ctx context.Context, tx storage.Tx, r *record) error {
	for _, v := range r.clear {
		if _, err := tx.Exec(ctx, "INSERT INTO audit_clear (event, field, salt, value) VALUES (?, ?, ?, ?)", r.id, v.field, v.salt, v.value); err != nil {
			return fmt.Errorf("audit: personal value: %w", err)
		}
	}
	return nil
}

// mac marks an inbox row as written by a process that holds the log's key.
func (l *Log) mac(id string, leaf []byte) []byte {
	m := hmac.New(sha256.New, l.macKey)
	_, _ = m.Write([]byte(id + "\x00")) // a hash never fails
	_, _ = m.Write(leaf)
	return m.Sum(nil)
}

// place gives a record its number in the tree, within this transaction.
func (l *Log) place(ctx context.Context, tx storage.Tx, r *record) error {
	scope := storage.ScopeOf(tx)
	if scope == nil {
		return errors.New("audit: not a transaction of this house")
	}
	p, err := l.pendingIn(ctx, tx, scope)
	if err != nil {
		return err
	}
	next := *p
	first, hashes, err := next.edge.add(r.leaf)
	if err != nil {
		return fmt.Errorf("audit: hashes of entry %d: %w", p.edge.size, err)
	}
	next.leaves = append(next.leaves, p.edge.size, r.id, r.at, r.kind)
	for _, id := range r.index {
		next.leaves = append(next.leaves, id)
	}
	next.leaves = append(next.leaves, string(r.leaf))
	for i := range hashes {
		next.hashes = append(next.hashes, first+int64(i), hashes[i][:])
	}
	scope.Set(l, &next)
	return nil
}

// pendingIn returns what this transaction has placed so far, or begins with the committed head.
func (l *Log) pendingIn(ctx context.Context, tx storage.Tx, scope *storage.Scope) (*pending, error) {
	if p, ok := scope.Get(l).(*pending); ok {
		return p, nil
	}
	p, err := l.head(ctx, tx)
	if err != nil {
		return nil, err
	}
	scope.Set(l, p)
	scope.BeforeCommit(l, func(ctx context.Context, tx storage.Tx) error { return l.flush(ctx, tx, scope) })
	return p, nil
}

// head reads the committed head and its edge, from memory where that is still true.
func (l *Log) head(ctx context.Context, tx storage.Tx) (*pending, error) {
	p := &pending{}
	if err := tx.QueryRow(ctx, "SELECT size, epoch FROM audit_head WHERE id = 1").Scan(&p.base, &p.epoch); err != nil {
		return nil, fmt.Errorf("audit: head: %w", err)
	}
	l.mu.Lock()
	p.edge = l.cached
	l.mu.Unlock()
	if p.edge.size != p.base || p.base == 0 {
		e, err := readEdge(ctx, tx, p.base)
		if err != nil {
			return nil, err
		}
		p.edge = *e
	}
	return p, nil
}

// flush writes what was placed and moves the head, if it still stands where it was read.
func (l *Log) flush(ctx context.Context, tx storage.Tx, scope *storage.Scope) error {
	p, ok := scope.Get(l).(*pending)
	if !ok || p.edge.size == p.base {
		return nil // every function that placed something failed
	}
	if err := insertRows(ctx, tx, "INSERT INTO audit_leaves (seq, id, at, kind, person, device, session, object, customer, call, leaf) VALUES ", 11, p.leaves); err != nil {
		return fmt.Errorf("audit: leaves: %w", err)
	}
	if err := insertRows(ctx, tx, "INSERT INTO audit_hashes (pos, hash) VALUES ", 2, p.hashes); err != nil {
		return fmt.Errorf("audit: hashes: %w", err)
	}
	res, err := tx.Exec(ctx, "UPDATE audit_head SET size = ? WHERE id = 1 AND size = ? AND epoch = ?", p.edge.size, p.base, p.epoch)
	if err != nil {
		return fmt.Errorf("audit: head: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return l.stop(errors.Join(fmt.Errorf("audit: the head left %d while this process was writing", p.base), err))
	}
	scope.AfterCommit(func() { l.committed(p) })
	return nil
}

func (l *Log) committed(p *pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cached = p.edge
}

// insertRows inserts flat rows in statements of falling powers of two, so that
// only a handful of different statements exist to be prepared.
func insertRows(ctx context.Context, tx storage.Tx, into string, columns int, flat []any) error {
	row := "(" + strings.Repeat("?, ", columns-1) + "?)"
	for batch := 64; len(flat) > 0; batch /= 2 {
		for len(flat) >= batch*columns {
			query := into + strings.Repeat(row+", ", batch-1) + row
			if _, err := tx.Exec(ctx, query, flat[:batch*columns]...); err != nil {
				return err
			}
			flat = flat[batch*columns:]
		}
	}
	return nil
}

// readEdge loads the edge of the tree of a given size.
func readEdge(ctx context.Context, tx storage.Tx, size int64) (*edge, error) {
	e := &edge{size: size}
	positions := edgePositions(size)
	hashes, err := readHashes(ctx, tx, positions)
	if err != nil {
		return nil, err
	}
	for i, p := range positions {
		e.at[i] = node{p, hashes[i]}
	}
	e.n = len(positions)
	return e, nil
}

// errHole is what a missing or broken stored hash is.
var errHole = errors.New("audit: a stored hash is missing or broken")

// readHashes reads stored hashes by position. Positions of one proof are at most a hundred.
func readHashes(ctx context.Context, tx storage.Tx, positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	found := 0
	for start := 0; start < len(positions); start += 64 {
		chunk := positions[start:min(start+64, len(positions))]
		args := make([]any, len(chunk))
		for i, p := range chunk {
			args[i] = p
		}
		rows, err := tx.Query(ctx, "SELECT pos, hash FROM audit_hashes WHERE pos IN (?"+strings.Repeat(", ?", len(chunk)-1)+")", args...)
		if err != nil {
			return nil, fmt.Errorf("audit: hashes: %w", err)
		}
		n, err := scanHashes(rows, positions, out)
		if err != nil {
			return nil, err
		}
		found += n
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(positions))); found != len(distinct) {
		return nil, fmt.Errorf("%w: %d of %d", errHole, found, len(distinct))
	}
	return out, nil
}

func scanHashes(rows *sql.Rows, positions []int64, out []tlog.Hash) (n int, err error) {
	defer rows.Close()
	for rows.Next() {
		var pos int64
		var hash []byte
		if err := rows.Scan(&pos, &hash); err != nil {
			return 0, fmt.Errorf("audit: hashes: %w", err)
		}
		if len(hash) != tlog.HashSize {
			return 0, fmt.Errorf("%w: at %d", errHole, pos)
		}
		for i, p := range positions {
			if p == pos {
				copy(out[i][:], hash)
			}
		}
		n++
	}
	return n, rows.Err()
}

// hashReader reads stored hashes within a transaction, as tlog wants them.
func hashReader(ctx context.Context, tx storage.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		if len(positions) == 0 {
			return nil, nil
		}
		return readHashes(ctx, tx, positions)
	})
}
