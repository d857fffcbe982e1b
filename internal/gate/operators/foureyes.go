package operators

import (
	"context"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

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
	more, err := r.more(ctx, tx, p)
	if err != nil || !more {
		return false, err
	}
	return r.foureyes(ctx, tx)
}

// TrustAlso registers who else is more than an operator, by what another room keeps.
func (r *Operators) TrustAlso(fn func(context.Context, storage.Tx, sekisho.PersonID) (bool, error)) {
	r.mu.Lock()
	r.trusts = append(r.trusts, fn)
	r.mu.Unlock()
}

// more says whether p is more than an operator: by a role, or by what another room keeps.
func (r *Operators) more(ctx context.Context, tx storage.Tx, p Person) (bool, error) {
	if slices.ContainsFunc(p.Roles, func(r sekisho.Role) bool { return slices.Contains(trusted, r) }) {
		return true, nil
	}
	r.mu.RLock()
	fns := r.trusts
	r.mu.RUnlock()
	for _, fn := range fns {
		if more, err := fn(ctx, tx, p.ID); err != nil || more {
			return more, err
		}
	}
	return false, nil
}

// seconded runs second where a link that by makes for p needs one.
func (r *Operators) seconded(ctx context.Context, tx storage.Tx, by sekisho.PersonID, p Person, second storage.Second) (bool, error) {
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
	return false, r.another(ctx, tx, by)
}

// another is ErrSecond where there is somebody to ask, and errNoSecond where there is nobody.
func (r *Operators) another(ctx context.Context, tx storage.Tx, by sekisho.PersonID) error {
	demo, err := isDemo(ctx, tx)
	if err != nil {
		return err
	}
	if n, err := r.administrators(ctx, tx, by, !demo); err != nil || n == 0 {
		return orElse(err, errNoSecond)
	}
	return ErrSecond
}

// FourEyesIn is FourEyes, read in tx.
func (r *Operators) FourEyesIn(ctx context.Context, tx storage.Tx) (bool, error) {
	return r.foureyes(ctx, tx)
}

// RolesOf gives the roles of an active person, read in tx.
func (r *Operators) RolesOf(ctx context.Context, tx storage.Tx, id sekisho.PersonID) ([]sekisho.Role, error) {
	p, err := r.load(ctx, tx, id)
	if err == nil && !p.Active {
		err = errInactive
	}
	return p.Roles, err
}

