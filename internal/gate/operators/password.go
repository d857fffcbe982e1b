package operators

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// This room knows who may use a password and who has one. What OPAQUE keeps of
// it, and how guesses are counted, is another room's, which asks here.

// ErrNoPassword is for whoever sets a password that no administrator allowed him.
var ErrNoPassword = sekisho.Fail(sekisho.KindDenied, "password.not_allowed")

// PasswordHolder gives who signs in with a password under this login now: an
// active person who may and has set one. Everybody else is "", without a reason.
func (r *Operators) PasswordHolder(ctx context.Context, tx storage.Tx, login string) (sekisho.PersonID, error) {
	p, err := scanPerson(tx.QueryRow(ctx, "SELECT "+personColumns+" FROM operators_people p WHERE p.login = ?", strings.ToLower(login)))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if p = p.at(r.clk.Now()); err != nil || !p.Active || p.Password != PasswordSet {
		return "", err
	}
	return p.ID, nil
}

// OpenByPassword opens a console session for somebody who has just proved his
// password, in the transaction of that proof.
func (r *Operators) OpenByPassword(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (Login, error) {
	p, err := r.load(ctx, tx, id)
	if err != nil || !p.Active || p.Password != PasswordSet {
		return Login{}, orElse(err, errInactive)
	}
	l, err := r.open(ctx, tx, p, methodPassword)
	if err != nil {
		return Login{}, err
	}
	return l, r.log.Append(ctx, tx, loginRow(p.ID, methodPassword, RPConsole))
}

// Invited says whom a link is for, without using it. Whoever holds the link may know.
func (r *Operators) Invited(ctx context.Context, token string, from netip.Addr) (Person, error) {
	if !r.failures.may(from, r.clk.Mono()) {
		return Person{}, errBusy
	}
	var p Person
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		_, p, err = r.invited(ctx, tx, token)
		return err
	})
	if err != nil {
		r.failures.failed(from, r.clk.Mono())
		r.log.Afterwards(refusedRow("", kindInvitation, RPConsole, err))
		return Person{}, fmt.Errorf("operators: invited: %w", err)
	}
	return p, nil
}

func (r *Operators) invited(ctx context.Context, tx storage.Tx, token string) (link, Person, error) {
	l, err := loadLink(ctx, tx, kindInvitation, hashOf(token), r.clk.Now())
	if err != nil {
		return link{}, Person{}, err
	}
	p, err := r.load(ctx, tx, l.person)
	if err != nil || !p.Active {
		return link{}, Person{}, orElse(err, errInactive)
	}
	return l, p, r.still(ctx, tx, l, p)
}

// SetPassword uses an invitation to set its person's password: keep stores what
// belongs to it, in the same transaction. Whatever sessions the person had are
// over, and a new one opens.
func (r *Operators) SetPassword(ctx context.Context, token string, from netip.Addr, keep func(context.Context, storage.Tx, Person) error) (Login, error) {
	if !r.failures.may(from, r.clk.Mono()) {
		return Login{}, errBusy
	}
	var l Login
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		l, err = r.setPassword(ctx, tx, token, keep)
		return err
	})
	if err != nil {
		r.failures.failed(from, r.clk.Mono())
		r.log.Afterwards(refusedRow("", kindInvitation, RPConsole, err))
		return Login{}, fmt.Errorf("operators: set password: %w", err)
	}
	r.tell(l.Person)
	return l, nil
}

func (r *Operators) setPassword(ctx context.Context, tx storage.Tx, token string, keep func(context.Context, storage.Tx, Person) error) (Login, error) {
	held, p, err := r.invited(ctx, tx, token)
	if err != nil {
		return Login{}, err
	}
	if p.Password != PasswordAllowed && p.Password != PasswordSet {
		return Login{}, ErrNoPassword
	}
	if err := useLink(ctx, tx, held, r.clk.Now()); err != nil {
		return Login{}, err
	}
	if err := keep(ctx, tx, p); err != nil {
		return Login{}, err
	}
	p.Password = PasswordSet
	if _, err := tx.Exec(ctx, "UPDATE operators_people SET password = ? WHERE id = ?", string(p.Password), string(p.ID)); err != nil {
		return Login{}, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE person = ?", string(p.ID)); err != nil {
		return Login{}, err
	}
	if err := r.noteTwo(ctx, tx); err != nil {
		return Login{}, err
	}
	if err := r.log.Append(ctx, tx, audit.Event{
		Kind: "password.set", Actor: audit.Actor{Person: p.ID, Process: kindInvitation}, Object: object(p.ID), Decision: audit.Allow,
	}); err != nil {
		return Login{}, err
	}
	if err := r.log.Append(ctx, tx, loginRow(p.ID, kindInvitation, RPConsole)); err != nil {
		return Login{}, err
	}
	return r.open(ctx, tx, p, methodPassword)
}

func endPasswordSessions(ctx context.Context, tx storage.Tx, id sekisho.PersonID) error {
	_, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE person = ? AND method = ?", string(id), methodPassword)
	return err
}
