package operators

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Lives of a console session.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 30 * time.Minute
	seenEvery   = time.Minute // how exact the idle time is kept
)

// Login is a console session that has just been opened.
type Login struct {
	Token   string // the bearer, shown once
	Person  Person
	Expires time.Time
}

// How somebody signed in.
const (
	methodPasskey  = "passkey"
	methodPassword = "password"
	methodProvider = "oidc" // through the centre's identity provider: one factor
	methodDemo     = "demo" // without a passkey: demonstration data alone
)

// LogValue hides the bearer.
func (Login) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Identity is who a bearer belongs to, at this moment.
type Identity struct {
	Person  Person
	Method  string // methodPasskey, methodPassword, methodProvider or methodDemo
	Expires time.Time
}

// LogValue hides the person.
func (Identity) LogValue() slog.Value { return slog.StringValue("[hidden]") }

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FinishLogin checks the passkey and opens a console session.
func (r *Operators) FinishLogin(ctx context.Context, rp RP, key string, credential json.RawMessage, from netip.Addr) (Login, error) {
	var l Login
	_, err := r.prove(ctx, rp, "", key, credential, from, func(tx storage.Tx, p Person) (err error) {
		l, err = r.open(ctx, tx, p, methodPasskey)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("operators: finish login: %w", err)
	}
	return l, nil
}

// open stores a console session for a person.
func (r *Operators) open(ctx context.Context, tx storage.Tx, p Person, method string) (Login, error) {
	return r.openIn(ctx, tx, p, method, Guarded{})
}

// openIn is open within a guard session, if there is one.
func (r *Operators) openIn(ctx context.Context, tx storage.Tx, p Person, method string, g Guarded) (Login, error) {
	now := r.clk.Now()
	l := Login{Token: newToken(), Person: p, Expires: now.Add(sessionLife)}
	if _, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE created < ?", storage.Micros(now.Add(-sessionLife))); err != nil {
		return Login{}, err
	}
	_, err := tx.Exec(ctx, "INSERT INTO operators_sessions (hash, person, method, created, seen, guard) VALUES (?, ?, ?, ?, ?, ?)",
		hashOf(l.Token), string(p.ID), method, storage.Micros(now), storage.Micros(now), string(g.Session))
	return l, err
}

type session struct {
	person        sekisho.PersonID
	method        string
	guard         sekisho.SessionID
	created, seen time.Time
}

func loadSession(ctx context.Context, tx storage.Tx, hash string) (s session, err error) {
	var person, guard string
	var created, seen int64
	err = tx.QueryRow(ctx, "SELECT person, method, created, seen, guard FROM operators_sessions WHERE hash = ?", hash).
		Scan(&person, &s.method, &created, &seen, &guard)
	if errors.Is(err, sql.ErrNoRows) {
		return session{}, errSignedOut
	}
	s.person, s.guard, s.created, s.seen = sekisho.PersonID(person), sekisho.SessionID(guard), storage.Time(created), storage.Time(seen)
	return s, err
}

// alive says whether a session holds. A wall clock that went back before the last
// time the session was seen ends it: nobody stays in because a clock was set back.
func (s session) alive(now time.Time) bool {
	return now.Before(s.created.Add(sessionLife)) &&
		!now.Before(s.seen.Add(-seenEvery)) && now.Before(s.seen.Add(sessionIdle))
}

// Whoami gives whose bearer a token is, at the console's own address.
func (r *Operators) Whoami(ctx context.Context, token string) (Identity, error) {
	return r.WhoamiIn(ctx, token, "")
}

// whoami reads person and roles anew each time.
func (r *Operators) whoami(ctx context.Context, token string, guard sekisho.SessionID) (Identity, error) {
	var s session
	var p Person
	now := r.clk.Now()
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if s, err = loadSession(ctx, tx, hashOf(token)); err != nil {
			return err
		}
		if s.method == methodDemo {
			if demo, err := isDemo(ctx, tx); err != nil || !demo {
				return orElse(err, errSignedOut)
			}
		}
		p, err = r.load(ctx, tx, s.person)
		return err
	})
	switch {
	case err == nil && (!s.alive(now) || s.guard != guard):
		err = errSignedOut
	case err == nil && !p.Active:
		err = errInactive
	}
	if err == nil && now.Sub(s.seen) >= seenEvery {
		err = r.db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE operators_sessions SET seen = ? WHERE hash = ?", storage.Micros(now), hashOf(token))
			return err
		})
	}
	if err != nil {
		return Identity{}, err
	}
	return Identity{Person: p, Method: s.method, Expires: s.created.Add(sessionLife)}, nil
}

// Logout ends a console session; one that is not there is as good as ended.
func (r *Operators) Logout(ctx context.Context, token string) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		s, err := loadSession(ctx, tx, hashOf(token))
		if errors.Is(err, errSignedOut) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM operators_sessions WHERE hash = ?", hashOf(token)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "login.ended", Actor: audit.Actor{Person: s.person}, Object: object(s.person), Closing: true})
	})
	if err != nil {
		return fmt.Errorf("operators: logout: %w", err)
	}
	return nil
}

func loginRow(p sekisho.PersonID, method string, rp RP) audit.Event {
	return audit.Event{
		Kind: "login.accepted", Actor: audit.Actor{Person: p}, Object: object(p), Decision: audit.Allow,
		Detail: map[string]string{"method": method, "rp": string(rp)},
	}
}

func refusedRow(p sekisho.PersonID, method string, rp RP, err error) audit.Event {
	return audit.Event{
		Kind: "login.refused", Actor: audit.Actor{Person: p}, Object: object(p), Decision: audit.Deny, Reason: sekisho.CodeOf(err),
		Detail: map[string]string{"method": method, "rp": string(rp)},
	}
}
