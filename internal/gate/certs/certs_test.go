package certs_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/wire"
)

// ground is an authority on a real database with a clock that the test moves.
type ground struct {
	db  *storage.DB
	clk *clock.Fake
	log *audit.Log
	key *seal.Keys
	*certs.Authority
}

func newGround(t *testing.T, db *storage.DB) *ground {
	t.Helper()
	if err := db.Migrate(t.Context(), seal.Schema, audit.Schema, certs.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "master"))
	if err != nil {
		t.Fatal(err)
	}
	g := &ground{db: db, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))}
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if g.log, err = audit.New(db, g.clk, signer, "test.example/log"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.log.Close(); err != nil {
			t.Error(err)
		}
	})
	g.key = seal.NewKeys(db, g.clk, box)
	g.Authority = g.start(t)
	return g
}

// start is the authority as another process, or the next start, sees it.
func (g *ground) start(t *testing.T) *certs.Authority {
	t.Helper()
	a, err := certs.New(t.Context(), g.db, g.key, g.clk, g.log, certs.Config{Names: []string{"gate.example", "127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func request(t testing.TB, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "whatever the PC likes"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (g *ground) issue(t *testing.T, a *certs.Authority, csr []byte, device sekisho.DeviceID, tier sekisho.Tier) *x509.Certificate {
	t.Helper()
	var der []byte
	err := g.db.Write(t.Context(), func(tx storage.Tx) (err error) {
		der, _, err = a.IssueDevice(t.Context(), tx, csr, device, tier)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func newDevice() sekisho.DeviceID { return sekisho.DeviceID(wire.NewID()) }

func wantCheck(t *testing.T, a *certs.Authority, cert *x509.Certificate, device sekisho.DeviceID, tier sekisho.Tier, want error) {
	t.Helper()
	d, tr, err := a.Check(t.Context(), cert)
	if d != device || tr != tier || !errors.Is(err, want) {
		t.Errorf("Check = %q, %q, %v; want %q, %q, %v", d, tr, err, device, tier, want)
	}
}

func TestIssueAndCheck(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, key, device := newGround(t, db), newKey(t), newDevice()
		for _, tier := range []sekisho.Tier{sekisho.TierA, sekisho.TierB, sekisho.TierC} {
			cert := g.issue(t, g.Authority, request(t, key), device, tier)
			wantCheck(t, g.Authority, cert, device, tier, nil)
			if cert.Subject.CommonName != string(device) {
				t.Errorf("the subject is %q, want the device and nothing of the request", cert.Subject)
			}
			if got := cert.NotAfter.Sub(g.clk.Now()); got != certs.DeviceLife {
				t.Errorf("lives %v, want %v", got, certs.DeviceLife)
			}
		}
		wantCheck(t, g.Authority, nil, "", "", certs.ErrRequired)
		found, err := g.log.Search(t.Context(), audit.Filter{Kind: "certificate.issued"})
		if err != nil || len(found) != 3 {
			t.Errorf("%d audit rows of three certificates, %v", len(found), err)
		}
	})
}

func TestNoCertificateWithoutTier(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	for _, tier := range []sekisho.Tier{sekisho.TierNone, "D"} {
		err := g.db.Write(t.Context(), func(tx storage.Tx) error {
			_, _, err := g.IssueDevice(t.Context(), tx, request(t, newKey(t)), newDevice(), tier)
			return err
		})
		if err == nil {
			t.Errorf("a certificate for tier %q was issued", tier)
		}
	}
	err := g.db.Write(t.Context(), func(tx storage.Tx) error {
		_, _, err := g.IssueDevice(t.Context(), tx, request(t, newKey(t)), "../etc", sekisho.TierB)
		return err
	})
	if err == nil {
		t.Error("a certificate for a name that is no device was issued")
	}
}

func TestCheckRefusesByDates(t *testing.T) {
	g, device := newGround(t, storagetest.SQLite(t)), newDevice()
	cert := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
	g.clk.Jump(certs.DeviceLife)
	wantCheck(t, g.Authority, cert, device, sekisho.TierB, nil)
	g.clk.Jump(time.Second)
	wantCheck(t, g.Authority, cert, device, sekisho.TierNone, certs.ErrExpired)
	g.clk.Jump(-certs.DeviceLife - time.Hour)
	wantCheck(t, g.Authority, cert, device, sekisho.TierNone, certs.ErrExpired)
}

func TestCheckRefusesRevoked(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, device, other := newGround(t, db), newDevice(), newDevice()
		first := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
		second := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
		others := g.issue(t, g.Authority, request(t, newKey(t)), other, sekisho.TierB)
		elsewhere := g.start(t) // a second node has nothing to hear: it asks the table
		err := g.db.Write(t.Context(), func(tx storage.Tx) error { return g.Revoke(t.Context(), tx, device) })
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range []*certs.Authority{g.Authority, elsewhere} {
			wantCheck(t, a, first, device, sekisho.TierNone, certs.ErrRevoked)
			wantCheck(t, a, second, device, sekisho.TierNone, certs.ErrRevoked)
			wantCheck(t, a, others, other, sekisho.TierB, nil)
		}
	})
}

func TestUncommittedCertificateIsUnknown(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, failed := newGround(t, db), errors.New("the act failed")
		var der []byte
		err := g.db.Write(t.Context(), func(tx storage.Tx) (err error) {
			if der, _, err = g.IssueDevice(t.Context(), tx, request(t, newKey(t)), newDevice(), sekisho.TierB); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		wantCheck(t, g.Authority, cert, "", "", certs.ErrUnknown)
	})
}

func TestCheckRefusesWhatIsNotOurs(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	key, device := newKey(t), newDevice()
	ours := g.issue(t, g.Authority, request(t, key), device, sekisho.TierB)
	stranger := newGround(t, storagetest.SQLite(t))
	wantCheck(t, g.Authority, stranger.issue(t, stranger.Authority, request(t, key), device, sekisho.TierB), "", "", certs.ErrUnknown)

	// One that says all that ours says, serial included, under a key of its own.
	copied := *ours
	copied.Raw, copied.PublicKey, copied.SignatureAlgorithm = nil, nil, x509.UnknownSignatureAlgorithm
	der, err := x509.CreateCertificate(rand.Reader, &copied, &copied, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if forged.SerialNumber.Cmp(ours.SerialNumber) != 0 {
		t.Fatal("the forgery must carry our serial, or it shows nothing")
	}
	wantCheck(t, g.Authority, forged, "", "", certs.ErrUnknown)
	wantCheck(t, g.Authority, g.CA(), "", "", certs.ErrUnknown)
	wantCheck(t, g.Authority, &x509.Certificate{SerialNumber: big.NewInt(1)}, "", "", certs.ErrUnknown)
}

func TestCheckRefusesWhenTheTableCannotBeRead(t *testing.T) {
	g, device := newGround(t, storagetest.SQLite(t)), newDevice()
	cert := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if d, tier, err := g.Check(ended, cert); err == nil || d != "" || tier != sekisho.TierNone {
		t.Errorf("Check without a database = %q, %q, %v", d, tier, err)
	}
}

func TestRenewal(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, key, device := newGround(t, db), newKey(t), newDevice()
		csr := request(t, key)
		cert := g.issue(t, g.Authority, csr, device, sekisho.TierB)
		if g.RenewalDue(cert) {
			t.Error("a new certificate is due for renewal")
		}
		g.clk.Jump(certs.DeviceLife - certs.RenewWithin + time.Second)
		if !g.RenewalDue(cert) {
			t.Error("a certificate near its end is not due for renewal")
		}
		renew := func() *x509.Certificate {
			var der []byte
			err := g.db.Write(t.Context(), func(tx storage.Tx) (err error) {
				der, err = g.RenewDevice(t.Context(), tx, cert, csr, device, sekisho.TierB)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		next := renew()
		if !key.PublicKey.Equal(next.PublicKey) || g.RenewalDue(next) {
			t.Error("the renewed certificate is not for the same key, or is near its end too")
		}
		if again := renew(); !again.Equal(next) {
			t.Error("asking twice made two certificates")
		}
		wantCheck(t, g.Authority, next, device, sekisho.TierB, nil)
		wantCheck(t, g.Authority, cert, device, sekisho.TierB, nil) // the PC may not have got the answer
		g.clk.Jump(certs.RenewWithin)
		wantCheck(t, g.Authority, next, device, sekisho.TierB, nil)
		wantCheck(t, g.Authority, cert, device, sekisho.TierNone, certs.ErrExpired)
	})
}

func TestTheAuthorityOutlivesTheProcess(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, device := newGround(t, db), newDevice()
		cert := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierA)
		next := g.start(t)
		if !next.CA().Equal(g.CA()) {
			t.Error("the next start made another authority")
		}
		wantCheck(t, next, cert, device, sekisho.TierA, nil)
	})
}

func TestRotation(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		g, device := newGround(t, db), newDevice()
		other := g.start(t) // a node that nobody tells
		old := g.CA()
		before := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
		if err := g.Rotate(t.Context(), audit.Actor{Process: "cli"}); err != nil {
			t.Fatal(err)
		}
		if g.CA().Equal(old) {
			t.Fatal("Rotate kept the authority")
		}
		after := g.issue(t, g.Authority, request(t, newKey(t)), device, sekisho.TierB)
		if err := after.CheckSignatureFrom(g.CA()); err != nil {
			t.Error("the new authority does not issue:", err)
		}
		for _, a := range []*certs.Authority{g.Authority, other, g.start(t)} {
			wantCheck(t, a, before, device, sekisho.TierB, nil)
			wantCheck(t, a, after, device, sekisho.TierB, nil)
		}
		records := g.Rotations()
		if len(records) != 1 {
			t.Fatalf("%d records of one rotation", len(records))
		}
		key, err := certs.VerifyRotation(old, records[0], g.clk.Now())
		if err != nil || !g.CA().PublicKey.(*ecdsa.PublicKey).Equal(key) {
			t.Errorf("the record does not lead from the old authority to the new: %v", err)
		}
		stranger := newGround(t, storagetest.SQLite(t))
		if _, err := certs.VerifyRotation(stranger.CA(), records[0], g.clk.Now()); err == nil {
			t.Error("another house's authority vouches for our rotation")
		}
		if _, err := certs.VerifyRotation(old, after.Raw, g.clk.Now()); err == nil {
			t.Error("a PC's certificate passed for a record of rotation")
		}
	})
}

