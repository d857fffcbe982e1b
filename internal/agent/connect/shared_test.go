package connect

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

func (c farConn) Shared(context.Context) (wire.SharedPC, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shared, c.fail["shared"]
}

func (c farConn) PutSealKey(_ context.Context, k wire.CertifiedKey) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sealKey, c.shared.Key = k, true
	return nil
}

func (c farConn) TakenFace(_ context.Context, t wire.CarryTaken) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tookFaces = append(c.tookFaces, t)
	if c.shared.Waiting = nil; t.Refused != "" {
		c.me.Person.Commitment = ""
	}
	return nil
}

func (c farConn) CarryTargets(context.Context) (wire.CarryTargets, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := wire.CarryTargets{Targets: c.targets}
	return list, nil
}

func (c farConn) CarryFace(_ context.Context, f wire.Carry) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carried, c.targets = append(c.carried, f), nil
	return nil
}

// shelf is one PC of a group: its folder, its real software key, its certificate.
type shelf struct {
	*Agent
	far *farServer
	key devicekey.Key
	e   uplink.Enrolment
}

type groupCA struct {
	der  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newGroupCA(t *testing.T) groupCA {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	now := time.Now()
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return groupCA{der, cert, key}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (ca groupCA) shelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{far: &farServer{fail: map[string]error{}, bundles: map[string][]byte{}}, e: uplink.Enrolment{Device: sekisho.DeviceID(wire.NewID()), Shared: "窓口", Roots: wire.TrustRoots{CA: ca.der}}}
	dir := t.TempDir()
	var err error
	s.key, err = devicekey.Create(t.Context(), devicekey.Config{Dir: dir, Kind: devicekey.KindSoftware})
	must(t, err)
	oid, _ := wire.TierPolicy(sekisho.TierC)
	now := time.Now()
	s.e.Certificate, err = x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: string(s.e.Device)}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), Policies: []x509.OID{oid}}, ca.cert, s.key.Public(), ca.key)
	must(t, err)
	s.Agent = &Agent{parts: parts{dir: dir, clock: newClock()}, ctx: t.Context()}
	must(t, os.MkdirAll(filepath.Join(dir, "faces"), 0o700))
	return s
}

// sit does what a connection begins with.
func (s *shelf) sit(t *testing.T) (*connected, error) {
	t.Helper()
	c := &connected{conn: farConn{s.far}, enrolment: s.e, me: s.far.me}
	return c, s.share(t.Context(), s.key, c)
}

func (s *shelf) put(t *testing.T, f face) {
	t.Helper()
	place, err := sealFace(t.Context(), s.dir, s.key, f)
	must(t, err)
	must(t, place())
}

func (s *shelf) carried(t *testing.T, f face) wire.Carry {
	t.Helper()
	if _, err := s.send(farConn{s.far}, s.key, s.e, f); err != nil {
		t.Fatal(err)
	}
	if len(s.far.carried) != 1 {
		t.Fatalf("%d faces were carried", len(s.far.carried))
	}
	return s.far.carried[0]
}

func somebody(t *testing.T, seed int) (face, wire.Me) {
	t.Helper()
	p := sekisho.PersonID(wire.NewID())
	f, err := newFace(p, someTemplates(seed), "Camera A")
	must(t, err)
	return f, wire.Me{Person: wire.DeskPerson{ID: p, Consented: true, FaceUsable: true, Commitment: f.Commitment}}
}

// someTemplates are five poses of nobody.
func someTemplates(seed int) vigil.Templates {
	t := vigil.Templates{Engine: "standard", Model: strings.Repeat("0", 64)}
	v, _ := vigil.ParseVector(axis(float64(seed) / 4))
	for _, p := range vigil.Poses {
		t.Poses = append(t.Poses, vigil.Template{Pose: p, Struck: true, Vector: v})
	}
	return t
}

func TestAFaceMovesToAnotherPCOfTheGroup(t *testing.T) {
	ca := newGroupCA(t)
	one, two := ca.shelf(t), ca.shelf(t)
	f, me := somebody(t, 1)
	one.far.me, two.far.me = me, me
	two.far.shared = wire.SharedPC{Group: "窓口", Keep: []sekisho.PersonID{f.Person}}
	if _, err := two.sit(t); err != nil { // lets itself be sealed to
		t.Fatal(err)
	}
	one.far.targets = []wire.CertifiedKey{two.far.sealKey}
	waiting := one.carried(t, f)
	two.far.shared.Waiting = &waiting
	c, err := two.sit(t)
	must(t, err)
	got, err := loadFace(t.Context(), two.dir, two.key, c.me.Person)
	if err != nil || !got.is(me.Person) || !got.Carried || got.Camera != "" {
		t.Fatalf("%v", err)
	}
	if len(two.far.tookFaces) != 1 || two.far.tookFaces[0].Refused != "" {
		t.Errorf("%+v", two.far.tookFaces)
	}
	// Who was taken out of the group a moment ago loses it with the next contact, whoever connects.
	two.far.shared.Keep = nil
	if _, err := two.sit(t); err != nil {
		t.Fatal(err)
	}
	if here, err := keptFaces(two.dir); err != nil || len(here) != 0 {
		t.Errorf("%v, %v", here, err)
	}
}

