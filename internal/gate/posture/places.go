package posture

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Here is where a PC was by a report, for whoever lets it work there.
type Here struct {
	Place wire.PosturePlace // in marks
	At    time.Time         // of the report
}

// valid says whether h can be a PC's own place. Marks are no addresses and are
// only counted.
func (h Here) valid() error {
	if !validPlace(wire.PosturePlace{Name: h.Place.Name, Routers: []string{"00:00:00:00:00:00"}}) {
		return errPlace
	}
	if len(h.Place.Routers) != 1 || h.Place.Routers[0] == "" || len(h.Place.Around) > wire.MaxAround {
		return errNoNetwork
	}
	return nil
}

// HereNow gives the place that a PC reported last under a name. The report must not
// be stale, so that whoever registers a place knows which one he means.
func (r *Posture) HereNow(ctx context.Context, d sekisho.DeviceID, name string) (h Here, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		k, err := readReport(ctx, tx, d)
		if err != nil {
			return err
		}
		n := k.Report.Network
		if n.Router == "" || r.clk.Now().Sub(k.At) > wire.PostureStale {
			return errNoNetwork
		}
		h = Here{Place: wire.PosturePlace{Name: name, Routers: []string{n.Router}, Around: n.Around}, At: k.At}
		return nil
	})
	if err == nil {
		err = h.valid()
	}
	if err != nil {
		return Here{}, fmt.Errorf("posture: where %s is: %w", d, err)
	}
	return h, nil
}

// LoosensPlace says what a PC's own place would let through. The same place again,
// by its router and its surroundings, lets nothing through.
func (r *Posture) LoosensPlace(ctx context.Context, d sekisho.DeviceID, h Here) ([]wire.Difference, error) {
	if err := h.valid(); err != nil {
		return nil, err
	}
	old, err := r.PlaceOf(ctx, d)
	if err != nil {
		return nil, err
	}
	before := wire.PosturePlace{}
	if old != nil {
		before = *old
	}
	if old != nil && samePlace(wire.PosturePlace{Name: h.Place.Name, Routers: old.Routers, Around: old.Around}, h.Place) {
		return nil, nil
	}
	mark := func(p wire.PosturePlace) string {
		if len(p.Routers) == 0 {
			return ""
		}
		return p.Routers[0]
	}
	count := ""
	if old != nil {
		count = strconv.Itoa(len(before.Around))
	}
	return []wire.Difference{
		{Field: "place.name", Before: before.Name, After: h.Place.Name},
		{Field: "place.router", Before: mark(before), After: mark(h.Place)},
		{Field: "place.around", Before: count, After: strconv.Itoa(len(h.Place.Around))},
		{Field: "place.at", After: h.At.UTC().Format("2006-01-02T15:04:05Z")},
	}, nil
}

// SetPlace makes the place that a PC reported last the one that it may work at.
func (r *Posture) SetPlace(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, name string) error {
	h, err := r.HereNow(ctx, d, name)
	if err != nil {
		return err
	}
	return r.SetPlaceSeconded(ctx, by, d, h, nil)
}

// SetPlaceSeconded lets a PC work where a report once said it was.
func (r *Posture) SetPlaceSeconded(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, h Here, second storage.Second) error {
	if err := h.valid(); err != nil {
		return err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if err := savePlace(ctx, tx, d, h.Place, by, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, placeRow("posture.place_set", by, d))
	})
	if err != nil {
		return fmt.Errorf("posture: set place of %s: %w", d, err)
	}
	return nil
}

// ClearPlace takes a PC's own place away.
func (r *Posture) ClearPlace(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM posture_places WHERE device = ?", string(d)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, placeRow("posture.place_cleared", by, d))
	})
	if err != nil {
		return fmt.Errorf("posture: clear place of %s: %w", d, err)
	}
	return nil
}

func placeRow(kind string, by sekisho.PersonID, d sekisho.DeviceID) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
		Object: audit.Object{Type: "device", ID: string(d)}, Decision: audit.Allow,
	}
}
