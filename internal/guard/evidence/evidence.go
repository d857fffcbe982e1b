package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// Evidence is the room. Its methods may be used from many goroutines.
type Evidence struct {
	db    *storage.DB
	clk   clock.Clock
	deps  Deps
	slots chan struct{}  // bundles in memory at once
	rows  *devices.Limit // of refusals

	// landing is held for reading from a blob's arrival in the vault to its row,
	// and for writing while a blob without a row is deleted.
	landing sync.RWMutex
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, d Deps) *Evidence {
	return &Evidence{db: db, clk: clk, deps: d, slots: make(chan struct{}, 8), rows: devices.NewLimit(clk, rowsAtOnce, rowEvery)}
}

// Put keeps a sealed bundle that an agent uploads. The same bundle twice for
// the same incident is kept once and is no error.
func (e *Evidence) Put(ctx context.Context, from Origin, hash string, body io.Reader) error {
	var err error = errIncident
	if wire.ValidID(string(from.Incident)) {
		err = e.take(ctx, Bundle{Hash: hash, Kind: Record, Origin: from}, body, maxBundle)
	}
	return e.refuse(err, audit.Event{
		Kind: "evidence.refused", Actor: agent(from), Object: object(from), Session: from.Session, Detail: known(hash, Bundle{Origin: from}),
	})
}

// take checks a bundle and keeps it: first the blob, then its row. A blob whose
// row is never written is collected (Collect).
func (e *Evidence) take(ctx context.Context, b Bundle, body io.Reader, most int64) error {
	if !validHash(b.Hash) {
		return errHash
	}
	if b.Origin.Person == "" || b.Origin.Device == "" {
		return errIncident
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		return errBusy
	}
	bundle, err := e.read(body, b.Hash, most)
	if err != nil {
		return err
	}
	b.Size, b.Arrived = int64(len(bundle)), e.clk.Now()
	e.landing.RLock()
	defer e.landing.RUnlock()
	if err := e.admit(ctx, b, false); err != nil {
		return err
	}
	if _, _, err := e.deps.Vault.Put(ctx, bytes.NewReader(bundle), most); err != nil {
		return fmt.Errorf("evidence: put %s: %w", b.Hash, err)
	}
	return e.admit(ctx, b, true)
}

// read takes a bundle and checks all that can be checked without a key.
func (e *Evidence) read(body io.Reader, hash string, most int64) ([]byte, error) {
	bundle, err := io.ReadAll(io.LimitReader(body, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("evidence: read %s: %w", hash, err)
	case int64(len(bundle)) > most:
		return nil, errTooLarge
	}
	if sum := sha256.Sum256(bundle); hex.EncodeToString(sum[:]) != hash {
		return nil, errMismatch
	}
	header, _, err := sealing.Inspect(bundle)
	if err != nil {
		return nil, errNotSealed.Because(err)
	}
	for _, r := range e.deps.Rosters.Rosters() {
		if header.For(r) {
			return bundle, nil
		}
	}
	return nil, errRoster
}

// admit checks whether a bundle may be kept, and where write is set writes its row.
func (e *Evidence) admit(ctx context.Context, b Bundle, write bool) error {
	in := e.db.Read
	if write {
		in = e.db.Write
	}
	err := in(ctx, func(tx storage.Tx) error {
		old, known, err := load(ctx, tx, b.Hash)
		switch {
		case err != nil:
			return err
		case known && !old.Deleted.IsZero():
			return errDeleted
		case known && (old.Kind != b.Kind || old.Origin != b.Origin):
			return errElsewhere
		case known:
			return nil
		}
		if err := hasRoom(ctx, tx, b); err != nil || !write {
			return err
		}
		if b.Kind == Enrolment {
			if err := e.makeRoom(ctx, tx, b); err != nil {
				return err
			}
		}
		if err := insert(ctx, tx, b); err != nil {
			return err
		}
		return e.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "evidence.arrived", Actor: agent(b.Origin), Object: object(b.Origin), Session: b.Origin.Session, Decision: audit.Allow,
			Detail: map[string]string{"hash": b.Hash, "size": strconv.FormatInt(b.Size, 10)},
		})
	})
	if err != nil {
		return fmt.Errorf("evidence: put %s: %w", b.Hash, err)
	}
	return nil
}

// hasRoom refuses what exceeds the incident's number or the person's day.
func hasRoom(ctx context.Context, tx storage.Tx, b Bundle) error {
	n, size, err := sentSince(ctx, tx, b.Origin.Person, b.Arrived.Add(-quotaTime))
	if err != nil {
		return err
	}
	if n >= quotaBundles || size+b.Size > quotaBytes {
		return errQuota
	}
	if b.Kind != Record {
		return nil
	}
	all, _, err := ofIncident(ctx, tx, b.Origin.Incident)
	if err == nil && len(all) >= maxPerIncident {
		return errTooMany
	}
	return err
}

// agent is who uploaded: the person's PC.
func agent(from Origin) audit.Actor {
	return audit.Actor{Person: from.Person, Device: from.Device, Role: sekisho.RoleOperator}
}

// object is what a bundle belongs to: its incident, or the person who enrolled.
func object(from Origin) audit.Object {
	if from.Incident == "" {
		return audit.Object{Type: "person", ID: string(from.Person)}
	}
	return audit.Object{Type: "incident", ID: string(from.Incident)}
}

// Bundles lists what arrived for an incident, deleted ones too.
func (e *Evidence) Bundles(ctx context.Context, id sekisho.IncidentID) (all []Bundle, err error) {
	err = e.db.Read(ctx, func(tx storage.Tx) (err error) {
		all, _, err = ofIncident(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("evidence: bundles of %s: %w", id, err)
	}
	return all, nil
}

// Facts tells what is kept of an incident and who had it.
func (e *Evidence) Facts(ctx context.Context, id sekisho.IncidentID) (Facts, error) {
	f := Facts{}
	err := e.db.Read(ctx, func(tx storage.Tx) error {
		all, held, err := ofIncident(ctx, tx, id)
		if err != nil {
			return err
		}
		f = Facts{Held: held}
		for _, b := range all {
			if b.Deleted.IsZero() {
				f.Pictures++
				f.DeleteAt = b.DeleteAt
			}
		}
		f.Viewers, err = viewers(ctx, tx, id)
		return err
	})
	if err != nil {
		return Facts{}, fmt.Errorf("evidence: facts of %s: %w", id, err)
	}
	return f, nil
}
