package devicekey

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

// persistentSRK is the handle that the TCG provisioning guidance reserves.
const persistentSRK tpm2.TPMHandle = 0x81000001

// signTemplate: fixed to this TPM and parent, born inside it, usable without an
// authorisation value and without counting towards the lockout, for ECDSA with
// SHA-256 and nothing else.
var signTemplate = tpm2.TPMTPublic{
	Type:    tpm2.TPMAlgECC,
	NameAlg: tpm2.TPMAlgSHA256,
	ObjectAttributes: tpm2.TPMAObject{
		FixedTPM: true, FixedParent: true, SensitiveDataOrigin: true, UserWithAuth: true, NoDA: true, SignEncrypt: true,
	},
	Parameters: tpm2.NewTPMUPublicParms(tpm2.TPMAlgECC, &tpm2.TPMSECCParms{
		Scheme: tpm2.TPMTECCScheme{
			Scheme:  tpm2.TPMAlgECDSA,
			Details: tpm2.NewTPMUAsymScheme(tpm2.TPMAlgECDSA, &tpm2.TPMSSigSchemeECDSA{HashAlg: tpm2.TPMAlgSHA256}),
		},
		CurveID: tpm2.TPMECCNistP256,
	}),
}

type tpmKey struct {
	w      *worker
	file   keyFile
	public *ecdsa.PublicKey

	// Only the worker's goroutine touches these two.
	loaded tpm2.NamedHandle
	gen    int // of the connection that loaded belongs to
}

// storage is the loaded parent of our objects.
type storage struct {
	handle    tpm2.NamedHandle
	public    tpm2.TPMTPublic
	transient bool
}

func (s storage) auth() tpm2.AuthHandle {
	return tpm2.AuthHandle{Handle: s.handle.Handle, Name: s.handle.Name, Auth: tpm2.PasswordAuth(nil)}
}

// session protects a secret on its way between processor and TPM: salted to the
// parent, encrypted with AES, so that a probe on the bus sees neither.
func (s storage) session(in bool) tpm2.Session {
	direction := tpm2.EncryptOut
	if in {
		direction = tpm2.EncryptIn
	}
	return tpm2.HMAC(tpm2.TPMAlgSHA256, 16, tpm2.AESEncryption(128, direction), tpm2.Salted(s.handle.Handle, s.public))
}

// openStorage loads the storage parent. Where the owner has set a password on
// the hierarchy the primary cannot be made; then the persistent one serves.
func openStorage(t transport.TPM, parent uint32, choose bool) (s storage, id uint32, err error) {
	if parent == 0 {
		rsp, err := tpm2.CreatePrimary{PrimaryHandle: tpm2.TPMRHOwner, InPublic: tpm2.New2B(tpm2.ECCSRKTemplate)}.Execute(t)
		if err == nil {
			public, err := rsp.OutPublic.Contents()
			if err != nil {
				return s, 0, err
			}
			return storage{tpm2.NamedHandle{Handle: rsp.ObjectHandle, Name: rsp.Name}, *public, true}, 0, nil
		}
		if !choose || !(errors.Is(err, tpm2.TPMRCBadAuth) || errors.Is(err, tpm2.TPMRCAuthFail)) {
			return s, 0, fmt.Errorf("devicekey: storage primary: %w", err)
		}
		parent = uint32(persistentSRK)
	}
	rsp, err := tpm2.ReadPublic{ObjectHandle: tpm2.TPMHandle(parent)}.Execute(t)
	if err != nil {
		return s, 0, fmt.Errorf("devicekey: storage parent %x: %w", parent, err)
	}
	public, err := rsp.OutPublic.Contents()
	if err != nil {
		return s, 0, err
	}
	return storage{tpm2.NamedHandle{Handle: tpm2.TPMHandle(parent), Name: rsp.Name}, *public, false}, parent, nil
}

func (s storage) close(t transport.TPM) {
	if s.transient {
		flush(t, s.handle.Handle)
	}
}

// flush frees a slot in the TPM. A failure is harmless: the resource manager
// frees it with the connection.
func flush(t transport.TPM, h tpm2.TPMHandle) { _, _ = tpm2.FlushContext{FlushHandle: h}.Execute(t) }

func createTPM(ctx context.Context, cfg Config) (Key, error) {
	return createOn(ctx, cfg, func() (transport.TPMCloser, error) { return openTPM(cfg.Device) })
}

// createOn makes a key on the TPM that open reaches.
func createOn(ctx context.Context, cfg Config, open func() (transport.TPMCloser, error)) (Key, error) {
	k := &tpmKey{w: newWorker(open)}
	f := keyFile{Version: 1, Kind: KindTPM}
	err := k.w.do(ctx, callLimit, func(t transport.TPM, _ int) error {
		parent, id, err := openStorage(t, 0, true)
		if err != nil {
			return err
		}
		defer parent.close(t)
		rsp, err := tpm2.Create{ParentHandle: parent.auth(), InPublic: tpm2.New2B(signTemplate)}.Execute(t)
		if err != nil {
			return fmt.Errorf("devicekey: create: %w", err)
		}
		f.Parent, f.Public, f.Private = id, rsp.OutPublic.Bytes(), rsp.OutPrivate.Buffer
		return nil
	})
	if err == nil {
		err = writeKeyFile(cfg, f)
	}
	if err == nil {
		err = k.adopt(ctx, f)
	}
	if err != nil {
		k.w.close()
		return nil, err
	}
	return k, nil
}

