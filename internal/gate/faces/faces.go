package faces

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Faces is the room.
type Faces struct {
	db     *storage.DB
	clk    clock.Clock
	deps   Deps
	nonces nonces
	gates  gates

	mu          sync.RWMutex
	onWithdrawn []func(sekisho.PersonID)
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, d Deps) *Faces {
	return &Faces{
		db: db, clk: clk, deps: d,
		nonces: nonces{held: map[sekisho.ConnectionID]nonce{}},
		gates:  gates{until: map[sekisho.PersonID]time.Duration{}},
	}
}

// OnWithdrawn registers a listener for people who took their consent back: what
// was opened by their face must close.
func (r *Faces) OnWithdrawn(fn func(sekisho.PersonID)) {
	r.mu.Lock()
	r.onWithdrawn = append(r.onWithdrawn, fn)
	r.mu.Unlock()
}

// Consent is the text in force, "ja" unless "en" is asked for.
func (r *Faces) Consent(lang string) wire.ConsentText { return consentText(lang, r.deps.Contact) }

// Consented says whether a person agrees to the text in force.
func (r *Faces) Consented(ctx context.Context, p sekisho.PersonID) (ok bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		ok, err = consented(ctx, tx, p)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("faces: consented: %w", err)
	}
	return ok, nil
}

// Answer keeps a person's answer to the text in force. Anything but yes deletes
// what is kept of his face. The answer that he gave before changes nothing, and
// nothing is written: the log holds every row for ever.
func (r *Faces) Answer(ctx context.Context, by By, a wire.ConsentAnswer) error {
	if a.Version != consentVersion {
		return errVersion
	}
	var gone []Template
	var had, agreed bool // to the text in force; to whichever
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		var given bool
		if had, given, err = answered(ctx, tx, by.Person); err != nil {
			return err
		}
		if agreed, _, err = lastAnswer(ctx, tx, by.Person); err != nil {
			return err
		}
		gone = nil
		if !a.Accept {
			if gone, err = templates(ctx, tx, "person = ?", string(by.Person)); err != nil {
				return err
			}
		}
		if given && had == a.Accept && len(gone) == 0 {
			return nil
		}
		if err := insertConsent(ctx, tx, by.Person, a.Accept, r.clk.Now()); err != nil {
			return err
		}
		if err := r.forget(ctx, tx, gone); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, consentRow(by, a, had, len(gone)))
	})
	if err != nil {
		return fmt.Errorf("faces: answer: %w", err)
	}
	if a.Accept || !agreed && len(gone) == 0 {
		return nil // whoever refuses again has nothing open by his face
	}
	r.mu.RLock()
	fns := r.onWithdrawn
	r.mu.RUnlock()
	for _, fn := range fns {
		fn(by.Person)
	}
	return r.sweep(ctx)
}

func consentRow(by By, a wire.ConsentAnswer, had bool, deleted int) audit.Event {
	kind, decision := "consent.given", audit.Allow
	switch {
	case !a.Accept && had:
		kind, decision = "consent.withdrawn", audit.Deny
	case !a.Accept:
		kind, decision = "consent.refused", audit.Deny
	}
	return audit.Event{
		Kind: kind, Actor: operator(by.Person, by.Device), Object: audit.Object{Type: "person", ID: string(by.Person)},
		Decision: decision, Closing: !a.Accept,
		Detail: map[string]string{"version": fmt.Sprint(a.Version), "faces_deleted": fmt.Sprint(deleted)},
	}
}

