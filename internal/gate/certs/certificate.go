package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Lifetimes. A device's certificate is renewed at connect once less than
// RenewWithin remains, so a PC that connects once in two months keeps its own.
const (
	DeviceLife  = 90 * 24 * time.Hour
	RenewWithin = 30 * 24 * time.Hour

	serverLife  = 30 * 24 * time.Hour
	serverRenew = 10 * 24 * time.Hour
	rootLife    = 15 * 365 * 24 * time.Hour
	backdate    = time.Minute // of NotBefore, so that two machines' clocks may differ a little
)

// maxCSR bounds a certificate request: one for a P-256 key has about 250 bytes.
const maxCSR = 4 << 10

// Errors that a person may see.
var (
	ErrRequired = sekisho.Fail(sekisho.KindDenied, "certificate.required")
	ErrUnknown  = sekisho.Fail(sekisho.KindDenied, "certificate.unknown")
	ErrExpired  = sekisho.Fail(sekisho.KindExpired, "certificate.expired")
	ErrRevoked  = sekisho.Fail(sekisho.KindDenied, "certificate.revoked")
	ErrRequest  = sekisho.Fail(sekisho.KindInvalid, "enrolment.request_malformed")
)

// RequestKey checks a certificate request and returns its public key: DER of
// PKCS#10, P-256, signed by that key. Nothing else in it is believed.
func RequestKey(der []byte) (*ecdsa.PublicKey, error) {
	if len(der) == 0 || len(der) > maxCSR {
		return nil, ErrRequest.Because(fmt.Errorf("certs: request of %d bytes", len(der)))
	}
	req, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, ErrRequest.Because(err)
	}
	key, ok := req.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, ErrRequest.Because(errors.New("certs: key is not P-256"))
	}
	if err := req.CheckSignature(); err != nil {
		return nil, ErrRequest.Because(err)
	}
	return key, nil
}

// deviceTemplate is a device's certificate before it is signed.
func deviceTemplate(device sekisho.DeviceID, tier sekisho.Tier, now time.Time) (*x509.Certificate, error) {
	policy, ok := wire.TierPolicy(tier)
	if !ok {
		return nil, fmt.Errorf("certs: no certificate for tier %q", tier)
	}
	if !wire.ValidID(string(device)) {
		return nil, fmt.Errorf("certs: device id is no UUID")
	}
	return &x509.Certificate{
		SerialNumber: newSerial(),
		Subject:      pkix.Name{CommonName: string(device)},
		NotBefore:    now.Add(-backdate).Truncate(time.Second),
		NotAfter:     now.Add(DeviceLife).Truncate(time.Second),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		Policies:     []x509.OID{policy},

		BasicConstraintsValid: true,
	}, nil
}

// serverTemplate is the certificate of the agents' door; names are hosts or addresses.
func serverTemplate(names []string, now time.Time) *x509.Certificate {
	t := &x509.Certificate{
		SerialNumber: newSerial(),
		Subject:      pkix.Name{CommonName: "Sekisho"},
		NotBefore:    now.Add(-backdate).Truncate(time.Second),
		NotAfter:     now.Add(serverLife).Truncate(time.Second),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},

		BasicConstraintsValid: true,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	return t
}

// rootTemplate is an authority's certificate. It may certify leaves and, for
// rotation, one authority below it.
func rootTemplate(generation int, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: newSerial(),
		Subject:      pkix.Name{CommonName: fmt.Sprintf("Sekisho CA %d", generation)},
		NotBefore:    now.Add(-backdate).Truncate(time.Second),
		NotAfter:     now.Add(rootLife).Truncate(time.Second),
		KeyUsage:     x509.KeyUsageCertSign,
		MaxPathLen:   1,
		IsCA:         true,

		BasicConstraintsValid: true,
	}
}

// newSerial draws 127 random bits: positive, and at most 16 bytes of DER.
func newSerial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // crypto/rand never fails
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

func serialText(n *big.Int) string { return fmt.Sprintf("%040x", n) }

func keyHash(spki []byte) string {
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:])
}
