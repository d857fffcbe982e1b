package operators

import (
	"context"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Second takes the approval of a second administrator, in the transaction of
// what it allows.
type Second func(ctx context.Context, tx storage.Tx) error

// onHost is the second of a link that is made on the host: whoever is there
// holds the keys anyway.
func onHost(context.Context, storage.Tx) error { return nil }

// ErrSecond refuses a link that one administrator may not make alone.
var ErrSecond = sekisho.Fail(sekisho.KindDenied, "invitation.second_needed")

// trusted are the roles whose holder decides about others, or reads what others did.
var trusted = []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor}

// needsSecond says whether a link for p needs a second administrator: whoever
// opens it will be p. It always does for somebody who has a passkey or a password,
// since p can act already and would be acted for. For somebody's first one it does in the
// trusted roles, once there have been two administrators; before, the one that
// there is must be able to let the others in.
func (r *Operators) needsSecond(ctx context.Context, tx storage.Tx, p Person) (bool, error) {
	if p.Passkeys > 0 || p.Password == PasswordSet {
		return true, nil
	}
	if !slices.ContainsFunc(p.Roles, func(r sekisho.Role) bool { return slices.Contains(trusted, r) }) {
		return false, nil
	}
	return r.foureyes(ctx, tx)
}

// seconded runs second where a link that by makes for p needs one.
func (r *Operators) seconded(ctx context.Context, tx storage.Tx, by sekisho.PersonID, p Person, second Second) (bool, error) {
	if second != nil {
		return true, second(ctx, tx)
	}
	if by == "" {
		return false, errUnknown // nobody in particular decides nothing; the host says onHost
	}
	needed, err := r.needsSecond(ctx, tx, p)
	if err != nil || !needed {
		return false, err
	}
	demo, err := isDemo(ctx, tx)
	if err != nil {
		return false, err
	}
	if n, err := r.administrators(ctx, tx, by, !demo); err != nil || n == 0 {
		return false, orElse(err, errNoSecond)
	}
	return false, ErrSecond
}

// noteTwo remembers for good that there are two administrators who can sign in.
func (r *Operators) noteTwo(ctx context.Context, tx storage.Tx) error {
	if noted, err := noted(ctx, tx); err != nil || noted {
		return err
	}
	if two, err := r.foureyes(ctx, tx); err != nil || !two {
		return err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO operators_foureyes (id, since) VALUES (1, ?) ON CONFLICT DO NOTHING", storage.Micros(r.clk.Now())); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{Kind: "administrators.four_eyes", Actor: audit.Actor{Process: "server"}, Decision: audit.Allow})
}

// foureyes says whether there are, or have been, two.
func (r *Operators) foureyes(ctx context.Context, tx storage.Tx) (bool, error) {
	if noted, err := noted(ctx, tx); err != nil || noted {
		return noted, err
	}
	n, err := r.administrators(ctx, tx, "", true)
	return n >= 2, err
}

func noted(ctx context.Context, tx storage.Tx) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM operators_foureyes").Scan(&n)
	return n > 0, err
}
