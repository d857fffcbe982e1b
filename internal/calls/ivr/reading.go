package ivr

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Flows gives those of a client company, by name.
func (r *IVR) Flows(ctx context.Context, c sekisho.ClientID) (out []Listed, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = selectFlows(ctx, tx, flowColumns+"WHERE client = ? ORDER BY name, id", string(c))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: flows: %w", err)
	}
	return out, nil
}

// Draft gives a flow's draft and which edit it is.
func (r *IVR) Draft(ctx context.Context, id sekisho.FlowID) (f Flow, listed Listed, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if listed, err = loadFlow(ctx, tx, id); err == nil {
			f, err = loadDraft(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return Flow{}, Listed{}, fmt.Errorf("ivr: draft of %s: %w", id, err)
	}
	return f, listed, nil
}

// History gives the versions of a flow, the newest first, 500 at most.
func (r *IVR) History(ctx context.Context, id sekisho.FlowID) (out []Version, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if _, err = loadFlow(ctx, tx, id); err == nil {
			out, err = selectVersions(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: history of %s: %w", id, err)
	}
	return out, nil
}

// Version gives one that was published.
func (r *IVR) Version(ctx context.Context, id sekisho.FlowID, version int) (f Flow, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		f, err = loadVersion(ctx, tx, id, version)
		return err
	})
	if err != nil {
		return Flow{}, fmt.Errorf("ivr: version %d of %s: %w", version, id, err)
	}
	return f, nil
}

// Published gives the version in force; an error where there is none.
func (r *IVR) Published(ctx context.Context, id sekisho.FlowID) (f Flow, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		listed, err := loadFlow(ctx, tx, id)
		if err == nil && (listed.Published == 0 || !listed.Ended.IsZero()) {
			err = errNone
		}
		if err == nil {
			f, err = loadVersion(ctx, tx, id, listed.Published)
		}
		return err
	})
	if err != nil {
		return Flow{}, fmt.Errorf("ivr: published %s: %w", id, err)
	}
	return f, nil
}

// CalendarsOf gives the calendars that a flow names, for Facts. One that is not there
// any more is left out: the machine then goes the flow's fallback.
func (r *IVR) CalendarsOf(ctx context.Context, f Flow) (map[CalendarID]Calendar, error) {
	out := map[CalendarID]Calendar{}
	err := r.db.Read(ctx, func(tx storage.Tx) error {
		clear(out)
		for i := range f.Nodes {
			h := f.Nodes[i].Hours
			if h == nil {
				continue
			}
			kept, err := selectCalendars(ctx, tx, calendarColumns+"WHERE id = ?", string(h.Calendar))
			if err != nil {
				return err
			}
			for _, k := range kept {
				out[k.ID] = k.Calendar
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: calendars: %w", err)
	}
	return out, nil
}

// TryDraft is Try of a flow's draft, with the calendars as they are now.
func (r *IVR) TryDraft(ctx context.Context, id sekisho.FlowID, s Script) (Trial, error) {
	f, _, err := r.Draft(ctx, id)
	if err != nil {
		return Trial{}, err
	}
	calendars, err := r.CalendarsOf(ctx, f)
	if err != nil {
		return Trial{}, err
	}
	return Try(f, calendars, s)
}

const calendarColumns = "SELECT id, client, edit, body FROM ivr_calendars "

func selectCalendars(ctx context.Context, tx storage.Tx, query string, args ...any) ([]KeptCalendar, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []KeptCalendar{}
	for rows.Next() {
		var k KeptCalendar
		var body string
		if err := rows.Scan(&k.ID, &k.Client, &k.Edit, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &k.Calendar); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}
