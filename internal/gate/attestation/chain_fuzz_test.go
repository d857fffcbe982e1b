package attestation

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// maker plays a maker's authority, as a certificate and with its key.
func maker(t testing.TB, change func(*x509.Certificate)) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, _ := p256Key(t)
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Invented TPM Root", Organization: []string{"見本"}},
		NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(2_000_000_000, 0), KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	if change != nil {
		change(tpl)
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// ekCertificate gives one as makers write them: a critical alternative
// name that crypto/x509 cannot read, and the usage of an endorsement key.
func ekCertificate(t testing.TB, by *x509.Certificate, key *ecdsa.PrivateKey, change func(*x509.Certificate)) (der, ek []byte) {
	t.Helper()
	own, ek := p256Key(t)
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(1_900_000_000, 0),
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{oidEKCertificate},
		ExtraExtensions:    []pkix.Extension{{Id: oidSubjectAltName, Critical: true, Value: []byte{0x30, 0x04, 0xa4, 0x02, 0x30, 0x00}}},
	}
	if change != nil {
		change(tpl)
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, by, own.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der, ek
}

// FuzzEKCertificate: a certificate counts for its own key alone, and only an
// authority that signed it vouches for it.
func FuzzEKCertificate(f *testing.F) {
	root, rootKey := maker(f, nil)
	stranger, strangerKey := maker(f, nil)
	good, goodEK := ekCertificate(f, root, rootKey, nil)
	foreign, _ := ekCertificate(f, stranger, strangerKey, nil)
	server, _ := ekCertificate(f, root, rootKey, func(c *x509.Certificate) {
		c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})
	authority, _ := ekCertificate(f, root, rootKey, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
	for _, der := range [][]byte{good, foreign, server, authority, root.Raw, nil, []byte("noise"), make([]byte, maxCertificate+1)} {
		f.Add(der)
	}
	if cert, err := certificateFor(good, goodEK); err != nil || !vouched(cert, []*x509.Certificate{root}) {
		f.Fatalf("control: %v", err)
	}
	_, other := p256Key(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		cert, err := certificateFor(der, other) // nobody's key: whatever it is, it is not for this one
		if cert != nil || err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrEKCertificate) {
			t.Fatalf("for a key that it does not hold: %v, %v", cert, err)
		}
		if (len(der) > maxCertificate) != errors.Is(err, ErrMalformed) {
			t.Fatalf("%d bytes: %v", len(der), err)
		}
		read, err := x509.ParseCertificate(der)
		if err != nil || len(der) > maxCertificate {
			return
		}
		again, err := certificateFor(der, read.RawSubjectPublicKeyInfo)
		if err != nil || again == nil || !bytes.Equal(again.Raw, der) {
			t.Fatalf("for its own key: %v, %v", again, err)
		}
		if vouched(again, nil) || vouched(nil, []*x509.Certificate{root}) {
			t.Fatal("vouched for by nobody")
		}
		if vouched(again, []*x509.Certificate{root}) && (again.IsCA || again.CheckSignatureFrom(root) != nil || len(again.ExtKeyUsage) > 0 && !slices.ContainsFunc(again.UnknownExtKeyUsage, oidEKCertificate.Equal)) {
			t.Fatalf("vouched for by an authority that did not sign it as an EK's: %x", der)
		}
	})
}

// FuzzAuthority: what is refused changes nothing and is said with a code of the
// catalogue; what is trusted is on the list once, as it was shown before, and
// goes away whole.
func FuzzAuthority(f *testing.F) {
	root, rootKey := maker(f, nil)
	hostile, _ := maker(f, func(c *x509.Certificate) {
		c.Subject.CommonName = "=HYPERLINK(\u202e\x00\x1b[31m\n)" + string(bytes.Repeat([]byte("長"), 300))
	})
	leaf, _ := ekCertificate(f, root, rootKey, nil)
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	for _, b := range [][]byte{
		root.Raw, hostile.Raw, leaf, block("CERTIFICATE", root.Raw), block("PRIVATE KEY", root.Raw), append(block("CERTIFICATE", root.Raw), block("CERTIFICATE", hostile.Raw)...),
		append(block("CERTIFICATE", root.Raw), '\n', ' '), {}, []byte("-----BEGIN CERTIFICATE-----\n"), make([]byte, maxCertificate+1),
	} {
		f.Add(b)
	}
	r := newRoom(f, storagetest.SQLite(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		before, err := r.Lists(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		id, shown, judged := r.LoosensTrust(t.Context(), b)
		ca, err := r.Trust(t.Context(), administrator, b)
		after, err2 := r.Lists(t.Context())
		if err2 != nil || (judged == nil) != (err == nil) {
			t.Fatalf("judged %v, then %v, %v", judged, err, err2)
		}
		if err != nil {
			if code := sekisho.CodeOf(err); code != "attestation.ca_invalid" || !reflect.DeepEqual(before, after) {
				t.Fatalf("refused with %s; before %+v, after %+v", code, before, after)
			}
			return
		}
		if len(after.CAs) != 1 || after.CAs[0].ID != id || ca.ID != id || after.CAs[0].Subject != shown[0].After || len([]rune(ca.Subject)) > 201 {
			t.Fatalf("%+v, shown %+v", after.CAs, shown)
		}
		if _, err := r.Trust(t.Context(), administrator, b); !errors.Is(err, ErrKnown) {
			t.Fatalf("twice: %v", err)
		}
		if err := r.Distrust(t.Context(), administrator, id); err != nil {
			t.Fatal(err)
		}
		if last, err := r.Lists(t.Context()); err != nil || !reflect.DeepEqual(before, last) {
			t.Fatalf("%+v is left of it, %v", last, err)
		}
	})
}
