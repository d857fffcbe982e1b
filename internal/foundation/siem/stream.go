package siem

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// What can be wrong with a batch.
var (
	errUnreachable = sekisho.Fail(sekisho.KindBusy, "siem.unreachable")
	errCertificate = sekisho.Fail(sekisho.KindDenied, "siem.certificate")
	errNotTaken    = sekisho.Fail(sekisho.KindBusy, "siem.not_taken")
	errShorter     = sekisho.Fail(sekisho.KindConflict, "siem.log_shorter")
)

const (
	batch         = 500             // entries in one connection
	lookEvery     = 2 * time.Second // for new entries
	holdFor       = 2 * time.Minute // the stream belongs to one process at a time
	releaseWithin = 5 * time.Second
	firstWait     = time.Second // after a failure; doubled each time
	longWait      = time.Minute
)

// Stream passes the log on, one for each server process.
type Stream struct {
	db     *storage.DB
	clk    clock.Clock
	log    Log
	set    Settings
	holder string
	look   time.Duration

	mu    sync.Mutex
	state State
}

// State is how the passing on stands, for the console.
type State struct {
	On      bool
	Address string
	Format  string
	Next    int64     // number of the next entry to be passed on
	Size    int64     // entries of the log
	Oldest  time.Time // when the oldest entry happened that waits; zero where none does
	Sent    time.Time // when the last batch was taken
	Failing time.Time // since when it fails; zero while it works
	Code    string    // of the failure
	Tried   int       // times in a row that it failed
	Looked  time.Time // when Next and Size were last read; zero before the first time
}

// Lag is how many entries wait.
func (s State) Lag() int64 { return max(s.Size-s.Next, 0) }

// New makes the stream on a migrated database. It does nothing before Run.
func New(db *storage.DB, clk clock.Clock, log Log, set Settings) (*Stream, error) {
	if err := set.Check(); err != nil {
		return nil, err
	}
	return &Stream{db: db, clk: clk, log: log, set: set, holder: wire.NewID(), look: lookEvery,
		state: State{On: set.Address != "", Address: set.Address, Format: set.Format}}, nil
}

// State tells how it stands. Where the log is not passed on it says only that. In
// a process that does not hold the stream it tells what waits, and not whether
// the one that holds it fails.
func (s *Stream) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Run passes the log on until ctx ends. What fails is tried again.
func (s *Stream) Run(ctx context.Context) error {
	if s.set.Address == "" {
		<-ctx.Done()
		return nil
	}
	s.log.Afterwards(audit.Event{Kind: "siem.started", Actor: audit.Actor{Process: "server"}, Closing: true,
		Object: audit.Object{Type: "receiver", ID: s.set.Address}, Detail: map[string]string{"format": s.set.Format}})
	defer s.release(context.WithoutCancel(ctx))
	for wait := s.look; ; {
		more, err := s.step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		switch {
		case err != nil:
			wait = s.failed(ctx, err)
		case more:
			wait = 0
		default:
			wait = s.look
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
	}
}

// step passes one batch on, and says whether there may be more.
func (s *Stream) step(ctx context.Context) (more bool, err error) {
	from, mine, err := s.begin(ctx)
	if err != nil {
		return false, err
	}
	if !mine {
		return false, s.watch(ctx, from)
	}
	entries, head, err := s.log.Onwards(ctx, from.next, batch)
	if err != nil {
		return false, err
	}
	if head.Epoch != from.epoch || head.Size < from.next {
		if from, err = s.afterRestart(ctx, from, head); err != nil {
			return false, err
		}
		if entries, head, err = s.log.Onwards(ctx, from.next, batch); err != nil {
			return false, err
		}
	}
	s.waiting(from, head, entries)
	if len(entries) == 0 {
		return false, nil
	}
	if err := s.send(ctx, entries); err != nil {
		return false, err
	}
	to := cursor{next: entries[len(entries)-1].Seq + 1, epoch: head.Epoch, at: s.clk.Now()}
	if err := s.moved(ctx, from, to); err != nil {
		return false, err
	}
	s.took(to, head, len(entries))
	return len(entries) == batch, nil
}

// watch notes how far another process came.
func (s *Stream) watch(ctx context.Context, from cursor) error {
	entries, head, err := s.log.Onwards(ctx, from.next, 1)
	if err != nil {
		return err
	}
	s.waiting(from, head, entries)
	s.mu.Lock()
	s.state.Failing, s.state.Code, s.state.Tried = time.Time{}, "", 0 // what failed here is the other's now
	s.mu.Unlock()
	return nil
}

// begin takes the stream for this process and reads how far it came.
func (s *Stream) begin(ctx context.Context) (from cursor, mine bool, err error) {
	now := s.clk.Now()
	err = s.db.Write(ctx, func(tx storage.Tx) (err error) {
		if mine, err = hold(ctx, tx, s.holder, now, now.Add(holdFor)); err != nil {
			return err
		}
		from, err = readCursor(ctx, tx)
		return err
	})
	if err != nil {
		return cursor{}, false, fmt.Errorf("siem: cursor: %w", err)
	}
	return from, mine, nil
}

// release leaves the stream to whoever comes next; who does not hear of it waits for holdFor.
func (s *Stream) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, releaseWithin)
	defer cancel()
	if err := s.db.Write(ctx, func(tx storage.Tx) error { return leave(ctx, tx, s.holder) }); err != nil {
		slog.WarnContext(ctx, "another process can pass the audit log on only after a while", "wait", holdFor, "error", err)
	}
}

