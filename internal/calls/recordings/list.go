package recordings

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Filter says which recordings; Client must be there, as no list mixes clients.
type Filter struct {
	Client   sekisho.ClientID
	Work     sekisho.WorkID
	Call     sekisho.CallID
	Operator sekisho.PersonID    // who spoke at any time in it
	Number   calls.Number        // of the other party, the whole of it
	From     time.Time           // begun then or later
	To       time.Time           // and before then
	Before   sekisho.RecordingID // the page after the one that ended with it
	Limit    int                 // 1–200; 0 is 50
}

const (
	maxListed = 200
	maxWorks  = 1000
)

// List gives recordings, the newest first: only those of works that the viewer may hear.
func (r *Recordings) List(ctx context.Context, v Viewer, f Filter) ([]Recording, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Client == "" || f.Limit < 1 || f.Limit > maxListed {
		return nil, errFilter
	}
	works, err := r.works(ctx, v, f.Client)
	if err != nil {
		return nil, fmt.Errorf("recordings: list: %w", err)
	}
	where, args := f.where(works, r.token)
	var rows []tapeRow
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		rows, err = selectTapes(ctx, tx, where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("recordings: list: %w", err)
	}
	out := make([]Recording, 0, len(rows))
	for _, row := range rows {
		shown, err := r.shown(row)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// Get gives one recording.
func (r *Recordings) Get(ctx context.Context, v Viewer, id sekisho.RecordingID) (Recording, error) {
	row, err := r.allowed(ctx, v, id)
	if err != nil {
		return Recording{}, fmt.Errorf("recordings: get %s: %w", id, err)
	}
	return r.shown(row)
}

// shown adds the end of the number, which lies wrapped.
func (r *Recordings) shown(row tapeRow) (Recording, error) {
	if len(row.number) > 0 {
		number, err := r.box.Unwrap(numberPurpose, string(row.ID), row.number)
		if err != nil {
			return Recording{}, fmt.Errorf("recordings: number of %s: %w", row.ID, err)
		}
		row.Number = calls.Number(number).Masked()
	}
	return row.Recording, nil
}

// works are those of a client that somebody may hear; of none, a refusal.
func (r *Recordings) works(ctx context.Context, v Viewer, client sekisho.ClientID) (Works, error) {
	if err := v.may(client); err != nil {
		return Works{}, err
	}
	works, err := r.cfg.Scope.Works(ctx, v, client)
	if err != nil {
		return Works{}, err
	}
	if !works.All && len(works.Only) == 0 || len(works.Only) > maxWorks {
		return Works{}, errDenied
	}
	return works, nil
}

// allowed gives a row that the viewer may see.
func (r *Recordings) allowed(ctx context.Context, v Viewer, id sekisho.RecordingID) (row tapeRow, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		row, err = selectTape(ctx, tx, id)
		return err
	})
	if err != nil {
		return row, err
	}
	works, err := r.works(ctx, v, row.Client)
	if err != nil {
		return row, err
	}
	if !works.All && !slices.Contains(works.Only, row.Work) {
		return row, errDenied
	}
	return row, nil
}
