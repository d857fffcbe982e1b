package ivr

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// removal is something of a client company that goes, if no flow in force names it.
type removal struct {
	client           sekisho.ClientID
	object, kind, id string
	drops            []string // statements by id and client: the last one meets its row
	names            func(Flow, *Node) bool
}

func (r *IVR) remove(ctx context.Context, by audit.Actor, what removal) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := unused(ctx, tx, what); err != nil {
			return err
		}
		for i, query := range what.drops {
			res, err := tx.Exec(ctx, query, what.id, string(what.client))
			if i == len(what.drops)-1 {
				err = one(res, err)
			}
			if err != nil {
				return err
			}
		}
		return r.note(ctx, tx, by, what.object, what.id, audit.Event{Kind: what.kind, Detail: map[string]string{"client": string(what.client)}})
	})
	if err != nil {
		return fmt.Errorf("ivr: %s: %s: %w", what.kind, what.id, err)
	}
	return nil
}

func unused(ctx context.Context, tx storage.Tx, what removal) error {
	flows, err := selectFlows(ctx, tx, flowColumns+"WHERE client = ? AND published > 0", string(what.client))
	if err != nil {
		return err
	}
	for _, listed := range flows {
		f, err := loadVersion(ctx, tx, listed.ID, listed.Published)
		if err != nil {
			return err
		}
		for i := range f.Nodes {
			if what.names(f, &f.Nodes[i]) {
				return errInUse
			}
		}
	}
	return nil
}