func loadTPM(ctx context.Context, cfg Config, f keyFile) (Key, error) {
	return loadOn(ctx, f, func() (transport.TPMCloser, error) { return openTPM(cfg.Device) })
}

// loadOn loads a key on the TPM that open reaches.
func loadOn(ctx context.Context, f keyFile, open func() (transport.TPMCloser, error)) (Key, error) {
	k := &tpmKey{w: newWorker(open)}
	if err := k.adopt(ctx, f); err != nil {
		k.w.close()
		return nil, err
	}
	return k, nil
}

// adopt checks the file's public part and loads the key once, so that a key of
// another PC is noticed at the start and not at the first signature.
func (k *tpmKey) adopt(ctx context.Context, f keyFile) error {
	public, err := tpm2.Unmarshal[tpm2.TPMTPublic](f.Public)
	if err != nil {
		return ErrDamaged.Because(err)
	}
	parsed, err := tpm2.Pub(*public)
	if err != nil {
		return ErrDamaged.Because(err)
	}
	ec, ok := parsed.(*ecdsa.PublicKey)
	if !ok || public.ObjectAttributes != signTemplate.ObjectAttributes {
		return ErrDamaged.Because(errors.New("devicekey: not a signing key of ours"))
	}
	k.file, k.public = f, ec
	return k.w.do(ctx, callLimit, k.ready)
}

// ready makes sure that the key is loaded on this connection.
func (k *tpmKey) ready(t transport.TPM, gen int) error {
	if k.gen == gen {
		return nil
	}
	parent, _, err := openStorage(t, k.file.Parent, false)
	if err != nil {
		return err
	}
	defer parent.close(t)
	rsp, err := tpm2.Load{ParentHandle: parent.auth(), InPrivate: tpm2.TPM2BPrivate{Buffer: k.file.Private},
		InPublic: tpm2.BytesAs2B[tpm2.TPMTPublic](k.file.Public)}.Execute(t)
	if err != nil {
		if refused(err) {
			return ErrLost.Because(fmt.Errorf("devicekey: load: %w", err))
		}
		return fmt.Errorf("devicekey: load: %w", err)
	}
	k.loaded, k.gen = tpm2.NamedHandle{Handle: rsp.ObjectHandle, Name: rsp.Name}, gen
	return nil
}

// refused says whether the TPM understood and said no for good (not a warning
// that passes, such as "memory full" or "try again").
func refused(err error) bool {
	rc, ok := errors.AsType[tpm2.TPMRC](err)
	return ok && !rc.IsWarning()
}

func (k *tpmKey) Public() crypto.PublicKey { return k.public }

func (k *tpmKey) Kind() string { return KindTPM }

func (k *tpmKey) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := onlySHA256(digest, opts); err != nil {
		return nil, err
	}
	var signature []byte // as in every act: read only after do has answered without error
	// crypto.Signer has no context; the worker's limit bounds the wait.
	err := k.w.do(context.Background(), callLimit, func(t transport.TPM, gen int) error {
		for again := true; ; again = false {
			if err := k.ready(t, gen); err != nil {
				return err
			}
			var err error
			if signature, err = k.sign(t, digest); !again || !voidHandle(err) {
				return err
			}
			k.gen = 0 // the TPM was reset under us: load once more
		}
	})
	if err != nil {
		return nil, err
	}
	return signature, nil
}

func (k *tpmKey) sign(t transport.TPM, digest []byte) ([]byte, error) {
	rsp, err := tpm2.Sign{
		KeyHandle: tpm2.AuthHandle{Handle: k.loaded.Handle, Name: k.loaded.Name, Auth: tpm2.PasswordAuth(nil)},
		Digest:    tpm2.TPM2BDigest{Buffer: digest},
		InScheme: tpm2.TPMTSigScheme{Scheme: tpm2.TPMAlgECDSA,
			Details: tpm2.NewTPMUSigScheme(tpm2.TPMAlgECDSA, &tpm2.TPMSSchemeHash{HashAlg: tpm2.TPMAlgSHA256})},
		Validation: tpm2.TPMTTKHashCheck{Tag: tpm2.TPMSTHashCheck},
	}.Execute(t)
	if err != nil {
		return nil, fmt.Errorf("devicekey: sign: %w", err)
	}
	sig, err := rsp.Signature.Signature.ECDSA()
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(struct{ R, S *big.Int }{
		new(big.Int).SetBytes(sig.SignatureR.Buffer), new(big.Int).SetBytes(sig.SignatureS.Buffer)})
}

// voidHandle recognises the answers of a TPM that no longer knows a loaded object.
func voidHandle(err error) bool {
	return errors.Is(err, tpm2.TPMRCHandle) || errors.Is(err, tpm2.TPMRCReferenceH0)
}

func (k *tpmKey) EK(ctx context.Context) ([]byte, error) { return endorsementKey(ctx, k.w) }

// Close frees the key's slot in the TPM and ends the worker. Closing twice is harmless.
func (k *tpmKey) Close() error {
	if k.w.closed() {
		return nil
	}
	err := k.w.do(context.Background(), callLimit, func(t transport.TPM, gen int) error {
		if k.gen == gen {
			flush(t, k.loaded.Handle)
			k.gen = 0
		}
		return nil
	})
	k.w.close()
	return err
}
