package acd

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Owned says whether a queue is a client company's and takes calls, read in tx.
func (r *ACD) Owned(ctx context.Context, tx storage.Tx, c sekisho.ClientID, id sekisho.QueueID) (bool, error) {
	q, err := loadQueue(ctx, tx, id)
	switch {
	case sekisho.KindOf(err) == sekisho.KindNotFound:
		return false, nil
	case err != nil:
		return false, err
	}
	return !q.Retired && q.Client == c, nil
}
