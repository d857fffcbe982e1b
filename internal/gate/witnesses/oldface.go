package witnesses

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/showing"
)

const (
	maxSealed = 64 << 10            // bytes of a picture sealed to a witness
	oldLife   = 7 * 24 * time.Hour  // of one that was asked for
	keptLife  = 75 * 24 * time.Hour // of an older picture: a code waits 60 days for its receipt and opens for 14
)

// OldFace is an older picture that a witness has asked for, to compare with the
// face at the new PC.
type OldFace struct {
	Device  sekisho.DeviceID // the new PC
	Person  sekisho.PersonID
	Witness sekisho.PersonID // "" before anybody asked
	Key     []byte           // P-256, uncompressed: of the witness's page
	Picture string           // hash of the sealed record
	Sealed  []byte           // to Key; empty until officers have given it
	Officer sekisho.PersonID
	Asked   time.Time
	Given   time.Time
}

// Replaced notes, in the transaction that puts a PC in the place of another, what
// a witness needs at the new one. picture is that of the enrolment on the old PC,
// kept under origin. Where there is none, as nobody has enrolled on the old PC, the
// one that was kept for its own witness goes on to the new one.
func (r *Witnesses) Replaced(ctx context.Context, tx storage.Tx, old, device sekisho.DeviceID, p sekisho.PersonID, picture string, origin sekisho.DeviceID) error {
	at := storage.Micros(r.clk.Now())
	if picture == "" {
		was, err := replaced(ctx, tx, old)
		if err != nil {
			return err
		}
		if was.Person == p && !was.Done && was.Picture != "" {
			picture, origin, at = was.Picture, was.Origin, storage.Micros(was.At) // its 75 days go on: so much was promised
			if _, err := tx.Exec(ctx, "UPDATE witnesses_replacements SET picture = '', origin = '' WHERE device = ?", string(old)); err != nil {
				return err
			}
			if err := dropOld(ctx, tx, old); err != nil {
				return err
			}
		}
	}
	_, err := tx.Exec(ctx, "INSERT INTO witnesses_replacements (device, old, person, picture, origin, at, handed, done) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
		string(device), string(old), string(p), picture, string(origin), at)
	return err
}

// HandedOver notes whether a PC's code was given in person: then its witness may
// stand beside it. A code that was sent takes that back.
func (r *Witnesses) HandedOver(ctx context.Context, d sekisho.DeviceID, inPerson bool) error {
	handed := 0
	if inPerson {
		handed = 1
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE witnesses_replacements SET handed = ? WHERE device = ?", handed, string(d))
		return err
	})
	if err != nil {
		return fmt.Errorf("witnesses: handed over: %w", err)
	}
	return nil
}

// Needed says whether a PC takes a witness by video alone.
func (r *Witnesses) Needed(ctx context.Context, d sekisho.DeviceID) (yes bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		yes, err = r.NeededIn(ctx, tx, d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("witnesses: needed: %w", err)
	}
	return yes, nil
}

// NeededIn says so in a transaction.
func (r *Witnesses) NeededIn(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (bool, error) {
	was, err := replaced(ctx, tx, d)
	return was.needed(), err
}

// Keeps says whether the picture of an enrolment that has ended waits for a witness.
func (r *Witnesses) Keeps(ctx context.Context, tx storage.Tx, p sekisho.PersonID, picture string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM witnesses_replacements WHERE picture = ? AND person = ? AND done = 0", picture, string(p)).Scan(&n)
	return n > 0, err
}

// Ask has officers open the older picture for the witness whose page holds the key.
func (r *Witnesses) Ask(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, key []byte) (OldFace, error) {
	actor := audit.Actor{Person: by, Role: sekisho.RoleSupervisor}
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return OldFace{}, r.deniedOld("ask", d, actor, errKey)
	}
	var o OldFace
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := r.deps.People.Holds(ctx, tx, by, sekisho.RoleSupervisor); err != nil || !ok {
			return orElse(err, errRole)
		}
		was, err := replaced(ctx, tx, d)
		switch {
		case err != nil:
			return err
		case !was.needed() || was.Picture == "":
			return errNoOld
		case was.Person == by:
			return errOwn
		}
		o = OldFace{Device: d, Person: was.Person, Witness: by, Key: key, Picture: was.Picture, Asked: r.clk.Now()}
		if err := dropOld(ctx, tx, d); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO witnesses_oldfaces (device, witness, pubkey, asked, sealed, officer, given) VALUES (?, ?, ?, ?, ?, '', 0)",
			string(d), string(by), key, storage.Micros(o.Asked), []byte{}); err != nil {
			return err
		}
		return r.oldRow(ctx, tx, "witness.old_asked", o, actor)
	})
	if err != nil {
		return OldFace{}, r.deniedOld("ask", d, actor, err)
	}
	return o, nil
}

