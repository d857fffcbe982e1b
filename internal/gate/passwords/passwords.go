package passwords

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bytemare/opaque"
	"github.com/bytemare/opaque/message"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Passwords is the room.
type Passwords struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	people People

	server     *opaque.Server
	nobody     []byte // the record that answers for logins without one
	mark       []byte // HMAC key of the logins that are counted
	ceremonies *ceremonies
}

// secretName is the server's OPAQUE key material among its keys. Who loses it
// loses every password: they are set again by invitation.
const secretName = "opaque"

// ServerIdentity is the server's name in the exchange; the client's is the login
// in lower case (RFC 9807, §6.1). The page says the same.
const ServerIdentity = "sekisho"

// New makes the room on a migrated database.
func New(ctx context.Context, db *storage.DB, clk clock.Clock, log Audit, keys Keys, people People) (*Passwords, error) {
	conf := opaque.DefaultConfiguration()
	secret, err := keys.Secret(ctx, secretName, func() ([]byte, error) {
		private, public := conf.KeyGen()
		made := opaque.ServerKeyMaterial{PrivateKey: private, PublicKeyBytes: public.Encode(), OPRFGlobalSeed: conf.GenerateOPRFSeed(), Identity: []byte(ServerIdentity)}
		return made.Encode(), nil
	})
	if err != nil {
		return nil, fmt.Errorf("passwords: key: %w", err)
	}
	material, err := conf.DecodeServerKeyMaterial(secret)
	if err != nil {
		return nil, fmt.Errorf("passwords: key: %w", err)
	}
	r := &Passwords{db: db, clk: clk, log: log, people: people, ceremonies: &ceremonies{held: map[string]ceremony{}}}
	if r.server, err = conf.Server(); err != nil {
		return nil, fmt.Errorf("passwords: %w", err)
	}
	if err := r.server.SetKeyMaterial(material); err != nil {
		return nil, fmt.Errorf("passwords: key: %w", err)
	}
	if r.mark, err = hkdf.Expand(sha512.New, material.OPRFGlobalSeed, "sekisho passwords: logins that are counted", sha256.Size); err != nil {
		return nil, fmt.Errorf("passwords: key: %w", err)
	}
	fake, err := conf.GetFakeRecord(nil) // RFC 9807, §6.3.2.2
	if err != nil {
		return nil, fmt.Errorf("passwords: record of nobody: %w", err)
	}
	r.nobody = fake.Serialize()
	return r, nil
}

func (r *Passwords) marked(login string) string {
	h := hmac.New(sha256.New, r.mark)
	h.Write([]byte(login))
	return hex.EncodeToString(h.Sum(nil))
}

// Begin answers one guess at the password of a login (KE1 to KE2), if that login
// may be guessed at. The guess has been counted, and committed, when it returns.
func (r *Passwords) Begin(ctx context.Context, login string, ke1 []byte) (Begun, error) {
	login = strings.ToLower(login)
	asked, err := r.server.Deserialize.KE1(ke1)
	if err != nil {
		return Begun{}, errForm.Because(err)
	}
	now := r.clk.Now()
	x := ceremony{login: login, record: r.nobody}
	locked := false
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		person, err := r.people.PasswordHolder(ctx, tx, login)
		if err != nil {
			return err
		}
		record, err := loadRecord(ctx, tx, person)
		if err != nil {
			return err
		}
		x.person, x.record = person, record
		if record == nil {
			x.person, x.record = "", r.nobody
		}
		g, err := loadGuesses(ctx, tx, r.marked(login))
		if err != nil {
			return err
		}
		next, answer := g.count(now)
		if locked = !answer; locked {
			return nil
		}
		next.person = person
		if err := putGuesses(ctx, tx, next); err != nil {
			return err
		}
		return r.noteGuess(ctx, tx, next, now)
	})
	if err != nil {
		return Begun{}, fmt.Errorf("passwords: begin: %w", err)
	}
	if locked {
		r.log.Afterwards(refusedRow(x.person, errLocked))
		return Begun{}, errLocked
	}
	return r.answer(x, asked)
}

// noteGuess writes that a guess was answered, and that it locked the login.
func (r *Passwords) noteGuess(ctx context.Context, tx storage.Tx, g guesses, now time.Time) error {
	row := audit.Event{
		Kind: "password.guessed", Actor: audit.Actor{Process: "browser"}, Object: object(g.person),
		Detail: map[string]string{"number": strconv.Itoa(g.n)},
	}
	if err := r.log.Append(ctx, tx, row); err != nil || !now.Before(g.until) {
		return err
	}
	row.Kind, row.Decision, row.Reason = "password.locked", audit.Deny, errLocked.Code
	row.Detail = map[string]string{"seconds": strconv.Itoa(int(g.until.Sub(now) / time.Second))}
	return r.log.Append(ctx, tx, row)
}

