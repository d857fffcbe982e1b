package pools

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/wire"
)

var admin = audit.Actor{Person: "admin", Role: sekisho.RoleAdministrator}

// centre is the room with its neighbours played by hand.
type centre struct {
	*testing.T
	*Pools
	log  *audit.Log
	clk  *clock.Fake
	ca   *x509.Certificate
	key  *ecdsa.PrivateKey
	left map[sekisho.PersonID]bool // people who may not work any more
	off  map[sekisho.PersonID]bool // people off the client company's works
	bad  map[sekisho.DeviceID]bool // PCs whose certificate was revoked
	kept map[sekisho.DeviceID]map[sekisho.PersonID]string
	shut []string
}

func (c *centre) ByLogin(_ context.Context, login string) (sekisho.PersonID, error) {
	if login == "" || login == "nobody" {
		return "", sekisho.Fail(sekisho.KindNotFound, "person.unknown")
	}
	return id("person-" + login), nil
}

func (c *centre) MayWork(_ context.Context, p sekisho.PersonID) error {
	if c.left[p] {
		return sekisho.Fail(sekisho.KindDenied, "person.suspended")
	}
	return nil
}

func (c *centre) Fits(_ context.Context, d sekisho.DeviceID) error {
	if d == pc("home").id() {
		return sekisho.Fail(sekisho.KindDenied, "shared.away")
	}
	return nil
}

func (c *centre) ByCertificate(_ context.Context, d sekisho.DeviceID, cert *x509.Certificate) error {
	if c.bad[d] || cert.Subject.CommonName != string(d) {
		return sekisho.Fail(sekisho.KindDenied, "device.revoked")
	}
	return nil
}

func (c *centre) Authority() carrying.Authority {
	return carrying.Authority{CA: c.ca.Raw, Now: c.clk.Now()}
}

func (c *centre) Has(_ context.Context, client sekisho.ClientID, p sekisho.PersonID) error {
	if client == "mail-order" && !c.off[p] {
		return nil
	}
	return sekisho.Fail(sekisho.KindConflict, "pool.not_on_client")
}

func (c *centre) Carry(_ context.Context, _ storage.Tx, p sekisho.PersonID, from, to sekisho.DeviceID, commitment string) error {
	if c.kept[from][p] == "" || c.kept[from][p] != commitment {
		return sekisho.Fail(sekisho.KindDenied, "face.commitment")
	}
	c.keep(to, p, commitment)
	return nil
}

func (c *centre) keep(d sekisho.DeviceID, p sekisho.PersonID, commitment string) {
	if c.kept[d] == nil {
		c.kept[d] = map[sekisho.PersonID]string{}
	}
	c.kept[d][p] = commitment
}

func (c *centre) On(_ context.Context, _ storage.Tx, d sekisho.DeviceID) (list []sekisho.PersonID, _ error) {
	for p := range c.kept[d] {
		list = append(list, p)
	}
	slices.Sort(list)
	return list, nil
}

func (c *centre) Wipe(_ context.Context, _ storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error {
	delete(c.kept[d], p)
	return nil
}

func (c *centre) Uncarry(_ context.Context, _ storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, commitment string) error {
	if c.kept[d][p] == commitment {
		delete(c.kept[d], p)
	}
	return nil
}

func (c *centre) Sweep(context.Context) error { return nil }

// ids are made once for each name.
var ids = map[string]string{}

func id(name string) sekisho.PersonID {
	if ids[name] == "" {
		ids[name] = wire.NewID()
	}
	return sekisho.PersonID(ids[name])
}

type pc string

func (p pc) id() sekisho.DeviceID { return sekisho.DeviceID(id("pc-" + string(p))) }

func newCentre(t *testing.T, db *storage.DB) *centre {
	t.Helper()
	c := &centre{T: t, clk: clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)), left: map[sekisho.PersonID]bool{}, off: map[sekisho.PersonID]bool{}, bad: map[sekisho.DeviceID]bool{}, kept: map[sekisho.DeviceID]map[sekisho.PersonID]string{}}
	c.must(db.Migrate(t.Context(), audit.Schema, Schema))
	var err error
	c.log, err = audit.New(db, c.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	c.must(err)
	t.Cleanup(func() { c.must(c.log.Close()) })
	c.ca, c.key = authority(t, c.clk.Now())
	c.Pools = New(db, c.clk, Deps{Log: c.log, People: c, Devices: c, Clients: c, Faces: c})
	c.OnChanged(func(d sekisho.DeviceID, p sekisho.PersonID) { c.shut = append(c.shut, fmt.Sprint(d, p)) })
	return c
}