// Give takes the older picture as officers have sealed it to the witness's page.
// mark is that of the key to which they sealed.
func (r *Witnesses) Give(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, mark string, sealed []byte) error {
	actor := audit.Actor{Person: by, Role: sekisho.RoleOfficer}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := r.deps.People.Holds(ctx, tx, by, sekisho.RoleOfficer); err != nil || !ok {
			return orElse(err, errOfficer)
		}
		o, err := oldFace(ctx, tx, d)
		switch {
		case err != nil:
			return err
		case o.Witness == "" || r.clk.Now().Sub(o.Asked) > oldLife:
			return errNoOld
		case by == o.Person:
			return errOwn
		case len(sealed) == 0 || len(sealed) > maxSealed || mark != showing.Mark(o.Key):
			return errKey
		}
		if seen, err := sawOld(ctx, tx, o); err != nil || seen {
			return orElse(err, errCompared) // what he has compared stays what it is
		}
		o.Sealed = sealed
		if _, err := tx.Exec(ctx, "UPDATE witnesses_oldfaces SET sealed = ?, officer = ?, given = ? WHERE device = ?",
			sealed, string(by), storage.Micros(r.clk.Now()), string(d)); err != nil {
			return err
		}
		return r.oldRow(ctx, tx, "witness.old_given", o, actor)
	})
	if err != nil {
		return r.deniedOld("give", d, actor, err)
	}
	return nil
}

// See gives the older picture, sealed, to the witness of a live case, once the
// row says so.
func (r *Witnesses) See(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID) (o OldFace, err error) {
	err = r.atOldFace(ctx, "see", by, id, func(ctx context.Context, tx storage.Tx, _ Case, theirs OldFace) error {
		o = theirs
		return r.oldRow(ctx, tx, "witness.old_shown", o, witnessing(by))
	})
	return o, err
}

// Opened notes that the page of a live case's witness has opened what it was given,
// of which sealed is the SHA-256 in lowercase hex. From then on just that is part
// of what he confirms.
func (r *Witnesses) Opened(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, sealed string) error {
	return r.atOldFace(ctx, "opened", by, id, func(ctx context.Context, tx storage.Tx, c Case, o OldFace) error {
		switch {
		case sealed != o.hash():
			return errSeen
		case c.OldFace == o.name():
			return nil
		}
		c.OldFace = o.name()
		if err := move(ctx, tx, c, c.State); err != nil {
			return err
		}
		return r.oldRow(ctx, tx, "witness.old_seen", o, witnessing(by))
	})
}

