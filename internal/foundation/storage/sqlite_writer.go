package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"modernc.org/sqlite"
)

// sqliteWriter owns the connection that writes. Its goroutine takes whatever
// functions wait, at most maxGroup, runs each in a savepoint and commits them
// together. There is no timer: the next group gathers while one is committed.
type sqliteWriter struct {
	requests chan *request
	closing  <-chan struct{}
	done     chan struct{}
	closeErr error // written before done is closed

	pool *sql.DB
	conn *sql.Conn
	exec map[string]*sql.Stmt // prepared once for the life of the connection

	// rolledBack is set by SQLite's own hook when it gives up the whole
	// transaction by itself (disk full, I/O error): what follows would run
	// outside any transaction, so nothing may follow.
	rolledBack bool
}

type request struct {
	fn      func(Tx) error
	state   atomic.Int32 // waiting → running by the writer, waiting → gone by the caller
	answer  chan error
	err     error
	started bool
	panic   any
}

const (
	waiting int32 = iota
	running
	gone
)

func startSQLiteWriter(ctx context.Context, path string, closing <-chan struct{}) (*sqliteWriter, error) {
	pool, err := sql.Open("sqlite", sqliteURI(path, "immediate", "temp_store(2)")) // statement journals in memory: they are not for recovery
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	w := &sqliteWriter{requests: make(chan *request), closing: closing, done: make(chan struct{}), pool: pool}
	if err := w.connect(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	var mode string
	if err := w.conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		return nil, errors.Join(fmt.Errorf("journal mode is %q, not wal: is the folder on a network file system?", mode), err, w.conn.Close(), pool.Close())
	}
	go w.run()
	return w, nil
}

func (w *sqliteWriter) connect(ctx context.Context) error {
	conn, err := w.pool.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(c any) error {
		h, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the driver has no rollback hook")
		}
		h.RegisterRollbackHook(func() { w.rolledBack = true })
		return nil
	})
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	w.conn, w.exec = conn, map[string]*sql.Stmt{}
	return nil
}

// do hands fn to the writer and waits for its fate. A caller whose context ends
// before fn began leaves; once fn has begun its fate is waited for, since
// "perhaps written" is an answer that nobody can act on.
func (w *sqliteWriter) do(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{fn: fn, answer: make(chan error, 1)}
	select {
	case w.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	}
	select {
	case err := <-r.answer:
		return r.result(err)
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, gone) {
			return ctx.Err()
		}
		return r.result(<-r.answer)
	}
}

// result carries a panic of fn back to the goroutine that brought it.
func (r *request) result(err error) error {
	if r.panic != nil {
		panic(r.panic)
	}
	return err
}

func (w *sqliteWriter) run() {
	defer close(w.done)
	group := make([]*request, 0, maxGroup)
	for {
		select {
		case r := <-w.requests:
			group = w.gather(append(group[:0], r))
			w.commit(group)
			for _, r := range group {
				r.answer <- r.err
			}
			clear(group)
		case <-w.closing:
			w.closeErr = w.disconnect()
			return
		}
	}
}

func (w *sqliteWriter) gather(group []*request) []*request {
	yielded := false
	for len(group) < maxGroup {
		select {
		case r := <-w.requests:
			group = append(group, r)
		default:
			if yielded {
				return group
			}
			// The callers answered a moment ago are runnable but have not run: let them ask again.
			runtime.Gosched()
			yielded = true
		}
	}
	return group
}

// commit runs the group in one transaction and leaves each one's fate in err.
// Statements run without the callers' contexts: an interrupted INSERT makes
// SQLite give up the whole transaction, and with it the work of the others.
func (w *sqliteWriter) commit(group []*request) {
	err := w.transact(context.Background(), group)
	if err == nil {
		return
	}
	err = errUnavailable.Because(err)
	for _, r := range group {
		if r.err == nil {
			r.err = err
		}
	}
}

