package exchange

import "sync"

// inbox holds what a call's goroutine is still to do. Putting something in never
// waits: acts of the ACD and the news of legs must not be held up by a busy call.
type inbox struct {
	mu     sync.Mutex
	todo   []func()
	closed bool
	news   chan struct{} // of capacity 1
}

func newInbox() *inbox { return &inbox{news: make(chan struct{}, 1)} }

// put says whether somebody will do it.
func (b *inbox) put(fn func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.todo = append(b.todo, fn)
	select {
	case b.news <- struct{}{}:
	default:
	}
	return true
}

// take empties it.
func (b *inbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.todo
	b.todo = nil
	return all
}

// close gives what was left to do; nothing more is put in.
func (b *inbox) close() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	all := b.todo
	b.todo = nil
	return all
}
