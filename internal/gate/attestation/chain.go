package attestation

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"slices"
)

const maxCertificate = 8 << 10 // EK certificates have about 1 KiB

var (
	oidEKCertificate  = asn1.ObjectIdentifier{2, 23, 133, 8, 1} // tcg-kp-EKCertificate
	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
)

// certificateFor reads a certificate that is said to be for an endorsement key.
// One that cannot be read counts as none: some makers' certificates break X.509,
// and the PC then stands without one. One for another key is refused.
func certificateFor(der, ek []byte) (*x509.Certificate, error) {
	if len(der) > maxCertificate {
		return nil, ErrMalformed.Because(errors.New("attestation: EK certificate too long"))
	}
	if len(der) == 0 {
		return nil, nil
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil
	}
	if !bytes.Equal(cert.RawSubjectPublicKeyInfo, ek) && !sameKey(cert, ek) {
		return nil, ErrEKCertificate
	}
	return cert, nil
}

// sameKey compares by value: makers write the algorithm's parameters differently
// (RSAES-OAEP in place of rsaEncryption among them, which crypto/x509 cannot read
// and which therefore counts as another key).
func sameKey(cert *x509.Certificate, ek []byte) bool {
	again, err := x509.MarshalPKIXPublicKey(cert.PublicKey)
	return err == nil && bytes.Equal(again, ek)
}

// vouched says whether the certificate leads to one of the authorities that an
// administrator trusts: roots or intermediates alike, since a TPM keeps no chain.
func vouched(cert *x509.Certificate, trusted []*x509.Certificate) bool {
	if cert == nil || cert.IsCA || len(trusted) == 0 {
		return false
	}
	named := slices.ContainsFunc(cert.UnknownExtKeyUsage, oidEKCertificate.Equal)
	if !named && len(cert.ExtKeyUsage)+len(cert.UnknownExtKeyUsage) > 0 {
		return false // for something else
	}
	leaf := *cert
	// The subject's alternative name holds maker, model and version as a directory
	// name, and is critical: crypto/x509 knows none such.
	leaf.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(cert.UnhandledCriticalExtensions), oidSubjectAltName.Equal)
	pool := x509.NewCertPool()
	for _, ca := range trusted {
		pool.AddCert(ca)
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots: pool, CurrentTime: cert.NotBefore, // as it was when the maker signed it
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}

// parseCA reads the certificate of a maker's authority, PEM or DER.
func parseCA(b []byte) (*x509.Certificate, error) {
	if block, rest := pem.Decode(b); block != nil {
		if block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) != 0 {
			return nil, ErrCertificate.Because(errors.New("attestation: PEM holds something other than one certificate"))
		}
		b = block.Bytes
	}
	if len(b) > maxCertificate {
		return nil, ErrCertificate.Because(errors.New("attestation: certificate too long"))
	}
	cert, err := x509.ParseCertificate(b)
	if err != nil {
		return nil, ErrCertificate.Because(err)
	}
	if !cert.BasicConstraintsValid || !cert.IsCA {
		return nil, ErrCertificate.Because(errors.New("attestation: not the certificate of an authority"))
	}
	return cert, nil
}
