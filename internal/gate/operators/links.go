package operators

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	kindSetup      = "setup"
	kindInvitation = "invitation"
	setupLife      = 30 * time.Minute
	invitationLife = 24 * time.Hour
)

// Invitation is a link by which a person registers a passkey. Show it once.
type Invitation struct {
	URL   string
	Until time.Time
}

// LogValue hides the link, which is as good as the account.
func (Invitation) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// address puts the token behind the #, which browsers do not send: no log of a
// server or proxy ever holds it.
func address(base, page, token string) string {
	return strings.TrimSuffix(base, "/") + "/" + page + "#token=" + token
}

// SetupNeeded says whether the first administrator is still missing.
func (r *Operators) SetupNeeded(ctx context.Context) (needed bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		n, err := r.administrators(ctx, tx, "", false)
		needed = n == 0
		return err
	})
	return needed, err
}

// SetupURL makes the link for the first administrator. Only a command on the
// host itself calls it; a newer link voids the older one.
func (r *Operators) SetupURL(ctx context.Context, base string) (Invitation, error) {
	token := newToken()
	now := r.clk.Now()
	l := link{hash: hashOf(token), kind: kindSetup, expires: now.Add(setupLife)}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if n, err := r.administrators(ctx, tx, "", false); err != nil || n > 0 {
			return orElse(err, errSetupDone)
		}
		if err := insertLink(ctx, tx, l, now); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "setup.link_made", Actor: audit.Actor{Process: "cli"}, Decision: audit.Allow})
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("operators: setup link: %w", err)
	}
	return Invitation{URL: address(base, "setup", token), Until: l.expires}, nil
}

// SetupBegin begins the first administrator's passkey, from the host alone.
func (r *Operators) SetupBegin(ctx context.Context, rp RP, token, name, login string, from netip.Addr) (Ceremony, error) {
	p := Person{
		ID: sekisho.PersonID(wire.NewID()), Name: name, Login: strings.ToLower(login),
		Roles: []sekisho.Role{sekisho.RoleAdministrator}, FaceUsable: true, Active: true, Created: r.clk.Now(), Password: PasswordNone,
	}
	c, err := r.beginLink(ctx, rp, kindSetup, token, from, func(ctx context.Context, tx storage.Tx, _ link) (Person, error) {
		if !from.Unmap().IsLoopback() {
			return Person{}, errSetupHost
		}
		if n, err := r.administrators(ctx, tx, "", false); err != nil || n > 0 {
			return Person{}, orElse(err, errSetupDone)
		}
		return p, p.valid()
	})
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin set-up: %w", err)
	}
	return c, nil
}

// SetupFinish makes the first administrator and signs him in.
func (r *Operators) SetupFinish(ctx context.Context, rp RP, token, key string, credential json.RawMessage, from netip.Addr) (Login, error) {
	l, err := r.finishLink(ctx, rp, kindSetup, token, key, credential, from, func(ctx context.Context, tx storage.Tx, x ceremony) error {
		if !from.Unmap().IsLoopback() {
			return errSetupHost
		}
		if n, err := r.administrators(ctx, tx, "", false); err != nil || n > 0 {
			return orElse(err, errSetupDone)
		}
		return r.insert(ctx, tx, audit.Actor{Process: "setup"}, x.person)
	})
	if err != nil {
		return Login{}, fmt.Errorf("operators: finish set-up: %w", err)
	}
	return l, nil
}

// Invite makes a link by which a person registers a passkey. A newer link voids
// the older one. Whoever opens it is that person from then on: where one
// administrator may not decide that alone it is ErrSecond without second. by is
// "" for a command on the host, which asks nobody.
func (r *Operators) Invite(ctx context.Context, by, id sekisho.PersonID, base string, second storage.Second) (Invitation, error) {
	token := newToken()
	now := r.clk.Now()
	l := link{hash: hashOf(token), kind: kindInvitation, person: id, expires: now.Add(invitationLife)}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		p, err := r.load(ctx, tx, id)
		if err != nil || !p.Active {
			return orElse(err, errInactive)
		}
		if l.seconded, err = r.seconded(ctx, tx, by, p, second); err != nil {
			return err
		}
		if err := insertLink(ctx, tx, l, now); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "person.invited", Actor: administrator(by), Object: object(id), Decision: audit.Allow,
			Detail: map[string]string{"seconded": strconv.FormatBool(l.seconded), "passkeys": strconv.Itoa(p.Passkeys)},
		})
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("operators: invite: %w", err)
	}
	return Invitation{URL: address(base, "invitation", token), Until: l.expires}, nil
}

// InviteLogin is Invite on the host, by the name that somebody signs in with.
func (r *Operators) InviteLogin(ctx context.Context, login, base string) (Invitation, error) {
	id, err := r.idOf(ctx, login)
	if err != nil {
		return Invitation{}, fmt.Errorf("operators: invite: %w", err)
	}
	return r.Invite(ctx, "", id, base, onHost)
}

// ByLogin gives who has a login, whatever its case; nobody is KindNotFound.
func (r *Operators) ByLogin(ctx context.Context, login string) (sekisho.PersonID, error) {
	return r.idOf(ctx, login)
}

