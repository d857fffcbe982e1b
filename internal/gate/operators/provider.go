package operators

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// MethodProvider names a session that was opened through the identity provider.
const MethodProvider = methodProvider

// OpenByProvider opens a console session for somebody whom the identity provider
// has just named, in the transaction that found out who it is.
func (r *Operators) OpenByProvider(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (Login, error) {
	p, err := r.load(ctx, tx, id)
	if err != nil || !p.Active {
		return Login{}, orElse(err, errInactive)
	}
	l, err := r.open(ctx, tx, p, methodProvider)
	if err != nil {
		return Login{}, err
	}
	return l, r.log.Append(ctx, tx, loginRow(p.ID, methodProvider, RPConsole))
}

// Vouched is nil where by may let somebody be p, in whatever way: what an
// invitation needs. Where one administrator may not decide that alone it runs
// second, or is ErrSecond without it.
func (r *Operators) Vouched(ctx context.Context, tx storage.Tx, by, id sekisho.PersonID, second func(context.Context, storage.Tx) error) error {
	p, err := r.load(ctx, tx, id)
	if err != nil || !p.Active {
		return orElse(err, errInactive)
	}
	_, err = r.seconded(ctx, tx, by, p, second)
	return err
}

// NeedsVouching says whether nobody may let somebody be p alone.
func (r *Operators) NeedsVouching(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (bool, error) {
	p, err := r.load(ctx, tx, id)
	if err != nil || !p.Active {
		return true, orElse(err, errInactive)
	}
	return r.needsSecond(ctx, tx, p)
}

// EndProviderSessions ends what p opened through the identity provider.
func (r *Operators) EndProviderSessions(ctx context.Context, tx storage.Tx, p sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE person = ? AND method = ?", string(p), methodProvider)
	return err
}
