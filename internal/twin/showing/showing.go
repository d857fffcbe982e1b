package showing

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/sekisho/sekisho"
)

var kem = hpke.DHKEM(ecdh.P256())

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

// Mark is what two people read to each other of a key: the first twenty hex digits
// of its SHA-256, in groups of four. Nobody finds another key with the same ones.
func Mark(key []byte) string {
	sum := sha256.Sum256(key)
	h := hex.EncodeToString(sum[:10])
	return h[:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:]
}

// Seal seals a picture to a page's key: an encapsulated key of 65 bytes, then the ciphertext.
func Seal(to []byte, about About, picture []byte) ([]byte, error) {
	theirs, err := kem.NewPublicKey(to)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	sealed, err := hpke.Seal(theirs, hpke.HKDFSHA256(), hpke.AES256GCM(), about.info(), picture)
	if err != nil {
		return nil, fmt.Errorf("showing: seal: %w", err)
	}
	return sealed, nil
}

// Open opens what was sealed to a key. Browsers do so themselves; this is their
// counterpart in tests.
func Open(mine *ecdh.PrivateKey, about About, sealed []byte) ([]byte, error) {
	key, err := hpke.NewDHKEMPrivateKey(mine)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	picture, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), about.info(), sealed)
	if err != nil {
		return nil, ErrSealed.Because(err)
	}
	return picture, nil
}

func (a About) info() []byte {
	return []byte("sekisho/old-face/v1\x00" + string(a.Device) + "\x00" + a.Record)
}
