package audit

import (
	"context"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Afterwards writes e as soon as it can be written. It is for acts that close
// something: they are done first and must never wait for a disk. It never
// blocks and never fails; what cannot be written now goes to a spool file and
// into the log later, marked late.
func (l *Log) Afterwards(e Event) {
	l.spool.put(queued{Event: e, stamp: l.stamp()})
}

// Flush waits until everything that Afterwards took is in the database.
func (l *Log) Flush(ctx context.Context) error { return l.spool.flush(ctx) }

// queued is an event that waits, with the moment at which it happened.
type queued struct {
	Event Event
	stamp stamp
}

const (
	maxQueued  = 16384            // events in memory
	maxWaiting = 10 * time.Second // for the database, before an event goes to the spool
	retryEvery = time.Second
	oneWrite   = 256 // events in one transaction
)

// spool owns the goroutine that writes what Afterwards took.
type spool struct {
	l       *Log
	file    *spoolFile
	wake    chan struct{}
	closing chan struct{}
	done    chan struct{}
	once    sync.Once

	mu       sync.Mutex
	queue    []queued
	dropped  int64
	flushers []chan struct{}
}

func startSpool(l *Log) (*spool, error) {
	s := &spool{l: l, wake: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{})}
	if l.folder != "" {
		file, err := openSpoolFile(filepath.Join(l.folder, "audit.spool"))
		if err != nil {
			return nil, err
		}
		s.file = file
	}
	s.poke()
	go s.run()
	return s, nil
}

func (s *spool) put(q queued) {
	s.mu.Lock()
	if len(s.queue) < maxQueued {
		s.queue = append(s.queue, q)
	} else {
		s.dropped++ // the log says how many, once it can be written
	}
	s.mu.Unlock()
	s.poke()
}

func (s *spool) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *spool) run() {
	defer close(s.done)
	retry := time.NewTimer(retryEvery)
	defer retry.Stop()
	for {
		select {
		case <-s.wake:
		case <-retry.C:
		case <-s.closing:
			s.drain()
			return
		}
		s.drain()
		retry.Reset(retryEvery)
	}
}

// drain writes what waits: first what is in the spool, so that order holds as far as it can.
func (s *spool) drain() {
	if s.file.pending() && !s.replay() {
		s.stash()
		return
	}
	for {
		s.mu.Lock()
		n := min(len(s.queue), oneWrite)
		batch := s.queue[:n:n]
		s.mu.Unlock()
		if n == 0 {
			break
		}
		if err := s.write(batch, false); err != nil {
			slog.Warn("audit: events wait for the database", "events", n, "error", err)
			s.stash()
			return
		}
		s.drop(n)
	}
	s.confessDropped()
	s.answerFlushers()
}

func (s *spool) drop(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append([]queued(nil), s.queue[n:]...)
}

// stash moves the queue to the spool file, where it survives this process.
func (s *spool) stash() {
	s.mu.Lock()
	batch := s.queue
	for i := range batch {
		batch[i].Event.Late = true
	}
	s.mu.Unlock()
	if s.file == nil || len(batch) == 0 {
		return // it stays in memory
	}
	n, err := s.file.add(batch)
	if err != nil {
		slog.Error("audit: events cannot be spooled", "events", len(batch)-n, "error", err)
	}
	s.drop(n)
}

// replay writes what the spool file holds and empties it.
func (s *spool) replay() bool {
	waiting, broken, err := s.file.read()
	if err != nil {
		slog.Error("audit: the spool cannot be read", "error", err)
		return false
	}
	for len(waiting) > 0 {
		n := min(len(waiting), oneWrite)
		if err := s.write(waiting[:n], true); err != nil {
			slog.Warn("audit: spooled events wait for the database", "events", len(waiting), "error", err)
			return false
		}
		waiting = waiting[n:]
	}
	if err := s.file.clear(); err != nil {
		slog.Error("audit: the spool cannot be emptied", "error", err)
		return false // what it holds is recognised by its ids next time
	}
	s.mu.Lock()
	s.dropped += broken
	s.mu.Unlock()
	return true
}

// write puts events into the log in one transaction. Those that may have been
// written before, by an attempt whose fate nobody learned, are recognised.
func (s *spool) write(batch []queued, again bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), maxWaiting)
	defer cancel()
	return s.l.db.Write(ctx, func(tx storage.Tx) error {
		for _, q := range batch {
			if again || q.Event.Late {
				if there, err := s.l.has(ctx, tx, q.stamp.id); err != nil || there {
					if err != nil {
						return err
					}
					continue
				}
			}
			q.Event.Late = q.Event.Late || again
			if err := s.l.insert(ctx, tx, encodeAnyway(q)); err != nil {
				return err
			}
		}
		return nil
	})
}

// has says whether an entry with this id is in the log or in the inbox.
func (l *Log) has(ctx context.Context, tx storage.Tx, id string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT (SELECT COUNT(*) FROM audit_leaves WHERE id = ?) + (SELECT COUNT(*) FROM audit_inbox WHERE id = ?)", id, id).Scan(&n)
	return n > 0, err
}

// maxKept bounds each word that an entry keeps of an event that breaks the rules.
const maxKept = 128

// encodeAnyway makes an entry even of an event that breaks the rules: an act
// has been done, and who did it to what must be found, whatever else was said.
func encodeAnyway(q queued) *record {
	r, err := encode(q.Event, q.stamp)
	if err == nil {
		return r
	}
	e := q.Event
	r, err = encode(Event{
		Kind: "audit.malformed", Late: e.Late, Reason: "audit.malformed", Session: sekisho.SessionID(cut(string(e.Session))),
		Actor: Actor{
			Person: sekisho.PersonID(cut(string(e.Actor.Person))), Device: sekisho.DeviceID(cut(string(e.Actor.Device))),
			Role: sekisho.Role(cut(string(e.Actor.Role))), Process: cut(e.Actor.Process),
		},
		Object: Object{Type: cut(e.Object.Type), ID: cut(e.Object.ID)},
		Detail: map[string]string{"kind": cut(e.Kind), "reason": cut(e.Reason)},
	}, q.stamp)
	if err != nil {
		panic("audit: " + err.Error()) // fixed words and nine short ones always fit
	}
	return r
}

// cut gives the beginning of a word that may be too long.
func cut(s string) string { return clean(s[:min(len(s), maxKept)]) }

func (s *spool) confessDropped() {
	s.mu.Lock()
	n := s.dropped
	s.mu.Unlock()
	if n == 0 {
		return
	}
	e := Event{Kind: "audit.dropped", Actor: Actor{Process: "server"}, Detail: map[string]string{"events": strconv.FormatInt(n, 10)}}
	if err := s.write([]queued{{Event: e, stamp: s.l.stamp()}}, false); err != nil {
		slog.Warn("audit: dropped events are not told yet", "events", n, "error", err)
		return
	}
	s.mu.Lock()
	s.dropped -= n
	s.mu.Unlock()
}

func (s *spool) answerFlushers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) > 0 {
		return
	}
	for _, f := range s.flushers {
		close(f)
	}
	s.flushers = nil
}

func (s *spool) flush(ctx context.Context) error {
	f := make(chan struct{})
	s.mu.Lock()
	s.flushers = append(s.flushers, f)
	s.mu.Unlock()
	s.poke()
	select {
	case <-f:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return storage.ErrClosed
	}
}

func (s *spool) close() error {
	s.once.Do(func() { close(s.closing) })
	<-s.done
	return s.file.close()
}
