package storage

import "context"

// Second says, in the transaction of what it allows, that another person confirms
// it; nil where one is enough.
type Second func(ctx context.Context, tx Tx) error

// Said is its word.
func (s Second) Said(ctx context.Context, tx Tx) error {
	if s == nil {
		return nil
	}
	return s(ctx, tx)
}
