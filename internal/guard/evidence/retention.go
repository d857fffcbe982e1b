package evidence

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Decided starts the retention of an incident's bundles, in the transaction that
// decides; the first decision counts.
func (e *Evidence) Decided(ctx context.Context, tx storage.Tx, id sekisho.IncidentID, at time.Time) error {
	if !wire.ValidID(string(id)) || at.IsZero() {
		return errIncident
	}
	if _, err := tx.Exec(ctx, `INSERT INTO evidence_decisions (incident, decided) VALUES (?, ?) ON CONFLICT (incident) DO NOTHING`,
		id, storage.Micros(at)); err != nil {
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
	var about Origin
	err := e.held(ctx, by, id, reason, kind, &about, act)
	if err == nil {
		return nil
	}
	return e.refuse(fmt.Errorf("evidence: %s %s: %w", kind, id, err), audit.Event{
		Kind: "evidence.hold_refused", Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: audit.Object{Type: "incident", ID: string(about.Incident)},
		Detail: map[string]string{"person": string(about.Person), "act": kind},
	})
}

// held acts for an officer who is not concerned. It leaves in about what it found.
func (e *Evidence) held(ctx context.Context, by By, id sekisho.IncidentID, reason, kind string, about *Origin, act func(storage.Tx) error) error {
	switch {
	case by.Person == "" || by.Role != sekisho.RoleOfficer:
		return errOfficer
	case !wire.ValidID(string(id)):
		return errIncident
	case !validReason(reason):
		return errReason
	}
	return e.db.Write(ctx, func(tx storage.Tx) error {
		all, _, err := ofIncident(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case len(all) == 0:
			return errUnknown
		}
		if *about = all[0].Origin; about.Person == by.Person {
			return errOwn
		}
		if err := act(tx); err != nil {
			return err
		}
		return e.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(*about), Session: about.Session, Decision: audit.Allow,
			Detail: map[string]string{"person": string(about.Person)}, Personal: audit.Personal{"reason": strings.TrimSpace(reason)},
		})
	})
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
	return n, e.Sweep(ctx)
}

// Sweep takes out of the vault what is marked as deleted.
func (e *Evidence) Sweep(ctx context.Context) error {
	for {
		more, err := e.sweep(ctx, e.clk.Now())
		if err != nil || !more {
			return err
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
			if err := e.drop(ctx, tx, b, now); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// drop marks a bundle as deleted; the next sweep takes it out of the vault.
func (e *Evidence) drop(ctx context.Context, tx storage.Tx, b Bundle, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE evidence_bundles SET deleted = ? WHERE hash = ?`, storage.Micros(now), b.Hash); err != nil {
		return err
	}
	reason := "retention"
	if b.Kind == Enrolment {
		reason = "enrolment"
	}
	return e.deps.Audit.Append(ctx, tx, audit.Event{
		Kind: "evidence.deleted", Actor: audit.Actor{Process: "server"}, Object: object(b.Origin),
		Session: b.Origin.Session, Decision: audit.Allow, Reason: reason, Closing: true, Detail: known(b.Hash, b),
	})
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
		if err := e.deps.Vault.Delete(ctx, hash); err != nil {
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
