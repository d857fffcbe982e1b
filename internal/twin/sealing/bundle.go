package sealing

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"filippo.io/age"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a bundle.
const (
	magic     = "SKE1"
	MaxBundle = 16 << 20
	maxHeader = 128 << 10
	maxParts  = 8
	escrowID  = "escrow"
)

// Reasons for which a bundle is refused.
var (
	ErrBundle = errors.New("sealing: not a sealed bundle")
	ErrOpen   = errors.New("sealing: the bundle does not open")
)

// Manifest says what a bundle holds and when and where it was taken. It is sealed with it.
type Manifest struct {
	Kind       string               `json:"kind"` // "incident" or "enrolment"
	Incident   sekisho.IncidentID   `json:"incident"`
	Connection sekisho.ConnectionID `json:"connection"`
	Session    sekisho.SessionID    `json:"session"`
	Person     sekisho.PersonID     `json:"person"`
	Device     sekisho.DeviceID     `json:"device"`
	State      sekisho.State        `json:"state"`
	At         time.Time            `json:"at"`     // by the PC's clock
	Frame      uint64               `json:"frame"`  // the frame whose picture it is
	Camera     string               `json:"camera"` // the camera's label
	Note       string               `json:"note"`   // what could not be taken, and why
	Parts      []Piece              `json:"parts"`  // filled in by Seal
}

