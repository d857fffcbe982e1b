package recordings

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Days that recordings are kept, of a client company that has no other number.
const (
	StandardDays = 90
	maxDays      = 3650
)

// Retention is how many days a client company's recordings are kept after their end.
func (r *Recordings) Retention(ctx context.Context, client sekisho.ClientID) (days int, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error { days, err = daysOf(ctx, tx, client); return err })
	if err != nil {
		return 0, fmt.Errorf("recordings: retention: %w", err)
	}
	return days, nil
}

func daysOf(ctx context.Context, tx storage.Tx, client sekisho.ClientID) (days int, err error) {
	err = tx.QueryRow(ctx, "SELECT days FROM recordings_retention WHERE client = ?", string(client)).Scan(&days)
	if errors.Is(err, sql.ErrNoRows) {
		return StandardDays, nil
	}
	return days, err
}

// SetRetention changes it, for what there is already too: an administrator's act,
// with a reason. Fewer days delete sooner; second is asked then, where two are needed.
func (r *Recordings) SetRetention(ctx context.Context, by By, client sekisho.ClientID, days int, reason string, second storage.Second) error {
	reason, err := validReason(reason)
	switch {
	case by.Person == "" || by.Role != sekisho.RoleAdministrator:
		return r.notHis(by, audit.Object{Type: "client", ID: string(client)}, "recording.retention_changed")
	case err != nil:
		return err
	case client == "" || days < 1 || days > maxDays:
		return errDays
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := daysOf(ctx, tx, client)
		if err != nil || old == days {
			return err
		}
		if days < old {
			if err := second.Said(ctx, tx); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "INSERT INTO recordings_retention (client, days) VALUES (?, ?) ON CONFLICT (client) DO UPDATE SET days = excluded.days", string(client), days); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "recording.retention_changed", Actor: audit.Actor{Person: by.Person, Role: by.Role},
			Object: audit.Object{Type: "client", ID: string(client)}, Decision: audit.Allow,
			Detail: map[string]string{"recording_days": strconv.Itoa(days), "recording_days_before": strconv.Itoa(old)}, Personal: audit.Personal{"reason": reason}})
	})
	if err != nil {
		return fmt.Errorf("recordings: set retention: %w", err)
	}
	return nil
}

// Hold keeps a recording beyond its time, for a reason.
func (r *Recordings) Hold(ctx context.Context, by By, id sekisho.RecordingID, reason string) error {
	allowed := []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleOfficer, sekisho.RoleAdministrator}
	return r.hold(ctx, by, id, reason, "recording.held", allowed, nil)
}

// Lift ends a hold: an administrator's act, with a reason; second is asked where
// two are needed. What is over its time goes with the next Sweep.
func (r *Recordings) Lift(ctx context.Context, by By, id sekisho.RecordingID, reason string, second storage.Second) error {
	return r.hold(ctx, by, id, reason, "recording.released", []sekisho.Role{sekisho.RoleAdministrator}, second)
}

func (r *Recordings) hold(ctx context.Context, by By, id sekisho.RecordingID, reason, kind string, allowed []sekisho.Role, second storage.Second) error {
	reason, err := validReason(reason)
	switch {
	case by.Person == "" || !slices.Contains(allowed, by.Role):
		return r.notHis(by, object(id), kind)
	case err != nil:
		return err
	}
	held := reason
	if kind == "recording.released" {
		held = ""
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		row, err := selectTape(ctx, tx, id)
		if err != nil {
			return err
		}
		if !row.Erased.IsZero() {
			return errErased
		}
		if row.Held == held || row.Held != "" && held != "" {
			return nil // the first reason stands
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE recordings_tapes SET held = ? WHERE id = ?", held, string(id)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: kind, Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(id), Call: row.Call, Decision: audit.Allow,
			Detail: map[string]string{"client": string(row.Client), "work": string(row.Work)}, Personal: audit.Personal{"reason": reason}})
	})
	if err != nil {
		return fmt.Errorf("recordings: %s %s: %w", kind, id, err)
	}
	return nil
}

// notHis refuses an act of another role, with a row.
func (r *Recordings) notHis(by By, what audit.Object, kind string) error {
	r.log.Afterwards(audit.Event{Kind: "recording.keeping_refused", Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: what,
		Decision: audit.Deny, Reason: errRole.Code, Detail: map[string]string{"act": kind}})
	return errRole
}

const sweepStep = 100

// Sweep deletes what is over its time and says how many: the key first, with its
// row in the log, from which moment nobody can read the sound; then the file. A
// hold beats the time. Files that could not be removed are tried again.
func (r *Recordings) Sweep(ctx context.Context) (n int, err error) {
	now := r.clk.Now()
	for {
		step, err := r.erase(ctx, now)
		if err != nil {
			return n, fmt.Errorf("recordings: sweep: %w", err)
		}
		if n += step; step < sweepStep {
			return n, r.removeFiles(ctx, now)
		}
	}
}

func (r *Recordings) erase(ctx context.Context, now time.Time) (n int, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		const due = `id IN (SELECT t.id FROM recordings_tapes t LEFT JOIN recordings_retention k ON k.client = t.client
			WHERE t.erased = 0 AND t.ended > 0 AND t.held = '' AND t.ended + COALESCE(k.days, ?) * ? <= ? ORDER BY t.ended LIMIT ?)`
		list, err := selectTapes(ctx, tx, due, StandardDays, 24*time.Hour.Microseconds(), storage.Micros(now), sweepStep)
		if err != nil {
			return err
		}
		n = len(list)
		for _, row := range list {
			if _, err := tx.Exec(ctx, "UPDATE recordings_tapes SET wrapped = NULL, peaks = NULL, number = NULL, token = '', erased = ? WHERE id = ?", storage.Micros(now), string(row.ID)); err != nil {
				return err
			}
			if err := r.log.Append(ctx, tx, audit.Event{Kind: "recording.erased", Actor: server, Object: object(row.ID), Call: row.Call, Decision: audit.Allow,
				Reason: "retention", Closing: true, Detail: map[string]string{"client": string(row.Client), "work": string(row.Work), "hash": row.Hash}}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// removeFiles removes what no key opens any more.
func (r *Recordings) removeFiles(ctx context.Context, now time.Time) error {
	var errs []error
	for {
		var left []tapeRow
		err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
			left, err = selectTapes(ctx, tx, "erased > 0 AND gone = 0 ORDER BY erased LIMIT ?", sweepStep)
			return err
		})
		if err != nil {
			return fmt.Errorf("recordings: sweep: %w", err)
		}
		for _, row := range left {
			err := r.folder.Remove(row.ID)
			if err == nil {
				err = r.db.Write(ctx, func(tx storage.Tx) error {
					_, err := tx.Exec(ctx, "UPDATE recordings_tapes SET gone = ? WHERE id = ?", storage.Micros(now), string(row.ID))
					return err
				})
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("recordings: sweep %s: %w", row.ID, err))
			}
		}
		if len(left) < sweepStep || len(errs) > 0 {
			return errors.Join(errs...)
		}
	}
}
