package evidence

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/vault"
)

// strayAfter is how old a blob must be before it counts as forgotten.
const strayAfter = 24 * time.Hour

// Collect deletes blobs that no row knows: what a crash or a refusal between a
// blob's arrival and its row left behind. named says whether somebody else still
// names a blob. It says how many it deleted.
func (e *Evidence) Collect(ctx context.Context, named func(ctx context.Context, hash string) (bool, error)) (n int, err error) {
	var old []string
	before := e.clk.Now().Add(-strayAfter)
	err = e.deps.Vault.Walk(ctx, func(b vault.Blob) error {
		if b.Stored.Before(before) {
			old = append(old, b.Hash)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("evidence: collect: %w", err)
	}
	for _, hash := range old {
		stray, err := e.stray(ctx, hash, before, named)
		if err != nil {
			return n, fmt.Errorf("evidence: collect %s: %w", hash, err)
		}
		if stray {
			n++
		}
	}
	return n, nil
}

// stray deletes one blob if it is forgotten, and says so. No bundle lands meanwhile.
func (e *Evidence) stray(ctx context.Context, hash string, before time.Time, named func(context.Context, string) (bool, error)) (bool, error) {
	e.landing.Lock()
	defer e.landing.Unlock()
	blob, err := e.deps.Vault.Stat(ctx, hash)
	if errors.Is(err, vault.ErrNotFound) || err == nil && !blob.Stored.Before(before) {
		return false, nil // deleted, or sent again, while we walked
	}
	if err != nil {
		return false, err
	}
	var known bool
	if err := e.db.Read(ctx, func(tx storage.Tx) (err error) {
		_, known, err = load(ctx, tx, hash)
		return err
	}); err != nil || known {
		return false, err
	}
	if other, err := named(ctx, hash); err != nil || other {
		return false, err
	}
	return true, e.deps.Vault.Delete(ctx, hash)
}
