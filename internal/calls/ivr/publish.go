package ivr

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Faults gives what stands against publishing a flow's draft.
func (r *IVR) Faults(ctx context.Context, id sekisho.FlowID) (faults []Fault, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		f, err := loadFlow(ctx, tx, id)
		if err != nil {
			return err
		}
		draft, err := loadDraft(ctx, tx, id)
		if err != nil {
			return err
		}
		faults, err = r.check(ctx, tx, f.Client, draft)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: faults of %s: %w", id, err)
	}
	return faults, nil
}

// Publish brings the draft that was seen into force as a new version. A draft with
// faults is refused with them.
func (r *IVR) Publish(ctx context.Context, by audit.Actor, id sekisho.FlowID, seen int) (int, []Fault, error) {
	return r.publish(ctx, by, id, "flow.published", 0, func(tx storage.Tx) (Listed, Flow, error) {
		f, err := r.open(ctx, tx, id, seen)
		if err != nil {
			return f, Flow{}, err
		}
		draft, err := loadDraft(ctx, tx, id)
		return f, draft, err
	})
}

// RollBack brings an older version into force again, as a new one, if it still has
// no fault. The draft stays as it is.
func (r *IVR) RollBack(ctx context.Context, by audit.Actor, id sekisho.FlowID, version int) (int, []Fault, error) {
	return r.publish(ctx, by, id, "flow.rolled_back", version, func(tx storage.Tx) (Listed, Flow, error) {
		f, err := loadFlow(ctx, tx, id)
		if err == nil && !f.Ended.IsZero() {
			err = errEnded
		}
		if err != nil {
			return f, Flow{}, err
		}
		old, err := loadVersion(ctx, tx, id, version)
		return f, old, err
	})
}

func (r *IVR) publish(ctx context.Context, by audit.Actor, id sekisho.FlowID, kind string, origin int, find func(storage.Tx) (Listed, Flow, error)) (version int, faults []Fault, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		f, graph, err := find(tx)
		if err != nil {
			return err
		}
		if faults, err = r.check(ctx, tx, f.Client, graph); err != nil {
			return err
		}
		if len(faults) > 0 { // the row of the refusal is what this transaction does
			return r.note(ctx, tx, by, "flow", string(id), audit.Event{Kind: "flow.publish_refused", Decision: audit.Deny, Reason: errFaulty.Code, Detail: map[string]string{"faults": summary(faults)}})
		}
		if version, err = newest(ctx, tx, id); err != nil {
			return err
		}
		version++
		if err := insertVersion(ctx, tx, id, graph, Version{Number: version, Origin: origin, Author: by.Person, At: r.parts.Clock.Now()}); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "flow", string(id), audit.Event{Kind: kind, Detail: map[string]string{"version": strconv.Itoa(version), "origin": strconv.Itoa(origin), "nodes": strconv.Itoa(len(graph.Nodes))}})
	})
	if err == nil && len(faults) > 0 {
		err = errFaulty
	}
	if err != nil {
		return 0, faults, fmt.Errorf("ivr: %s: %s: %w", kind, id, err)
	}
	return version, nil, nil
}

// EndFlow takes a flow out of force for good. Its versions stay.
func (r *IVR) EndFlow(ctx context.Context, by audit.Actor, id sekisho.FlowID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		f, err := loadFlow(ctx, tx, id)
		if err != nil || !f.Ended.IsZero() {
			return err
		}
		if err := endFlow(ctx, tx, id, r.parts.Clock.Now()); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "flow", string(id), audit.Event{Kind: "flow.ended", Closing: true})
	})
	if err != nil {
		return fmt.Errorf("ivr: end flow %s: %w", id, err)
	}
	return nil
}

// check gives a flow's faults against what there is of its client company.
func (r *IVR) check(ctx context.Context, tx storage.Tx, c sekisho.ClientID, f Flow) ([]Fault, error) {
	known := Known{Queues: map[sekisho.QueueID]bool{}, Numbers: map[calls.Number]bool{}}
	var err error
	if known.Prompts, err = idsOf[sekisho.PromptID](ctx, tx, "SELECT DISTINCT p.id FROM ivr_prompts p JOIN ivr_sounds s ON s.prompt = p.id WHERE p.client = ?", c); err != nil {
		return nil, err
	}
	if known.Calendars, err = idsOf[CalendarID](ctx, tx, "SELECT id FROM ivr_calendars WHERE client = ?", c); err != nil {
		return nil, err
	}
	if known.Hooks, err = idsOf[HookID](ctx, tx, "SELECT id FROM ivr_hooks WHERE client = ?", c); err != nil {
		return nil, err
	}
	queues := []sekisho.QueueID{f.Fallback.Queue}
	for i := range f.Nodes[:min(len(f.Nodes), MaxNodes)] {
		n := &f.Nodes[i]
		if q, has := n.queue(); has {
			queues = append(queues, q)
		}
		if t := n.Transfer; t != nil {
			if known.Numbers[t.Number], err = r.parts.House.MayDial(ctx, tx, c, t.Number); err != nil {
				return nil, err
			}
		}
	}
	for _, q := range queues {
		if q == "" || known.Queues[q] {
			continue
		}
		if known.Queues[q], err = r.parts.House.Queue(ctx, tx, c, q); err != nil {
			return nil, err
		}
	}
	return Check(f, known), nil
}
