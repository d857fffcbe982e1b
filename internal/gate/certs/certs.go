package certs

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Config is what an Authority needs to know at its start.
type Config struct {
	Names []string // hosts and addresses by which PCs reach the agents' door; at least one
}

// Authority is the house's certificate authority. Its methods may be used from
// many goroutines.
type Authority struct {
	db    *storage.DB
	keys  Keys
	clk   clock.Clock
	log   Log
	names []string

	chain atomic.Pointer[chain]

	mu     sync.Mutex // serialises issuing for the agents' door
	server *tls.Certificate
}

// New loads the authority; the first start makes it.
func New(ctx context.Context, db *storage.DB, keys Keys, clk clock.Clock, log Log, cfg Config) (*Authority, error) {
	if len(cfg.Names) == 0 {
		return nil, errors.New("certs: no name for the agents' door")
	}
	a := &Authority{db: db, keys: keys, clk: clk, log: log, names: cfg.Names}
	if err := a.reload(ctx); err != nil {
		return nil, err
	}
	if len(a.chain.Load().roots) > 0 {
		return a, nil
	}
	if err := a.found(ctx); err != nil {
		return nil, err
	}
	return a, a.reload(ctx)
}

// found makes the first generation, unless another node was faster.
func (a *Authority) found(ctx context.Context) error {
	key, err := a.keys.ECDSA(ctx, keyName(1))
	if err != nil {
		return fmt.Errorf("certs: key of the first authority: %w", err)
	}
	now := a.clk.Now()
	first, err := newRoot(1, key, now)
	if err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx storage.Tx) error {
		n, err := newestGeneration(ctx, tx)
		if err != nil || n > 0 {
			return err
		}
		if err := insertRoot(ctx, tx, first, now); err != nil {
			return err
		}
		return a.log.Append(ctx, tx, rootEvent("authority.made", audit.Actor{Process: "server"}, first))
	})
}

// reload reads every generation and its keys.
func (a *Authority) reload(ctx context.Context) error {
	var rows []rootRow
	var crosses [][]byte
	err := a.db.Read(ctx, func(tx storage.Tx) (err error) {
		if rows, err = selectRoots(ctx, tx); err != nil {
			return err
		}
		crosses, err = selectCrosses(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("certs: read authorities: %w", err)
	}
	c, err := a.load(ctx, rows, crosses)
	if err != nil {
		return err
	}
	a.chain.Store(c)
	return nil
}

// CA is the newest authority's certificate, for the trust roots.
func (a *Authority) CA() *x509.Certificate { return a.chain.Load().newest().cert }

// IssueDevice certifies a device's key in the caller's transaction. The
// certificate is good only once that transaction has been committed.
func (a *Authority) IssueDevice(ctx context.Context, tx storage.Tx, csr []byte, device sekisho.DeviceID, tier sekisho.Tier) (der []byte, serial string, err error) {
	key, err := RequestKey(csr)
	if err != nil {
		return nil, "", err
	}
	template, err := deviceTemplate(device, tier, a.clk.Now())
	if err != nil {
		return nil, "", err
	}
	row, err := a.sign(ctx, tx, a.chain.Load().newest(), template, key)
	if err != nil {
		return nil, "", fmt.Errorf("certs: issue for %s: %w", device, err)
	}
	return row.der, row.serial, nil
}

// RequestKey checks a certificate request and gives its key.
func (a *Authority) RequestKey(csr []byte) (*ecdsa.PublicKey, error) { return RequestKey(csr) }

// RenewalDue says whether less than RenewWithin is left of a certificate.
func (a *Authority) RenewalDue(cert *x509.Certificate) bool {
	return cert.NotAfter.Sub(a.clk.Now()) < RenewWithin
}

// RenewDevice gives the certificate that a PC should hold in place of the one it
// presented. The key stays the same. A PC that lost the answer gets the same
// certificate again.
func (a *Authority) RenewDevice(ctx context.Context, tx storage.Tx, presented *x509.Certificate, csr []byte, device sekisho.DeviceID, tier sekisho.Tier) ([]byte, error) {
	latest, ok, err := latestCertificate(ctx, tx, device, keyHash(presented.RawSubjectPublicKeyInfo))
	if err != nil {
		return nil, fmt.Errorf("certs: renew for %s: %w", device, err)
	}
	if ok && latest.tier == tier && latest.notAfter.Sub(a.clk.Now()) >= RenewWithin {
		return latest.der, nil
	}
	der, _, err := a.IssueDevice(ctx, tx, csr, device, tier)
	return der, err
}

// sign makes a certificate and keeps it in the table and the audit log.
func (a *Authority) sign(ctx context.Context, tx storage.Tx, ca root, template *x509.Certificate, key *ecdsa.PublicKey) (certRow, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, key, ca.key)
	if err != nil {
		return certRow{}, err
	}
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return certRow{}, err
	}
	row := certRow{
		serial: serialText(template.SerialNumber), generation: ca.generation, keyHash: keyHash(spki),
		der: der, notAfter: template.NotAfter, issued: a.clk.Now(),
	}
	if template.ExtKeyUsage[0] == x509.ExtKeyUsageClientAuth {
		row.device = sekisho.DeviceID(template.Subject.CommonName)
		if row.tier, err = wire.TierOf(template); err != nil {
			return certRow{}, err
		}
	}
	if err := insertCertificate(ctx, tx, row); err != nil {
		return certRow{}, err
	}
	return row, a.log.Append(ctx, tx, issuedEvent(row))
}

