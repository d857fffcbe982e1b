package operators

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// RPHome is the console as the agent of an issued PC serves it. It has the
// desk's WebAuthn RP ID, and passkeys of its own: what a supervisor may let an
// operator register at the desk does not make anybody a supervisor.
const RPHome RP = "home"

const (
	kindHome = "home"
	homeLife = 24 * time.Hour
	homeCode = 20 // characters of base32 (RFC 4648 §6): 100 random bits
	// subjectCode is what a person says yes to who wants a code.
	subjectCode = "code for the passkey of an issued PC"
)

// Guarded is the guard session of an issued PC, and whose it is: a console
// session that is opened from there is his, and lives in it.
type Guarded struct {
	Session sekisho.SessionID
	Person  sekisho.PersonID
}

func (g Guarded) subject() string { return "home " + string(g.Session) }

// HomeCode lets its person register a passkey at an issued PC. Show it once.
type HomeCode struct {
	Code  string // four groups of five characters
	Until time.Time
}

// LogValue hides the code, which with the person's face is as good as a passkey.
func (HomeCode) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// ErrHomePerson refuses a code or a link that is somebody else's than the one who
// sits at the PC.
var ErrHomePerson = sekisho.Fail(sekisho.KindDenied, "home.other_person")

// HomeCodeBegin begins the proof that a person is himself, with a passkey of the
// relying party where he is signed in.
func (r *Operators) HomeCodeBegin(ctx context.Context, rp RP, id sekisho.PersonID, from netip.Addr) (Ceremony, error) {
	return r.BeginConfirm(ctx, rp, id, subjectCode, from)
}

// HomeCode makes the code once that proof is there. In demonstration data people
// without a passkey need none. A newer code voids the older one.
func (r *Operators) HomeCode(ctx context.Context, rp RP, id sekisho.PersonID, key string, credential json.RawMessage, from netip.Addr) (HomeCode, error) {
	p, err := r.Get(ctx, id)
	if err != nil {
		return HomeCode{}, err
	}
	demo, err := r.Demo(ctx)
	if err != nil {
		return HomeCode{}, err
	}
	if !demo || p.Passkeys > 0 {
		if err := r.FinishConfirm(ctx, rp, id, subjectCode, key, credential, from); err != nil {
			return HomeCode{}, err
		}
	}
	code, now := newHomeCode(), r.clk.Now()
	l := link{hash: hashOf(code), kind: kindHome, person: id, expires: now.Add(homeLife)}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		p, err := r.load(ctx, tx, id)
		if err != nil || !p.Active {
			return orElse(err, errInactive)
		}
		if err := insertLink(ctx, tx, l, now); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "passkey.home_code", Actor: audit.Actor{Person: id}, Object: object(id), Decision: audit.Allow, Detail: map[string]string{"rp": string(rp)},
		})
	})
	if err != nil {
		return HomeCode{}, fmt.Errorf("operators: code for an issued PC: %w", err)
	}
	return HomeCode{Code: grouped(code), Until: l.expires}, nil
}

func newHomeCode() string {
	var b [13]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return base32.StdEncoding.EncodeToString(b[:])[:homeCode]
}

func grouped(code string) string {
	var groups []string
	for len(code) > 5 {
		groups, code = append(groups, code[:5]), code[5:]
	}
	return strings.Join(append(groups, code), "-")
}

// homeKind tells a code from the token of an invitation, and gives either as it
// is kept.
func homeKind(text string) (kind, token string) {
	code := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(text))
	if len(code) == homeCode {
		return kindHome, code
	}
	return kindInvitation, text
}

// HomeRegisterBegin begins the passkey of whoever sits at an issued PC, by his
// code or by an invitation of his.
func (r *Operators) HomeRegisterBegin(ctx context.Context, g Guarded, text string, from netip.Addr) (Ceremony, error) {
	kind, token := homeKind(text)
	c, err := r.beginLink(ctx, RPHome, kind, token, from, func(ctx context.Context, tx storage.Tx, l link) (Person, error) {
		p, err := r.load(ctx, tx, l.person)
		switch {
		case err != nil:
			return p, err
		case p.ID != g.Person:
			return p, ErrHomePerson
		case !p.Active:
			return p, errInactive
		}
		return p, r.still(ctx, tx, l, p)
	})
	if err == nil {
		err = r.bind(c.ID, g, "")
	}
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin a passkey of an issued PC: %w", err)
	}
	return c, nil
}