func authority(t *testing.T, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed, key
}

// issued is a PC with its certificate and its key to seal to.
type issued struct {
	key      *ecdsa.PrivateKey
	der      []byte
	identity string
	sealKey  wire.CertifiedKey
}

func (c *centre) issue(d sekisho.DeviceID, tier sekisho.Tier) issued {
	c.Helper()
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	oid, _ := wire.TierPolicy(tier)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: string(d)}, NotBefore: c.clk.Now().Add(-time.Hour), NotAfter: c.clk.Now().Add(time.Hour), Policies: []x509.OID{oid}}, c.ca, &key.PublicKey, c.key)
	c.must(err)
	identity, recipient, err := carrying.NewKey()
	c.must(err)
	k, err := carrying.Certify(key, der, wire.SealKey{Device: d, Recipient: recipient})
	c.must(err)
	return issued{key, der, identity, k}
}

func (c *centre) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *centre) wants(what string, err error, code string) {
	c.Helper()
	if sekisho.CodeOf(err) != code || err == nil {
		c.Errorf("%s: %v, want %s", what, err, code)
	}
}

func (c *centre) rows(kind string) int {
	c.Helper()
	c.must(c.log.Flush(c.Context()))
	rows, err := c.log.Search(c.Context(), audit.Filter{Kind: kind})
	c.must(err)
	return len(rows)
}

// counter is a group of aoki and baba with the PCs one and two.
func (c *centre) counter() Pool {
	c.Helper()
	p, err := c.Create(c.Context(), admin, "窓口", "")
	c.must(err)
	for _, login := range []string{"aoki", "baba"} {
		c.must(c.AddPerson(c.Context(), admin, p.ID, id("person-"+login)))
	}
	for _, d := range []pc{"one", "two"} {
		c.must(c.AddPC(c.Context(), admin, p.ID, d.id()))
	}
	return p
}

// TestWhoeverIsNotOfTheGroupIsRefusedAlike: the words tell nobody who is in it.
func TestWhoeverIsNotOfTheGroupIsRefusedAlike(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		if s, err := c.Sitter(ctx, pc("one").id(), ""); err != nil || s.Shared() {
			t.Fatalf("a PC of one person: %+v, %v", s, err)
		}
		_, err := c.Sitter(ctx, pc("one").id(), "aoki")
		c.wants("a name at a PC of one person", err, "shared.not_shared")
		c.counter()
		s, err := c.Sitter(ctx, pc("one").id(), " aoki ")
		if err != nil || s.Person != id("person-aoki") || s.Group != "窓口" {
			t.Fatalf("%+v, %v", s, err)
		}
		c.left[id("person-baba")] = true
		_, err = c.Sitter(ctx, pc("one").id(), "")
		c.wants("nobody named", err, "shared.who")
		for _, login := range []string{"chiba", "nobody", "baba", "a\x00b"} {
			s, err := c.Sitter(ctx, pc("one").id(), login)
			c.wants(login, err, "shared.not_one")
			if p := wire.ProblemOf(err, "ja"); p.Title != wire.ProblemOf(ErrNotOne, "ja").Title {
				t.Errorf("%s is told %q (%+v)", login, p.Title, s)
			}
		}
	})
}

func TestLeavingAGroupTakesEverythingThere(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		p, aoki, baba := c.counter(), id("person-aoki"), id("person-baba")
		for _, d := range []pc{"one", "two"} {
			c.keep(d.id(), aoki, "c1")
			c.keep(d.id(), baba, "c2")
		}
		c.shut = nil
		c.must(c.RemovePerson(ctx, admin, p.ID, aoki))
		if len(c.shut) != 4 { // each PC, before and after
			t.Errorf("closed: %v", c.shut)
		}
		if len(c.kept[pc("one").id()]) != 1 || len(c.kept[pc("two").id()]) != 1 {
			t.Errorf("kept: %v", c.kept)
		}
		_, err := c.MaySit(ctx, aoki, pc("one").id())
		c.wants("a moment later", err, "shared.not_one")
		c.wants("again", c.RemovePerson(ctx, admin, p.ID, aoki), "pool.not_in_it")
		c.must(c.RemovePC(ctx, admin, p.ID, pc("one").id()))
		if len(c.kept[pc("one").id()]) != 0 {
			t.Errorf("faces on a PC that left: %v", c.kept)
		}
		if shared, err := c.MaySit(ctx, baba, pc("one").id()); shared || err != nil {
			t.Errorf("%v, %v", shared, err)
		}
		c.must(c.ForgetPerson(ctx, baba))
		c.must(c.ForgetPC(ctx, pc("two").id()))
		c.must(c.End(ctx, admin, p.ID))
		if list, err := c.List(ctx); err != nil || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
		for kind, want := range map[string]int{"pool.created": 1, "pool.person_added": 2, "pool.person_removed": 2, "pool.pc_added": 2, "pool.pc_removed": 2, "pool.ended": 1} {
			if n := c.rows(kind); n != want {
				t.Errorf("%s: %d rows", kind, n)
			}
		}
	})
}