// atOldFace acts, in one transaction, on the older picture that was sealed to the witness of a live case.
func (r *Witnesses) atOldFace(ctx context.Context, act string, by sekisho.PersonID, id sekisho.ApprovalID, do func(context.Context, storage.Tx, Case, OldFace) error) error {
	if _, err := r.mine(ctx, by, id); err != nil {
		return r.turnedAway(act, id, witnessing(by), err)
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		c, err := load(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case c.Witness != by:
			return ErrUnknown
		case !c.State.live():
			return errOver
		}
		o, err := oldFace(ctx, tx, c.Device)
		switch {
		case err != nil:
			return err
		case o.Witness != by || len(o.Sealed) == 0 || r.clk.Now().Sub(o.Asked) > oldLife:
			return errNoOld
		}
		return do(ctx, tx, c, o)
	})
	if err != nil {
		return r.turnedAway(act, id, witnessing(by), err)
	}
	return nil
}

// hash names what officers have handed in: the SHA-256 of the sealed picture in
// lowercase hex; "" before.
func (o OldFace) hash() string {
	if len(o.Sealed) == 0 {
		return ""
	}
	sum := sha256.Sum256(o.Sealed)
	return hex.EncodeToString(sum[:])
}

// name is how a case names what its witness has seen: of which record, and which bytes.
func (o OldFace) name() string { return o.Picture + " " + o.hash() }

// kept says how the older picture of a case stands.
func (r *Witnesses) kept(ctx context.Context, c Case) (how string, err error) {
	if c.Old == "" {
		return "", nil
	}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		o, err := oldFace(ctx, tx, c.Device)
		switch {
		case err != nil || o.Picture == "":
			return err
		case o.Witness != c.Witness || r.clk.Now().Sub(o.Asked) > oldLife:
			how = "kept"
		case len(o.Sealed) == 0:
			how = "asked"
		case c.OldFace != o.name():
			how = "given"
		default:
			how = "seen"
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("witnesses: kept: %w", err)
	}
	return how, nil
}

// Waiting lists PCs that came in the place of another and wait for a witness, with
// the older pictures that were asked for.
func (r *Witnesses) Waiting(ctx context.Context) (out []OldFace, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out = nil
		rows, err := tx.Query(ctx, oldColumns+" WHERE r.done = 0 AND r.handed = 0 ORDER BY r.at DESC, r.device")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			o, err := scanOld(rows)
			if err != nil {
				return err
			}
			out = append(out, o)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("witnesses: waiting: %w", err)
	}
	return out, nil
}

// Forget deletes older pictures that are kept of somebody who took his consent
// back, or has left.
func (r *Witnesses) Forget(ctx context.Context, p sekisho.PersonID) error {
	return r.forget(ctx, "person = ?", string(p))
}

// Kept lists those of whom an older picture is kept.
func (r *Witnesses) Kept(ctx context.Context) (out []sekisho.PersonID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out = nil
		rows, err := tx.Query(ctx, "SELECT DISTINCT person FROM witnesses_replacements WHERE picture <> ''")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p sekisho.PersonID
			if err := rows.Scan(&p); err != nil {
				return err
			}
			out = append(out, p)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("witnesses: kept: %w", err)
	}
	return out, nil
}

// Tidy deletes older pictures whose PC nobody has enrolled on in time.
func (r *Witnesses) Tidy(ctx context.Context) error {
	return r.forget(ctx, "at < ?", storage.Micros(r.clk.Now().Add(-keptLife)))
}

func (r *Witnesses) forget(ctx context.Context, where string, arg any) error {
	n := 0
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT device, person, picture, origin FROM witnesses_replacements WHERE picture <> '' AND "+where, arg)
		if err != nil {
			return err
		}
		type kept struct {
			device, origin sekisho.DeviceID
			person         sekisho.PersonID
			picture        string
		}
		list, err := func() (list []kept, err error) {
			defer rows.Close()
			for rows.Next() {
				var k kept
				if err := rows.Scan(&k.device, &k.person, &k.picture, &k.origin); err != nil {
					return nil, err
				}
				list = append(list, k)
			}
			return list, rows.Err()
		}()
		if err != nil {
			return err
		}
		n = len(list)
		for _, k := range list {
			if err := r.drop(ctx, tx, k.device, replacement{Person: k.person, Picture: k.picture, Origin: k.origin}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("witnesses: forget: %w", err)
	}
	if n == 0 {
		return nil
	}
	return r.deps.Pictures.Sweep(ctx)
}

// enrolled ends what was kept for a PC on which a face is enrolled now.
func (r *Witnesses) enrolled(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, was replacement) error {
	if was.Old == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, "UPDATE witnesses_replacements SET done = ? WHERE device = ? AND done = 0", storage.Micros(r.clk.Now()), string(d)); err != nil {
		return err
	}
	if was.Picture == "" {
		return dropOld(ctx, tx, d)
	}
	return r.drop(ctx, tx, d, was)
}

