// Package softtpm plays a TPM in a program, as far as proving one goes: an
// endorsement key, an attestation key, credential activation and certification.
// It serves tests that need many TPMs and attacks that need one which lies. Tests
// of the real ceremony run against swtpm.
//
// That it is taken at all shows what tier B cannot tell: a program that keeps the
// protocol from a chip. Tier A can.
package softtpm

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"math/big"

	"github.com/google/go-tpm/tpm2"

	"github.com/sekisho/sekisho/internal/wire"
)

const sha = crypto.SHA256

// TPM is one played TPM. Its keys may be exchanged, which is what attacks do.
type TPM struct {
	EK, AK        *ecdsa.PrivateKey
	EKCertificate []byte // X.509 DER; nil for a TPM without
}

// New makes one with fresh keys.
func New() (*TPM, error) {
	ek, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	ak, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &TPM{EK: ek, AK: ak}, err
}

// EKDER is the endorsement key as PKIX DER.
func (t *TPM) EKDER() []byte {
	der, err := x509.MarshalPKIXPublicKey(t.EK.Public())
	if err != nil {
		panic(err) // of a key that was just made
	}
	return der
}

// Request names the TPM's keys; whoever sends it adds the code's secret.
func (t *TPM) Request() wire.AttestRequest {
	return wire.AttestRequest{EK: t.EKDER(), EKCertificate: t.EKCertificate, AK: tpm2.Marshal(Public(&t.AK.PublicKey, true))}
}

// Public is the public area of a P-256 signing key as the agent makes it.
func Public(key *ecdsa.PublicKey, restricted bool) tpm2.TPMTPublic {
	return tpm2.TPMTPublic{
		Type: tpm2.TPMAlgECC, NameAlg: tpm2.TPMAlgSHA256,
		ObjectAttributes: tpm2.TPMAObject{
			FixedTPM: true, FixedParent: true, SensitiveDataOrigin: true, UserWithAuth: true, NoDA: true, SignEncrypt: true, Restricted: restricted,
		},
		Parameters: tpm2.NewTPMUPublicParms(tpm2.TPMAlgECC, &tpm2.TPMSECCParms{
			Scheme: tpm2.TPMTECCScheme{Scheme: tpm2.TPMAlgECDSA,
				Details: tpm2.NewTPMUAsymScheme(tpm2.TPMAlgECDSA, &tpm2.TPMSSigSchemeECDSA{HashAlg: tpm2.TPMAlgSHA256})},
			CurveID: tpm2.TPMECCNistP256,
		}),
		Unique: tpm2.NewTPMUPublicID(tpm2.TPMAlgECC, point(key)),
	}
}

func point(key *ecdsa.PublicKey) *tpm2.TPMSECCPoint {
	return &tpm2.TPMSECCPoint{
		X: tpm2.TPM2BECCParameter{Buffer: key.X.FillBytes(make([]byte, 32))},
		Y: tpm2.TPM2BECCParameter{Buffer: key.Y.FillBytes(make([]byte, 32))},
	}
}

// Activate opens a challenge's credential, as TPM2_ActivateCredential does
// (TPM 2.0 Library, part 1, "Credential protection", and part 1 annex C.6.4).
func (t *TPM) Activate(c wire.AttestChallenge) ([]byte, error) {
	eph, err := tpm2.Unmarshal[tpm2.TPMSECCPoint](c.Secret)
	if err != nil {
		return nil, err
	}
	x := new(big.Int).SetBytes(eph.X.Buffer).FillBytes(make([]byte, 32))
	y := new(big.Int).SetBytes(eph.Y.Buffer).FillBytes(make([]byte, 32))
	theirs, err := ecdh.P256().NewPublicKey(append(append([]byte{4}, x...), y...))
	if err != nil {
		return nil, err
	}
	mine, err := t.EK.ECDH()
	if err != nil {
		return nil, err
	}
	z, err := mine.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	seed := tpm2.KDFe(sha, z, "IDENTITY", x, t.EK.X.FillBytes(make([]byte, 32)), 256)
	if len(c.Credential) < 2 {
		return nil, errors.New("softtpm: credential cut short")
	}
	n := 2 + int(binary.BigEndian.Uint16(c.Credential))
	if len(c.Credential) < n {
		return nil, errors.New("softtpm: credential cut short")
	}
	sum, identity := c.Credential[2:n], c.Credential[n:]
	name := nameOf(Public(&t.AK.PublicKey, true))
	mac := hmac.New(sha256.New, tpm2.KDFa(sha, seed, "INTEGRITY", nil, nil, 256))
	mac.Write(identity)
	mac.Write(name)
	if !hmac.Equal(mac.Sum(nil), sum) {
		return nil, errors.New("softtpm: integrity: not for these keys")
	}
	block, err := aes.NewCipher(tpm2.KDFa(sha, seed, "STORAGE", name, nil, 128))
	if err != nil {
		return nil, err
	}
	clear := make([]byte, len(identity))
	cipher.NewCFBDecrypter(block, make([]byte, aes.BlockSize)).XORKeyStream(clear, identity) // the TPM's own mode
	digest, err := tpm2.Unmarshal[tpm2.TPM2BDigest](clear)
	if err != nil {
		return nil, err
	}
	return digest.Buffer, nil
}

// Certify gives what TPM2_Certify gives for a key, signed by the AK.
func (t *TPM) Certify(key *ecdsa.PublicKey, nonce []byte) (attest, signature []byte, err error) {
	name := tpm2.TPM2BName{Buffer: nameOf(Public(key, false))}
	attest = tpm2.Marshal(tpm2.TPMSAttest{
		Magic: tpm2.TPMGeneratedValue, Type: tpm2.TPMSTAttestCertify, ExtraData: tpm2.TPM2BData{Buffer: nonce},
		Attested: tpm2.NewTPMUAttest(tpm2.TPMSTAttestCertify, &tpm2.TPMSCertifyInfo{Name: name, QualifiedName: name}),
	})
	digest := sha256.Sum256(attest)
	r, s, err := ecdsa.Sign(rand.Reader, t.AK, digest[:])
	if err != nil {
		return nil, nil, err
	}
	signature = tpm2.Marshal(tpm2.TPMTSignature{SigAlg: tpm2.TPMAlgECDSA, Signature: tpm2.NewTPMUSignature(tpm2.TPMAlgECDSA, &tpm2.TPMSSignatureECC{
		Hash: tpm2.TPMAlgSHA256, SignatureR: tpm2.TPM2BECCParameter{Buffer: r.Bytes()}, SignatureS: tpm2.TPM2BECCParameter{Buffer: s.Bytes()},
	})})
	return attest, signature, nil
}

// Answer is the whole answer to a challenge, for a device's key.
func (t *TPM) Answer(c wire.AttestChallenge, key *ecdsa.PublicKey) (a wire.Attestation, err error) {
	if a.Activated, err = t.Activate(c); err != nil {
		return a, err
	}
	a.Key = tpm2.Marshal(Public(key, false))
	a.Certify, a.Signature, err = t.Certify(key, c.Nonce)
	return a, err
}

func nameOf(public tpm2.TPMTPublic) []byte {
	name, err := tpm2.ObjectName(&public)
	if err != nil {
		panic(err) // of our own template
	}
	return name.Buffer
}
