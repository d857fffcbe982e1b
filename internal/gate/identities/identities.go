package identities

import (
	"context"
	"crypto/sha256"
	"fmt"

	"golang.org/x/oauth2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Identities is the room.
type Identities struct {
	db       *storage.DB
	clk      clock.Clock
	log      Audit
	people   People
	provider *provider // nil: there is none
	flows    flows
}

// New makes the room on a migrated database. Without an issuer nobody signs in here.
func New(db *storage.DB, clk clock.Clock, log Audit, people People, s Settings) (*Identities, error) {
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("identities: %w", err)
	}
	r := &Identities{db: db, clk: clk, log: log, people: people}
	if s.Issuer != "" {
		r.provider = newProvider(s, clk)
	}
	return r, nil
}

// Name is what the sign-in page calls the provider; "" where there is none.
func (r *Identities) Name() string {
	if r.provider == nil {
		return ""
	}
	if r.provider.settings.Name != "" {
		return r.provider.settings.Name
	}
	return "OpenID Connect"
}

// Begin sends a browser to the provider.
func (r *Identities) Begin(ctx context.Context) (Begun, error) {
	if r.provider == nil {
		return Begun{}, errOff
	}
	known, _, err := r.provider.ask(ctx)
	if err != nil {
		return Begun{}, fmt.Errorf("identities: begin: %w", err)
	}
	state, browser := secret(), secret()
	one := flow{browser: sha256.Sum256([]byte(browser)), nonce: secret(), verifier: oauth2.GenerateVerifier(), begun: r.clk.Mono()}
	if err := r.flows.begin(state, one); err != nil {
		return Begun{}, err
	}
	return Begun{URL: r.provider.address(known, state, one), Browser: browser}, nil
}

// Finish takes what the browser brought back, and runs open for the person whom
// the provider named, in one transaction. Whoever is refused leaves a row.
func (r *Identities) Finish(ctx context.Context, back Return, open func(context.Context, storage.Tx, sekisho.PersonID) error) error {
	if r.provider == nil {
		return errOff
	}
	subject, err := r.prove(ctx, back)
	var p sekisho.PersonID
	if err == nil {
		err = r.db.Write(ctx, func(tx storage.Tx) (err error) {
			if p, err = personOf(ctx, tx, r.provider.settings.Issuer, subject); err != nil {
				return err
			}
			return open(ctx, tx, p)
		})
	}
	if err != nil {
		e := audit.Event{
			Kind: "login.refused", Actor: audit.Actor{Person: p}, Object: audit.Object{Type: "person", ID: string(p)}, Decision: audit.Deny, Reason: sekisho.CodeOf(err),
			Detail: map[string]string{"method": "oidc", "rp": "console"},
		}
		if subject != "" {
			e.Personal = audit.Personal{"oidc_subject": subject}
		}
		r.log.Afterwards(e)
		return fmt.Errorf("identities: finish: %w", err)
	}
	return nil
}

func (r *Identities) prove(ctx context.Context, back Return) (subject string, err error) {
	one, err := r.flows.take(back.State, back.Browser, r.clk.Mono())
	if err != nil {
		return "", err
	}
	known, says, err := r.provider.ask(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case back.Issuer != "" && back.Issuer != r.provider.settings.Issuer, says && back.Issuer == "":
		return "", errIssuer
	case back.Error != "":
		return "", errProvider
	case back.Code == "":
		return "", errCode
	}
	return r.provider.redeem(ctx, known, back.Code, one)
}

// Judge says what a link would replace, "" where there is none, and whether one
// administrator may not make it alone.
func (r *Identities) Judge(ctx context.Context, p sekisho.PersonID, subject string) (old string, second bool, err error) {
	if r.provider == nil {
		return "", false, errOff
	}
	if !validSubject(subject) {
		return "", false, errSubject
	}
	issuer := r.provider.settings.Issuer
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if second, err = r.people.NeedsVouching(ctx, tx, p); err != nil {
			return err
		}
		if err := free(ctx, tx, p, issuer, subject); err != nil {
			return err
		}
		all, err := subjects(ctx, tx, issuer)
		old = all[p]
		return err
	})
	if err != nil {
		return "", false, fmt.Errorf("identities: judge: %w", err)
	}
	return old, second, nil
}

// Link says who somebody is at the provider. Whoever signs in there as subject
// is this person from then on: what an invitation needs, this needs, too.
func (r *Identities) Link(ctx context.Context, by, p sekisho.PersonID, subject string, second func(context.Context, storage.Tx) error) error {
	if r.provider == nil {
		return errOff
	}
	if !validSubject(subject) {
		return errSubject
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.people.Vouched(ctx, tx, by, p, second); err != nil {
			return err
		}
		if err := link(ctx, tx, p, r.provider.settings.Issuer, subject, storage.Micros(r.clk.Now())); err != nil {
			return err
		}
		if err := r.people.EndProviderSessions(ctx, tx, p); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "identity.linked", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator}, Object: audit.Object{Type: "person", ID: string(p)},
			Decision: audit.Allow, Detail: map[string]string{"issuer": r.provider.settings.Issuer}, Personal: audit.Personal{"oidc_subject": subject},
		})
	})
	if err != nil {
		return fmt.Errorf("identities: link: %w", err)
	}
	return nil
}

// Unlink takes the provider away from somebody as a way in, and ends what he opened by it.
func (r *Identities) Unlink(ctx context.Context, by, p sekisho.PersonID) error {
	return r.unlink(ctx, audit.Actor{Person: by, Role: sekisho.RoleAdministrator}, p, errNoLink)
}

// ForgetPerson is Unlink for somebody whose contract has ended.
func (r *Identities) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	return r.unlink(ctx, audit.Actor{Process: "server"}, p, nil)
}

func (r *Identities) unlink(ctx context.Context, by audit.Actor, p sekisho.PersonID, none error) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if there, err := unlink(ctx, tx, p); err != nil || !there {
			if err == nil {
				err = none
			}
			return err
		}
		if err := r.people.EndProviderSessions(ctx, tx, p); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "identity.unlinked", Actor: by, Object: audit.Object{Type: "person", ID: string(p)}, Closing: true})
	})
	if err != nil {
		return fmt.Errorf("identities: unlink: %w", err)
	}
	return nil
}

// Subjects gives who is linked to which subject of the provider in force.
func (r *Identities) Subjects(ctx context.Context) (out map[sekisho.PersonID]string, err error) {
	if r.provider == nil {
		return map[sekisho.PersonID]string{}, nil
	}
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = subjects(ctx, tx, r.provider.settings.Issuer)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("identities: subjects: %w", err)
	}
	return out, nil
}