func TestACarriedFaceThatIsAnothersIsRefused(t *testing.T) {
	ca := newGroupCA(t)
	one, two := ca.shelf(t), ca.shelf(t)
	f, me := somebody(t, 1)
	swapped, _ := somebody(t, 2)
	swapped.Person, swapped.Commitment = f.Person, f.Commitment // another's face under the person's words
	two.far.me = me
	two.far.shared = wire.SharedPC{Group: "窓口", Keep: []sekisho.PersonID{f.Person}}
	if _, err := two.sit(t); err != nil {
		t.Fatal(err)
	}
	one.far.targets = []wire.CertifiedKey{two.far.sealKey}
	waiting := one.carried(t, swapped)
	two.far.shared.Waiting = &waiting
	c, err := two.sit(t)
	must(t, err)
	if len(two.far.tookFaces) != 1 || two.far.tookFaces[0].Refused != errSwapped.Code || c.me.Person.Commitment != "" {
		t.Errorf("%+v", two.far.tookFaces)
	}
	if here, err := keptFaces(two.dir); err != nil || len(here) != 0 {
		t.Errorf("kept: %v, %v", here, err)
	}
}

func TestATemplateFileOfAnotherPCOrPersonOpensNothing(t *testing.T) {
	ca := newGroupCA(t)
	one, outside := ca.shelf(t), ca.shelf(t)
	f, me := somebody(t, 1)
	g, hers := somebody(t, 2)
	one.put(t, f)
	one.put(t, g)
	from, err := facePath(one.dir, f.Person)
	must(t, err)
	copied, err := facePath(outside.dir, f.Person)
	must(t, err)
	sealed, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(copied, sealed, 0o600))
	if _, err := loadFace(t.Context(), outside.dir, outside.key, me.Person); !errors.Is(err, devicekey.ErrSealed) {
		t.Errorf("a file of another PC: %v", err)
	}
	onto, err := facePath(one.dir, g.Person)
	must(t, err)
	must(t, os.WriteFile(onto, sealed, 0o600))
	swapped, err := loadFace(t.Context(), one.dir, one.key, hers.Person)
	must(t, err)
	if err := swapped.check(hers, engine{}); !errors.Is(err, errSwapped) {
		t.Errorf("another person's file: %v", err)
	}
	if own, err := loadFace(t.Context(), one.dir, one.key, me.Person); err != nil || !own.is(me.Person) {
		t.Errorf("the control: %v", err)
	}
}

func TestNothingGoesToAPCThatIsNotCertified(t *testing.T) {
	ca, foreign := newGroupCA(t), newGroupCA(t)
	one, theirs := ca.shelf(t), foreign.shelf(t)
	f, _ := somebody(t, 1)
	identity, _, err := sealIdentity(t.Context(), theirs.dir, theirs.key)
	must(t, err)
	recipient, err := carrying.Recipient(identity)
	must(t, err)
	k, err := carrying.Certify(theirs.key, theirs.e.Certificate, wire.SealKey{Device: theirs.e.Device, Recipient: recipient})
	must(t, err)
	one.far.targets = []wire.CertifiedKey{k}
	if sent, err := one.send(farConn{one.far}, one.key, one.e, f); err != nil || sent != 0 || len(one.far.carried) != 0 {
		t.Errorf("%d sent, %v", sent, err)
	}
}

// reluctant is a server that does not take what goes to one PC of the group.
type reluctant struct {
	farConn
	refused wire.Bytes // its certificate
	asked   int
}

func (r *reluctant) CarryTargets(context.Context) (wire.CarryTargets, error) {
	r.asked++
	return wire.CarryTargets{Targets: r.targets}, nil
}

func (r *reluctant) CarryFace(_ context.Context, f wire.Carry) error {
	var stated wire.CarriedFace
	if err := json.Unmarshal(f.Statement.Payload, &stated); err != nil {
		return err
	}
	leaf, err := x509.ParseCertificate(r.refused)
	if err != nil {
		return err
	}
	if leaf.Subject.CommonName == string(stated.To) {
		return sekisho.Fail(sekisho.KindDenied, "shared.uncertified")
	}
	r.carried = append(r.carried, f)
	r.targets = slices.DeleteFunc(r.targets, func(k wire.CertifiedKey) bool { return !bytes.Equal(k.Certificate, r.refused) })
	return nil
}