// HomeRegisterFinish stores the passkey and signs its person in there.
func (r *Operators) HomeRegisterFinish(ctx context.Context, g Guarded, text, key string, credential json.RawMessage, from netip.Addr) (Login, error) {
	kind, token := homeKind(text)
	l, err := r.finishLink(ctx, RPHome, kind, token, key, credential, from, func(_ context.Context, _ storage.Tx, x ceremony) error {
		if x.guard != g || x.person.ID != g.Person {
			return errCeremony
		}
		return nil
	})
	if err != nil {
		return Login{}, fmt.Errorf("operators: finish a passkey of an issued PC: %w", err)
	}
	return l, nil
}

// HomeLoginBegin begins to sign in from an issued PC: only passkeys of whoever
// sits there will do.
func (r *Operators) HomeLoginBegin(ctx context.Context, g Guarded, from netip.Addr) (Ceremony, error) {
	if g.Person == "" || g.Session == "" {
		return Ceremony{}, errCeremony
	}
	c, err := r.BeginLogin(ctx, RPHome, g.Person, "", from)
	if err == nil {
		err = r.bind(c.ID, g, g.subject())
	}
	return c, err
}

// HomeLogin finishes it and opens the console session.
func (r *Operators) HomeLogin(ctx context.Context, g Guarded, key string, credential json.RawMessage, from netip.Addr) (Login, error) {
	var l Login
	_, err := r.prove(ctx, RPHome, g.subject(), key, credential, from, func(tx storage.Tx, p Person) (err error) {
		if p.ID != g.Person {
			return errPasskey
		}
		l, err = r.openIn(ctx, tx, p, methodPasskey, g)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("operators: sign in from an issued PC: %w", err)
	}
	return l, nil
}

// HomeDemo signs whoever sits at an issued PC in without a passkey, in
// demonstration data alone, and nobody else.
func (r *Operators) HomeDemo(ctx context.Context, g Guarded, id sekisho.PersonID) (Login, error) {
	var l Login
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if demo, err := isDemo(ctx, tx); err != nil || !demo {
			return orElse(err, errNoDemo)
		}
		if id != g.Person || g.Session == "" {
			return ErrHomePerson
		}
		p, err := r.load(ctx, tx, id)
		if err != nil || !p.Active {
			return orElse(err, errInactive)
		}
		if l, err = r.openIn(ctx, tx, p, methodDemo, g); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, loginRow(p.ID, methodDemo, RPHome))
	})
	if err != nil {
		r.log.Afterwards(refusedRow(g.Person, methodDemo, RPHome, err))
		return Login{}, fmt.Errorf("operators: demo login from an issued PC: %w", err)
	}
	return l, nil
}

// HomeKeys counts the passkeys that a person has for issued PCs.
func (r *Operators) HomeKeys(ctx context.Context, id sekisho.PersonID) (n int, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		keys, err := passkeys(ctx, tx, id, RPHome)
		n = len(keys)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("operators: passkeys of issued PCs: %w", err)
	}
	return n, nil
}

// WhoamiIn is Whoami for a bearer of a guard session, "" for none: a bearer is
// worth nothing but where it was made.
func (r *Operators) WhoamiIn(ctx context.Context, token string, guard sekisho.SessionID) (Identity, error) {
	i, err := r.whoami(ctx, token, guard)
	if err != nil {
		return Identity{}, fmt.Errorf("operators: whoami: %w", err)
	}
	return i, nil
}

// EndGuarded ends the console sessions of a guard session; it is called for one
// that has ended already.
func (r *Operators) EndGuarded(ctx context.Context, g Guarded) error {
	if g.Session == "" {
		return nil
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		res, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE guard = ?", string(g.Session))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "login.ended", Actor: audit.Actor{Person: g.Person}, Object: object(g.Person), Session: g.Session, Closing: true})
	})
	if err != nil {
		return fmt.Errorf("operators: end the console of a guard session: %w", err)
	}
	return nil
}

// bind ties a ceremony that has just begun to a guard session.
func (r *Operators) bind(key string, g Guarded, subject string) error {
	held := r.ceremonies[RPHome]
	x, ok := held.take(key, r.clk.Mono())
	if !ok {
		return errCeremony
	}
	x.guard, x.subject = g, subject
	held.put(key, x, r.clk.Mono())
	return nil
}