func (r *Operators) idOf(ctx context.Context, login string) (id sekisho.PersonID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		var text string
		err := tx.QueryRow(ctx, "SELECT id FROM operators_people WHERE login = ?", strings.ToLower(login)).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return errUnknown
		}
		id = sekisho.PersonID(text)
		return err
	})
	return id, err
}

// InvitationBegin begins the passkey of whoever was invited.
func (r *Operators) InvitationBegin(ctx context.Context, rp RP, token string, from netip.Addr) (Ceremony, error) {
	c, err := r.beginLink(ctx, rp, kindInvitation, token, from, func(ctx context.Context, tx storage.Tx, l link) (Person, error) {
		p, err := r.load(ctx, tx, l.person)
		if err == nil && !p.Active {
			err = errInactive
		}
		return p, orElse(err, r.still(ctx, tx, l, p))
	})
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin invitation: %w", err)
	}
	return c, nil
}

// still refuses a link that one administrator made and, after what has happened
// to its person since, could not make alone any more.
func (r *Operators) still(ctx context.Context, tx storage.Tx, l link, p Person) error {
	if l.kind != kindInvitation || l.seconded {
		return nil
	}
	if needed, err := r.needsSecond(ctx, tx, p); err != nil || needed {
		return orElse(err, ErrSecond)
	}
	return nil
}

// InvitationFinish stores the passkey and signs its person in.
func (r *Operators) InvitationFinish(ctx context.Context, rp RP, token, key string, credential json.RawMessage, from netip.Addr) (Login, error) {
	l, err := r.finishLink(ctx, rp, kindInvitation, token, key, credential, from, func(context.Context, storage.Tx, ceremony) error { return nil })
	if err != nil {
		return Login{}, fmt.Errorf("operators: finish invitation: %w", err)
	}
	return l, nil
}

// beginLink begins a registration that a link allows. The link is not used yet.
func (r *Operators) beginLink(ctx context.Context, rp RP, kind, token string, from netip.Addr,
	whose func(context.Context, storage.Tx, link) (Person, error),
) (Ceremony, error) {
	if !r.failures.may(from, r.clk.Mono()) {
		return Ceremony{}, errBusy
	}
	var p Person
	err := r.db.Read(ctx, func(tx storage.Tx) error {
		l, err := loadLink(ctx, tx, kind, hashOf(token), r.clk.Now())
		if err != nil {
			return err
		}
		p, err = whose(ctx, tx, l)
		return err
	})
	if err == nil {
		var c Ceremony
		if c, err = r.register(ctx, rp, p, hashOf(token), "", sourceOf(from)); err == nil {
			return c, nil
		}
	}
	r.failures.failed(from, r.clk.Mono())
	r.log.Afterwards(refusedRow("", kind, rp, err))
	return Ceremony{}, err
}

// finishLink uses the link, stores the passkey and opens a console session, all
// in one transaction.
func (r *Operators) finishLink(ctx context.Context, rp RP, kind, token, key string, credential json.RawMessage, from netip.Addr,
	also func(context.Context, storage.Tx, ceremony) error,
) (Login, error) {
	if !r.failures.may(from, r.clk.Mono()) {
		return Login{}, errBusy
	}
	var l Login
	x, ok := r.ceremonies[rp].take(key, r.clk.Mono())
	err := error(errCeremony)
	if ok && x.link == hashOf(token) {
		var row passkeyRow
		if row, err = r.create(x, credential); err == nil {
			err = r.db.Write(ctx, func(tx storage.Tx) (err error) {
				l, err = r.viaLink(ctx, tx, kind, token, x, row, also)
				return err
			})
		}
	}
	if err != nil {
		r.failures.failed(from, r.clk.Mono())
		r.log.Afterwards(refusedRow(x.person.ID, kind, rp, err))
		return Login{}, err
	}
	r.tell(l.Person)
	return l, nil
}

func (r *Operators) viaLink(ctx context.Context, tx storage.Tx, kind, token string, x ceremony, row passkeyRow,
	also func(context.Context, storage.Tx, ceremony) error,
) (Login, error) {
	now := r.clk.Now()
	held, err := loadLink(ctx, tx, kind, hashOf(token), now)
	if err != nil {
		return Login{}, err
	}
	if err := useLink(ctx, tx, held, now); err != nil {
		return Login{}, err
	}
	if err := also(ctx, tx, x); err != nil {
		return Login{}, err
	}
	p, err := r.load(ctx, tx, x.person.ID)
	if err != nil || !p.Active {
		return Login{}, orElse(err, errInactive)
	}
	if err := r.still(ctx, tx, held, p); err != nil {
		return Login{}, err
	}
	if err := insertPasskey(ctx, tx, row, now); err != nil {
		return Login{}, err
	}
	if err := r.noteTwo(ctx, tx); err != nil {
		return Login{}, err
	}
	if err := r.log.Append(ctx, tx, registeredRow(p.ID, x.rp, audit.Actor{Person: p.ID, Process: kind})); err != nil {
		return Login{}, err
	}
	if err := r.log.Append(ctx, tx, loginRow(p.ID, kind, x.rp)); err != nil {
		return Login{}, err
	}
	p.Passkeys++
	return r.openIn(ctx, tx, p, methodPasskey, x.guard)
}
