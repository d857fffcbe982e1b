package devicekey

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Kinds of key, as EnrolRequest.KeyKind names them.
const (
	KindTPM      = "tpm"
	KindSoftware = "software"
)

// The reasons a person may see. Each has a text and a way out in the catalogue.
var (
	ErrLost    = sekisho.Fail(sekisho.KindDenied, "device.key_lost")        // the TPM does not know this key: another PC, or a cleared TPM
	ErrMissing = sekisho.Fail(sekisho.KindNotFound, "device.key_missing")   // no key file: not enrolled
	ErrDamaged = sekisho.Fail(sekisho.KindInvalid, "device.key_damaged")    // the file is not one of ours, or others can read it
	ErrOther   = sekisho.Fail(sekisho.KindDenied, "device.key_other_kind")  // file and configuration disagree: never a downgrade
	ErrNoTPM   = sekisho.Fail(sekisho.KindNotFound, "device.tpm_missing")   // no TPM 2.0 where configuration says
	ErrDenied  = sekisho.Fail(sekisho.KindDenied, "device.tpm_denied")      // the account may not use the TPM
	ErrTimeout = sekisho.Fail(sekisho.KindBusy, "device.tpm_timeout")       // it did not answer in time
	ErrTPM     = sekisho.Fail(sekisho.KindInternal, "device.tpm_failed")    // any other answer
	ErrLockout = sekisho.Fail(sekisho.KindBusy, "device.tpm_lockout")       // too many wrong authorisations by some program
	ErrOwned   = sekisho.Fail(sekisho.KindDenied, "device.tpm_owned")       // the endorsement hierarchy has a password that we do not have
	ErrActive  = sekisho.Fail(sekisho.KindDenied, "device.tpm_not_asked")   // a challenge that is not for this TPM
	ErrSealed  = sekisho.Fail(sekisho.KindDenied, "device.sealed_unusable") // sealed elsewhere, for another purpose, or altered
)

// Key is the device's key. Sign takes SHA-256 digests only and answers ASN.1.
type Key interface {
	crypto.Signer
	// Kind is KindTPM or KindSoftware.
	Kind() string
	// EK is the endorsement public key (PKIX DER); nil without a TPM.
	EK(ctx context.Context) ([]byte, error)
	// Prove has the TPM prove that the key lives in it. ask is called once, with
	// the TPM's keys, and gives the challenge to them. nil without a TPM.
	Prove(ctx context.Context, ask Ask) (*wire.Attestation, error)
	// Seal encrypts data so that only this PC can read it, for one purpose.
	Seal(ctx context.Context, purpose string, data []byte) ([]byte, error)
	// Unseal is the inverse; another purpose or another PC is ErrSealed.
	Unseal(ctx context.Context, purpose string, sealed []byte) ([]byte, error)
	Close() error
}

// Ask carries a request to the server and gives its challenge.
type Ask = func(ctx context.Context, r wire.AttestRequest) (wire.AttestChallenge, error)

// Config names where the key lives.
type Config struct {
	Dir    string // folder of the key file
	Kind   string // KindTPM (also if empty) or KindSoftware
	Device string // TPM: "" (the system's), a device file, "unix:PATH" or "tcp:HOST:PORT" of an emulator
}

// fileName of the wrapped key inside Config.Dir.
const fileName = "device.key"

// keyFile is what the folder holds.
type keyFile struct {
	Version int        `json:"version"`
	Kind    string     `json:"kind"`
	Parent  uint32     `json:"parent,omitempty"`  // TPM: 0 = storage primary by template, else a persistent handle
	Public  wire.Bytes `json:"public"`            // TPM: TPMT_PUBLIC; software: PKIX
	Private wire.Bytes `json:"private"`           // TPM: TPM2B_PRIVATE, wrapped; software: PKCS #8
	Storage wire.Bytes `json:"storage,omitempty"` // software: 32-byte key for Seal
}

const maxKeyFile = 16 << 10

func readKeyFile(cfg Config) (f keyFile, err error) {
	path := filepath.Join(cfg.Dir, fileName)
	b, err := readPrivate(path, maxKeyFile)
	if errors.Is(err, os.ErrNotExist) {
		return f, ErrMissing.Because(err)
	}
	if err != nil {
		return f, ErrDamaged.Because(err)
	}
	if err := json.Unmarshal(b, &f); err != nil || f.Version != 1 {
		return f, ErrDamaged.Because(fmt.Errorf("devicekey: %s version %d: %v", path, f.Version, err))
	}
	if f.Kind != kindOf(cfg) {
		return f, ErrOther.Because(fmt.Errorf("devicekey: %s holds a %q key, configuration wants %q", path, f.Kind, kindOf(cfg)))
	}
	return f, nil
}

func writeKeyFile(cfg Config, f keyFile) error {
	b, err := json.Marshal(f)
	if err != nil {
		return ErrTPM.Because(err)
	}
	if err := writePrivate(filepath.Join(cfg.Dir, fileName), b); err != nil {
		return ErrTPM.Because(err)
	}
	return nil
}

func kindOf(cfg Config) string {
	if cfg.Kind == "" {
		return KindTPM
	}
	return cfg.Kind
}

// boxed is AES-256-GCM under a fresh nonce; the purpose is authenticated too.
func boxed(key []byte, purpose string, data []byte) ([]byte, error) {
	gcm, err := gcmOf(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // crypto/rand never fails
	return gcm.Seal(nonce, nonce, data, []byte(purpose)), nil
}

func unboxed(key []byte, purpose string, box []byte) ([]byte, error) {
	gcm, err := gcmOf(key)
	if err != nil {
		return nil, err
	}
	if len(box) < gcm.NonceSize() {
		return nil, errors.New("devicekey: sealed data is cut short")
	}
	return gcm.Open(nil, box[:gcm.NonceSize()], box[gcm.NonceSize():], []byte(purpose))
}

func gcmOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