// drop deletes the older picture that is kept for a PC, sealed and handed over.
func (r *Witnesses) drop(ctx context.Context, tx storage.Tx, d sekisho.DeviceID, was replacement) error {
	if _, err := tx.Exec(ctx, "UPDATE witnesses_replacements SET picture = '' WHERE device = ?", string(d)); err != nil {
		return err
	}
	if err := dropOld(ctx, tx, d); err != nil {
		return err
	}
	if err := r.deps.Pictures.DropPicture(ctx, tx, was.Person, was.Origin, was.Picture); err != nil {
		return err
	}
	return r.deps.Audit.Append(ctx, tx, audit.Event{
		Kind: "witness.old_deleted", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(was.Person)},
		Closing: true, Detail: map[string]string{"device": string(d), "picture": was.Picture},
	})
}

func dropOld(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) error {
	_, err := tx.Exec(ctx, "DELETE FROM witnesses_oldfaces WHERE device = ?", string(d))
	return err
}

const oldColumns = `SELECT r.device, r.person, r.picture, COALESCE(o.witness, ''), o.pubkey, COALESCE(o.asked, 0), o.sealed, COALESCE(o.officer, ''), COALESCE(o.given, 0)
	FROM witnesses_replacements r LEFT JOIN witnesses_oldfaces o ON o.device = r.device`

func scanOld(row interface{ Scan(...any) error }) (o OldFace, err error) {
	var asked, given int64
	err = row.Scan(&o.Device, &o.Person, &o.Picture, &o.Witness, &o.Key, &asked, &o.Sealed, &o.Officer, &given)
	o.Asked, o.Given = storage.Time(asked), storage.Time(given)
	return o, err
}

func oldFace(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (OldFace, error) {
	o, err := scanOld(tx.QueryRow(ctx, oldColumns+" WHERE r.device = ?", string(d)))
	if errors.Is(err, sql.ErrNoRows) {
		return OldFace{}, errNoOld
	}
	return o, err
}

// sawOld says whether a witness has seen just what was handed in.
func sawOld(ctx context.Context, tx storage.Tx, o OldFace) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM witnesses_cases WHERE device = ? AND old_face = ?", string(o.Device), o.name()).Scan(&n)
	return len(o.Sealed) > 0 && n > 0, err
}

func (r *Witnesses) oldRow(ctx context.Context, tx storage.Tx, kind string, o OldFace, by audit.Actor) error {
	return r.deps.Audit.Append(ctx, tx, audit.Event{
		Kind: kind, Actor: by, Object: audit.Object{Type: "person", ID: string(o.Person)}, Decision: audit.Allow,
		Detail: map[string]string{"device": string(o.Device), "picture": o.Picture, "witness": string(o.Witness), "key": showing.Mark(o.Key), "sealed": o.hash()},
	})
}

func (r *Witnesses) deniedOld(act string, d sekisho.DeviceID, by audit.Actor, err error) error {
	r.deps.Audit.Afterwards(audit.Event{
		Kind: "witness.denied", Actor: by, Object: audit.Object{Type: "device", ID: string(d)}, Decision: audit.Deny,
		Reason: sekisho.CodeOf(err), Detail: map[string]string{"act": act},
	})
	return fmt.Errorf("witnesses: %s: %w", act, err)
}