func (w *sqliteWriter) transact(ctx context.Context, group []*request) (err error) {
	if w.conn == nil {
		if err := w.connect(ctx); err != nil {
			return err
		}
	}
	w.rolledBack = false
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		w.reconnectIfBad(err)
		return fmt.Errorf("begin: %w", err)
	}
	s := &Scope{}
	defer func() {
		if err != nil {
			w.rollback(ctx)
		}
	}()
	alone := len(group) == 1
	for _, r := range group {
		if !r.state.CompareAndSwap(waiting, running) {
			r.err = context.Canceled // nobody is listening
			continue
		}
		if err := w.one(ctx, s, r, alone); err != nil {
			return err
		}
		if alone && r.err != nil {
			w.rollback(ctx)
			return nil
		}
	}
	tx := &sqliteTx{w: w, s: s}
	defer tx.end()
	if err := s.finish(ctx, tx); err != nil {
		return err
	}
	if w.rolledBack {
		return errGaveUp
	}
	if _, err := w.stmtExec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	s.committed()
	return nil
}

var errGaveUp = errors.New("SQLite rolled the transaction back by itself")

// one runs a single function. Its own error goes to r.err; an error of the
// engine, which ends the whole group, is returned.
func (w *sqliteWriter) one(ctx context.Context, s *Scope, r *request, alone bool) error {
	if !alone {
		if _, err := w.stmtExec(ctx, "SAVEPOINT one"); err != nil {
			return fmt.Errorf("savepoint: %w", err)
		}
	}
	m := s.mark()
	tx := &sqliteTx{w: w, s: s}
	func() {
		defer func() {
			if p := recover(); p != nil {
				r.panic, r.err = p, fmt.Errorf("storage: panic in a transaction: %v", p)
			}
		}()
		r.err = r.fn(tx)
	}()
	tx.end()
	if r.err != nil {
		s.rollback(m)
	}
	if w.rolledBack {
		return errors.Join(errGaveUp, tx.failed, r.err)
	}
	if alone {
		return nil
	}
	if r.err != nil {
		if _, err := w.stmtExec(ctx, "ROLLBACK TO one"); err != nil {
			return fmt.Errorf("roll back to the savepoint: %w", err)
		}
	}
	if _, err := w.stmtExec(ctx, "RELEASE one"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// rollback leaves the connection outside any transaction, or leaves no connection.
func (w *sqliteWriter) rollback(ctx context.Context) {
	if w.rolledBack {
		return
	}
	if _, err := w.conn.ExecContext(ctx, "ROLLBACK"); err != nil && !w.rolledBack {
		w.drop()
	}
}

func (w *sqliteWriter) reconnectIfBad(err error) {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || w.nested() {
		w.drop()
	}
}

// nested says whether the connection was left inside a transaction.
func (w *sqliteWriter) nested() bool {
	_, err := w.conn.ExecContext(context.Background(), "ROLLBACK")
	return err == nil
}

// drop discards the connection; closing it rolls back whatever was open.
func (w *sqliteWriter) drop() {
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // makes the pool close it
	w.conn, w.exec = nil, nil
}

func (w *sqliteWriter) disconnect() error {
	var err error
	for _, s := range w.exec {
		err = errors.Join(err, s.Close())
	}
	if w.conn != nil {
		err = errors.Join(err, w.conn.Close())
	}
	return errors.Join(err, w.pool.Close())
}

func (w *sqliteWriter) wait() error {
	<-w.done
	return w.closeErr
}

// maxPrepared bounds the statements kept; SQL built with lists of values must not fill the memory.
const maxPrepared = 256

// stmtExec runs a statement that is prepared once. Only statements without rows
// are kept: a prepared query cannot run twice at the same time.
func (w *sqliteWriter) stmtExec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s, ok := w.exec[query]; ok {
		return s.ExecContext(ctx, args...)
	}
	if len(w.exec) >= maxPrepared {
		return w.conn.ExecContext(ctx, query, args...)
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.exec[query] = s
	return s.ExecContext(ctx, args...)
}
