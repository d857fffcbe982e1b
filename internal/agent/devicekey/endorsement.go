package devicekey

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

// Where the TCG's EK Credential Profile (2.5, §2.2.1.4) puts the endorsement key
// and the certificates of the low-range keys.
const (
	persistentEK tpm2.TPMHandle = 0x81010001
	rsaEKCert    tpm2.TPMHandle = 0x01c00002
	eccEKCert    tpm2.TPMHandle = 0x01c0000a
)

// endorsement is the loaded endorsement key.
type endorsement struct {
	handle      tpm2.NamedHandle
	public      []byte // PKIX DER
	certificate []byte // X.509 DER; nil if the TPM keeps none
	transient   bool
}

// openEndorsement loads the RSA key of the TCG's template, which lists and makers
// go by; the P-256 one where only that has a certificate, or the TPM knows no RSA.
// The key that the TPM's seed yields for a template is always the same.
func openEndorsement(t transport.TPM) (endorsement, error) {
	rsaCert, err := readCertificate(t, rsaEKCert)
	if err != nil {
		return endorsement{}, err
	}
	eccCert, err := readCertificate(t, eccEKCert)
	if err != nil {
		return endorsement{}, err
	}
	if rsaCert == nil && eccCert != nil {
		return primaryEndorsement(t, tpm2.ECCEKTemplate, eccCert)
	}
	if e, ok, err := storedEndorsement(t); err != nil || ok {
		e.certificate = rsaCert
		return e, err
	}
	e, err := primaryEndorsement(t, tpm2.RSAEKTemplate, rsaCert)
	if refused(err) && !owned(err) {
		return primaryEndorsement(t, tpm2.ECCEKTemplate, eccCert)
	}
	return e, err
}

// storedEndorsement is the persistent key, if it is the template's: any other
// could not be used by the policy that we know.
func storedEndorsement(t transport.TPM) (e endorsement, ok bool, err error) {
	rsp, err := tpm2.ReadPublic{ObjectHandle: persistentEK}.Execute(t)
	if refused(err) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("devicekey: endorsement key: %w", err)
	}
	public, err := rsp.OutPublic.Contents()
	if err != nil {
		return e, false, err
	}
	want := tpm2.RSAEKTemplate
	want.Unique = public.Unique
	if public.Type != tpm2.TPMAlgRSA || string(tpm2.Marshal(*public)) != string(tpm2.Marshal(want)) {
		return e, false, nil
	}
	e = endorsement{handle: tpm2.NamedHandle{Handle: persistentEK, Name: rsp.Name}}
	e.public, err = publicDER(public)
	return e, err == nil, err
}

func primaryEndorsement(t transport.TPM, template tpm2.TPMTPublic, certificate []byte) (endorsement, error) {
	rsp, err := tpm2.CreatePrimary{PrimaryHandle: tpm2.TPMRHEndorsement, InPublic: tpm2.New2B(template)}.Execute(t)
	if owned(err) {
		return endorsement{}, ErrOwned.Because(fmt.Errorf("devicekey: endorsement key: %w", err))
	}
	if err != nil {
		return endorsement{}, fmt.Errorf("devicekey: endorsement key: %w", err)
	}
	e := endorsement{handle: tpm2.NamedHandle{Handle: rsp.ObjectHandle, Name: rsp.Name}, certificate: certificate, transient: true}
	public, err := rsp.OutPublic.Contents()
	if err == nil {
		e.public, err = publicDER(public)
	}
	if err != nil {
		e.close(t)
		return endorsement{}, err
	}
	return e, nil
}

func (e endorsement) close(t transport.TPM) {
	if e.transient {
		flush(t, e.handle.Handle)
	}
}

func publicDER(public *tpm2.TPMTPublic) ([]byte, error) {
	key, err := tpm2.Pub(*public)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKIXPublicKey(key)
}

// owned recognises the answers of a hierarchy with a password.
func owned(err error) bool {
	return errors.Is(err, tpm2.TPMRCBadAuth) || errors.Is(err, tpm2.TPMRCAuthFail)
}

const (
	maxCertificate = 8 << 10
	nvChunk        = 512 // every TPM for PCs reads as much at once
)

// readCertificate reads an index of the non-volatile memory. A TPM without it,
// or a system that keeps it to itself, is a PC without a certificate.
func readCertificate(t transport.TPM, index tpm2.TPMHandle) ([]byte, error) {
	rsp, err := tpm2.NVReadPublic{NVIndex: index}.Execute(t)
	if refused(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("devicekey: EK certificate: %w", err)
	}
	public, err := rsp.NVPublic.Contents()
	if err != nil {
		return nil, err
	}
	if public.DataSize > maxCertificate {
		return nil, nil
	}
	var der []byte
	for len(der) < int(public.DataSize) {
		part, err := tpm2.NVRead{
			AuthHandle: tpm2.AuthHandle{Handle: index, Name: rsp.NVName, Auth: tpm2.PasswordAuth(nil)},
			NVIndex:    tpm2.NamedHandle{Handle: index, Name: rsp.NVName},
			Size:       min(nvChunk, public.DataSize-uint16(len(der))), Offset: uint16(len(der)),
		}.Execute(t)
		if refused(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("devicekey: EK certificate: %w", err)
		}
		if len(part.Data.Buffer) == 0 {
			return nil, nil
		}
		der = append(der, part.Data.Buffer...)
	}
	return unpadded(der), nil
}

// unpadded cuts what makers leave behind the certificate: its own length says
// where it ends.
func unpadded(der []byte) []byte {
	if len(der) < 4 || der[0] != 0x30 || der[1] != 0x82 {
		return nil // no certificate of a sensible length
	}
	n := 4 + int(der[2])<<8 + int(der[3])
	if n > len(der) {
		return nil
	}
	return der[:n]
}

func endorsementKey(ctx context.Context, w *worker) (der []byte, err error) {
	err = w.do(ctx, slowLimit, func(t transport.TPM, _ int) error {
		e, err := openEndorsement(t)
		if err != nil {
			return err
		}
		defer e.close(t)
		der = e.public
		return nil
	})
	if err != nil {
		return nil, err
	}
	return der, nil
}

// EndorsementKey reads the endorsement key (PKIX DER) of the TPM that is
// configured, also where the device's key is lost. nil for a key in software.
func EndorsementKey(ctx context.Context, cfg Config) ([]byte, error) {
	if kindOf(cfg) != KindTPM {
		return nil, nil
	}
	w := newWorker(func() (transport.TPMCloser, error) { return openTPM(cfg.Device) })
	defer w.close()
	return endorsementKey(ctx, w)
}