// One PC that the server refuses keeps the others of the group from nothing, and
// is not asked for again and again.
func TestAPCThatIsRefusedIsLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca := newGroupCA(t)
		one, two, three := ca.shelf(t), ca.shelf(t), ca.shelf(t)
		f, _ := somebody(t, 1)
		conn := &reluctant{farConn: farConn{one.far}, refused: two.e.Certificate}
		for _, s := range []*shelf{two, three} {
			identity, _, err := sealIdentity(t.Context(), s.dir, s.key)
			must(t, err)
			recipient, err := carrying.Recipient(identity)
			must(t, err)
			k, err := carrying.Certify(s.key, s.e.Certificate, wire.SealKey{Device: s.e.Device, Recipient: recipient})
			must(t, err)
			one.far.targets = append(one.far.targets, k)
		}
		sent, err := one.send(conn, one.key, one.e, f)
		if err != nil || sent != 1 || len(one.far.carried) != 1 || conn.asked != 2 {
			t.Errorf("%d sent, %d carried, asked %d times, %v", sent, len(one.far.carried), conn.asked, err)
		}
	})
}

// Whoever sits down where somebody else has stayed connected, names himself and
// presses, is connected as himself: a session of the other one closes first.
func TestAnotherOneSitsDownAtASharedPC(t *testing.T) {
	play(t, nil, func(s *stage) {
		aoki, baba := s.far.me.Person.ID, sekisho.PersonID(wire.NewID())
		s.far.shared = wire.SharedPC{Group: "窓口", Key: true, Keep: []sekisho.PersonID{aoki, baba}}
		s.openPage()
		must(t, s.ask(func() error { s.enrolment.Shared = "窓口"; return nil }))
		sits := func(login string, p sekisho.PersonID, connects int) {
			t.Helper()
			s.far.mu.Lock()
			s.far.me.Person.ID = p
			s.far.mu.Unlock()
			must(t, s.Connect(login))
			s.until(login+" in quarantine", func() bool {
				s.far.mu.Lock()
				defer s.far.mu.Unlock()
				return s.Status("").Phase == phaseQuarantine && s.far.connects == connects && s.far.named == strings.TrimSpace(login)
			})
		}
		if err := s.Connect(""); sekisho.CodeOf(err) != "shared.who" {
			t.Errorf("nobody: %v", err)
		}
		sits("aoki", aoki, 1)
		sits(" aoki ", aoki, 1) // pressed twice
		must(t, s.Connect(""))
		if n := s.far.got().connects; n != 1 {
			t.Errorf("%d connections for one person", n)
		}
		sits("baba", baba, 2)
		sits("aoki", aoki, 3)
		s.enrolFace()
		if problem := s.logIn(operator()); problem != "" || !s.Live() {
			t.Fatal("control:", problem)
		}
		s.far.mu.Lock()
		s.far.me.Person.ID = baba
		s.far.mu.Unlock()
		must(t, s.Connect("baba"))
		if s.Live() {
			t.Error("the session of the one before is still open")
		}
		sits("baba", baba, 4)
	})
}

func TestAPCThatHasEndedKeepsNobodysFace(t *testing.T) {
	ca := newGroupCA(t)
	one := ca.shelf(t)
	f, _ := somebody(t, 1)
	one.put(t, f)
	_, _, err := sealIdentity(t.Context(), one.dir, one.key)
	must(t, err)
	one.enrolment = one.e
	one.learnShared(sekisho.Fail(sekisho.KindDenied, "device.suspended"))
	if here, _ := keptFaces(one.dir); !slices.Equal(here, []sekisho.PersonID{f.Person}) {
		t.Errorf("suspended: %v", here)
	}
	one.learnShared(sekisho.Fail(sekisho.KindDenied, "device.revoked"))
	if here, err := keptFaces(one.dir); err != nil || len(here) != 0 {
		t.Errorf("%v, %v", here, err)
	}
	if _, err := os.Stat(filepath.Join(one.dir, sealKeyFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the key to seal to: %v", err)
	}
}

func TestTheKeyToSealToIsThisPCsAlone(t *testing.T) {
	ca := newGroupCA(t)
	one, two := ca.shelf(t), ca.shelf(t)
	a, fresh, err := sealIdentity(t.Context(), one.dir, one.key)
	if err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	if b, fresh, err := sealIdentity(t.Context(), one.dir, one.key); err != nil || fresh || a != b {
		t.Error("made anew", err)
	}
	if b, fresh, err := sealIdentity(t.Context(), one.dir, two.key); err != nil || !fresh || a == b {
		t.Error("opened by another PC's key", err)
	}
}
