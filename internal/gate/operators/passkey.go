package operators

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// RP names one of the places where people sign in. A passkey made for one is
// worth nothing at the other.
type RP string

// Relying parties.
const (
	RPConsole RP = "console" // the console's own address
	RPDesk    RP = "desk"    // sekisho.localhost, which the agent serves on the PC
)

// Party configures one relying party.
type Party struct {
	ID      string   // WebAuthn RP ID: a host name without port
	Name    string   // shown by the browser
	Origins []string // exact origins, with scheme and port
}

type party struct{ web *webauthn.WebAuthn }

func newParty(cfg Party) (*party, error) {
	resident := true
	web, err := webauthn.New(&webauthn.Config{
		RPID: cfg.ID, RPDisplayName: cfg.Name, RPOrigins: cfg.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &resident, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
	})
	return &party{web}, err
}

// user is a person as WebAuthn sees one.
type user struct {
	Person
	rp   RP
	keys []webauthn.Credential
}

func (u user) WebAuthnName() string                       { return u.Login }
func (u user) WebAuthnDisplayName() string                { return u.Name }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.keys }

// WebAuthnID is the user handle. RPHome shares its RP ID with the desk, and an
// authenticator keeps one discoverable passkey for each handle of an RP ID: the
// handles differ, so that neither takes the other's place.
func (u user) WebAuthnID() []byte {
	if u.rp == RPHome {
		return []byte("home/" + u.ID)
	}
	return []byte(u.ID)
}

func (r *Operators) userOf(ctx context.Context, tx storage.Tx, p Person, rp RP) (user, error) {
	rows, err := passkeys(ctx, tx, p.ID, rp)
	if err != nil {
		return user{}, err
	}
	u := user{Person: p, rp: rp}
	for _, row := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(row.body), &c); err != nil {
			return user{}, fmt.Errorf("passkey %s: %w", row.id, err)
		}
		u.keys = append(u.keys, c)
	}
	return u, nil
}

// register begins to make a passkey for a person who need not be stored yet.
func (r *Operators) register(ctx context.Context, rp RP, p Person, linkHash, key, source string) (Ceremony, error) {
	at, ok := r.parties[rp]
	if !ok {
		return Ceremony{}, errNoPasskey
	}
	var u user
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		u, err = r.userOf(ctx, tx, p, rp)
		return err
	})
	if err != nil {
		return Ceremony{}, err
	}
	known := make([]protocol.CredentialDescriptor, len(u.keys))
	for i, k := range u.keys {
		known[i] = k.Descriptor()
	}
	creation, session, err := at.web.BeginRegistration(u, webauthn.WithExclusions(known))
	if err != nil {
		return Ceremony{}, fmt.Errorf("begin registration: %w", err)
	}
	return r.begun(key, creation.Response, ceremony{rp: rp, session: *session, person: p, link: linkHash, source: source}, p.Name)
}

// create checks the browser's answer to register and gives the row to store.
func (r *Operators) create(x ceremony, credential json.RawMessage) (passkeyRow, error) {
	if len(credential) > maxCredential {
		return passkeyRow{}, errPasskey
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return passkeyRow{}, errPasskey.Because(err)
	}
	made, err := r.parties[x.rp].web.CreateCredential(user{Person: x.person, rp: x.rp}, x.session, answer)
	if err != nil {
		return passkeyRow{}, errPasskey.Because(err)
	}
	body, err := json.Marshal(made)
	if err != nil {
		return passkeyRow{}, err
	}
	return passkeyRow{id: base64.RawURLEncoding.EncodeToString(made.ID), person: x.person.ID, rp: x.rp, body: string(body)}, nil
}

func registeredRow(p sekisho.PersonID, rp RP, by audit.Actor) audit.Event {
	return audit.Event{
		Kind: "passkey.registered", Actor: by, Object: object(p), Decision: audit.Allow, Detail: map[string]string{"rp": string(rp)},
	}
}

// BeginRegistration begins to make a passkey for somebody whom the caller has
// identified otherwise: on the desk, the person of the connection. key names
// the ceremony; a connection's id makes it the connection's own.
func (r *Operators) BeginRegistration(ctx context.Context, rp RP, id sekisho.PersonID, key string) (Ceremony, error) {
	p, err := r.Get(ctx, id)
	if err == nil && !p.Active {
		err = errInactive
	}
	if err != nil {
		return Ceremony{}, err
	}
	c, err := r.register(ctx, rp, p, "", key, key)
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin registration: %w", err)
	}
	return c, nil
}

// FinishRegistration stores the passkey. confirm runs in the same transaction
// and takes the second person's approval; without it nothing is stored.
func (r *Operators) FinishRegistration(ctx context.Context, rp RP, key string, credential json.RawMessage, confirm func(context.Context, storage.Tx) error) error {
	if confirm == nil {
		return errConfirm
	}
	x, ok := r.ceremonies[rp].take(key, r.clk.Mono())
	if !ok || x.person.ID == "" || x.link != "" {
		return errCeremony
	}
	row, err := r.create(x, credential)
	if err == nil {
		err = r.keep(ctx, x, row, confirm)
	}
	if err != nil {
		r.log.Afterwards(refusedRow(x.person.ID, "registration", rp, err))
		return fmt.Errorf("operators: finish registration: %w", err)
	}
	return nil
}

