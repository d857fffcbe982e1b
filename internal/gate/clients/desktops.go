package clients

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// PlaceDesktop puts a desktop under a work. It may move to another work of the
// same client, never to another client's: what happened on it stays the first
// one's, and what happened before it came is nobody's but the centre's.
func (r *Clients) PlaceDesktop(ctx context.Context, by sekisho.PersonID, desktop sekisho.DesktopID, work sekisho.WorkID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		w, err := loadWork(ctx, tx, work)
		if err != nil {
			return err
		}
		was, err := workOf(ctx, tx, desktop)
		if err != nil {
			return err
		}
		if was != "" {
			old, err := loadWork(ctx, tx, was)
			if err != nil || old.Client != w.Client {
				return orElse(err, errDesktop)
			}
		}
		if err := exec(ctx, tx, "INSERT INTO clients_desktops (desktop, work, since) VALUES (?, ?, ?) ON CONFLICT (desktop) DO UPDATE SET work = excluded.work",
			string(desktop), string(work), micros(r.clk.Now())); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "work.desktop_placed", Actor: administrator(by), Object: workObject(work), Decision: audit.Allow, Detail: map[string]string{"desktop": string(desktop)},
		})
	})
	if err != nil {
		return fmt.Errorf("clients: place desktop %s: %w", desktop, err)
	}
	return nil
}

// Belongs gives the work that a desktop belongs to, and its client; both are ""
// for one that belongs to none.
func (r *Clients) Belongs(ctx context.Context, desktop sekisho.DesktopID) (work sekisho.WorkID, client sekisho.ClientID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if work, err = workOf(ctx, tx, desktop); err != nil || work == "" {
			return err
		}
		w, err := loadWork(ctx, tx, work)
		client = w.Client
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("clients: desktop %s: %w", desktop, err)
	}
	return work, client, nil
}

// inForce is the condition of assignments a that hold at a moment, given twice:
// by their days, and while neither the work w nor the client c has ended.
const inForce = "a.since <= ? AND (a.until = 0 OR a.until > ?) AND w.ended = 0 AND c.ended = 0"

// Works are works, each with whose it is.
type Works = map[sekisho.WorkID]sekisho.ClientID

// WorksOf gives the works that a person is on today.
func (r *Clients) WorksOf(ctx context.Context, person sekisho.PersonID) (Works, error) {
	type pair struct {
		work   sekisho.WorkID
		client sekisho.ClientID
	}
	now := micros(r.clk.Now())
	var pairs []pair
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		pairs, err = all(ctx, tx, func(r row) (p pair, err error) { return p, r.Scan(&p.work, &p.client) },
			`SELECT a.work, w.client FROM clients_assignments a JOIN clients_works w ON w.id = a.work JOIN clients_companies c ON c.id = w.client
			WHERE a.person = ? AND `+inForce, string(person), now, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("clients: works of a person: %w", err)
	}
	out := Works{}
	for _, p := range pairs {
		out[p.work] = p.client
	}
	return out, nil
}

// WorksToday gives the works that everybody is on today.
func (r *Clients) WorksToday(ctx context.Context) (map[sekisho.PersonID]Works, error) {
	type pair struct {
		person sekisho.PersonID
		work   sekisho.WorkID
		client sekisho.ClientID
	}
	now := micros(r.clk.Now())
	var pairs []pair
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		pairs, err = all(ctx, tx, func(r row) (p pair, err error) { return p, r.Scan(&p.person, &p.work, &p.client) },
			`SELECT a.person, a.work, w.client FROM clients_assignments a JOIN clients_works w ON w.id = a.work JOIN clients_companies c ON c.id = w.client
			WHERE `+inForce, now, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("clients: works today: %w", err)
	}
	out := map[sekisho.PersonID]Works{}
	for _, p := range pairs {
		if out[p.person] == nil {
			out[p.person] = Works{}
		}
		out[p.person][p.work] = p.client
	}
	return out, nil
}

func workOf(ctx context.Context, tx storage.Tx, desktop sekisho.DesktopID) (work sekisho.WorkID, err error) {
	err = tx.QueryRow(ctx, "SELECT work FROM clients_desktops WHERE desktop = ?", string(desktop)).Scan(&work)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return work, err
}

// desktopsOf gives a client's desktops with their works, and since when they are its.
func desktopsOf(ctx context.Context, tx storage.Tx, client sekisho.ClientID) (works map[sekisho.DesktopID]sekisho.WorkID, since map[sekisho.DesktopID]time.Time, err error) {
	type placed struct {
		desktop sekisho.DesktopID
		work    sekisho.WorkID
		since   int64
	}
	list, err := all(ctx, tx, func(r row) (p placed, err error) { return p, r.Scan(&p.desktop, &p.work, &p.since) },
		"SELECT d.desktop, d.work, d.since FROM clients_desktops d JOIN clients_works w ON w.id = d.work WHERE w.client = ?", string(client))
	works, since = map[sekisho.DesktopID]sekisho.WorkID{}, map[sekisho.DesktopID]time.Time{}
	for _, p := range list {
		works[p.desktop], since[p.desktop] = p.work, storage.Time(p.since)
	}
	return works, since, err
}