func (r *Passwords) answer(x ceremony, asked *message.KE1) (Begun, error) {
	kept, err := r.server.Deserialize.RegistrationRecord(x.record)
	if err != nil {
		return Begun{}, fmt.Errorf("passwords: record of %s: %w", x.person, err)
	}
	login := []byte(x.login)
	ke2, out, err := r.server.GenerateKE2(asked, &opaque.ClientRecord{CredentialIdentifier: login, ClientIdentity: login, RegistrationRecord: kept})
	if err != nil {
		return Begun{}, errForm.Because(err)
	}
	x.mac = out.ClientMAC
	return Begun{ID: r.ceremonies.put(x, r.clk.Mono()), KE2: ke2.Serialize()}, nil
}

// Finish takes the proof that a guess was right (KE3). open runs in the same
// transaction and lets the person in; without it nothing is forgotten.
func (r *Passwords) Finish(ctx context.Context, id string, ke3 []byte, open func(context.Context, storage.Tx, sekisho.PersonID) error) error {
	x, ok := r.ceremonies.take(id, r.clk.Mono())
	if !ok {
		r.log.Afterwards(refusedRow("", errOver))
		return errOver
	}
	err := r.proved(x, ke3)
	if err == nil {
		err = r.db.Write(ctx, func(tx storage.Tx) error {
			if err := r.stands(ctx, tx, x); err != nil {
				return err
			}
			if err := deleteGuesses(ctx, tx, r.marked(x.login)); err != nil {
				return err
			}
			return open(ctx, tx, x.person)
		})
	}
	if err != nil {
		r.log.Afterwards(refusedRow(x.person, err))
		return fmt.Errorf("passwords: finish: %w", err)
	}
	return nil
}

func (r *Passwords) proved(x ceremony, ke3 []byte) error {
	proof, err := r.server.Deserialize.KE3(ke3)
	if err != nil {
		return errRefused.Because(err)
	}
	if err := r.server.LoginFinish(proof, x.mac); err != nil || x.person == "" {
		return errRefused.Because(err)
	}
	return nil
}

// stands says whether what answered a guess would still answer it.
func (r *Passwords) stands(ctx context.Context, tx storage.Tx, x ceremony) error {
	holder, err := r.people.PasswordHolder(ctx, tx, x.login)
	if err != nil {
		return err
	}
	record, err := loadRecord(ctx, tx, holder)
	if err != nil {
		return err
	}
	if holder == "" || holder != x.person || !bytes.Equal(record, x.record) {
		return errRefused
	}
	return nil
}

// Locked lists the people whose passwords are locked now. Logins that nobody has
// are not among them.
func (r *Passwords) Locked(ctx context.Context) (out []Locked, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = listLocked(ctx, tx, r.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("passwords: locked: %w", err)
	}
	return out, nil
}

// Unlock lets a person try again; only a supervisor may, and not for himself.
// The next lock-out is as long as it would have been: only the right password
// says that these guesses were the person's own.
func (r *Passwords) Unlock(ctx context.Context, by, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		ok, err := r.people.Holds(ctx, tx, by, sekisho.RoleSupervisor)
		if err != nil {
			return err
		}
		if !ok || by == "" || p == "" || by == p {
			return errRole
		}
		if err := unlockGuessesOf(ctx, tx, p, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "password.unlocked", Actor: audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, Object: object(p), Decision: audit.Allow,
		})
	})
	if err != nil {
		return fmt.Errorf("passwords: unlock: %w", err)
	}
	return nil
}

// Forget deletes what is kept of a person's password. Doing it twice does no harm.
func (r *Passwords) Forget(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		gone, err := deleteRecord(ctx, tx, p)
		if err != nil || !gone {
			return err
		}
		if err := deleteGuessesOf(ctx, tx, p); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "password.deleted", Actor: audit.Actor{Process: "server"}, Object: object(p), Closing: true})
	})
	if err != nil {
		return fmt.Errorf("passwords: forget: %w", err)
	}
	return nil
}

// Tidy forgets guesses that count no more: strangers' logins among them.
func (r *Passwords) Tidy(ctx context.Context) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error { return deleteOld(ctx, tx, r.clk.Now().Add(-forgetAfter)) })
	if err != nil {
		return fmt.Errorf("passwords: tidy: %w", err)
	}
	return nil
}

func object(p sekisho.PersonID) audit.Object {
	if p == "" {
		return audit.Object{Type: "door", ID: "console"}
	}
	return audit.Object{Type: "person", ID: string(p)}
}

func refusedRow(p sekisho.PersonID, err error) audit.Event {
	return audit.Event{
		Kind: "login.refused", Actor: audit.Actor{Person: p, Process: "browser"}, Object: object(p), Decision: audit.Deny, Reason: sekisho.CodeOf(err),
		Detail: map[string]string{"method": "password", "rp": "console"},
	}
}
