package ivr

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// KeptCalendar is a calendar as it is kept. Edit counts how often it was saved.
type KeptCalendar struct {
	ID     CalendarID
	Client sekisho.ClientID
	Edit   int
	Calendar
}

// Calendars gives those of a client company.
func (r *IVR) Calendars(ctx context.Context, c sekisho.ClientID) (out []KeptCalendar, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = selectCalendars(ctx, tx, calendarColumns+"WHERE client = ? ORDER BY id", string(c))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: calendars: %w", err)
	}
	return out, nil
}

// SaveCalendar keeps a calendar: a new one without an id, or the edit that was seen.
func (r *IVR) SaveCalendar(ctx context.Context, by audit.Actor, k KeptCalendar) (KeptCalendar, error) {
	if err := k.valid(); err != nil {
		return KeptCalendar{}, err
	}
	body, err := json.Marshal(k.Calendar)
	if err != nil {
		return KeptCalendar{}, fmt.Errorf("ivr: save calendar: %w", err)
	}
	next, fresh := k, k.ID == ""
	next.Edit++
	if fresh {
		next.ID = CalendarID(wire.NewID())
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayOwn(ctx, tx, k.Client); err != nil {
			return err
		}
		if err := putCalendar(ctx, tx, next, fresh, string(body)); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "calendar", string(next.ID), audit.Event{Kind: "calendar.saved", Detail: map[string]string{
			"client": string(k.Client), "name": k.Name, "zone": k.Zone, "holidays": strconv.Itoa(len(k.Holidays)), "edit": strconv.Itoa(next.Edit),
		}})
	})
	if err != nil {
		return KeptCalendar{}, fmt.Errorf("ivr: save calendar: %w", err)
	}
	return next, nil
}

func putCalendar(ctx context.Context, tx storage.Tx, k KeptCalendar, fresh bool, body string) error {
	if fresh {
		_, err := tx.Exec(ctx, "INSERT INTO ivr_calendars (id, client, edit, body) VALUES (?, ?, ?, ?)", string(k.ID), string(k.Client), k.Edit, body)
		return err
	}
	res, err := tx.Exec(ctx, "UPDATE ivr_calendars SET edit = ?, body = ? WHERE id = ? AND client = ? AND edit = ?", k.Edit, body, string(k.ID), string(k.Client), k.Edit-1)
	return one(res, err)
}

// DeleteCalendar removes one that no flow in force names.
func (r *IVR) DeleteCalendar(ctx context.Context, by audit.Actor, c sekisho.ClientID, id CalendarID) error {
	return r.remove(ctx, by, removal{
		client: c, object: "calendar", kind: "calendar.deleted", id: string(id),
		drops: []string{"DELETE FROM ivr_calendars WHERE id = ? AND client = ?"},
		names: func(f Flow, n *Node) bool { return n.Hours != nil && n.Hours.Calendar == id },
	})
}
