package carrying

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

var now = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// machine is a PC with what it needs.
type machine struct {
	id       sekisho.DeviceID
	key      *ecdsa.PrivateKey
	der      []byte
	identity string
	stated   wire.CertifiedKey
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) (Authority, signer) {
	t.Helper()
	key := newKey(t)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return Authority{CA: der, Now: now}, signer{cert, key}
}

func (s signer) machine(t testing.TB, tier sekisho.Tier) machine {
	t.Helper()
	m := machine{id: sekisho.DeviceID(wire.NewID()), key: newKey(t)}
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: string(m.id)}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	if oid, ok := wire.TierPolicy(tier); ok {
		template.Policies = []x509.OID{oid}
	}
	var err error
	m.der, err = x509.CreateCertificate(rand.Reader, template, s.cert, &m.key.PublicKey, s.key)
	must(t, err)
	var recipient string
	m.identity, recipient, err = NewKey()
	must(t, err)
	m.stated, err = Certify(m.key, m.der, wire.SealKey{Device: m.id, Recipient: recipient})
	must(t, err)
	return m
}

func TestAFaceOpensWhereAndForWhomItWasSealed(t *testing.T) {
	a, s := newAuthority(t)
	from, to, third := s.machine(t, sekisho.TierB), s.machine(t, sekisho.TierA), s.machine(t, sekisho.TierB)
	person := sekisho.PersonID(wire.NewID())
	c, err := a.Seal(Sender{Key: from.key, Certificate: from.der, Person: person, Commitment: "c1"}, to.stated, []byte("face"))
	must(t, err)
	if clear, err := a.Open(to.identity, c, to.id, person, "c1"); err != nil || string(clear) != "face" {
		t.Fatalf("%q, %v", clear, err)
	}
	forged := c
	forged.Sealed, err = seal(mustRecipient(t, to.identity), []byte("another face"))
	must(t, err)
	relabelled, err := sign(third.key, wire.DomainCarry, wire.CarriedFace{Person: person, From: from.id, To: to.id, Commitment: "c1"})
	must(t, err)
	stranger, foreign := newAuthority(t)
	_ = stranger
	theirs := foreign.machine(t, sekisho.TierB)
	outside, err := sign(theirs.key, wire.DomainCarry, wire.CarriedFace{Person: person, From: theirs.id, To: to.id, Commitment: "c1"})
	must(t, err)
	for name, try := range map[string]func() ([]byte, error){
		"on another PC":            func() ([]byte, error) { return a.Open(third.identity, c, third.id, person, "c1") },
		"with another PC's key":    func() ([]byte, error) { return a.Open(third.identity, c, to.id, person, "c1") },
		"for another person":       func() ([]byte, error) { return a.Open(to.identity, c, to.id, sekisho.PersonID(wire.NewID()), "c1") },
		"with another commitment":  func() ([]byte, error) { return a.Open(to.identity, c, to.id, person, "c2") },
		"without a commitment":     func() ([]byte, error) { return a.Open(to.identity, c, to.id, person, "") },
		"replaced under the words": func() ([]byte, error) { return a.Open(to.identity, forged, to.id, person, "c1") },
		"signed by another PC": func() ([]byte, error) {
			return a.Open(to.identity, wire.Carry{Sealed: c.Sealed, Certificate: c.Certificate, Statement: relabelled}, to.id, person, "c1")
		},
		"signed by a foreign centre": func() ([]byte, error) {
			return a.Open(to.identity, wire.Carry{Sealed: c.Sealed, Certificate: theirs.der, Statement: outside}, to.id, person, "c1")
		},
		"cut short": func() ([]byte, error) {
			return a.Open(to.identity, wire.Carry{Sealed: c.Sealed[:9], Certificate: c.Certificate, Statement: c.Statement}, to.id, person, "c1")
		},
	} {
		if clear, err := try(); err == nil || clear != nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func mustRecipient(t *testing.T, identity string) string {
	t.Helper()
	r, err := Recipient(identity)
	must(t, err)
	return r
}

func TestNothingIsSealedToAKeyThatNobodyVouchesFor(t *testing.T) {
	a, s := newAuthority(t)
	from, to := s.machine(t, sekisho.TierB), s.machine(t, sekisho.TierB)
	_, foreign := newAuthority(t)
	theirs, software, none := foreign.machine(t, sekisho.TierA), s.machine(t, sekisho.TierC), s.machine(t, sekisho.TierNone)
	late := a
	late.Now = now.Add(2 * time.Hour)
	other := to.stated
	other.Certificate = from.der // the key of one PC under the certificate of another
	stolen, err := Certify(from.key, from.der, wire.SealKey{Device: to.id, Recipient: mustRecipient(t, to.identity)})
	must(t, err)
	noise, err := Certify(to.key, to.der, wire.SealKey{Device: to.id, Recipient: "age1noise"})
	must(t, err)
	sender := Sender{Key: from.key, Certificate: from.der, Person: sekisho.PersonID(wire.NewID()), Commitment: "c"}
	for name, try := range map[string]struct {
		a    Authority
		to   wire.CertifiedKey
		want error
	}{
		"a foreign certificate":        {a, theirs.stated, ErrUncertified},
		"no certificate":               {a, wire.CertifiedKey{Statement: to.stated.Statement}, ErrUncertified},
		"one that is over":             {late, to.stated, ErrUncertified},
		"one without a tier":           {a, none.stated, ErrUncertified},
		"a key of another PC":          {a, other, ErrUncertified},
		"a name of another PC":         {a, stolen, ErrUncertified},
		"noise":                        {a, noise, ErrUncertified},
		"from a TPM to a software key": {a, software.stated, ErrWeaker},
	} {
		if c, err := try.a.Seal(sender, try.to, []byte("face")); !errors.Is(err, try.want) || len(c.Sealed) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	weak := Sender{Key: software.key, Certificate: software.der, Person: sender.Person, Commitment: "c"}
	if _, err := a.Seal(weak, to.stated, []byte("face")); err != nil { // upwards
		t.Error(err)
	}
	if _, err := a.Seal(sender, to.stated, make([]byte, wire.MaxCarried)); !errors.Is(err, ErrCarried) {
		t.Errorf("too long: %v", err)
	}
}

// FuzzOpen: whatever a server hands out, nothing but what was sealed opens.
func FuzzOpen(f *testing.F) {
	a, s := newAuthority(f)
	from, to := s.machine(f, sekisho.TierB), s.machine(f, sekisho.TierB)
	person := sekisho.PersonID(wire.NewID())
	c, err := a.Seal(Sender{Key: from.key, Certificate: from.der, Person: person, Commitment: "c"}, to.stated, []byte("face"))
	must(f, err)
	good, err := json.Marshal(c)
	must(f, err)
	f.Add(good)
	f.Add([]byte(`{"sealed":"","certificate":"","statement":{"payload":"e30","signature":""}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c wire.Carry
		if json.Unmarshal(b, &c) != nil {
			return
		}
		if clear, err := a.Open(to.identity, c, to.id, person, "c"); err == nil && string(clear) != "face" {
			t.Errorf("opened %q", clear)
		}
	})
}
