package attestation

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/google/go-tpm/tpm2"
)

// maxStructure bounds what is parsed as a structure of the TPM. The ones that
// are looked at here have less than 200 bytes.
const maxStructure = 1 << 10

// Attributes that a key must have, no more and no less: fixed to its TPM, born
// inside it, and for the AK restricted to what the TPM itself composed
// (TPM 2.0 Library, part 2, "TPMA_OBJECT").
var (
	akAttributes = tpm2.TPMAObject{
		FixedTPM: true, FixedParent: true, SensitiveDataOrigin: true, UserWithAuth: true, NoDA: true, Restricted: true, SignEncrypt: true,
	}
	deviceAttributes = tpm2.TPMAObject{
		FixedTPM: true, FixedParent: true, SensitiveDataOrigin: true, UserWithAuth: true, NoDA: true, SignEncrypt: true,
	}
)

// tpmKey is a P-256 signing key as a TPM describes it.
type tpmKey struct {
	name   []byte // of the object: its algorithm and the hash of its public area
	public *ecdsa.PublicKey
	spki   []byte // PKIX DER
}

// parseKey reads a TPMT_PUBLIC that is exactly a P-256 key for ECDSA with
// SHA-256 and these attributes.
func parseKey(b []byte, want tpm2.TPMAObject) (k tpmKey, err error) {
	if len(b) == 0 || len(b) > maxStructure {
		return k, ErrMalformed.Because(fmt.Errorf("attestation: public area of %d bytes", len(b)))
	}
	area, err := tpm2.Unmarshal[tpm2.TPMTPublic](b)
	if err != nil {
		return k, ErrMalformed.Because(err)
	}
	if area.Type != tpm2.TPMAlgECC || area.NameAlg != tpm2.TPMAlgSHA256 {
		return k, ErrAttributes.Because(errors.New("attestation: not an ECC key named by SHA-256"))
	}
	if area.ObjectAttributes != want || len(area.AuthPolicy.Buffer) != 0 {
		return k, ErrAttributes.Because(fmt.Errorf("attestation: attributes %+v", area.ObjectAttributes))
	}
	if k.public, err = p256(area); err != nil {
		return k, err
	}
	// What was read must be all there is, or the name would be of something else.
	if !bytes.Equal(tpm2.Marshal(*area), b) {
		return k, ErrMalformed.Because(errors.New("attestation: public area with more than was read"))
	}
	name, err := tpm2.ObjectName(area)
	if err != nil {
		return k, ErrMalformed.Because(err)
	}
	k.name = name.Buffer
	k.spki, err = x509.MarshalPKIXPublicKey(k.public) // also refuses a point beside the curve
	if err != nil {
		return k, ErrMalformed.Because(err)
	}
	return k, nil
}

func p256(area *tpm2.TPMTPublic) (*ecdsa.PublicKey, error) {
	p, err := area.Parameters.ECCDetail()
	if err != nil {
		return nil, ErrMalformed.Because(err)
	}
	scheme, err := p.Scheme.Details.ECDSA()
	if err != nil || p.Scheme.Scheme != tpm2.TPMAlgECDSA || scheme.HashAlg != tpm2.TPMAlgSHA256 || p.CurveID != tpm2.TPMECCNistP256 {
		return nil, ErrAttributes.Because(errors.New("attestation: not for ECDSA with P-256 and SHA-256"))
	}
	point, err := area.Unique.ECC()
	if err != nil {
		return nil, ErrMalformed.Because(err)
	}
	key, err := tpm2.ECDSAPub(p, point)
	if err != nil {
		return nil, ErrMalformed.Because(err)
	}
	if !key.Curve.IsOnCurve(key.X, key.Y) {
		return nil, ErrMalformed.Because(errors.New("attestation: point beside the curve"))
	}
	return key, nil
}

// maxEK is more than an RSA public key of 2048 bits needs (294 bytes).
const maxEK = 512

// endorsement makes the public area of an endorsement key from the key alone. It
// takes the two low-range templates of the TCG (EK Credential Profile 2.5, B.3.3
// and B.3.4), which every TPM for PCs has: the secret is encrypted for a key with
// exactly that template.
func endorsement(der []byte) (*tpm2.TPMTPublic, error) {
	if len(der) == 0 || len(der) > maxEK {
		return nil, ErrEK.Because(fmt.Errorf("attestation: endorsement key of %d bytes", len(der)))
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, ErrEK.Because(err)
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() == 2048 && k.E == 65537 {
			area := tpm2.RSAEKTemplate
			area.Unique = tpm2.NewTPMUPublicID(tpm2.TPMAlgRSA, &tpm2.TPM2BPublicKeyRSA{Buffer: k.N.FillBytes(make([]byte, 256))})
			return &area, nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			area := tpm2.ECCEKTemplate
			area.Unique = tpm2.NewTPMUPublicID(tpm2.TPMAlgECC, &tpm2.TPMSECCPoint{
				X: tpm2.TPM2BECCParameter{Buffer: k.X.FillBytes(make([]byte, 32))}, Y: tpm2.TPM2BECCParameter{Buffer: k.Y.FillBytes(make([]byte, 32))},
			})
			return &area, nil
		}
	}
	return nil, ErrEK.Because(errors.New("attestation: neither RSA 2048 nor P-256"))
}

// Hash is how the list names an endorsement key: SHA-256 of its PKIX DER, hex.
func Hash(ek []byte) string {
	sum := sha256.Sum256(ek)
	return hex.EncodeToString(sum[:])
}
