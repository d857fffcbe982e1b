package acd

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	maxBehind  = 200_000          // facts in memory: about an hour of 500 operators
	alarmAt    = 10_000           // facts that wait
	oneBatch   = 500              // facts in one transaction
	tryAgain   = time.Second      // after an error
	maxClosing = 10 * time.Second // for what is left at the end
)

// writer appends facts to the log, so that the machine never waits for the disk.
type writer struct {
	db   *storage.DB
	wake chan struct{}

	mu      sync.Mutex
	queue   []entry
	n       int64
	dropped int
	alarmed bool
}

func newWriter(db *storage.DB) *writer { return &writer{db: db, wake: make(chan struct{}, 1)} }

// put never blocks. Beyond maxBehind the newest are dropped, and counted.
func (w *writer) put(facts []Fact) {
	if len(facts) == 0 {
		return
	}
	w.mu.Lock()
	for _, f := range facts {
		if len(w.queue) >= maxBehind {
			if w.dropped++; w.dropped == 1 {
				slog.Error("acd: facts are dropped: the database takes none", "waiting", len(w.queue))
			}
			continue
		}
		w.n++
		w.queue = append(w.queue, entry{id: wire.NewID(), n: w.n, fact: f})
	}
	late, dropped := len(w.queue), w.dropped
	alarm := late >= alarmAt && !w.alarmed
	w.alarmed = w.alarmed || alarm
	w.mu.Unlock()
	if alarm {
		slog.Error("acd: the log of events is behind", "waiting", late, "dropped", dropped)
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *writer) behind() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue) + w.dropped
}

// run writes until ctx ends, and then what is left.
func (w *writer) run(ctx context.Context) {
	for {
		select {
		case <-w.wake:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxClosing)
			defer cancel()
			if err := w.drain(last); err != nil {
				slog.Error("acd: facts are lost at the end", "facts", w.behind(), "error", err)
			}
			return
		}
		for w.drain(ctx) != nil && ctx.Err() == nil {
			select {
			case <-time.After(tryAgain):
			case <-ctx.Done():
			}
		}
	}
}

func (w *writer) drain(ctx context.Context) error {
	for {
		w.mu.Lock()
		batch := w.queue[:min(len(w.queue), oneBatch):min(len(w.queue), oneBatch)]
		w.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		err := w.db.Write(ctx, func(tx storage.Tx) error { return insertFacts(ctx, tx, batch) })
		if err != nil {
			if ctx.Err() == nil {
				slog.Warn("acd: facts wait for the database", "error", err)
			}
			return err
		}
		w.mu.Lock()
		clear(batch)
		w.queue = w.queue[len(batch):]
		w.alarmed = w.alarmed && len(w.queue) >= alarmAt/2
		w.mu.Unlock()
	}
}
