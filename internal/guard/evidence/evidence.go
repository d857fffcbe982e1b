package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// Evidence is the room. Its methods may be used from many goroutines.
type Evidence struct {
	db    *storage.DB
	clk   clock.Clock
	vault vault.Store
	audit Audit
	slots chan struct{} // bundles in memory at once
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, store vault.Store, log Audit) *Evidence {
	return &Evidence{db: db, clk: clk, vault: store, audit: log, slots: make(chan struct{}, 8)}
}

// Put keeps a sealed bundle that an agent uploads. The same bundle twice for
// the same incident is kept once and is no error.
func (e *Evidence) Put(ctx context.Context, from Origin, hash string, body io.Reader) error {
	if !validHash(hash) {
		return errHash
	}
	if !wire.ValidID(string(from.Incident)) || from.Person == "" || from.Device == "" {
		return errIncident
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		return errBusy
	}
	bundle, err := read(body, hash)
	if err != nil {
		return err
	}
	if err := e.admit(ctx, from, hash, nil); err != nil {
		return err
	}
	if _, _, err := e.vault.Put(ctx, bytes.NewReader(bundle), maxBundle); err != nil {
		return fmt.Errorf("evidence: put %s: %w", hash, err)
	}
	return e.admit(ctx, from, hash, &Bundle{Hash: hash, Origin: from, Size: int64(len(bundle)), Arrived: e.clk.Now()})
}

