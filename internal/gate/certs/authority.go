package certs

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// root is one generation of the authority.
type root struct {
	generation int
	cert       *x509.Certificate
	key        *ecdsa.PrivateKey
}

// chain is every generation, oldest first, and the cross-certificates to the
// newest. It is replaced as a whole and never changed.
type chain struct {
	roots   []root
	crosses [][]byte // the newest authority's key, certified by each older one
	pool    *x509.CertPool
}

func (c *chain) newest() root { return c.roots[len(c.roots)-1] }

// keyName is a generation's key in seal.
func keyName(generation int) string { return fmt.Sprintf("certs.ca.%d", generation) }

// newRoot makes an authority that certifies itself.
func newRoot(generation int, key *ecdsa.PrivateKey, now time.Time) (root, error) {
	t := rootTemplate(generation, now)
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return root{}, fmt.Errorf("certs: make authority %d: %w", generation, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return root{}, fmt.Errorf("certs: make authority %d: %w", generation, err)
	}
	return root{generation: generation, cert: cert, key: key}, nil
}

// certify makes the record of a rotation: newer's name and key under older's
// signature. It ends when older's own certificate ends.
func (older root) certify(newer root, now time.Time) ([]byte, error) {
	t := rootTemplate(newer.generation, now)
	t.NotAfter = older.cert.NotAfter
	t.MaxPathLen, t.MaxPathLenZero = 0, true
	t.SubjectKeyId = newer.cert.SubjectKeyId
	der, err := x509.CreateCertificate(rand.Reader, t, older.cert, newer.cert.PublicKey, older.key)
	if err != nil {
		return nil, fmt.Errorf("certs: certify authority %d by %d: %w", newer.generation, older.generation, err)
	}
	return der, nil
}

// VerifyRotation checks a record of rotation against the authority that a PC
// or an auditor has pinned, and returns the newer authority's public key.
func VerifyRotation(pinned *x509.Certificate, record []byte, now time.Time) (crypto.PublicKey, error) {
	cross, err := x509.ParseCertificate(record)
	if err != nil {
		return nil, fmt.Errorf("certs: rotation: %w", err)
	}
	if !cross.IsCA || now.Before(cross.NotBefore) || now.After(cross.NotAfter) {
		return nil, fmt.Errorf("certs: rotation: no authority's certificate, or not of this time")
	}
	if err := cross.CheckSignatureFrom(pinned); err != nil {
		return nil, fmt.Errorf("certs: rotation: %w", err)
	}
	return cross.PublicKey, nil
}

// load reads every generation; seal gives the keys.
func (a *Authority) load(ctx context.Context, rows []rootRow, crosses [][]byte) (*chain, error) {
	c := &chain{pool: x509.NewCertPool(), crosses: crosses}
	for _, r := range rows {
		cert, err := x509.ParseCertificate(r.der)
		if err != nil {
			return nil, fmt.Errorf("certs: read authority %d: %w", r.generation, err)
		}
		key, err := a.keys.ECDSA(ctx, keyName(r.generation))
		if err != nil {
			return nil, fmt.Errorf("certs: key of authority %d: %w", r.generation, err)
		}
		if !key.PublicKey.Equal(cert.PublicKey) {
			return nil, fmt.Errorf("certs: key of authority %d is not the one of its certificate", r.generation)
		}
		c.roots = append(c.roots, root{generation: r.generation, cert: cert, key: key})
		c.pool.AddCert(cert)
	}
	slices.SortFunc(c.roots, func(x, y root) int { return x.generation - y.generation })
	return c, nil
}
