package evidence_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// enroller is one operator who enrols with a modified agent: he names what he likes.
type enroller struct {
	*room
	faces *faces.Faces
	by    faces.By
	key   ed25519.PrivateKey
}

// witness approves everything: that is not what these tests are about.
type witness struct{}

func (witness) Use(context.Context, storage.Tx, sekisho.ApprovalID, string, sekisho.PersonID, sekisho.DeviceID) error {
	return nil
}
func (witness) Holds(context.Context, storage.Tx, sekisho.PersonID, sekisho.Role) (bool, error) {
	return false, nil
}
func (witness) Seen(context.Context, storage.Tx, faces.By, wire.FaceEnrolment) error { return nil }

func (witness) Demo(context.Context) (bool, error) { return false, nil }

func hash(of string) string { sum := sha256.Sum256([]byte(of)); return hex.EncodeToString(sum[:]) }

func (r *room) enroller(from evidence.Origin) *enroller {
	r.t.Helper()
	if err := r.db.Migrate(ctx, faces.Schema); err != nil {
		r.t.Fatal(err)
	}
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	e := &enroller{room: r, key: key, by: faces.By{Connection: "c", Device: from.Device, Person: from.Person, LeaseKey: pub}}
	e.faces = faces.New(r.db, r.clk, faces.Deps{Witness: witness{}, Watched: witness{}, People: witness{}, Pictures: r.Evidence, Audit: r.log, Models: []string{hash("model")}})
	e.consent(true)
	return e
}

func (e *enroller) consent(yes bool) {
	e.t.Helper()
	if err := e.faces.Answer(ctx, e.by, wire.ConsentAnswer{Version: e.faces.Consent("ja").Version, Accept: yes}); err != nil {
		e.t.Fatal(err)
	}
}

func (e *enroller) enrol(picture string) error {
	return e.faces.Enrol(ctx, e.by, wire.SignWith(e.key, wire.DomainEnrol, wire.FaceEnrolment{
		Connection: "c", Person: e.by.Person, Approval: "a", Commitment: hash("face"), Model: hash("model"),
		Engine: faces.EngineStandard, Poses: 5, Picture: picture,
	}))
}

// upload sends a sealed picture for an enrolment.
func (e *enroller) upload() string {
	e.t.Helper()
	b, name := e.bundle()
	if err := e.PutPicture(ctx, e.by.Person, e.by.Device, name, bytes.NewReader(b)); err != nil {
		e.t.Fatal(err)
	}
	return name
}

func (r *room) blob(hash string) bool {
	r.t.Helper()
	_, err := r.vault.Stat(ctx, hash)
	if err != nil && !errors.Is(err, vault.ErrNotFound) {
		r.t.Fatal(err)
	}
	return err == nil
}

// TestFaceEnrolmentDeletesNoRecord: whoever was seen cannot have the record of it
// deleted by naming it as the picture of an enrolment, before or after it arrived.
func TestFaceEnrolmentDeletesNoRecord(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		record, name := r.put(from)
		e := r.enroller(from)
		if err := e.PutPicture(ctx, from.Person, from.Device, name, bytes.NewReader(record)); code(err) != "evidence.elsewhere" {
			t.Errorf("a record was taken as a picture: %v", err)
		}
		if err := e.enrol(name); code(err) != "evidence.picture" {
			t.Errorf("an enrolment names a record: %v", err)
		}
		e.consent(false)
		e.consent(true)
		if !r.blob(name) {
			t.Fatal("the record is gone")
		}
		// The other way round: first as a picture, then as the record. The server
		// then has no record of the incident, and says so.
		b, early := r.bundle()
		if err := e.PutPicture(ctx, from.Person, from.Device, early, bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		if err := r.Put(ctx, from, early, bytes.NewReader(b)); code(err) != "evidence.elsewhere" {
			t.Errorf("a picture counts as a record: %v", err)
		}
		if f, err := r.Facts(ctx, from.Incident); err != nil || f.Pictures != 1 {
			t.Errorf("%+v %v", f, err)
		}
	})
}

func TestOnePictureForOneEnrolment(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		e := r.enroller(from)
		first := e.upload()
		other := origin()
		b, foreign := r.bundle()
		if err := r.PutPicture(ctx, other.Person, from.Device, foreign, bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		for name, picture := range map[string]string{"another person's": foreign, "never uploaded": hash("nothing")} {
			if err := e.enrol(picture); code(err) != "evidence.picture" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := e.enrol(first); err != nil {
			t.Fatal(err)
		}
		if err := e.enrol(first); code(err) != "evidence.picture" {
			t.Errorf("the same picture twice: %v", err)
		}
		if !r.blob(first) {
			t.Fatal("a refused enrolment deleted the picture in force")
		}
		if body, err := r.Download(ctx, officer, first, "reason"); err != nil {
			t.Errorf("officers cannot have it: %v", err)
		} else if err := body.Close(); err != nil {
			t.Error(err)
		}
		second := e.upload()
		if err := e.enrol(second); err != nil {
			t.Fatal(err)
		}
		if r.blob(first) || !r.blob(second) {
			t.Error("the old picture is kept, or the new one is not")
		}
		r.clk.Advance(1000 * time.Hour)
		if _, err := r.Purge(ctx); err != nil || !r.blob(second) {
			t.Errorf("the picture of an enrolment in force is gone: %v", err)
		}
		e.consent(false)
		if r.blob(second) {
			t.Error("the picture is kept after the consent was taken back")
		}
		if n := len(r.search("evidence.deleted", string(from.Person))); n != 2 {
			t.Errorf("%d rows of two deletions", n)
		}
	})
}

