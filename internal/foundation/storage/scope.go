package storage

import "context"

// Scope carries what a room keeps in memory about one database transaction. Its
// values follow savepoints: what a failed function set is forgotten with it.
// The audit log keeps its right edge here.
type Scope struct {
	values map[any]any
	undo   []undo
	before []hook
	after  []func()
}

type undo struct {
	key, old any
	had      bool
}

type hook struct {
	key any
	fn  func(context.Context, Tx) error
}

// scoped is implemented by every Tx of this package.
type scoped interface{ scope() *Scope }

// ScopeOf returns the scope of tx's transaction. A Tx that is not of this
// package has none, and nil comes back.
func ScopeOf(tx Tx) *Scope {
	if s, ok := tx.(scoped); ok {
		return s.scope()
	}
	return nil
}

// Get returns the value kept under key, or nil.
func (s *Scope) Get(key any) any { return s.values[key] }

// Set keeps value under key until the transaction ends or its function fails.
// Values must not be changed after they were set.
func (s *Scope) Set(key, value any) {
	old, had := s.values[key]
	s.undo = append(s.undo, undo{key, old, had})
	if s.values == nil {
		s.values = map[any]any{}
	}
	s.values[key] = value
}

// BeforeCommit runs fn once, as the last thing in the transaction, whatever
// number of functions asked for it under the same key. Its error fails the
// whole transaction, that of the other functions too.
func (s *Scope) BeforeCommit(key any, fn func(context.Context, Tx) error) {
	for _, h := range s.before {
		if h.key == key {
			return
		}
	}
	s.before = append(s.before, hook{key, fn})
}

// AfterCommit runs fn once the transaction has been committed.
func (s *Scope) AfterCommit(fn func()) { s.after = append(s.after, fn) }

type mark struct{ undo, before, after int }

func (s *Scope) mark() mark { return mark{len(s.undo), len(s.before), len(s.after)} }

// rollback forgets everything since m.
func (s *Scope) rollback(m mark) {
	for i := len(s.undo) - 1; i >= m.undo; i-- {
		if u := s.undo[i]; u.had {
			s.values[u.key] = u.old
		} else {
			delete(s.values, u.key)
		}
	}
	s.undo, s.before, s.after = s.undo[:m.undo], s.before[:m.before], s.after[:m.after]
}

func (s *Scope) finish(ctx context.Context, tx Tx) error {
	for _, h := range s.before {
		if err := h.fn(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scope) committed() {
	for _, fn := range s.after {
		fn()
	}
}