func TestWhatAGroupDoesNotTake(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		p := c.counter()
		for _, name := range []string{"", " a", "a\nb"} {
			_, err := c.Create(ctx, admin, name, "")
			c.wants("name", err, "pool.name")
		}
		_, err := c.Create(ctx, admin, "窓口", "")
		c.wants("the same name", err, "pool.name_taken")
		_, err = c.Create(ctx, admin, "委託元", "client")
		c.wants("of no such client", err, "pool.not_on_client")
		other, err := c.Create(ctx, admin, "受付", "")
		c.must(err)
		c.wants("in two groups", c.AddPC(ctx, admin, other.ID, pc("one").id()), "pool.device_elsewhere")
		c.wants("away from the office", c.AddPC(ctx, admin, other.ID, pc("home").id()), "shared.away")
		c.left[id("person-left")] = true
		c.wants("who may not work", c.AddPerson(ctx, admin, p.ID, id("person-left")), "pool.person")
		for i := range MostPeople - 2 {
			c.must(c.AddPerson(ctx, admin, p.ID, id(fmt.Sprint("person-", i))))
		}
		c.wants("one too many", c.AddPerson(ctx, admin, p.ID, id("person-one-more")), "pool.full")
		c.must(c.AddPerson(ctx, admin, p.ID, id("person-aoki"))) // is in it already
	})
}