// Enrol stores the commitment that the connection's lease key signed, with the
// witness's approval, in place of what was kept for that person on that PC.
func (r *Faces) Enrol(ctx context.Context, by By, signed wire.Signed) error {
	e, err := Opened(by, signed)
	if err != nil {
		return err
	}
	if err := r.knownEngine(ctx, e.Engine, e.Model); err != nil {
		return err
	}
	t := Template{
		Person: by.Person, Device: by.Device, Commitment: e.Commitment, Model: e.Model, Engine: e.Engine,
		Picture: e.Picture, Approval: e.Approval, At: r.clk.Now(),
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := consented(ctx, tx, by.Person); err != nil || !ok {
			return orElse(err, errConsent)
		}
		if err := r.deps.Witness.Use(ctx, tx, e.Approval, kindWitness, by.Person, by.Device); err != nil {
			return err
		}
		if err := r.deps.Watched.Seen(ctx, tx, by, e); err != nil {
			return err
		}
		old, err := replaced(ctx, tx, by.Person, by.Device)
		if err != nil {
			return err
		}
		if err := r.forget(ctx, tx, old); err != nil {
			return err
		}
		if err := r.deps.Pictures.TakePicture(ctx, tx, by.Person, by.Device, e.Picture); err != nil {
			return err
		}
		if err := insertTemplate(ctx, tx, t); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "face.enrolled", Actor: operator(by.Person, by.Device), Object: audit.Object{Type: "person", ID: string(by.Person)},
			Decision: audit.Allow,
			Detail:   map[string]string{"engine": e.Engine, "model": e.Model, "picture": e.Picture, "approval": string(e.Approval)},
		})
	})
	if err != nil {
		r.deps.Audit.Afterwards(audit.Event{
			Kind: "face.refused", Actor: operator(by.Person, by.Device), Object: audit.Object{Type: "person", ID: string(by.Person)},
			Decision: audit.Deny, Reason: sekisho.CodeOf(err),
		})
		return fmt.Errorf("faces: enrol: %w", err)
	}
	return r.sweep(ctx)
}

// kindWitness is the kind of approval that a witness gives.
const kindWitness = "face_enrolment"

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func operator(p sekisho.PersonID, d sekisho.DeviceID) audit.Actor {
	return audit.Actor{Person: p, Device: d, Role: sekisho.RoleOperator}
}

// Commitment gives what is kept of a person's face on a PC.
func (r *Faces) Commitment(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) (t Template, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		t, err = template(ctx, tx, p, d)
		return err
	})
	if err != nil {
		return Template{}, fmt.Errorf("faces: commitment: %w", err)
	}
	return t, nil
}

// ForgetDevice deletes every face kept for a PC that was returned or revoked.
func (r *Faces) ForgetDevice(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		gone, err := templates(ctx, tx, "device = ?", string(d))
		if err != nil || len(gone) == 0 {
			return err
		}
		if err := r.forget(ctx, tx, gone); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "face.deleted", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "device", ID: string(d)},
			Closing: true, Detail: map[string]string{"faces_deleted": fmt.Sprint(len(gone))},
		})
	})
	if err != nil {
		return fmt.Errorf("faces: forget device: %w", err)
	}
	return r.sweep(ctx)
}

// ForgetPerson deletes every face kept of a person who has left.
func (r *Faces) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		gone, err := templates(ctx, tx, "person = ?", string(p))
		if err != nil || len(gone) == 0 {
			return err
		}
		if err := r.forget(ctx, tx, gone); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "face.deleted", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)},
			Closing: true, Detail: map[string]string{"faces_deleted": fmt.Sprint(len(gone))},
		})
	})
	if err != nil {
		return fmt.Errorf("faces: forget person: %w", err)
	}
	return r.sweep(ctx)
}

// sweepWithin bounds a deletion that has outlived its request.
const sweepWithin = 30 * time.Second

// sweep takes dropped pictures out of the vault, whether or not the caller is
// still there: a withdrawal closes the flow that brought it.
func (r *Faces) sweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sweepWithin)
	defer cancel()
	return r.deps.Pictures.Sweep(ctx)
}

// forget deletes templates, and the pictures of their enrolments with the last
// PC on which they count.
func (r *Faces) forget(ctx context.Context, tx storage.Tx, gone []Template) error {
	for _, t := range gone {
		if err := deleteTemplate(ctx, tx, t); err != nil {
			return err
		}
		others, err := templates(ctx, tx, "person = ? AND picture = ?", string(t.Person), t.Picture)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			continue
		}
		if err := r.deps.Pictures.DropPicture(ctx, tx, t.Person, t.enrolledOn(), t.Picture); err != nil {
			return err
		}
	}
	return nil
}

// Names says whether an enrolment names a picture.
func (r *Faces) Names(ctx context.Context, hash string) (yes bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		found, err := templates(ctx, tx, "picture = ?", hash)
		yes = len(found) > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("faces: names: %w", err)
	}
	return yes, nil
}