// read takes a bundle and checks all that can be checked without a key.
func read(body io.Reader, hash string) ([]byte, error) {
	bundle, err := io.ReadAll(io.LimitReader(body, maxBundle+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("evidence: read %s: %w", hash, err)
	case len(bundle) > maxBundle:
		return nil, errTooLarge
	}
	if sum := sha256.Sum256(bundle); hex.EncodeToString(sum[:]) != hash {
		return nil, errMismatch
	}
	if _, _, err := sealing.Inspect(bundle); err != nil {
		return nil, errNotSealed.Because(err)
	}
	return bundle, nil
}

// admit checks whether an incident takes one more bundle, and with a bundle
// writes its row.
func (e *Evidence) admit(ctx context.Context, from Origin, hash string, b *Bundle) error {
	err := e.db.Write(ctx, func(tx storage.Tx) error {
		old, known, err := load(ctx, tx, hash)
		switch {
		case err != nil:
			return err
		case known && !old.Deleted.IsZero():
			return errDeleted
		case known && old.Origin != from:
			return errElsewhere
		case known:
			return nil
		}
		all, _, err := ofIncident(ctx, tx, from.Incident)
		if err != nil {
			return err
		}
		if len(all) >= maxPerIncident {
			return errTooMany
		}
		if b == nil {
			return nil
		}
		if err := insert(ctx, tx, *b); err != nil {
			return err
		}
		return e.audit.Append(ctx, tx, audit.Event{
			Kind: "evidence.arrived", Actor: audit.Actor{Person: from.Person, Device: from.Device, Role: sekisho.RoleOperator},
			Object: object(from.Incident), Session: from.Session, Decision: audit.Allow,
			Detail: map[string]string{"hash": hash, "size": strconv.FormatInt(b.Size, 10)},
		})
	})
	if err != nil {
		return fmt.Errorf("evidence: put %s: %w", hash, err)
	}
	return nil
}

func object(id sekisho.IncidentID) audit.Object {
	return audit.Object{Type: "incident", ID: string(id)}
}

// Download hands a sealed bundle to an officer. Who had it and why is
// committed before the first byte.
func (e *Evidence) Download(ctx context.Context, by By, hash, reason string) (io.ReadCloser, error) {
	switch {
	case by.Person == "" || by.Role != sekisho.RoleOfficer:
		return nil, errOfficer
	case !validHash(hash):
		return nil, errHash
	case !validReason(reason):
		return nil, errReason
	}
	reason = strings.TrimSpace(reason)
	err := e.db.Write(ctx, func(tx storage.Tx) error {
		b, known, err := load(ctx, tx, hash)
		switch {
		case err != nil:
			return err
		case !known:
			return errUnknown
		case !b.Deleted.IsZero():
			return errDeleted
		case b.Origin.Person == by.Person:
			return errOwn
		}
		now := e.clk.Now()
		if _, err := tx.Exec(ctx, `INSERT INTO evidence_views (id, hash, incident, person, role, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			wire.NewID(), hash, b.Origin.Incident, by.Person, by.Role, storage.Micros(now), reason); err != nil {
			return err
		}
		return e.audit.Append(ctx, tx, audit.Event{
			Kind: "evidence.viewed", Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(b.Origin.Incident),
			Session: b.Origin.Session, Decision: audit.Allow, Detail: map[string]string{"hash": hash, "person": string(b.Origin.Person)},
			Personal: audit.Personal{"reason": reason},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("evidence: download %s: %w", hash, err)
	}
	r, err := e.vault.Get(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("evidence: download %s: %w", hash, err)
	}
	return r, nil
}

// Decided starts the retention of an incident's bundles; the first decision counts.
func (e *Evidence) Decided(ctx context.Context, id sekisho.IncidentID, at time.Time) error {
	if !wire.ValidID(string(id)) || at.IsZero() {
		return errIncident
	}
	err := e.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO evidence_decisions (incident, decided) VALUES (?, ?) ON CONFLICT (incident) DO NOTHING`,
			id, storage.Micros(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("evidence: decided %s: %w", id, err)
	}
	return nil
}

// Hold keeps an incident's bundles beyond their time.
func (e *Evidence) Hold(ctx context.Context, by By, id sekisho.IncidentID, reason string) error {
	return e.hold(ctx, by, id, reason, "evidence.held", func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO evidence_holds (incident, person, reason, since) VALUES (?, ?, ?, ?) ON CONFLICT (incident) DO NOTHING`,
			id, by.Person, strings.TrimSpace(reason), storage.Micros(e.clk.Now()))
		return err
	})
}

// Release ends a hold. Bundles whose time is over go with the next Purge.
func (e *Evidence) Release(ctx context.Context, by By, id sekisho.IncidentID, reason string) error {
	return e.hold(ctx, by, id, reason, "evidence.released", func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM evidence_holds WHERE incident = ?`, id)
		return err
	})
}

func (e *Evidence) hold(ctx context.Context, by By, id sekisho.IncidentID, reason, kind string, act func(storage.Tx) error) error {
	switch {
	case by.Person == "" || by.Role != sekisho.RoleOfficer:
		return errOfficer
	case !wire.ValidID(string(id)):
		return errIncident
	case !validReason(reason):
		return errReason
	}
	err := e.db.Write(ctx, func(tx storage.Tx) error {
		all, _, err := ofIncident(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case len(all) == 0:
			return errUnknown
		case all[0].Origin.Person == by.Person:
			return errOwn
		}
		if err := act(tx); err != nil {
			return err
		}
		return e.audit.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(id), Decision: audit.Allow,
			Detail: map[string]string{"person": string(all[0].Origin.Person)}, Personal: audit.Personal{"reason": strings.TrimSpace(reason)},
		})
	})
	if err != nil {
		return fmt.Errorf("evidence: %s %s: %w", kind, id, err)
	}
	return nil
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

const purgeStep = 100

// Purge deletes what is over its time and says how many. A bundle is first
// marked, with its audit row, then removed from the vault; what could not be
// removed is tried again by the next Purge.
func (e *Evidence) Purge(ctx context.Context) (n int, err error) {
	now := e.clk.Now()
	for {
		step, err := e.mark(ctx, now)
		if err != nil {
			return n, fmt.Errorf("evidence: purge: %w", err)
		}
		n += step
		if step < purgeStep {
			break
		}
	}
	for {
		more, err := e.sweep(ctx, now)
		if err != nil || !more {
			return n, err
		}
	}
}

func (e *Evidence) mark(ctx context.Context, now time.Time) (n int, err error) {
	err = e.db.Write(ctx, func(tx storage.Tx) error {
		list, err := due(ctx, tx, now, purgeStep)
		if err != nil {
			return err
		}
		n = len(list)
		for _, hash := range list {
			b, _, err := load(ctx, tx, hash)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE evidence_bundles SET deleted = ? WHERE hash = ?`, storage.Micros(now), hash); err != nil {
				return err
			}
			if err := e.audit.Append(ctx, tx, audit.Event{
				Kind: "evidence.deleted", Actor: audit.Actor{Process: "server"}, Object: object(b.Origin.Incident),
				Session: b.Origin.Session, Decision: audit.Allow, Reason: "retention", Closing: true,
				Detail: map[string]string{"hash": hash, "person": string(b.Origin.Person)},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func (e *Evidence) sweep(ctx context.Context, now time.Time) (more bool, err error) {
	var list []string
	if err := e.db.Read(ctx, func(tx storage.Tx) (err error) {
		list, err = leftovers(ctx, tx, purgeStep)
		return err
	}); err != nil {
		return false, fmt.Errorf("evidence: sweep: %w", err)
	}
	var errs []error
	for _, hash := range list {
		if err := e.vault.Delete(ctx, hash); err != nil {
			errs = append(errs, fmt.Errorf("evidence: sweep %s: %w", hash, err))
			continue
		}
		if err := e.db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE evidence_bundles SET gone = ? WHERE hash = ?`, storage.Micros(now), hash)
			return err
		}); err != nil {
			errs = append(errs, fmt.Errorf("evidence: sweep %s: %w", hash, err))
		}
	}
	return len(list) == purgeStep && len(errs) == 0, errors.Join(errs...)
}