// TestPicturesThatNoEnrolmentTakes do not fill the disk.
func TestPicturesThatNoEnrolmentTakes(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		e := r.enroller(origin())
		var names []string
		for range 5 {
			names = append(names, e.upload())
			r.clk.Advance(time.Second)
		}
		r.purge()
		for i, name := range names {
			if r.blob(name) != (i >= 3) {
				t.Errorf("picture %d: kept %v", i, r.blob(name))
			}
		}
		r.clk.Advance(time.Hour)
		r.purge()
		if r.blob(names[3]) || r.blob(names[4]) {
			t.Error("a picture waits for ever")
		}
	})
}

func (r *room) purge() {
	r.t.Helper()
	if _, err := r.Purge(ctx); err != nil {
		r.t.Fatal(err)
	}
}

// TestQuota: one person's PCs cannot fill the disk, and nobody else is kept out.
func TestQuota(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from, other := origin(), origin()
		err := r.db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO evidence_bundles (hash, incident, person, device, session, size, arrived, deleted, gone)
				VALUES (?, ?, ?, ?, '', ?, ?, 1, 1)`, hash("big"), wire.NewID(), from.Person, from.Device, 512<<20, storage.Micros(r.clk.Now()))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r.clk.Advance(time.Hour)
		b, name := r.bundle()
		for range 30 {
			if err := r.Put(ctx, from, name, bytes.NewReader(b)); code(err) != "evidence.quota" || sekisho.KindOf(err) != sekisho.KindBusy {
				t.Fatalf("beyond the day's quota: %v", err)
			}
		}
		if r.blob(name) {
			t.Error("a refused blob is kept")
		}
		if found := r.search("evidence.refused", string(from.Incident)); len(found) != 11 || found[0].Event.Reason != "evidence.quota" {
			t.Errorf("rows of thirty refusals: %d", len(found))
		}
		r.put(other)
		r.clk.Advance(24 * time.Hour)
		if err := r.Put(ctx, from, name, bytes.NewReader(b)); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

// TestCollect: a blob that no row knows is deleted after a day, and nothing else.
func TestCollect(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		_, kept := r.put(from)
		place := func(text string) string {
			t.Helper()
			name, _, err := r.vault.Put(ctx, bytes.NewReader([]byte(text)), 100)
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
		stray, young, named := place("forgotten"), place("on its way"), place("named elsewhere")
		old := r.clk.Now().Add(-25 * time.Hour)
		for _, name := range []string{kept, stray, named} {
			if err := os.Chtimes(r.folder+"/"+name[:2]+"/"+name, old, old); err != nil {
				t.Fatal(err)
			}
		}
		elsewhere := func(_ context.Context, hash string) (bool, error) { return hash == named, nil }
		if n, err := r.Collect(ctx, func(context.Context, string) (bool, error) { return false, errDisk }); n != 0 || !errors.Is(err, errDisk) {
			t.Errorf("collected without knowing: %d %v", n, err)
		}
		if n, err := r.Collect(ctx, elsewhere); n != 1 || err != nil {
			t.Errorf("%d collected, %v", n, err)
		}
		if r.blob(stray) || !r.blob(young) || !r.blob(named) || !r.blob(kept) {
			t.Error("something else was collected, or the stray blob was not")
		}
	})
}

// TestSealedToTheRosterInForce: what a PC sealed to itself does not count as
// evidence, so that the alarm of missing evidence comes.
func TestSealedToTheRosterInForce(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		mine := roster(t, r.clk.Now())
		force := r.roster
		relabelled := force
		relabelled.Version = 2
		for name, to := range map[string]sealing.Roster{"officers of his own": mine, "another version": relabelled} {
			r.roster = to
			b, hash := r.bundle()
			r.roster = force
			if err := r.Put(ctx, from, hash, bytes.NewReader(b)); code(err) != "evidence.roster" {
				t.Errorf("%s: %v", name, err)
			}
			if err := r.PutPicture(ctx, from.Person, from.Device, hash, bytes.NewReader(b)); code(err) != "evidence.roster" {
				t.Errorf("%s, as a picture: %v", name, err)
			}
		}
		if f, err := r.Facts(ctx, from.Incident); err != nil || f.Pictures != 0 {
			t.Errorf("%+v %v", f, err)
		}
	})
}