// LogValue hides the manifest from logs.
func (Manifest) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Piece describes one part.
type Piece struct {
	Name   string `json:"name"` // camera.jpg, screen.jpg
	Type   string `json:"type"` // image/jpeg
	Source string `json:"source"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Part is one sealed file. Source says who took it: camera, os, page.
type Part struct {
	Name, Type, Source string
	Data               []byte
}

// LogValue hides the picture from logs.
func (Part) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Header is what anybody can read of a bundle: to whom it is sealed.
type Header struct {
	ID      wire.Bytes   `json:"id"`      // 16 random bytes that bind shares to their bundle
	Roster  string       `json:"roster"`  // hash of the roster
	Version int          `json:"version"` // of the roster
	Check   wire.Bytes   `json:"check"`   // SHA-256 over the key: tells a wrong share
	Nonce   wire.Bytes   `json:"nonce"`
	Shares  []ShareField `json:"shares"`
}

// ShareField is one share, sealed to its holder.
type ShareField struct {
	Holder string     `json:"holder"` // the officer's id, or "escrow"
	Sealed wire.Bytes `json:"sealed"` // an age file
}

// Seal closes parts under a new key for the roster's officers. It returns the
// bundle and its name: SHA-256, lowercase hex.
func Seal(r Roster, m Manifest, parts []Part) (bundle []byte, name string, err error) {
	if err := r.Valid(); err != nil {
		return nil, "", err
	}
	body, err := pack(m, parts)
	if err != nil {
		return nil, "", err
	}
	var key [keySize]byte
	defer clear(key[:])
	h := Header{ID: make([]byte, 16), Roster: r.Hash(), Version: r.Version, Nonce: make([]byte, 12)}
	for _, b := range [][]byte{key[:], h.ID, h.Nonce} {
		if _, err := rand.Read(b); err != nil {
			return nil, "", fmt.Errorf("sealing: random: %w", err)
		}
	}
	h.Check = check(key)
	if h.Shares, err = sealShares(r, h.ID, key); err != nil {
		return nil, "", err
	}
	prefix, err := encodeHeader(h)
	if err != nil {
		return nil, "", err
	}
	gcm, err := sealer(key)
	if err != nil {
		return nil, "", err
	}
	bundle = gcm.Seal(prefix, h.Nonce, body, prefix)
	if len(bundle) > MaxBundle {
		return nil, "", fmt.Errorf("%w: larger than %d bytes", ErrBundle, MaxBundle)
	}
	return bundle, Name(bundle), nil
}

// Name is a bundle's content address: SHA-256, lowercase hex.
func Name(bundle []byte) string {
	sum := sha256.Sum256(bundle)
	return hex.EncodeToString(sum[:])
}

func sealer(key [keySize]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func check(key [keySize]byte) []byte {
	sum := sha256.Sum256(append([]byte("sekisho/evidence-key/v1\x00"), key[:]...))
	return sum[:]
}

// holders are those who get a share, in this order: the officers, then escrow.
func (r Roster) holders() []Officer {
	if r.Escrow == "" {
		return r.Officers
	}
	return append(r.Officers[:len(r.Officers):len(r.Officers)], Officer{ID: escrowID, Recipient: r.Escrow})
}

// For says whether a bundle claims to be sealed to exactly the holders of a
// roster. That a share opens with its holder's key, only the holder can tell.
func (h Header) For(r Roster) bool {
	return h.Roster != "" && h.Roster == r.Hash() && h.Version == r.Version &&
		slices.EqualFunc(h.Shares, r.holders(), func(f ShareField, o Officer) bool { return f.Holder == o.ID && len(f.Sealed) > 0 })
}

func sealShares(r Roster, id []byte, key [keySize]byte) ([]ShareField, error) {
	holders := r.holders()
	shares, err := split(key, len(holders))
	if err != nil {
		return nil, err
	}
	fields := make([]ShareField, len(holders))
	for i, holder := range holders {
		sealed, err := Share{bundle: id, x: byte(i + 1), share: shares[i]}.SealTo(holder.Recipient)
		if err != nil {
			return nil, err
		}
		fields[i] = ShareField{Holder: holder.ID, Sealed: sealed}
	}
	return fields, nil
}

func encodeHeader(h Header) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("sealing: header: %w", err)
	}
	if len(text) > maxHeader {
		return nil, fmt.Errorf("%w: header too large", ErrBundle)
	}
	b := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(text)))
	return append(b, text...), nil
}

// Inspect reads what anybody can read: the header, and how long it is.
func Inspect(bundle []byte) (h Header, prefix int, err error) {
	if len(bundle) < 8 || len(bundle) > MaxBundle || string(bundle[:4]) != magic {
		return h, 0, ErrBundle
	}
	n := int(binary.BigEndian.Uint32(bundle[4:8]))
	if n > maxHeader || 8+n > len(bundle) || strict(bundle[8:8+n], &h) != nil {
		return Header{}, 0, ErrBundle
	}
	if len(h.ID) != 16 || len(h.Nonce) != 12 || len(h.Check) != sha256.Size || len(h.Shares) < 2 || len(h.Shares) > maxShares {
		return Header{}, 0, ErrBundle
	}
	return h, 8 + n, nil
}

// Open opens a bundle with two or more shares of it. Shares that do not fit are
// passed over; fewer than two that do open nothing.
func Open(bundle []byte, shares ...Share) (Manifest, []Part, error) {
	h, prefix, err := Inspect(bundle)
	if err != nil {
		return Manifest{}, nil, err
	}
	for i, a := range shares {
		for _, b := range shares[i+1:] {
			if !bytes.Equal(a.bundle, h.ID) || !bytes.Equal(b.bundle, h.ID) {
				continue
			}
			key, err := combine(a.x, a.share, b.x, b.share)
			if err != nil || !bytes.Equal(check(key), h.Check) {
				continue
			}
			gcm, err := sealer(key)
			if err != nil {
				return Manifest{}, nil, err
			}
			body, err := gcm.Open(nil, h.Nonce, bundle[prefix:], bundle[:prefix])
			if err != nil {
				return Manifest{}, nil, ErrOpen
			}
			return unpack(body)
		}
	}
	return Manifest{}, nil, ErrOpen
}

// Share is one holder's share of one bundle's key.
type Share struct {
	bundle []byte
	x      byte
	share  [keySize]byte
}

// LogValue hides the share from logs.
func (Share) LogValue() slog.Value { return slog.StringValue("[hidden]") }

const shareMagic = "SKS1"

// SealTo seals the share to an age key: how it lies in a bundle, and how one
// officer hands his share to the other.
func (s Share) SealTo(key string) ([]byte, error) {
	to, err := recipient(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to.Recipient)
	if err != nil {
		return nil, fmt.Errorf("sealing: share: %w", err)
	}
	plain := append(append(append([]byte(shareMagic), s.bundle...), s.x), s.share[:]...)
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("sealing: share: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("sealing: share: %w", err)
	}
	return out.Bytes(), nil
}

// OpenShare opens a share that was sealed to one of the identities.
func OpenShare(sealed []byte, identities ...age.Identity) (Share, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), identities...)
	if err != nil {
		return Share{}, fmt.Errorf("%w: %w", ErrOpen, err)
	}
	const size = int64(len(shareMagic) + 16 + 1 + keySize)
	plain, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil || int64(len(plain)) != size || string(plain[:4]) != shareMagic {
		return Share{}, ErrOpen
	}
	s := Share{bundle: plain[4:20], x: plain[20]}
	copy(s.share[:], plain[21:])
	return s, nil
}

// ShareOf finds the share in a bundle that one of the identities can open.
func ShareOf(bundle []byte, identities ...age.Identity) (Share, string, error) {
	h, _, err := Inspect(bundle)
	if err != nil {
		return Share{}, "", err
	}
	for _, f := range h.Shares {
		if s, err := OpenShare(f.Sealed, identities...); err == nil && bytes.Equal(s.bundle, h.ID) {
			return s, f.Holder, nil
		}
	}
	return Share{}, "", fmt.Errorf("%w: not sealed to this key", ErrOpen)
}
