package clients

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// OwnerOf gives the client company of a work that goes on.
func (r *Clients) OwnerOf(ctx context.Context, work sekisho.WorkID) (client sekisho.ClientID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		w, err := loadWork(ctx, tx, work)
		if err != nil {
			return err
		}
		goes, err := r.Goes(ctx, tx, w.Client)
		if err != nil || !goes || !w.Ended.IsZero() && !w.Ended.After(r.clk.Now()) {
			return orElse(err, errWork)
		}
		client = w.Client
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("clients: owner of %s: %w", work, err)
	}
	return client, nil
}

// Goes says whether there is a client company whose contract goes on, read in tx.
func (r *Clients) Goes(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (bool, error) {
	c, err := loadClient(ctx, tx, id)
	switch {
	case sekisho.KindOf(err) == sekisho.KindNotFound:
		return false, nil
	case err != nil:
		return false, err
	}
	return c.Ended.IsZero() || c.Ended.After(r.clk.Now()), nil
}

// Ever says whether somebody is, was or will be on any work, ended ones included:
// whose works have all ended has none, and does not answer for all of them.
func (r *Clients) Ever(ctx context.Context, person sekisho.PersonID) (ever bool, err error) {
	var n int64
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM clients_assignments WHERE person = ?", string(person)).Scan(&n)
	})
	if err != nil {
		return true, fmt.Errorf("clients: whether %s was ever on a work: %w", person, err)
	}
	return n > 0, nil
}
