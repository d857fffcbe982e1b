package recordings

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Config is what New needs beside the ground. Keys and Scope must be there.
type Config struct {
	Keys  Keys
	Scope Scope
	// Node is this server's name among those on one database; a node closes what it left itself.
	Node string
	// Alarm is told what the log is told too; it is called by one goroutine and may take its time.
	Alarm func(Alarm)
	// Patience is how long a tape that has ended tries to reach its disk; 0 is 10 s.
	Patience time.Duration
}

// Alarm is what somebody should look at now.
type Alarm struct {
	Recording sekisho.RecordingID
	Call      sekisho.CallID
	Kind      string // AlarmStalled, AlarmGap, AlarmLost
}

// Kinds of alarms.
const (
	AlarmStalled = "stalled" // the disk has not taken sound for more than two seconds
	AlarmGap     = "gap"     // sound was lost
	AlarmLost    = "lost"    // the end of a recording could not be written down
)

// Recordings is the room. Close it when done.
type Recordings struct {
	db     *storage.DB
	clk    clock.Clock
	box    Box
	log    Audit
	folder Folder
	cfg    Config

	tokenKey []byte
	markKey  []byte
	seconds  sync.Pool // of *second

	mu     sync.Mutex
	tapes  map[sekisho.RecordingID]*Tape
	closed bool

	alarms  chan Alarm
	stop    chan struct{}
	workers sync.WaitGroup
	writers sync.WaitGroup
}

const (
	keyPurpose    = "recordings/key" // what the box ties a key to, with the recording's id
	numberPurpose = "recordings/number"
	pulseEvery    = 250 * time.Millisecond
)

// New makes the room on a migrated database. Call Recover before the first call.
func New(db *storage.DB, clk clock.Clock, box Box, log Audit, folder Folder, cfg Config) (*Recordings, error) {
	if cfg.Keys == nil || cfg.Scope == nil {
		return nil, errors.New("recordings: who may hear what, and the keys, are not given")
	}
	if cfg.Patience == 0 {
		cfg.Patience = 10 * time.Second
	}
	r := &Recordings{db: db, clk: clk, box: box, log: log, folder: folder, cfg: cfg, tapes: map[sekisho.RecordingID]*Tape{},
		alarms: make(chan Alarm, 64), stop: make(chan struct{}), seconds: sync.Pool{New: func() any { return new(second) }}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for name, key := range map[string]*[]byte{"recordings/number": &r.tokenKey, "recordings/mark": &r.markKey} {
		secret, err := cfg.Keys.Secret(ctx, name, func() ([]byte, error) { return random(keyLen), nil })
		if err == nil && len(secret) != keyLen {
			err = errors.New("a secret of the wrong length")
		}
		if err != nil {
			return nil, fmt.Errorf("recordings: %s: %w", name, err)
		}
		*key = secret
	}
	r.workers.Go(r.pulse)
	r.workers.Go(r.ring)
	return r, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand never fails
	return b
}

// token is how a number is found without being stored: an HMAC, per client company,
// so that equal numbers of two clients do not show as equal.
func (r *Recordings) token(client sekisho.ClientID, n calls.Number) string {
	if n == "" {
		return ""
	}
	m := hmac.New(sha256.New, r.tokenKey)
	_, _ = m.Write([]byte(string(client) + "\x00" + string(n))) // a hash never fails
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Begin starts the recording of a call: its row and the log's first, then sound.
func (r *Recordings) Begin(ctx context.Context, m Meta) (*Tape, error) {
	if err := m.valid(); err != nil {
		return nil, err
	}
	id, key := sekisho.RecordingID(wire.NewID()), random(keyLen)
	s, err := newSealer(key, id, m.Call)
	if err != nil {
		return nil, fmt.Errorf("recordings: begin: %w", err)
	}
	wrapped, err := r.box.Wrap(keyPurpose, string(id), key)
	if err != nil {
		return nil, fmt.Errorf("recordings: wrap key: %w", err)
	}
	var number []byte
	if m.Number != "" {
		if number, err = r.box.Wrap(numberPurpose, string(id), []byte(m.Number)); err != nil {
			return nil, fmt.Errorf("recordings: wrap number: %w", err)
		}
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := insertTape(ctx, tx, id, m, r.cfg.Node, number, r.token(m.Client, m.Number), wrapped, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "recording.started", Actor: server, Object: object(id), Call: m.Call,
			Decision: audit.Allow, Detail: map[string]string{"client": string(m.Client), "work": string(m.Work), "person": string(m.Operator)}})
	})
	if err != nil {
		return nil, fmt.Errorf("recordings: begin: %w", err)
	}
	t := newTape(r, id, m, s, r.clk.Mono())
	if err := r.enter(t); err != nil {
		return nil, err
	}
	return t, nil
}

var server = audit.Actor{Process: "server"}

func object(id sekisho.RecordingID) audit.Object {
	return audit.Object{Type: "recording", ID: string(id)}
}

func (r *Recordings) enter(t *Tape) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errStopped // its row is closed by the next Recover
	}
	r.tapes[t.id] = t
	r.writers.Go(t.write)
	return nil
}

func (r *Recordings) leave(t *Tape) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.tapes, t.id)
}

// running are the tapes that have not been written to their end.
func (r *Recordings) running() []*Tape {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*Tape, 0, len(r.tapes))
	for _, t := range r.tapes {
		out = append(out, t)
	}
	return out
}

// pulse lets time pass on tapes on which nobody speaks.
func (r *Recordings) pulse() {
	defer r.survive("pulse")
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-tick.C:
			for _, t := range r.running() {
				t.pass(r.clk.Mono())
			}
		}
	}
}

// alarm leaves a row and hands the alarm over; it never waits. Of many at once
// some are in the log alone.
func (r *Recordings) alarm(a Alarm) {
	r.log.Afterwards(audit.Event{Kind: "recording.alarm", Actor: server, Object: object(a.Recording), Call: a.Call, Reason: a.Kind, Closing: true})
	select {
	case r.alarms <- a:
	default:
	}
}

// ring tells whoever wants to know.
func (r *Recordings) ring() {
	defer r.survive("alarms")
	for a := range r.alarms {
		if r.cfg.Alarm != nil {
			r.cfg.Alarm(a)
		}
	}
}

// survive keeps a fault in one goroutine from ending the process.
func (r *Recordings) survive(where string) {
	if p := recover(); p != nil {
		slog.Error("recordings: a goroutine failed", "where", where, "fault", fmt.Sprintf("%T", p))
	}
}

// Close ends every tape, waits until all are written or ctx is over, and gives
// the room's goroutines back.
func (r *Recordings) Close(ctx context.Context) error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	r.mu.Unlock()
	for _, t := range r.running() {
		t.End()
	}
	done := make(chan struct{})
	go func() { r.writers.Wait(); close(r.alarms); close(done) }()
	close(r.stop)
	select {
	case <-done:
		r.workers.Wait()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("recordings: close: %w", ctx.Err()) // a disk that never answers keeps its writer
	}
}