func TestAFaceGoesToPCsOfItsGroupAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		p, aoki := c.counter(), id("person-aoki")
		one, two, out := c.issue(pc("one").id(), sekisho.TierB), c.issue(pc("two").id(), sekisho.TierB), c.issue(pc("out").id(), sekisho.TierB)
		at := func(d pc, session sekisho.SessionID) By { return By{Device: d.id(), Person: aoki, Session: session} }
		c.must(c.PutKey(ctx, at("one", ""), one.sealKey))
		c.must(c.PutKey(ctx, at("two", ""), two.sealKey))
		c.wants("a key of another PC", c.PutKey(ctx, at("one", ""), two.sealKey), "shared.uncertified")
		c.wants("a PC outside", c.PutKey(ctx, at("out", ""), out.sealKey), "shared.not_shared")
		c.keep(pc("one").id(), aoki, "c1")
		targets, err := c.Targets(ctx, at("one", "s"))
		if err != nil || len(targets) != 1 {
			t.Fatalf("%d targets, %v", len(targets), err)
		}
		from := carrying.Sender{Key: one.key, Certificate: one.der, Person: aoki, Commitment: "c1"}
		good, err := c.Authority().Seal(from, targets[0], []byte("face"))
		c.must(err)
		c.wants("without a session", c.Pools.Carry(ctx, at("one", ""), good), "shared.face_refused")
		c.wants("by another person", c.Pools.Carry(ctx, By{Device: pc("one").id(), Person: id("person-baba"), Session: "s"}, good), "shared.face_refused")
		outside, err := c.Authority().Seal(from, out.sealKey, []byte("face"))
		c.must(err)
		c.wants("to a PC outside", c.Pools.Carry(ctx, at("one", "s"), outside), "shared.uncertified")
		swapped := from
		swapped.Commitment = "c2"
		lie, err := c.Authority().Seal(swapped, targets[0], []byte("face"))
		c.must(err)
		c.wants("another face", c.Pools.Carry(ctx, at("one", "s"), lie), "face.commitment")
		c.bad[pc("one").id()] = true
		c.wants("from a PC that was revoked", c.Pools.Carry(ctx, at("one", "s"), good), "shared.uncertified")
		delete(c.bad, pc("one").id())
		c.bad[pc("two").id()] = true
		if targets, err := c.Targets(ctx, at("one", "s")); err != nil || len(targets) != 0 {
			t.Errorf("offered to a PC that was revoked: %d, %v", len(targets), err)
		}
		c.wants("to a PC that was revoked", c.Pools.Carry(ctx, at("one", "s"), good), "shared.uncertified")
		delete(c.bad, pc("two").id())

		c.must(c.Pools.Carry(ctx, at("one", "s"), good))
		if targets, err := c.Targets(ctx, at("one", "s")); err != nil || len(targets) != 0 {
			t.Errorf("%d targets after all have it, %v", len(targets), err)
		}
		waiting, err := c.Waiting(ctx, at("two", ""), "c1")
		if err != nil || waiting == nil {
			t.Fatal(waiting, err)
		}
		clear, err := c.Authority().Open(two.identity, *waiting, pc("two").id(), aoki, "c1")
		if err != nil || string(clear) != "face" {
			t.Errorf("%q, %v", clear, err)
		}
		if other, err := c.Waiting(ctx, at("two", ""), "c2"); err != nil || other != nil {
			t.Error("a face waits under another commitment", err)
		}
		c.wants("another one taken", c.Taken(ctx, at("two", ""), wire.CarryTaken{Commitment: "c2"}), "shared.nothing_waits")
		c.must(c.Taken(ctx, at("two", ""), wire.CarryTaken{Commitment: "c1", Refused: "face.template_swapped"}))
		if len(c.kept[pc("two").id()]) != 0 {
			t.Error("a face that was refused still counts")
		}
		c.must(c.Pools.Carry(ctx, at("one", "s"), good))
		c.must(c.Taken(ctx, at("two", ""), wire.CarryTaken{Commitment: "c1"}))
		if keep, err := c.Kept(ctx, pc("two").id()); err != nil || !slices.Equal(keep, []sekisho.PersonID{aoki}) {
			t.Errorf("%v, %v", keep, err)
		}
		c.must(c.RemovePerson(ctx, admin, p.ID, aoki))
		c.wants("whoever left a moment ago", c.Pools.Carry(ctx, at("one", "s"), good), "shared.not_one")
		for kind, want := range map[string]int{"pool.face_carried": 2, "pool.face_taken": 1, "pool.face_spoiled": 1, "pool.key_noted": 2} {
			if n := c.rows(kind); n != want {
				t.Errorf("%s: %d rows", kind, n)
			}
		}
		if n := c.rows("pool.face_refused"); n != 7 {
			t.Errorf("%d refusals", n)
		}
	})
}

// TestAFaceThatNoPCTakesIsDeletedInTime, and offered anew.
func TestAFaceThatNoPCTakesIsDeletedInTime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		c.counter()
		aoki := id("person-aoki")
		one, two := c.issue(pc("one").id(), sekisho.TierB), c.issue(pc("two").id(), sekisho.TierB)
		at := func(d pc, session sekisho.SessionID) By { return By{Device: d.id(), Person: aoki, Session: session} }
		c.must(c.PutKey(ctx, at("one", ""), one.sealKey))
		c.must(c.PutKey(ctx, at("two", ""), two.sealKey))
		c.keep(pc("one").id(), aoki, "c1")
		sealed, err := c.Authority().Seal(carrying.Sender{Key: one.key, Certificate: one.der, Person: aoki, Commitment: "c1"}, two.sealKey, []byte("face"))
		c.must(err)
		c.must(c.Pools.Carry(ctx, at("one", "s"), sealed))
		waits := func() bool {
			found, err := c.Waiting(ctx, at("two", ""), "c1")
			c.must(err)
			return found != nil
		}
		c.clk.Advance(carriedLife - time.Hour)
		c.must(c.Tidy(ctx))
		if !waits() || c.rows("pool.face_expired") != 0 {
			t.Fatal("deleted too early")
		}
		c.clk.Advance(2 * time.Hour)
		c.must(c.Tidy(ctx))
		c.must(c.Tidy(ctx))
		if waits() || c.rows("pool.face_expired") != 1 {
			t.Errorf("waits %v, %d rows", waits(), c.rows("pool.face_expired"))
		}
		if c.kept[pc("two").id()][aoki] != "" || c.kept[pc("one").id()][aoki] != "c1" {
			t.Errorf("kept: %v", c.kept)
		}
	})
}

