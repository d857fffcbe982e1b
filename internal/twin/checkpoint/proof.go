package checkpoint

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that one entry is in the log: a C2SP tlog-proof. Extra carries
// the entry itself, so that the file needs nothing beside the log's key; without
// it the entry's hash is needed too.
type Proof struct {
	Extra      []byte      // the entry's bytes as they were hashed, or none
	Index      int64       // its number in the log, from 0
	Hashes     []tlog.Hash // from the leaf's sibling up
	Checkpoint []byte      // signed
}

const (
	proofHeader = "c2sp.org/tlog-proof@v1\n"
	// MaxEntry is the largest entry of the log in bytes.
	MaxEntry = 8 << 10
	// MaxProof is the longest proof in bytes.
	MaxProof = len(proofHeader) + MaxEntry*2 + maxHashes*64 + maxNote
)

// Marshal writes the text of a .tlog-proof file.
func (p Proof) Marshal() []byte {
	var b bytes.Buffer
	b.WriteString(proofHeader)
	if len(p.Extra) > 0 {
		b.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	fmt.Fprintf(&b, "index %d\n%s\n", p.Index, MarshalHashes(p.Hashes))
	b.Write(p.Checkpoint)
	return b.Bytes()
}

// IsProof says by its first line whether text means to be a .tlog-proof file.
func IsProof(text []byte) bool { return bytes.HasPrefix(text, []byte(proofHeader)) }

// ParseProof reads a .tlog-proof file. It checks nothing but its form: use Verify.
func ParseProof(text []byte) (p Proof, err error) {
	if len(text) > MaxProof {
		return p, ErrMalformed
	}
	rest, ok := strings.CutPrefix(string(text), proofHeader)
	if !ok {
		return p, ErrMalformed
	}
	head, signed, ok := strings.Cut(rest, "\n\n")
	if !ok || signed == "" {
		return p, ErrMalformed
	}
	head += "\n"
	if extra, ok := strings.CutPrefix(head, "extra "); ok {
		line, after, _ := strings.Cut(extra, "\n")
		if p.Extra, err = base64.StdEncoding.Strict().DecodeString(line); err != nil || len(p.Extra) == 0 ||
			base64.StdEncoding.EncodeToString(p.Extra) != line {
			return Proof{}, ErrMalformed
		}
		head = after
	}
	line, hashes, _ := strings.Cut(head, "\n")
	number, ok := strings.CutPrefix(line, "index ")
	if !ok {
		return Proof{}, ErrMalformed
	}
	if p.Index, err = parseNumber(number); err != nil {
		return Proof{}, err
	}
	if p.Hashes, err = ParseHashes(hashes); err != nil {
		return Proof{}, err
	}
	p.Checkpoint = []byte(signed)
	return p, nil
}

// Verify checks that the entry in Extra is in the log that the key signed, and
// returns the checkpoint that says so.
func (p Proof) Verify(verifier note.Verifier, origin string) (Checkpoint, error) {
	if len(p.Extra) == 0 || len(p.Extra) > MaxEntry {
		return Checkpoint{}, fmt.Errorf("%w: no entry in the proof", ErrMalformed)
	}
	return p.VerifyHash(verifier, origin, tlog.RecordHash(p.Extra))
}

// VerifyHash checks that an entry of which only the hash is known (RFC 6962,
// section 2.1: SHA-256 over a zero byte and the entry) is in the log that the
// key signed. A proof that carries an entry must carry that one.
func (p Proof) VerifyHash(verifier note.Verifier, origin string, leaf tlog.Hash) (Checkpoint, error) {
	if len(p.Extra) > 0 && tlog.RecordHash(p.Extra) != leaf {
		return Checkpoint{}, fmt.Errorf("%w: the proof carries another entry", ErrNotIncluded)
	}
	c, err := Open(p.Checkpoint, verifier, origin)
	if err != nil {
		return Checkpoint{}, err
	}
	if p.Index < 0 || p.Index >= c.Size {
		return Checkpoint{}, fmt.Errorf("%w: entry %d of %d", ErrNotIncluded, p.Index, c.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, leaf); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: entry %d", ErrNotIncluded, p.Index)
	}
	return c, nil
}