// Check says whose certificate this is and which tier it proves. With
// ErrExpired and ErrRevoked the device is named too, for the audit log, and the
// tier is none. That the peer holds the key is TLS's part.
func (a *Authority) Check(ctx context.Context, cert *x509.Certificate) (sekisho.DeviceID, sekisho.Tier, error) {
	if cert == nil {
		return "", sekisho.TierNone, ErrRequired
	}
	var row certRow
	var known bool
	var newest int
	err := a.db.Read(ctx, func(tx storage.Tx) (err error) {
		if row, known, err = certificateBySerial(ctx, tx, serialText(cert.SerialNumber)); err != nil {
			return err
		}
		newest, err = newestGeneration(ctx, tx)
		return err
	})
	if err != nil {
		return "", sekisho.TierNone, fmt.Errorf("certs: look up a certificate: %w", err)
	}
	if newest > a.chain.Load().newest().generation { // rotated by another node
		if err := a.reload(ctx); err != nil {
			return "", sekisho.TierNone, err
		}
	}
	if !known || !bytes.Equal(row.der, cert.Raw) {
		return "", sekisho.TierNone, ErrUnknown
	}
	tier, err := a.chain.Load().verify(cert)
	if err != nil {
		return "", sekisho.TierNone, ErrUnknown.Because(err)
	}
	device := sekisho.DeviceID(cert.Subject.CommonName)
	if device != row.device || tier != row.tier || !wire.ValidID(string(device)) {
		return "", sekisho.TierNone, ErrUnknown
	}
	if !row.revoked.IsZero() {
		return device, sekisho.TierNone, ErrRevoked
	}
	if now := a.clk.Now(); now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return device, sekisho.TierNone, ErrExpired
	}
	return device, tier, nil
}

// verify checks everything of a device's certificate but its dates, which have
// an answer of their own.
func (c *chain) verify(cert *x509.Certificate) (sekisho.Tier, error) {
	at := cert.NotBefore
	for _, r := range c.roots {
		if bytes.Equal(r.cert.SubjectKeyId, cert.AuthorityKeyId) && at.Before(r.cert.NotBefore) {
			at = r.cert.NotBefore // issued while the clock stood a little earlier
		}
	}
	_, err := cert.Verify(x509.VerifyOptions{Roots: c.pool, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return sekisho.TierNone, err
	}
	return wire.TierOf(cert)
}

// Revoke ends every certificate of a device in the caller's transaction.
func (a *Authority) Revoke(ctx context.Context, tx storage.Tx, device sekisho.DeviceID) error {
	n, err := revokeAll(ctx, tx, device, a.clk.Now())
	if err != nil {
		return fmt.Errorf("certs: revoke %s: %w", device, err)
	}
	if n == 0 {
		return nil
	}
	return a.log.Append(ctx, tx, revokedEvent(device, n))
}

// Rotate replaces the authority's key. Certificates of older generations stay
// good until they end, and each older authority certifies the new one.
func (a *Authority) Rotate(ctx context.Context, by audit.Actor) error {
	if err := a.reload(ctx); err != nil {
		return err
	}
	old, now := a.chain.Load(), a.clk.Now()
	n := old.newest().generation + 1
	key, err := a.keys.ECDSA(ctx, keyName(n))
	if err != nil {
		return fmt.Errorf("certs: key of authority %d: %w", n, err)
	}
	next, err := newRoot(n, key, now)
	if err != nil {
		return err
	}
	err = a.db.Write(ctx, func(tx storage.Tx) error { return a.insertNext(ctx, tx, old, next, by, now) })
	if err != nil {
		return fmt.Errorf("certs: rotate: %w", err)
	}
	a.mu.Lock()
	a.server = nil // the next handshake gets one by the new authority
	a.mu.Unlock()
	return a.reload(ctx)
}

func (a *Authority) insertNext(ctx context.Context, tx storage.Tx, old *chain, next root, by audit.Actor, now time.Time) error {
	if n, err := newestGeneration(ctx, tx); err != nil {
		return err
	} else if n != next.generation-1 {
		return sekisho.Fail(sekisho.KindConflict, "certificate.rotating")
	}
	if err := insertRoot(ctx, tx, next, now); err != nil {
		return err
	}
	for _, older := range old.roots {
		cross, err := older.certify(next, now)
		if err != nil {
			return err
		}
		if err := insertRotation(ctx, tx, older.generation, next.generation, cross, now); err != nil {
			return err
		}
	}
	return a.log.Append(ctx, tx, rootEvent("authority.rotated", by, next))
}

// Rotations are the records by which PCs that pinned an older authority believe
// the newest one: DER of cross-certificates, for VerifyRotation.
func (a *Authority) Rotations() [][]byte { return a.chain.Load().crosses }
