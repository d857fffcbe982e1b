package checkpoint

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Consistent says whether the tree of later begins with the whole tree of
// earlier, along proof (RFC 6962 §2.1.2). Both must be of the same epoch.
func Consistent(earlier, later Checkpoint, proof []tlog.Hash) error {
	switch {
	case earlier.Origin != later.Origin:
		return ErrOrigin
	case later.Size < earlier.Size:
		return fmt.Errorf("%w: it had %d entries and has %d", ErrInconsistent, earlier.Size, later.Size)
	case later.Size == earlier.Size:
		if later.Root != earlier.Root || len(proof) != 0 {
			return fmt.Errorf("%w: two trees of %d entries", ErrInconsistent, later.Size)
		}
		return nil
	case earlier.Size == 0:
		if len(proof) != 0 {
			return ErrMalformed
		}
		return nil // everything continues the empty log
	}
	if err := tlog.CheckTree(proof, later.Size, later.Root, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("%w: from %d to %d entries", ErrInconsistent, earlier.Size, later.Size)
	}
	return nil
}

// Pin is what an outsider remembers of a log: the newest checkpoint that he saw
// proved. The zero Pin remembers nothing and takes the first one that is signed.
type Pin struct {
	Note []byte // signed; kept as it came, to be shown to others
}

// Advance moves the pin to a newer checkpoint, which the log's key must have
// signed and the proof must connect. What does not hold leaves the pin as it is.
func (p Pin) Advance(signed []byte, proof []tlog.Hash, verifier note.Verifier, origin string) (Pin, Checkpoint, error) {
	next, err := Open(signed, verifier, origin)
	if err != nil {
		return p, Checkpoint{}, err
	}
	if len(p.Note) == 0 {
		return Pin{Note: signed}, next, nil
	}
	held, err := Open(p.Note, verifier, origin)
	if err != nil {
		return p, Checkpoint{}, err
	}
	if held.Origin == next.Origin && next.Size < held.Size {
		// Not yet proof of a rollback: an old answer may arrive late. The pin stays.
		return p, held, fmt.Errorf("%w: it had %d entries and shows %d", ErrInconsistent, held.Size, next.Size)
	}
	if err := Consistent(held, next, proof); err != nil {
		return p, held, err
	}
	return Pin{Note: signed}, next, nil
}

// MarshalHashes writes a proof as lines of base64, as tlog-proof does.
func MarshalHashes(proof []tlog.Hash) string {
	var b strings.Builder
	for _, h := range proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	return b.String()
}

// maxHashes is the longest proof of a tree of maxSize entries, with room to spare.
const maxHashes = 2 * 64

// ParseHashes is the inverse of MarshalHashes.
func ParseHashes(text string) ([]tlog.Hash, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxHashes*64 || !strings.HasSuffix(text, "\n") {
		return nil, ErrMalformed
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) > maxHashes {
		return nil, ErrMalformed
	}
	proof := make([]tlog.Hash, 0, len(lines))
	for _, l := range lines {
		h, err := parseHash(l)
		if err != nil {
			return nil, err
		}
		proof = append(proof, h)
	}
	return proof, nil
}