func (r *Operators) keep(ctx context.Context, x ceremony, row passkeyRow, confirm func(context.Context, storage.Tx) error) error {
	return r.db.Write(ctx, func(tx storage.Tx) error {
		p, err := r.load(ctx, tx, x.person.ID)
		if err != nil || !p.Active {
			return orElse(err, errInactive)
		}
		if err := confirm(ctx, tx); err != nil {
			return err
		}
		if err := insertPasskey(ctx, tx, row, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, registeredRow(p.ID, x.rp, audit.Actor{Person: p.ID}))
	})
}

// BeginLogin begins to sign in at rp. With a person only that person's passkeys
// will do; without one the passkey tells who it is. from is where a stranger
// asks; a connection is its own key.
func (r *Operators) BeginLogin(ctx context.Context, rp RP, id sekisho.PersonID, key string, from netip.Addr) (Ceremony, error) {
	at, ok := r.parties[rp]
	if !ok {
		return Ceremony{}, errNoPasskey
	}
	if id == "" {
		assertion, session, err := at.web.BeginDiscoverableLogin()
		if err != nil {
			return Ceremony{}, fmt.Errorf("operators: begin login: %w", err)
		}
		return r.begun(key, assertion.Response, ceremony{rp: rp, session: *session, source: sourceOf(from)}, "")
	}
	var u user
	err := r.db.Read(ctx, func(tx storage.Tx) error {
		p, err := r.load(ctx, tx, id)
		if err != nil {
			return err
		}
		u, err = r.userOf(ctx, tx, p, rp)
		return err
	})
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin login: %w", err)
	}
	if len(u.keys) == 0 {
		return Ceremony{}, errNoPasskey
	}
	assertion, session, err := at.web.BeginLogin(u)
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin login: %w", err)
	}
	return r.begun(key, assertion.Response, ceremony{rp: rp, session: *session, person: u.Person, source: sourceOf(from)}, "")
}

// Prove finishes a login without opening a console session: on the desk it is
// one half of what opens a session of class approved.
func (r *Operators) Prove(ctx context.Context, rp RP, key string, credential json.RawMessage, from netip.Addr) (sekisho.PersonID, error) {
	p, err := r.prove(ctx, rp, "", key, credential, from, nil)
	if err != nil {
		return "", fmt.Errorf("operators: prove: %w", err)
	}
	return p.ID, nil
}

// prove checks an assertion, stores the passkey's new counter and runs also in
// the same transaction. Both outcomes are in the audit log.
func (r *Operators) prove(ctx context.Context, rp RP, subject, key string, credential json.RawMessage, from netip.Addr, also func(storage.Tx, Person) error) (Person, error) {
	if !r.failures.may(from, r.clk.Mono()) {
		return Person{}, errBusy
	}
	p, row, err := r.assert(ctx, rp, key, subject, credential)
	if err == nil {
		err = r.db.Write(ctx, func(tx storage.Tx) error {
			now, err := r.load(ctx, tx, p.ID)
			if err != nil || !now.Active {
				return orElse(err, errInactive)
			}
			if err := usePasskey(ctx, tx, row, r.clk.Now()); err != nil {
				return err
			}
			if also != nil {
				if err := also(tx, now); err != nil {
					return err
				}
			}
			p = now
			return r.log.Append(ctx, tx, loginRow(p.ID, methodPasskey, rp))
		})
	}
	if err != nil {
		r.failures.failed(from, r.clk.Mono())
		r.log.Afterwards(refusedRow(p.ID, methodPasskey, rp, err))
		return Person{}, err
	}
	return p, nil
}

// assert checks the browser's answer and gives whose passkey it was, with its new
// state. subject is what the ceremony was begun for, "" for signing in.
func (r *Operators) assert(ctx context.Context, rp RP, key, subject string, credential json.RawMessage) (Person, passkeyRow, error) {
	x, ok := r.ceremonies[rp].take(key, r.clk.Mono())
	if !ok || x.subject != subject {
		return Person{}, passkeyRow{}, errCeremony
	}
	if len(credential) > maxCredential {
		return x.person, passkeyRow{}, errPasskey
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return x.person, passkeyRow{}, errPasskey.Because(err)
	}
	var u user
	find := func(_, handle []byte) (webauthn.User, error) {
		err := r.db.Read(ctx, func(tx storage.Tx) error {
			p, err := r.load(ctx, tx, sekisho.PersonID(handle))
			if err != nil {
				return err
			}
			u, err = r.userOf(ctx, tx, p, rp)
			return err
		})
		return u, err
	}
	var used *webauthn.Credential
	if x.person.ID == "" {
		_, used, err = r.parties[rp].web.ValidatePasskeyLogin(find, x.session, answer)
	} else if _, err = find(nil, []byte(x.person.ID)); err == nil {
		used, err = r.parties[rp].web.ValidateLogin(u, x.session, answer)
	}
	switch {
	case err != nil:
		return u.Person, passkeyRow{}, errPasskey.Because(err)
	case used.Authenticator.CloneWarning:
		return u.Person, passkeyRow{}, errCloned
	case !u.Active:
		return u.Person, passkeyRow{}, errInactive
	}
	body, err := json.Marshal(used)
	if err != nil {
		return u.Person, passkeyRow{}, err
	}
	return u.Person, passkeyRow{id: base64.RawURLEncoding.EncodeToString(used.ID), person: u.ID, rp: rp, body: string(body)}, nil
}