// TestAGroupOfAClientIsForItsWorksAlone: whoever was put on another client's work
// since he was added is refused like anybody else, and may come back.
func TestAGroupOfAClientIsForItsWorksAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		p, err := c.Create(ctx, admin, "通販", "mail-order")
		c.must(err)
		aoki := id("person-aoki")
		c.must(c.AddPC(ctx, admin, p.ID, pc("one").id()))
		c.must(c.AddPerson(ctx, admin, p.ID, aoki))
		c.off[id("person-baba")] = true
		c.wants("on another work", c.AddPerson(ctx, admin, p.ID, id("person-baba")), "pool.not_on_client")
		if _, err := c.MaySit(ctx, aoki, pc("one").id()); err != nil {
			t.Fatal(err)
		}
		c.off[aoki] = true
		_, err = c.MaySit(ctx, aoki, pc("one").id())
		c.wants("his work there has ended", err, "shared.not_one")
		_, err = c.Sitter(ctx, pc("one").id(), "aoki")
		c.wants("his name", err, "shared.not_one")
		delete(c.off, aoki)
		if _, err := c.Sitter(ctx, pc("one").id(), "aoki"); err != nil {
			t.Error(err)
		}
	})
}

// TestAFaceGoesToNoWeakerPC, and PCs that may not have it keep nobody else waiting.
func TestAFaceGoesToNoWeakerPC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		p, aoki := c.counter(), id("person-aoki")
		by := func(d sekisho.DeviceID) By { return By{Device: d, Person: aoki, Session: "s"} }
		var soft sekisho.DeviceID
		var softKey issued
		for i := range TargetsAtOnce { // all of them before two in the list, and with keys in software
			soft = sekisho.DeviceID(fmt.Sprintf("00000000-0000-7000-8000-%012d", i))
			c.must(c.AddPC(ctx, admin, p.ID, soft))
			softKey = c.issue(soft, sekisho.TierC)
			c.must(c.PutKey(ctx, by(soft), softKey.sealKey))
		}
		two := c.issue(pc("two").id(), sekisho.TierA)
		c.must(c.PutKey(ctx, by(pc("two").id()), two.sealKey))
		one := c.issue(pc("one").id(), sekisho.TierB)
		if targets, err := c.Targets(ctx, by(pc("one").id())); err != nil || len(targets) != 0 {
			t.Errorf("%d targets of a PC that nobody knows yet, %v", len(targets), err)
		}
		c.must(c.PutKey(ctx, by(pc("one").id()), one.sealKey))
		c.keep(pc("one").id(), aoki, "c1")
		targets, err := c.Targets(ctx, by(pc("one").id()))
		if err != nil || len(targets) != 1 || !same(targets[0], two.sealKey) {
			t.Fatalf("%d targets, %v", len(targets), err)
		}
		from := carrying.Sender{Key: one.key, Certificate: one.der, Person: aoki, Commitment: "c1"}
		_, err = c.Authority().Seal(from, softKey.sealKey, []byte("face"))
		c.wants("sealed by an honest PC", err, "shared.weaker_key")
		c.wants("sealed all the same", c.Pools.Carry(ctx, by(pc("one").id()), c.sealedAnyway(one, softKey, soft, aoki)), "shared.weaker_key")
		c.must(c.Pools.Carry(ctx, by(pc("one").id()), func() wire.Carry {
			good, err := c.Authority().Seal(from, targets[0], []byte("face"))
			c.must(err)
			return good
		}()))
	})
}

// sealedAnyway is what a PC sends that does not care for what it may send.
func (c *centre) sealedAnyway(from, to issued, device sekisho.DeviceID, p sekisho.PersonID) wire.Carry {
	c.Helper()
	clone := c.issue(pc("one").id(), sekisho.TierC) // passes the check of an honest PC
	carry, err := c.Authority().Seal(carrying.Sender{Key: clone.key, Certificate: clone.der, Person: p, Commitment: "c1"}, to.sealKey, []byte("face"))
	c.must(err)
	var f wire.CarriedFace
	c.must(json.Unmarshal(carry.Statement.Payload, &f))
	if f.To != device {
		c.Fatalf("sealed for %s", f.To)
	}
	digest := wire.DeviceDigest(wire.DomainCarry, carry.Statement.Payload)
	carry.Certificate = from.der
	carry.Statement.Signature, err = from.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	c.must(err)
	return carry
}

func TestAFailureIsNoStranger(t *testing.T) {
	broken := errors.New("disk")
	if err := notOne(broken); sekisho.KindOf(err) == sekisho.KindDenied || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
