package sealing

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a roster.
const (
	maxRoster    = 128 << 10
	maxOfficers  = maxShares - 1 // one share is the escrow's
	rosterDomain = "sekisho/roster/v1\x00"
)

// Reasons for which a roster is refused.
var (
	ErrRoster     = errors.New("sealing: roster not valid")
	ErrSignatures = errors.New("sealing: roster not signed by enough of its roots")
	ErrExpired    = errors.New("sealing: roster expired")
	ErrRolledBack = errors.New("sealing: roster older than the one known")
)

// Officer is one information security officer who holds a key.
type Officer struct {
	ID        string `json:"id"`        // short name without personal data: "officer-1"
	Name      string `json:"name"`      // as people see it
	Recipient string `json:"recipient"` // age public key
}

// Roster says to whom records are sealed.
type Roster struct {
	Version  int       `json:"version"` // grows with each roster
	Issued   time.Time `json:"issued"`
	Expires  time.Time `json:"expires"`
	Officers []Officer `json:"officers"` // at least two
	Escrow   string    `json:"escrow"`   // age public key of the share held offline; "" if there is none
}

// Signature is one roster root's.
type Signature struct {
	Key       wire.Bytes `json:"key"` // Ed25519 public key
	Signature wire.Bytes `json:"signature"`
}

// SignedRoster is the file that the roots sign, one after another.
type SignedRoster struct {
	Payload    wire.Bytes  `json:"payload"` // the roster's JSON, exactly as signed
	Signatures []Signature `json:"signatures"`
}

// Valid checks the roster's own rules.
func (r Roster) Valid() error {
	if r.Version < 1 || !r.Expires.After(r.Issued) {
		return fmt.Errorf("%w: version or times", ErrRoster)
	}
	if len(r.Officers) < 2 || len(r.Officers) > maxOfficers {
		return fmt.Errorf("%w: %d officers, at least 2 are needed", ErrRoster, len(r.Officers))
	}
	seen := map[string]bool{}
	for _, o := range r.Officers {
		if o.ID == "" || len(o.ID) > 64 || len(o.Name) > 200 || seen["id "+o.ID] {
			return fmt.Errorf("%w: officer's id", ErrRoster)
		}
		key, err := recipient(o.Recipient)
		if err != nil {
			return err
		}
		if seen[key.text] {
			return fmt.Errorf("%w: one key twice", ErrRoster)
		}
		seen["id "+o.ID], seen[key.text] = true, true
	}
	if r.Escrow == "" {
		return nil
	}
	key, err := recipient(r.Escrow)
	if err != nil {
		return err
	}
	if seen[key.text] { // he would hold two shares and open alone
		return fmt.Errorf("%w: the escrow key is an officer's", ErrRoster)
	}
	return nil
}

type parsedRecipient struct {
	age.Recipient
	text string
}

func recipient(text string) (parsedRecipient, error) {
	text = strings.TrimSpace(text)
	if len(text) > 4096 || strings.ContainsAny(text, "\r\n#") {
		return parsedRecipient{}, fmt.Errorf("%w: key", ErrRoster)
	}
	keys, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil || len(keys) != 1 {
		return parsedRecipient{}, fmt.Errorf("%w: key", ErrRoster)
	}
	return parsedRecipient{keys[0], strings.ToLower(text)}, nil
}

// Draft makes the file that the roots then sign.
func Draft(r Roster) (SignedRoster, error) {
	if err := r.Valid(); err != nil {
		return SignedRoster{}, err
	}
	payload, err := json.Marshal(r)
	if err != nil {
		return SignedRoster{}, fmt.Errorf("sealing: draft roster: %w", err)
	}
	return SignedRoster{Payload: payload, Signatures: []Signature{}}, nil
}

// Sign adds one root's signature; a second one by the same root replaces the first.
func (s *SignedRoster) Sign(key ed25519.PrivateKey) {
	public := key.Public().(ed25519.PublicKey)
	kept := s.Signatures[:0]
	for _, old := range s.Signatures {
		if !bytes.Equal(old.Key, public) {
			kept = append(kept, old)
		}
	}
	s.Signatures = append(kept, Signature{
		Key:       wire.Bytes(public),
		Signature: ed25519.Sign(key, append([]byte(rosterDomain), s.Payload...)),
	})
}

// Marshal is the form that wire.Roster carries.
func (s SignedRoster) Marshal() ([]byte, error) { return json.Marshal(s) }

// ParseSigned reads a file under signature; what it says is not believed yet.
func ParseSigned(file []byte) (s SignedRoster, r Roster, err error) {
	if len(file) > maxRoster || strict(file, &s) != nil || strict(s.Payload, &r) != nil {
		return SignedRoster{}, Roster{}, ErrRoster
	}
	return s, r, r.Valid()
}

// OpenRoster believes a roster only if enough of the pinned roots signed it,
// it has not expired, and it is not older than the version already known.
func OpenRoster(file []byte, roots wire.TrustRoots, known int, now time.Time) (Roster, error) {
	s, r, err := ParseSigned(file)
	if err != nil {
		return Roster{}, err
	}
	signed := map[string]bool{}
	for _, sig := range s.Signatures {
		for _, root := range roots.RosterRoots {
			if len(root) == ed25519.PublicKeySize && bytes.Equal(root, sig.Key) &&
				ed25519.Verify(ed25519.PublicKey(root), append([]byte(rosterDomain), s.Payload...), sig.Signature) {
				signed[string(root)] = true
			}
		}
	}
	switch {
	case roots.RosterThreshold < 1 || len(signed) < roots.RosterThreshold:
		return Roster{}, ErrSignatures
	case r.Version < known:
		return Roster{}, ErrRolledBack
	case !now.Before(r.Expires):
		return Roster{}, ErrExpired
	}
	return r, nil
}

// Hash names a roster: SHA-256 of its JSON, hex.
func (r Roster) Hash() string {
	b, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("sealing: something follows")
	}
	return nil
}
