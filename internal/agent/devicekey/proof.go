package devicekey

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"

	"github.com/sekisho/sekisho/internal/wire"
)

// akTemplate is the attestation key: as the device's key, but restricted to sign
// what the TPM itself composed, so that its signature is the TPM's word.
var akTemplate = func() tpm2.TPMTPublic {
	t := signTemplate
	t.ObjectAttributes.Restricted = true
	return t
}()

var withECDSA = tpm2.TPMTSigScheme{Scheme: tpm2.TPMAlgECDSA,
	Details: tpm2.NewTPMUSigScheme(tpm2.TPMAlgECDSA, &tpm2.TPMSSchemeHash{HashAlg: tpm2.TPMAlgSHA256})}

// ceremony is one proof under way. Its objects stay loaded between the acts,
// while the server thinks; gen is the connection to the TPM that they belong to.
type ceremony struct {
	k       *tpmKey
	gen     int
	ek      endorsement
	ak      tpm2.NamedHandle
	akBytes []byte // TPMT_PUBLIC
}

// errReset: the TPM or its driver began anew in the middle of a proof.
var errReset = errors.New("devicekey: the TPM was reset in the middle of its proof")

// Prove goes through the ceremony: keys, challenge, activation, certification.
// Each act can be tried again as a whole, since the worker does that when the TPM
// asks for it.
func (k *tpmKey) Prove(ctx context.Context, ask Ask) (*wire.Attestation, error) {
	c := &ceremony{k: k}
	defer c.end()
	if err := k.w.do(ctx, slowLimit, c.begin); err != nil {
		return nil, err
	}
	challenge, err := ask(ctx, wire.AttestRequest{EK: c.ek.public, EKCertificate: c.ek.certificate, AK: c.akBytes})
	if err != nil {
		return nil, err
	}
	out := &wire.Attestation{Key: []byte(k.file.Public)}
	if err := k.w.do(ctx, callLimit, c.activate(challenge, out)); err != nil {
		return nil, err
	}
	if err := k.w.do(ctx, callLimit, c.certify(challenge.Nonce, out)); err != nil {
		return nil, err
	}
	return out, nil
}

// begin makes room (the device's key is loaded again later), loads the
// endorsement key and makes an attestation key.
func (c *ceremony) begin(t transport.TPM, gen int) (err error) {
	if c.k.gen == gen {
		flush(t, c.k.loaded.Handle)
	}
	c.k.gen = 0
	ek, err := openEndorsement(t)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			ek.close(t)
		}
	}()
	parent, _, err := openStorage(t, c.k.file.Parent, false)
	if err != nil {
		return err
	}
	defer parent.close(t)
	made, err := tpm2.Create{ParentHandle: parent.auth(), InPublic: tpm2.New2B(akTemplate)}.Execute(t)
	if err != nil {
		return fmt.Errorf("devicekey: attestation key: %w", err)
	}
	loaded, err := tpm2.Load{ParentHandle: parent.auth(), InPrivate: made.OutPrivate, InPublic: made.OutPublic}.Execute(t)
	if err != nil {
		return fmt.Errorf("devicekey: load attestation key: %w", err)
	}
	c.gen, c.ek, c.akBytes = gen, ek, made.OutPublic.Bytes()
	c.ak = tpm2.NamedHandle{Handle: loaded.ObjectHandle, Name: loaded.Name}
	return nil
}

func (c *ceremony) akAuth() tpm2.AuthHandle {
	return tpm2.AuthHandle{Handle: c.ak.Handle, Name: c.ak.Name, Auth: tpm2.PasswordAuth(nil)}
}

// byEndorsement satisfies the policy of the TCG's templates: PolicySecret of the
// endorsement hierarchy, whose password is empty unless somebody set one.
func byEndorsement(t transport.TPM, session tpm2.TPMISHPolicy, nonce tpm2.TPM2BNonce) error {
	_, err := tpm2.PolicySecret{AuthHandle: tpm2.TPMRHEndorsement, PolicySession: session, NonceTPM: nonce}.Execute(t)
	return err
}

// activate opens the secret that the server encrypted to the endorsement key.
func (c *ceremony) activate(challenge wire.AttestChallenge, out *wire.Attestation) func(transport.TPM, int) error {
	return func(t transport.TPM, gen int) error {
		if gen != c.gen {
			return errReset
		}
		rsp, err := tpm2.ActivateCredential{
			ActivateHandle: c.akAuth(),
			KeyHandle: tpm2.AuthHandle{Handle: c.ek.handle.Handle, Name: c.ek.handle.Name,
				Auth: tpm2.Policy(tpm2.TPMAlgSHA256, 16, byEndorsement)},
			CredentialBlob: tpm2.TPM2BIDObject{Buffer: challenge.Credential},
			Secret:         tpm2.TPM2BEncryptedSecret{Buffer: challenge.Secret},
		}.Execute(t)
		switch {
		case owned(err):
			return ErrOwned.Because(fmt.Errorf("devicekey: activate: %w", err))
		case errors.Is(err, tpm2.TPMRCIntegrity), errors.Is(err, tpm2.TPMRCValue), errors.Is(err, tpm2.TPMRCSize):
			return ErrActive.Because(fmt.Errorf("devicekey: activate: %w", err))
		case err != nil:
			return fmt.Errorf("devicekey: activate: %w", err)
		}
		out.Activated = rsp.CertInfo.Buffer
		return nil
	}
}

// certify has the attestation key certify the device's key under the server's nonce.
func (c *ceremony) certify(nonce []byte, out *wire.Attestation) func(transport.TPM, int) error {
	return func(t transport.TPM, gen int) error {
		if gen != c.gen {
			return errReset
		}
		c.dropEK(t)
		if err := c.k.ready(t, gen); err != nil {
			return err
		}
		rsp, err := tpm2.Certify{
			ObjectHandle:   tpm2.AuthHandle{Handle: c.k.loaded.Handle, Name: c.k.loaded.Name, Auth: tpm2.PasswordAuth(nil)},
			SignHandle:     c.akAuth(),
			QualifyingData: tpm2.TPM2BData{Buffer: nonce},
			InScheme:       withECDSA,
		}.Execute(t)
		if err != nil {
			return fmt.Errorf("devicekey: certify: %w", err)
		}
		out.Certify, out.Signature = rsp.CertifyInfo.Bytes(), tpm2.Marshal(rsp.Signature)
		return nil
	}
}

// dropEK makes room for the device's key; a second time it does nothing.
func (c *ceremony) dropEK(t transport.TPM) {
	c.ek.close(t)
	c.ek.transient = false
}

// end frees what is still loaded. Its own failure is harmless: the next
// connection to the TPM begins empty.
func (c *ceremony) end() {
	if c.gen == 0 || c.k.w.closed() {
		return
	}
	_ = c.k.w.do(context.Background(), callLimit, func(t transport.TPM, gen int) error {
		if gen == c.gen {
			c.dropEK(t)
			flush(t, c.ak.Handle)
		}
		return nil
	})
}
