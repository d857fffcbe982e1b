package uplink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// MaxOutbox bounds what waits on the disk. When it is full no session opens:
// a guard that could not keep a record must not let anybody work.
const MaxOutbox = 200 << 20

const (
	retryFirst = time.Second
	retryLast  = 30 * time.Second
	maxEntry   = 16 << 10
)

// Sender is the connection that the outbox is emptied through.
type Sender interface {
	Report(ctx context.Context, r wire.IncidentReport) error
	Put(ctx context.Context, hash string, sealed []byte) error
}

// entry is one incident that waits: facts without pictures. The report is
// signed when it is sent, by the lease key of the connection of that moment.
type entry struct {
	Report  wire.IncidentReport `json:"report"`
	At      time.Time           `json:"at"`      // when the verdict fell, wall clock
	Told    bool                `json:"told"`    // the server knows of the incident
	Pending []string            `json:"pending"` // hashes of sealed files not uploaded yet
	Final   bool                `json:"final"`   // evidence was taken, or never will be
}

// Outbox holds incidents and sealed evidence until the server has them. It
// survives restarts and loses nothing that was put in.
type Outbox struct {
	dir   string
	limit int64
	clock Clock

	mu     sync.Mutex
	size   int64
	serves sekisho.PersonID // whose connection is being sent on; "" is everybody's
	wake   chan struct{}
}

// OpenOutbox opens the folder and counts what waits in it.
func OpenOutbox(dir string, limit int64, clock Clock) (*Outbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("uplink: outbox: %w", err)
	}
	o := &Outbox{dir: dir, limit: limit, clock: clock, wake: make(chan struct{}, 1)}
	if err := o.settle(); err != nil {
		return nil, err
	}
	return o, o.count()
}

// Full says that no room for another incident's evidence is left for certain:
// an eighth of the outbox is kept free for the incident that may come next.
func (o *Outbox) Full() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.size > o.limit-o.limit/8
}

// Open notes an incident at once, before any evidence of it exists. It is sent
// with the next Flush; Wake asks for one.
func (o *Outbox) Open(r wire.IncidentReport) error {
	r.Evidence = []string{}
	return o.save(entry{Report: r, At: o.clock.Now().Add(-time.Duration(r.AgoMS) * time.Millisecond), Pending: []string{}})
}

// Seal adds the sealed bundles of an incident that Open noted, and asks for
// them to be sent; none says that there will be no evidence of it.
func (o *Outbox) Seal(r wire.IncidentReport, bundles ...[]byte) error {
	return o.add(r.Incident, bundles, func(e *entry) {
		e.Report.OSLocked, e.Report.LockReason = r.OSLocked, r.LockReason
		e.Final, e.Told = true, false // told again, now with the hashes
	})
}

func (o *Outbox) add(id sekisho.IncidentID, bundles [][]byte, change func(*entry)) error {
	defer o.Wake()
	var hashes []string
	var failed error
	for _, b := range bundles {
		sum := sha256.Sum256(b)
		hash := hex.EncodeToString(sum[:])
		if err := o.write(hash+".sealed", b); err != nil {
			failed = errors.Join(failed, err) // the entry is finished all the same: what is missing is missed on the server
			continue
		}
		hashes = append(hashes, hash)
	}
	_, err := o.note(id, func(e *entry) {
		e.Pending = append(e.Pending, hashes...)
		e.Report.Evidence = append(e.Report.Evidence, hashes...)
		change(e)
	})
	return errors.Join(failed, err)
}

// Run empties the outbox through s until ctx ends or the connection is gone.
func (o *Outbox) Run(ctx context.Context, s Sender) {
	wait := retryFirst
	for {
		err := o.Flush(ctx, s)
		switch {
		case ctx.Err() != nil || gone(err):
			return
		case err != nil:
			slog.Warn("evidence waits in the outbox", "error", err)
			wait = min(wait*2, retryLast)
		default:
			wait = retryFirst
		}
		var again <-chan time.Time
		if err != nil {
			again = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		case <-again:
		}
	}
}

// Flush sends what it can, oldest first. What the server refuses stays and is
// offered again; it does not hold up what comes after it.
func (o *Outbox) Flush(ctx context.Context, s Sender) error {
	ids, err := o.waiting()
	if err != nil {
		return err
	}
	var failed error
	for _, id := range ids {
		err := o.deliver(ctx, s, id)
		if err == nil {
			continue
		}
		err = fmt.Errorf("uplink: incident %s: %w", id, err)
		if ctx.Err() != nil || gone(err) || sekisho.KindOf(err) == sekisho.KindBusy {
			return err
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (o *Outbox) deliver(ctx context.Context, s Sender, id sekisho.IncidentID) error {
	e, err := o.load(id)
	if err != nil {
		return err
	}
	if o.theirs(e) {
		return nil
	}
	if !e.Told {
		told := e
		told.Report.AgoMS = max(0, o.clock.Now().Sub(e.At).Milliseconds())
		if err := s.Report(ctx, told.Report); err != nil && !known(err) {
			return err
		}
		// Seal may have added to it meanwhile: then it is told again.
		if e, err = o.note(id, func(e *entry) { e.Told = e.Final == told.Final }); err != nil {
			return err
		}
	}
	for _, hash := range slices.Clone(e.Pending) {
		sealed, err := os.ReadFile(filepath.Join(o.dir, hash+".sealed"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil {
			if err := s.Put(ctx, hash, sealed); err != nil && !known(err) {
				return err
			}
		}
		if e, err = o.note(id, func(e *entry) { e.Pending = slices.DeleteFunc(e.Pending, func(h string) bool { return h == hash }) }); err != nil {
			return err
		}
		if err := o.remove(hash + ".sealed"); err != nil {
			return err
		}
	}
	if e.Told && e.Final && len(e.Pending) == 0 {
		return o.remove(string(id) + ".json")
	}
	return nil
}

// known says that the server has what was sent already.
func known(err error) bool { return sekisho.KindOf(err) == sekisho.KindConflict }

// note changes an entry under the lock, so that Seal and delivery do not undo each other.
func (o *Outbox) note(id sekisho.IncidentID, change func(*entry)) (entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e, err := o.loadLocked(id)
	if err != nil {
		return e, err
	}
	change(&e)
	return e, o.saveLocked(e)
}
