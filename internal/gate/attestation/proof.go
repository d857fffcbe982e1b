package attestation

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/google/go-tpm/tpm2"

	"github.com/sekisho/sekisho/internal/wire"
)

const secretBytes, nonceBytes = 32, 32

// asked is one challenge: what was claimed, and what its answer must hold.
type asked struct {
	ek            []byte // PKIX DER
	ekCertificate *x509.Certificate
	ak            tpmKey
	secret, nonce [32]byte
}

// challenge makes one for the keys that a TPM claims.
func challenge(r wire.AttestRequest) (a asked, out wire.AttestChallenge, err error) {
	area, err := endorsement(r.EK)
	if err != nil {
		return a, out, err
	}
	a.ek = r.EK
	if a.ekCertificate, err = certificateFor(r.EKCertificate, r.EK); err != nil {
		return a, out, err
	}
	if a.ak, err = parseKey(r.AK, akAttributes); err != nil {
		return a, out, err
	}
	_, _ = rand.Read(a.secret[:]) // crypto/rand never fails
	_, _ = rand.Read(a.nonce[:])
	to, err := tpm2.ImportEncapsulationKey(area)
	if err != nil {
		return a, out, ErrEK.Because(err)
	}
	credential, seed, err := tpm2.CreateCredential(rand.Reader, to, a.ak.name, a.secret[:])
	if err != nil {
		return a, out, fmt.Errorf("attestation: credential: %w", err)
	}
	return a, wire.AttestChallenge{Credential: credential, Secret: seed, Nonce: a.nonce[:]}, nil
}

// verify is nil if the answer proves that the key with this PKIX DER lives in the
// TPM that was asked.
func (a asked) verify(answer wire.Attestation, spki []byte) error {
	if len(answer.Activated) != secretBytes || !hmac.Equal(a.secret[:], answer.Activated) {
		return ErrActivation
	}
	key, err := parseKey(answer.Key, deviceAttributes)
	if err != nil {
		return err
	}
	info, nonce, err := certified(answer.Certify, answer.Signature, a.ak.public)
	if err != nil {
		return err
	}
	if !bytes.Equal(nonce, a.nonce[:]) {
		return ErrStale
	}
	if !bytes.Equal(info.Name.Buffer, key.name) || !bytes.Equal(key.spki, spki) {
		return ErrOtherKey
	}
	return nil
}

// certified opens what TPM2_Certify gave (TPM 2.0 Library, part 3, "TPM2_Certify"):
// made by a TPM, about a key, signed by the AK.
func certified(attest, signature []byte, ak *ecdsa.PublicKey) (*tpm2.TPMSCertifyInfo, []byte, error) {
	r, s, err := ecdsaSignature(signature)
	if err != nil {
		return nil, nil, err
	}
	digest := sha256.Sum256(attest)
	if !ecdsa.Verify(ak, digest[:], r, s) {
		return nil, nil, ErrForeignAK
	}
	if len(attest) < 6 || len(attest) > maxStructure ||
		binary.BigEndian.Uint32(attest) != uint32(tpm2.TPMGeneratedValue) || binary.BigEndian.Uint16(attest[4:]) != uint16(tpm2.TPMSTAttestCertify) {
		return nil, nil, ErrMalformed.Because(errors.New("attestation: not a certification"))
	}
	parsed, err := tpm2.Unmarshal[tpm2.TPMSAttest](attest)
	if err != nil {
		return nil, nil, ErrMalformed.Because(err)
	}
	info, err := parsed.Attested.Certify()
	if err != nil {
		return nil, nil, ErrMalformed.Because(err)
	}
	return info, parsed.ExtraData.Buffer, nil
}

// ecdsaSignature reads a TPMT_SIGNATURE of ECDSA with SHA-256:
//
//	algorithm[2] hash[2] len(R)[2] R len(S)[2] S
func ecdsaSignature(b []byte) (r, s *big.Int, err error) {
	malformed := ErrMalformed.Because(errors.New("attestation: signature"))
	if len(b) < 4 || binary.BigEndian.Uint16(b) != uint16(tpm2.TPMAlgECDSA) || binary.BigEndian.Uint16(b[2:]) != uint16(tpm2.TPMAlgSHA256) {
		return nil, nil, malformed
	}
	first, rest, ok1 := cut16(b[4:])
	second, rest, ok2 := cut16(rest)
	if !ok1 || !ok2 || len(rest) != 0 || len(first) > 32 || len(second) > 32 {
		return nil, nil, malformed
	}
	return new(big.Int).SetBytes(first), new(big.Int).SetBytes(second), nil
}

func cut16(b []byte) (head, rest []byte, ok bool) {
	if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
		return nil, nil, false
	}
	n := 2 + int(binary.BigEndian.Uint16(b))
	return b[2:n], b[n:], true
}