// afterRestart goes back to where nothing was lost, when the log began a new
// epoch; while it is shorter than what was passed on, and nobody has declared
// why, nothing is passed on.
func (s *Stream) afterRestart(ctx context.Context, from cursor, head audit.Head) (cursor, error) {
	if head.Epoch == from.epoch {
		return from, errShorter.Because(fmt.Errorf("%d entries were passed on, the log has %d", from.next, head.Size))
	}
	kept, err := s.log.Kept(ctx, from.epoch)
	if err != nil {
		return from, err
	}
	to := cursor{next: min(from.next, kept), epoch: head.Epoch, at: from.at}
	return to, s.moved(ctx, from, to)
}

func (s *Stream) moved(ctx context.Context, from, to cursor) error {
	ok := false
	err := s.db.Write(ctx, func(tx storage.Tx) (err error) {
		ok, err = move(ctx, tx, s.holder, from, to)
		return err
	})
	if err == nil && !ok {
		err = errors.New("another process is at it")
	}
	if err != nil {
		return fmt.Errorf("siem: cursor to %d: %w", to.next, err)
	}
	return nil
}

func (s *Stream) waiting(from cursor, head audit.Head, entries []audit.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Next, s.state.Size, s.state.Sent, s.state.Oldest, s.state.Looked = from.next, head.Size, from.at, time.Time{}, s.clk.Now()
	if len(entries) > 0 {
		s.state.Oldest = entries[0].At
	}
}

// took notes that a batch was taken; after a failure that goes into the log.
func (s *Stream) took(to cursor, head audit.Head, n int) {
	s.mu.Lock()
	tried, since := s.state.Tried, s.state.Failing
	s.state.Next, s.state.Sent, s.state.Failing, s.state.Code, s.state.Tried = to.next, to.at, time.Time{}, "", 0
	if s.state.Next >= head.Size {
		s.state.Oldest = time.Time{}
	}
	s.mu.Unlock()
	if tried > 0 {
		s.log.Afterwards(audit.Event{Kind: "siem.resumed", Actor: audit.Actor{Process: "server"}, Closing: true, Object: audit.Object{Type: "receiver", ID: s.set.Address},
			Detail: map[string]string{"seconds": strconv.FormatInt(int64(to.at.Sub(since).Seconds()), 10), "events": strconv.Itoa(n)}})
	}
}

// failed notes a failure and says how long to wait. The first of a row goes
// into the log; each is told with its cause on the server's own.
func (s *Stream) failed(ctx context.Context, err error) time.Duration {
	s.mu.Lock()
	s.state.Tried++
	tried, was := s.state.Tried, s.state.Code
	s.state.Code = sekisho.CodeOf(err)
	if s.state.Failing.IsZero() {
		s.state.Failing = s.clk.Now()
	}
	code := s.state.Code
	s.mu.Unlock()
	if code != was {
		slog.WarnContext(ctx, "the audit log is not being passed on", "address", s.set.Address, "code", code, "error", err)
		s.log.Afterwards(audit.Event{Kind: "siem.failed", Actor: audit.Actor{Process: "server"}, Closing: true, Decision: audit.Deny, Reason: code,
			Object: audit.Object{Type: "receiver", ID: s.set.Address}})
	}
	return backoff(tried)
}

// backoff doubles from a second to a minute, and never lets two servers knock together.
func backoff(tried int) time.Duration {
	wait := longWait
	if tried < 7 {
		wait = min(firstWait<<(tried-1), longWait)
	}
	return wait/2 + rand.N(wait/2)
}
