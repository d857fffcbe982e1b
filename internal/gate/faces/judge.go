package faces

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Nonce hands a connection its next login nonce, unless the person must wait.
func (r *Faces) Nonce(ctx context.Context, c sekisho.ConnectionID, p sekisho.PersonID, d sekisho.DeviceID, challenge bool) (wire.LoginNonce, error) {
	var run int
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		run, err = failures(ctx, tx, p)
		return err
	})
	if err == nil {
		err = r.gates.may(p, run, r.clk.Mono())
	}
	if err != nil {
		return wire.LoginNonce{}, fmt.Errorf("faces: nonce: %w", err)
	}
	n := r.nonces.issue(c, p, d, challenge, r.clk.Mono())
	return wire.LoginNonce{Nonce: n.value[:], Challenge: n.challenge}, nil
}

// Spend takes a login nonce for a session that opens without a face.
func (r *Faces) Spend(c sekisho.ConnectionID, p sekisho.PersonID, value []byte) error {
	if _, ok := r.nonces.take(c, p, value, r.clk.Mono()); !ok {
		return errNonce
	}
	return nil
}

// Judge takes the statement's nonce and says whether the statement, whose
// signature was verified, opens. Refusals count towards the person's limits.
func (r *Faces) Judge(ctx context.Context, s wire.FaceStatement) error {
	turn := r.gates.turn(s.Person)
	turn.Lock()
	defer turn.Unlock()
	now := r.clk.Mono()
	n, ok := r.nonces.take(s.Connection, s.Person, s.Nonce, now)
	if !ok {
		return errNonce
	}
	var t Template
	var run int
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if run, err = failures(ctx, tx, s.Person); err != nil {
			return err
		}
		if ok, err := consented(ctx, tx, s.Person); err != nil || !ok {
			return orElse(err, errConsent)
		}
		t, err = template(ctx, tx, s.Person, n.device)
		return err
	})
	if err == nil {
		err = r.gates.may(s.Person, run, now)
	}
	if err == nil {
		err = r.knownEngine(ctx, t.Engine, t.Model)
	}
	if err != nil {
		return fmt.Errorf("faces: judge: %w", err)
	}
	verdict := matches(s, t)
	if verdict == nil && s.Challenge != n.challenge {
		verdict = errChallenge
	}
	if err := r.count(ctx, s.Person, run, verdict, nil); err != nil {
		return fmt.Errorf("faces: judge: %w", err)
	}
	return verdict
}

// Refuse takes the signed word of a PC that a login by face failed there: the
// nonce is used up, the failure counts towards the person's limits and its audit
// row is written with it.
func (r *Faces) Refuse(ctx context.Context, by By, signed wire.Signed) error {
	var s wire.FaceRefusal
	if err := signed.OpenLease(by.LeaseKey, wire.DomainRefusal, &s); err != nil {
		return errStatement.Because(err)
	}
	if s.Connection != by.Connection || s.Person != by.Person {
		return errStatement
	}
	turn := r.gates.turn(by.Person)
	turn.Lock()
	defer turn.Unlock()
	if _, ok := r.nonces.take(by.Connection, by.Person, s.Nonce, r.clk.Mono()); !ok {
		return errNonce
	}
	if !slices.Contains(wire.FaceRefusals, s.Reason) {
		return errMalformed
	}
	var run int
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		run, err = failures(ctx, tx, by.Person)
		return err
	})
	if err == nil {
		err = r.count(ctx, by.Person, run, sekisho.Fail(sekisho.KindDenied, s.Reason), &audit.Event{
			Kind: "login.refused", Actor: operator(by.Person, by.Device), Object: audit.Object{Type: "connection", ID: string(by.Connection)},
			Decision: audit.Deny, Reason: s.Reason, Closing: true, Detail: map[string]string{"method": "face", "judged": "pc"},
		})
	}
	if err != nil {
		return fmt.Errorf("faces: refuse: %w", err)
	}
	return nil
}

// count keeps the failures in a row, with the row that tells of one if there is
// one. A failure that cannot be kept refuses.
func (r *Faces) count(ctx context.Context, p sekisho.PersonID, run int, verdict error, row *audit.Event) error {
	next := 0
	if verdict != nil {
		next = run + 1
	}
	if next == run {
		return nil
	}
	r.gates.failed(p, next, r.clk.Mono())
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := setFailures(ctx, tx, p, next); err != nil || row == nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, *row)
	})
	if err != nil {
		return errors.Join(err, verdict)
	}
	if next == maxFailures {
		r.deps.Audit.Afterwards(audit.Event{
			Kind: "face.locked", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)},
			Decision: audit.Deny, Reason: "face.locked", Closing: true,
		})
	}
	return nil
}

// Clear lets a person try again; only a supervisor may, and not for himself.
func (r *Faces) Clear(ctx context.Context, by, p sekisho.PersonID) error {
	turn := r.gates.turn(p)
	turn.Lock()
	defer turn.Unlock()
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		ok, err := r.deps.People.Holds(ctx, tx, by, sekisho.RoleSupervisor)
		if err != nil || !ok || by == "" || by == p {
			return orElse(err, errRole)
		}
		if err := setFailures(ctx, tx, p, 0); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "face.cleared", Actor: audit.Actor{Person: by, Role: sekisho.RoleSupervisor},
			Object: audit.Object{Type: "person", ID: string(p)}, Decision: audit.Allow,
		})
	})
	if err != nil {
		return fmt.Errorf("faces: clear: %w", err)
	}
	r.gates.failed(p, 0, r.clk.Mono())
	return nil
}

// knownEngine refuses embedders that this centre does not use, and the
// demonstration engine outside demonstration data.
func (r *Faces) knownEngine(ctx context.Context, engine, model string) error {
	switch engine {
	case EngineStandard:
		if slices.Contains(r.deps.Models, model) {
			return nil
		}
		return errModel
	case EngineDemo:
		demo, err := r.deps.People.Demo(ctx)
		if err != nil {
			return err
		}
		if demo {
			return nil
		}
	}
	return errEngine
}
