package sealing

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Key files are text. A passphrase wraps them as age does (scrypt); without one
// the file says that it is not protected, which is for demonstrations.

// ErrPassphrase is returned when a key file does not open.
var ErrPassphrase = errors.New("sealing: the key file does not open with this passphrase")

const (
	workFactor    = 16 // 2^16: about a quarter of a second
	maxWorkFactor = 22
	maxKeyFile    = 64 << 10
	rootPrefix    = "SEKISHO-ROSTER-ROOT-1"
)

// NewOfficerKey makes an officer's key file and the public key for the roster.
// The key is age's hybrid of ML-KEM-768 and X25519.
func NewOfficerKey(passphrase string) (file []byte, public string, err error) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, "", fmt.Errorf("sealing: officer key: %w", err)
	}
	public = id.Recipient().String()
	file, err = wrap("# sekisho: key of an information security officer\n# public key: "+public+"\n"+id.String()+"\n", passphrase)
	return file, public, err
}

// ReadOfficerKey opens a key file.
func ReadOfficerKey(file []byte, passphrase string) ([]age.Identity, error) {
	text, err := unwrap(file, passphrase)
	if err != nil {
		return nil, err
	}
	ids, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("sealing: officer key: %w", err)
	}
	return ids, nil
}

// NewRootKey makes a roster root's key file and its public key.
func NewRootKey(passphrase string) (file []byte, public ed25519.PublicKey, err error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("sealing: root key: %w", err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	file, err = wrap("# sekisho: root key of the officers' roster\n# public key: "+b64(public)+"\n"+rootPrefix+" "+b64(private.Seed())+"\n", passphrase)
	return file, public, err
}

// ReadRootKey opens a roster root's key file.
func ReadRootKey(file []byte, passphrase string) (ed25519.PrivateKey, error) {
	text, err := unwrap(file, passphrase)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(text) {
		if seed, ok := strings.CutPrefix(strings.TrimSpace(line), rootPrefix+" "); ok {
			b, err := base64.RawURLEncoding.DecodeString(seed)
			if err != nil || len(b) != ed25519.SeedSize {
				break
			}
			return ed25519.NewKeyFromSeed(b), nil
		}
	}
	return nil, errors.New("sealing: not a roster root's key file")
}

func wrap(text, passphrase string) ([]byte, error) {
	if passphrase == "" {
		return []byte("# not protected by a passphrase\n" + text), nil
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, fmt.Errorf("sealing: passphrase: %w", err)
	}
	to.SetWorkFactor(workFactor)
	var out bytes.Buffer
	shell := armor.NewWriter(&out)
	w, err := age.Encrypt(shell, to)
	if err != nil {
		return nil, fmt.Errorf("sealing: key file: %w", err)
	}
	_, err = io.WriteString(w, text)
	if err = errors.Join(err, w.Close(), shell.Close()); err != nil {
		return nil, fmt.Errorf("sealing: key file: %w", err)
	}
	return out.Bytes(), nil
}

func unwrap(file []byte, passphrase string) (string, error) {
	if len(file) > maxKeyFile {
		return "", ErrPassphrase
	}
	if !bytes.HasPrefix(file, []byte(armor.Header)) {
		return string(file), nil
	}
	if passphrase == "" {
		return "", ErrPassphrase
	}
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return "", ErrPassphrase
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(file)), id)
	if err != nil {
		return "", ErrPassphrase
	}
	text, err := io.ReadAll(io.LimitReader(r, maxKeyFile))
	if err != nil {
		return "", ErrPassphrase
	}
	return string(text), nil
}

// Protected says whether a key file asks for a passphrase.
func Protected(file []byte) bool { return bytes.HasPrefix(file, []byte(armor.Header)) }