// WorksByFace says whether a person's face can be measured, read in tx.
func (r *Operators) WorksByFace(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (bool, error) {
	p, err := r.load(ctx, tx, id)
	return err == nil && p.FaceUsable, err
}

// noteTwo remembers for good that there are two administrators who can sign in.
func (r *Operators) noteTwo(ctx context.Context, tx storage.Tx) error {
	if noted, err := noted(ctx, tx); err != nil || noted {
		return err
	}
	if two, err := r.foureyes(ctx, tx); err != nil || !two {
		return err
	}
	return r.noteFourEyes(ctx, tx)
}

func (r *Operators) noteFourEyes(ctx context.Context, tx storage.Tx) error {
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

// gives says whether a change makes somebody administrator or officer, or lets
// him be one again, or makes more of a plain operator: it needs a second
// administrator. The last, since one administrator alone makes an operator's ways
// in, and would be what he made of him.
func gives(old, next Person) bool {
	more := func(p Person) bool {
		return slices.ContainsFunc(trusted, func(r sekisho.Role) bool { return slices.Contains(p.Roles, r) })
	}
	return slices.ContainsFunc(dangerous, func(r sekisho.Role) bool { return next.Has(r) && !old.Has(r) }) || old.ID != "" && more(next) && !more(old)
}

// dangerous are the roles that one administrator does not give alone.
var dangerous = []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}

// ErrRoleSecond refuses to give such a role to one administrator alone.
var ErrRoleSecond = sekisho.Fail(sekisho.KindDenied, "person.second_needed")

// given runs second, where there is one: what it confirmed is done with it or not
// at all. A change that gives such a role needs one. Until there have been two
// administrators who can sign in one of them gives it alone: he must be able to
// name the second.
func (r *Operators) given(ctx context.Context, tx storage.Tx, old, next Person, second storage.Second) error {
	if second != nil {
		return second(ctx, tx)
	}
	back, err := r.back(ctx, tx, old, next)
	if err != nil || !back && !gives(old, next) {
		return err
	}
	if two, err := r.foureyes(ctx, tx); err != nil || two {
		return orElse(err, ErrRoleSecond)
	}
	return nil
}

// back says whether somebody comes back with what another room still keeps for him,
// an own role: he is more than an operator from that moment on.
func (r *Operators) back(ctx context.Context, tx storage.Tx, old, next Person) (bool, error) {
	if old.ID == "" || old.Active || !next.Active {
		return false, nil
	}
	return r.more(ctx, tx, Person{ID: old.ID})
}

// Gives says whether a change that by makes of a person, as he stands now, gives
// such a role; with the person before and after. Nobody gives himself one.
func (r *Operators) Gives(ctx context.Context, by, id sekisho.PersonID, c Change) (old, next Person, yes bool, err error) {
	if old, err = r.Get(ctx, id); err != nil {
		return old, next, false, err
	}
	next, _ = c.apply(old)
	next = next.at(r.clk.Now())
	if yes, err = r.judged(ctx, old, next); err != nil || !yes {
		return old, next, false, err
	}
	if by == id {
		return old, next, true, errOwnRoles
	}
	return old, next, true, next.valid()
}

// GivesBack says so of a suspended person who is to come back, as he would be.
func (r *Operators) GivesBack(ctx context.Context, id sekisho.PersonID) (old, next Person, yes bool, err error) {
	if old, err = r.Get(ctx, id); err != nil || !old.Suspended {
		return old, old, false, err
	}
	next = old
	next.Suspended = false
	next = next.at(r.clk.Now())
	yes, err = r.judged(ctx, old, next)
	return old, next, yes, err
}

func (r *Operators) judged(ctx context.Context, old, next Person) (yes bool, err error) {
	if gives(old, next) {
		return true, nil
	}
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		yes, err = r.back(ctx, tx, old, next)
		return err
	})
	return yes, err
}

// GivesNew says so of a person who is to be added.
func (r *Operators) GivesNew(p Person) (bool, error) {
	p = r.fresh(p)
	return gives(Person{}, p), p.valid()
}

// Appoint makes a person administrator on the host, who comes back if he was
// suspended: the way out where nobody is left who could confirm it.
func (r *Operators) Appoint(ctx context.Context, login string) error {
	id, err := r.idOf(ctx, login)
	if err != nil {
		return fmt.Errorf("operators: appoint: %w", err)
	}
	p, err := r.Get(ctx, id)
	if err != nil {
		return err
	}
	roles := append(slices.Clone(p.Roles), sekisho.RoleAdministrator)
	if p, err = r.Update(ctx, "", id, Change{Roles: &roles, Second: onHost}); err != nil {
		return err
	}
	if p.Suspended {
		_, err = r.ResumeSeconded(ctx, "", id, onHost)
	}
	return err
}

// FourEyes says whether there are, or have been, two administrators who can sign
// in: from that day dangerous acts need the second.
func (r *Operators) FourEyes(ctx context.Context) (two bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		two, err = r.foureyes(ctx, tx)
		return err
	})
	return two, err
}

// Others says whether somebody active beside a person holds one of the roles and
// has a passkey for the console; in demonstration data nobody needs one.
func (r *Operators) Others(ctx context.Context, tx storage.Tx, beside sekisho.PersonID, roles []sekisho.Role) (bool, error) {
	demo, err := isDemo(ctx, tx)
	if err != nil {
		return false, err
	}
	where := "WHERE p.active = 1 AND p.id <> ? AND (p.last_day = '' OR p.last_day >= ?)"
	args := []any{string(beside), string(DayOf(r.clk.Now()))}
	if !demo {
		where += " AND EXISTS (SELECT 1 FROM operators_passkeys k WHERE k.person = p.id AND k.rp IN (?, ?))"
		args = append(args, string(RPConsole), string(RPHome))
	}
	for _, role := range roles {
		var n int
		err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM operators_people p "+where+" AND ' ' || p.roles || ' ' LIKE ? LIMIT 1) AS found",
			append(slices.Clone(args), "% "+string(role)+" %")...).Scan(&n)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
