package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the room's tables, for storage.Migrate.
var Schema = storage.Schema{Name: "audit", Files: files}

var (
	// ErrRolledBack refuses opening acts while the log is smaller than, or other
	// than, what somebody remembers of it.
	ErrRolledBack = sekisho.Fail(sekisho.KindDenied, "audit.rolled_back")
	// ErrUnchecked refuses opening acts while nobody can say whether the log is
	// what it was: it cannot be compared with what is remembered, or not be signed.
	ErrUnchecked = sekisho.Fail(sekisho.KindDenied, "audit.unchecked")
	// ErrStopped refuses everything after the head moved under this process.
	ErrStopped = sekisho.Fail(sekisho.KindInternal, "audit.stopped")
)

// Log is the audit log of one server process.
type Log struct {
	db       *storage.DB
	clk      clock.Clock
	origin   string
	signer   note.Signer
	verifier note.Verifier
	vkey     string
	macKey   []byte
	boot     string // tells this process's entries from those of others
	folder   string // "" keeps nothing outside the database

	mu       sync.Mutex
	cached   edge // of the last committed tree, on SQLite
	epoch    int
	standing standing
	signing  signing
	stopped  error
	dead     chan struct{} // closed when stopped is set

	spool *spool
	pace  pace
	watch watch
}

// Option changes how a Log is made.
type Option func(*Log)

// InFolder keeps two files outside the database: the newest checkpoint, by which
// a database that was put back is known at once, and the spool of closing acts
// that could not be written yet.
func InFolder(path string) Option { return func(l *Log) { l.folder = path } }

// New opens the log that stands in db, whose schema has been migrated. The key
// signs its checkpoints under the name origin. Close it when done.
func New(db *storage.DB, clk clock.Clock, key ed25519.PrivateKey, origin string, opts ...Option) (*Log, error) {
	if strings.Contains(origin, "/epoch-") {
		return nil, fmt.Errorf("audit: a log's name cannot contain /epoch-: %q", origin)
	}
	signer, err := checkpoint.NewSigner(origin, key)
	if err != nil {
		return nil, fmt.Errorf("audit: signer of %q: %w", origin, err)
	}
	vkey := checkpoint.VerifierKey(origin, key.Public().(ed25519.PublicKey))
	verifier, err := checkpoint.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("audit: verifier of %q: %w", origin, err)
	}
	mac, err := hkdf.Key(sha256.New, key.Seed(), nil, "sekisho/audit-inbox/v1", 32)
	if err != nil {
		return nil, fmt.Errorf("audit: inbox key: %w", err)
	}
	id := sha256.Sum256([]byte(wire.NewID()))
	l := &Log{db: db, clk: clk, origin: origin, signer: signer, verifier: verifier, vkey: vkey, macKey: mac,
		boot: hex.EncodeToString(id[:6]), dead: make(chan struct{}), signing: signing{covered: clk.Mono()}}
	for _, o := range opts {
		o(l)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if l.folder != "" {
		if err := os.MkdirAll(l.folder, 0o700); err != nil {
			return nil, fmt.Errorf("audit: folder: %w", err)
		}
	}
	if l.spool, err = startSpool(l); err != nil {
		return nil, fmt.Errorf("audit: spool: %w", err)
	}
	if err := l.CheckPins(ctx); err != nil && !isRefusal(err) { // refusing, a log still takes closing acts
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// VerifierKey is what auditors and agents keep to check this log.
func (l *Log) VerifierKey() string { return l.vkey }

// Origin is the log's name.
func (l *Log) Origin() string { return l.origin }

// Stopped is closed when the log refuses to go on because its head moved under
// this process; the process should end, and say so.
func (l *Log) Stopped() <-chan struct{} { return l.dead }

// Close writes what Afterwards took, to the database or else to the spool.
func (l *Log) Close() error { return l.spool.close() }

// Append writes e in the transaction of the act itself. When it fails the act
// must not happen: return the error, so that the transaction fails too.
func (l *Log) Append(ctx context.Context, tx storage.Tx, e Event) error {
	if err := l.refuses(e); err != nil {
		return err
	}
	r, err := encode(e, l.stamp())
	if err != nil {
		return err
	}
	return l.insert(ctx, tx, r)
}

func (l *Log) stamp() stamp {
	return stamp{id: wire.NewID(), at: l.clk.Now(), mono: l.clk.Mono(), boot: l.boot}
}

// isOwn says whether kind is of the log's own events, which no room may write as opening acts.
func isOwn(kind string) bool { return strings.HasPrefix(kind, "audit.") }

// stop makes every later act fail: going on could split the log in two.
func (l *Log) stop(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped == nil {
		l.stopped = why
		close(l.dead)
	}
	return ErrStopped.Because(l.stopped)
}