func TestRequestKey(t *testing.T) {
	good := request(t, newKey(t))
	if _, err := certs.RequestKey(good); err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, edwards)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)-1] ^= 1
	for name, der := range map[string][]byte{
		"empty": nil, "cut short": good[:len(good)-1], "followed by more": append(append([]byte(nil), good...), 0),
		"too long": make([]byte, 1<<20), "another curve": request(t, p384), "another kind of key": other, "signature changed": flipped,
	} {
		if _, err := certs.RequestKey(der); !errors.Is(err, certs.ErrRequest) {
			t.Errorf("%s: %v, want ErrRequest", name, err)
		}
	}
}

func FuzzRequestKey(f *testing.F) {
	f.Add(request(f, newKey(f)))
	f.Add([]byte("\x30\x80"))
	f.Fuzz(func(t *testing.T, der []byte) {
		key, err := certs.RequestKey(der)
		if err == nil && (key == nil || key.Curve != elliptic.P256()) {
			t.Fatal("took a key that is not P-256")
		}
		if err != nil && !errors.Is(err, certs.ErrRequest) {
			t.Fatalf("%v has no text for a person", err)
		}
	})
}

// Somebody who could use the authority's key, but not write its table.
func TestCheckRefusesWhatTheTableDoesNotHold(t *testing.T) {
	g, key, device := newGround(t, storagetest.SQLite(t)), newKey(t), newDevice()
	ours := g.issue(t, g.Authority, request(t, key), device, sekisho.TierB)
	ca, err := g.key.ECDSA(t.Context(), "certs.ca.1")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*x509.Certificate){
		"another serial":    func(c *x509.Certificate) { c.SerialNumber = big.NewInt(4711) },
		"a longer life":     func(c *x509.Certificate) { c.NotAfter = c.NotAfter.Add(time.Hour) },
		"another PC":        func(c *x509.Certificate) { c.Subject.CommonName = string(newDevice()) },
		"no tier":           func(c *x509.Certificate) { c.Policies = nil },
		"nothing, resigned": func(*x509.Certificate) {},
	} {
		template := *ours
		template.SignatureAlgorithm = x509.UnknownSignatureAlgorithm
		change(&template)
		der, err := x509.CreateCertificate(rand.Reader, &template, g.CA(), &key.PublicKey, ca)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if err := cert.CheckSignatureFrom(g.CA()); err != nil {
			t.Fatal("it must be signed by the authority, or it shows nothing:", err)
		}
		if d, tier, err := g.Check(t.Context(), cert); d != "" || tier != "" || !errors.Is(err, certs.ErrUnknown) {
			t.Errorf("%s: %q, %q, %v", name, d, tier, err)
		}
	}
	wantCheck(t, g.Authority, ours, device, sekisho.TierB, nil)
}
