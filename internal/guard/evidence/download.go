package evidence

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Download hands a sealed bundle to an officer. Who had it and why is
// committed before the first byte; that it was refused is written too.
func (e *Evidence) Download(ctx context.Context, by By, hash, reason string) (io.ReadCloser, error) {
	var b Bundle
	err := e.view(ctx, by, hash, reason, &b)
	if err != nil {
		return nil, e.refuse(err, audit.Event{
			Kind: "evidence.view_refused", Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(b.Origin),
			Session: b.Origin.Session, Detail: known(hash, b),
		})
	}
	r, err := e.deps.Vault.Get(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("evidence: download %s: %w", hash, err)
	}
	return r, nil
}

// known is what a row about a bundle may say of it; a name that is no hash is
// anybody's text and stays out.
func known(hash string, b Bundle) map[string]string {
	out := map[string]string{}
	if validHash(hash) {
		out["hash"] = hash
	}
	if b.Origin.Person != "" {
		out["person"] = string(b.Origin.Person)
	}
	return out
}

// view enters an officer into the list of viewers, or refuses. It leaves in b
// what it found either way.
func (e *Evidence) view(ctx context.Context, by By, hash, reason string, b *Bundle) error {
	switch {
	case by.Person == "" || by.Role != sekisho.RoleOfficer:
		return errOfficer
	case !validHash(hash):
		return errHash
	case !validReason(reason):
		return errReason
	}
	reason = strings.TrimSpace(reason)
	err := e.db.Write(ctx, func(tx storage.Tx) error {
		found, ok, err := load(ctx, tx, hash)
		*b = found
		switch {
		case err != nil:
			return err
		case !ok:
			return errUnknown
		case !found.Deleted.IsZero():
			return errDeleted
		case found.Origin.Person == by.Person:
			return errOwn
		}
		if _, err := tx.Exec(ctx, `INSERT INTO evidence_views (id, hash, incident, person, role, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			wire.NewID(), hash, found.Origin.Incident, by.Person, by.Role, storage.Micros(e.clk.Now()), reason); err != nil {
			return err
		}
		return e.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "evidence.viewed", Actor: audit.Actor{Person: by.Person, Role: by.Role}, Object: object(found.Origin),
			Session: found.Origin.Session, Decision: audit.Allow, Detail: known(hash, found),
			Personal: audit.Personal{"reason": reason},
		})
	})
	if err != nil {
		return fmt.Errorf("evidence: download %s: %w", hash, err)
	}
	return nil
}
