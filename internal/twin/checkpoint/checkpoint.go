package checkpoint

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Errors of this package; each says what is not so.
var (
	ErrMalformed    = errors.New("checkpoint: malformed")
	ErrSignature    = errors.New("checkpoint: not signed by the log's key")
	ErrOrigin       = errors.New("checkpoint: of another log")
	ErrInconsistent = errors.New("checkpoint: the log does not continue the one that was pinned")
	ErrNotIncluded  = errors.New("checkpoint: the entry is not in the log")
)

const (
	maxNote       = 64 << 10 // with many cosignatures
	maxExtensions = 16
	maxSize       = 1 << 50 // far beyond any log; keeps arithmetic on sizes safe
)

// Checkpoint is the head of the log at one size.
type Checkpoint struct {
	Origin     string    // the log's name, with its epoch after the first
	Size       int64     // entries
	Root       tlog.Hash // of the tree of that size
	Extensions []string  // further lines, opaque
}

// Text is the body that gets signed.
func (c Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	for _, e := range c.Extensions {
		b.WriteString(e + "\n")
	}
	return b.String()
}

// Parse reads a body. It says nothing about who signed it: use Open.
func Parse(text string) (c Checkpoint, err error) {
	if len(text) > maxNote || !strings.HasSuffix(text, "\n") {
		return c, ErrMalformed
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || len(lines) > 3+maxExtensions {
		return c, ErrMalformed
	}
	for _, l := range lines {
		if l == "" {
			return c, ErrMalformed
		}
	}
	c.Origin = lines[0]
	if c.Size, err = parseNumber(lines[1]); err != nil {
		return Checkpoint{}, err
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return Checkpoint{}, err
	}
	if len(lines) > 3 {
		c.Extensions = lines[3:]
	}
	return c, nil
}

// parseNumber accepts a decimal in its one canonical form.
func parseNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxSize || strconv.FormatInt(n, 10) != s {
		return 0, ErrMalformed
	}
	return n, nil
}

// parseHash accepts a hash in its one canonical form.
func parseHash(s string) (h tlog.Hash, err error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tlog.HashSize || base64.StdEncoding.EncodeToString(b) != s {
		return h, ErrMalformed
	}
	copy(h[:], b)
	return h, nil
}

// Sign signs c as a note.
func Sign(c Checkpoint, signer note.Signer) ([]byte, error) {
	if c.Origin == "" || strings.ContainsAny(c.Origin, "\n") || c.Size < 0 {
		return nil, ErrMalformed
	}
	return note.Sign(&note.Note{Text: c.Text()}, signer)
}

// Open verifies a signed checkpoint of the log named origin, or of a later
// epoch of it ("origin/epoch-2"). Signatures by other keys are ignored, as the
// signed-note format asks.
func Open(signed []byte, verifier note.Verifier, origin string) (Checkpoint, error) {
	if len(signed) > maxNote || verifier == nil {
		return Checkpoint{}, ErrMalformed
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
			return Checkpoint{}, ErrSignature
		}
		if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
			return Checkpoint{}, ErrSignature
		}
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	c, err := Parse(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if _, err := EpochOf(c.Origin, origin); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// EpochOrigin is the origin line of a log in its n-th epoch: the name alone in
// the first. A log that went back after a restore is another log to everyone
// who saw the old one, so it says so in its name.
func EpochOrigin(origin string, n int) string {
	if n <= 1 {
		return origin
	}
	return origin + "/epoch-" + strconv.Itoa(n)
}

// EpochOf is the epoch that line names of the log origin, or ErrOrigin.
func EpochOf(line, origin string) (int, error) {
	if line == origin && origin != "" {
		return 1, nil
	}
	rest, ok := strings.CutPrefix(line, origin+"/epoch-")
	n, err := strconv.Atoi(rest)
	if !ok || err != nil || n < 2 || n > 1<<20 || strconv.Itoa(n) != rest {
		return 0, fmt.Errorf("%w: %q", ErrOrigin, line)
	}
	return n, nil
}

const algEd25519 = 1 // signed-note's signature type

// NewSigner makes a note signer of an Ed25519 key. The name is the log's.
func NewSigner(name string, key ed25519.PrivateKey) (note.Signer, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, errors.New("checkpoint: not an Ed25519 key")
	}
	pub := append([]byte{algEd25519}, key.Public().(ed25519.PublicKey)...)
	seed := append([]byte{algEd25519}, key.Seed()...)
	return note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, keyHash(name, pub), base64.StdEncoding.EncodeToString(seed)))
}

// VerifierKey is the text form of a log's public key, as auditors keep it:
// name, key hash and key, joined by plus signs (signed-note, "vkey").
func VerifierKey(name string, key ed25519.PublicKey) string {
	pub := append([]byte{algEd25519}, key...)
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(name, pub), base64.StdEncoding.EncodeToString(pub))
}

// NewVerifier reads a verifier key and returns with it the name of its log.
func NewVerifier(vkey string) (note.Verifier, error) {
	if len(vkey) > 1024 {
		return nil, ErrMalformed
	}
	v, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return v, nil
}

func keyHash(name string, key []byte) uint32 {
	sum := sha256.Sum256(bytes.Join([][]byte{[]byte(name + "\n"), key}, nil))
	return binary.BigEndian.Uint32(sum[:4])
}
