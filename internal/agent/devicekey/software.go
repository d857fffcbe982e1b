package devicekey

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io"

	"github.com/sekisho/sekisho/internal/wire"
)

// softwareKey is tier C: it protects against nobody who can read the disk.
// Policies refuse it unless they name it, and every screen says so.
type softwareKey struct {
	private *ecdsa.PrivateKey
	storage []byte
}

func createSoftware(cfg Config) (Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, ErrTPM.Because(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, ErrTPM.Because(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return nil, ErrTPM.Because(err)
	}
	storage := make([]byte, 32)
	_, _ = rand.Read(storage) // crypto/rand never fails
	f := keyFile{Version: 1, Kind: KindSoftware, Public: public, Private: pkcs8, Storage: storage}
	if err := writeKeyFile(cfg, f); err != nil {
		return nil, err
	}
	return &softwareKey{private: private, storage: storage}, nil
}

func loadSoftware(f keyFile) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(f.Private)
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() || len(f.Storage) != 32 {
		return nil, ErrDamaged.Because(fmt.Errorf("devicekey: not a P-256 key with its storage key"))
	}
	return &softwareKey{private: private, storage: f.Storage}, nil
}

func (k *softwareKey) Public() crypto.PublicKey { return &k.private.PublicKey }

func (k *softwareKey) Kind() string { return KindSoftware }

func (k *softwareKey) EK(context.Context) ([]byte, error) { return nil, nil }

func (k *softwareKey) Prove(context.Context, Ask) (*wire.Attestation, error) { return nil, nil }

func (k *softwareKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := onlySHA256(digest, opts); err != nil {
		return nil, err
	}
	return k.private.Sign(random, digest, opts)
}

func (k *softwareKey) Seal(_ context.Context, purpose string, data []byte) ([]byte, error) {
	return boxed(k.storage, purpose, data)
}

func (k *softwareKey) Unseal(_ context.Context, purpose string, sealed []byte) ([]byte, error) {
	data, err := unboxed(k.storage, purpose, sealed)
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	return data, nil
}

func (k *softwareKey) Close() error { return nil }

// onlySHA256 holds both kinds of key to the one hash that the TPM key is made for.
func onlySHA256(digest []byte, opts crypto.SignerOpts) error {
	if opts == nil || opts.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return fmt.Errorf("devicekey: the device key signs SHA-256 digests only")
	}
	return nil
}
