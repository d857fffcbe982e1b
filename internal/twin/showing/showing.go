package showing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/sekisho/sekisho"
)

const (
	pointBytes = 65 // of an uncompressed P-256 point (SEC 1, 2.3.3)
	keyBytes   = 32
)

// About says what a picture is shown for.
type About struct {
	Device sekisho.DeviceID // the new PC
	Record string           // hash of the older sealed record
}

var (
	// ErrKey refuses what is no key of a witness's page.
	ErrKey = sekisho.Fail(sekisho.KindInvalid, "witness.key")
	// ErrSealed is for what does not open: sealed to another key, for another case, or changed.
	ErrSealed = sekisho.Fail(sekisho.KindDenied, "witness.key")
)

// Mark is what two people read to each other of a key: the first twelve hex digits
// of its SHA-256, in groups of four.
func Mark(key []byte) string {
	sum := sha256.Sum256(key)
	h := hex.EncodeToString(sum[:6])
	return h[:4] + "-" + h[4:8] + "-" + h[8:]
}

// Seal seals a picture to a page's key: an ephemeral point, then the ciphertext.
func Seal(to []byte, about About, picture []byte) ([]byte, error) {
	theirs, err := ecdh.P256().NewPublicKey(to)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	once, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("showing: seal: %w", err)
	}
	shared, err := once.ECDH(theirs)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	box, err := boxOf(shared, once.PublicKey().Bytes(), to, about)
	if err != nil {
		return nil, fmt.Errorf("showing: seal: %w", err)
	}
	// The key is used once, so the nonce need not differ.
	return box.Seal(once.PublicKey().Bytes(), make([]byte, box.NonceSize()), picture, nil), nil
}

// Open opens what was sealed to a key. Browsers do so themselves; this is their
// counterpart in tests.
func Open(mine *ecdh.PrivateKey, about About, sealed []byte) ([]byte, error) {
	if len(sealed) < pointBytes {
		return nil, ErrSealed
	}
	once, err := ecdh.P256().NewPublicKey(sealed[:pointBytes])
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	shared, err := mine.ECDH(once)
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	box, err := boxOf(shared, once.Bytes(), mine.PublicKey().Bytes(), about)
	if err != nil {
		return nil, fmt.Errorf("showing: open: %w", err)
	}
	picture, err := box.Open(nil, make([]byte, box.NonceSize()), sealed[pointBytes:], nil)
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	return picture, nil
}

func boxOf(shared, once, to []byte, about About) (cipher.AEAD, error) {
	salt := append(append([]byte{}, once...), to...)
	key, err := hkdf.Key(sha256.New, shared, salt, "sekisho/old-face/v1\x00"+string(about.Device)+"\x00"+about.Record, keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
