package ivr

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// IVR is the room.
type IVR struct {
	parts  Parts
	db     *storage.DB
	client *client
}

// Parts are what the room is made of. Loopback lets look-ups go to this machine, for
// the demonstration and tests.
type Parts struct {
	DB       *storage.DB
	Clock    clock.Clock
	Log      Audit
	House    House
	Box      Box
	Loopback bool
}

// New makes the room on a migrated database.
func New(p Parts) *IVR {
	return &IVR{parts: p, db: p.DB, client: newClient(p.Clock, p.Loopback)}
}

// Close gives back the connections of look-ups.
func (r *IVR) Close() { r.client.close() }

// Listed is a flow in a list. Edit counts how often its draft was saved; Published is
// the version in force, 0 for none.
type Listed struct {
	ID        sekisho.FlowID
	Client    sekisho.ClientID
	Name      string
	Edit      int
	Published int
	Created   time.Time
	Changed   time.Time
	Ended     time.Time // zero while it goes on
}

// Version is one that was published. Origin is the older one it was taken from, 0
// where it was a draft.
type Version struct {
	Number int
	Origin int
	Author sekisho.PersonID
	At     time.Time
}

// CreateFlow begins a flow of a client company: an empty draft.
func (r *IVR) CreateFlow(ctx context.Context, by audit.Actor, c sekisho.ClientID, name string) (sekisho.FlowID, error) {
	if err := named(name); err != nil {
		return "", err
	}
	id := sekisho.FlowID(wire.NewID())
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayOwn(ctx, tx, c); err != nil {
			return err
		}
		now := r.parts.Clock.Now()
		f := Listed{ID: id, Client: c, Name: name, Created: now, Changed: now}
		if err := insertFlow(ctx, tx, f, Flow{Nodes: []Node{}}); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "flow", string(id), audit.Event{Kind: "flow.created", Detail: map[string]string{"client": string(c), "name": name}})
	})
	if err != nil {
		return "", fmt.Errorf("ivr: create flow: %w", err)
	}
	return id, nil
}

// SaveDraft keeps a draft, faults and all. seen is the edit that was looked at; it
// gives the new one.
func (r *IVR) SaveDraft(ctx context.Context, by audit.Actor, id sekisho.FlowID, seen int, f Flow) (int, error) {
	text, err := encode(f)
	if err != nil {
		return 0, err
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := r.open(ctx, tx, id, seen); err != nil {
			return err
		}
		if err := updateDraft(ctx, tx, id, seen+1, text, r.parts.Clock.Now()); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "flow", string(id), audit.Event{Kind: "flow.draft_saved", Detail: map[string]string{"nodes": strconv.Itoa(len(f.Nodes)), "edit": strconv.Itoa(seen + 1)}})
	})
	if err != nil {
		return 0, fmt.Errorf("ivr: save draft of %s: %w", id, err)
	}
	return seen + 1, nil
}

// encode writes a flow as it is stored: what cannot be read again is not written.
func encode(f Flow) (string, error) {
	if len(f.Nodes) > MaxNodes {
		return "", errTooMany
	}
	text, err := json.Marshal(f)
	if err != nil {
		return "", errMalformed.Because(err)
	}
	if _, err := ParseFlow(text); err != nil {
		return "", err
	}
	return string(text), nil
}

// open gives a flow that goes on and whose draft is the one that was seen.
func (r *IVR) open(ctx context.Context, tx storage.Tx, id sekisho.FlowID, seen int) (Listed, error) {
	f, err := loadFlow(ctx, tx, id)
	switch {
	case err != nil:
		return Listed{}, err
	case !f.Ended.IsZero():
		return Listed{}, errEnded
	case f.Edit != seen:
		return Listed{}, errChanged
	}
	return f, nil
}

func (r *IVR) mayOwn(ctx context.Context, tx storage.Tx, c sekisho.ClientID) error {
	ok, err := r.parts.House.Client(ctx, tx, c)
	if err == nil && !ok {
		err = errClient
	}
	return err
}

// note writes an event's row. Who may do it was the door's question.
func (r *IVR) note(ctx context.Context, tx storage.Tx, by audit.Actor, object, id string, e audit.Event) error {
	e.Actor, e.Object = by, audit.Object{Type: object, ID: id}
	if e.Decision == "" {
		e.Decision = audit.Allow
	}
	return r.parts.Log.Append(ctx, tx, e)
}

func named(name string) error {
	if name == "" || !wire.ValidText(name, 100) {
		return errCallName
	}
	return nil
}

var (
	errClient  = sekisho.Fail(sekisho.KindNotFound, "flow.client")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "flow.unknown")
	errEnded   = sekisho.Fail(sekisho.KindConflict, "flow.ended")
	errChanged = sekisho.Fail(sekisho.KindConflict, "flow.changed_meanwhile")
	errFaulty  = sekisho.Fail(sekisho.KindConflict, "flow.faulty")
	errNone    = sekisho.Fail(sekisho.KindNotFound, "flow.not_published")
	errVersion = sekisho.Fail(sekisho.KindNotFound, "flow.unknown_version")
	errInUse   = sekisho.Fail(sekisho.KindConflict, "flow.in_use")
)
