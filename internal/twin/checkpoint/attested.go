package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ErrChanged is a file that is not byte for byte the one that the log names.
var ErrChanged = errors.New("checkpoint: the file is not the one that the log names")

// MaxAttested is the largest attested file in bytes.
const MaxAttested = 128 << 20

// Form is how a file carries its attestation. The zero value carries none.
type Form int

// Forms of attested files.
const (
	FormNone Form = iota
	FormHTML      // in a comment after the document
	FormCSV       // in the last record
	FormJSON      // in the last member of the one object
	FormPDF       // in a comment after the document, which ends once more behind it
)

// An attested file is a body, and after it the proof (C2SP tlog-proof) that the
// log holds an entry whose detail names the body's SHA-256. Nothing else may
// stand before, between or after them, and the proof has one way only to be
// written: a file with any byte changed is refused.
var brackets = map[Form]struct{ open, close string }{
	FormHTML: {"\n<!-- sekisho-attestation v1\n", "-->\n"},
	FormCSV:  {"\"sekisho-attestation v1\",\"", "\"\r\n"},
	FormJSON: {",\"attestation\":\"", "\"}\n"},
	FormPDF:  {"%sekisho-attestation v1 ", "\n"},
}

// pdfEnd is how a PDF ends (ISO 32000-1 §7.5.5): a reader looks for it in the last bytes.
var pdfEnd = regexp.MustCompile(`startxref\n[0-9]{1,10}\n%%EOF\n$`)

// closing is what stands after the proof of a body, false where none can.
func (f Form) closing(body []byte) (string, bool) {
	b, ok := brackets[f]
	if f != FormPDF {
		return b.close, ok
	}
	end := pdfEnd.Find(body[max(0, len(body)-64):])
	return b.close + string(end), end != nil
}

// Attested is a file taken apart.
type Attested struct {
	Form  Form
	Body  []byte
	Proof Proof
}

// Claim is what the entry of the log says of an attested file.
type Claim struct {
	Checkpoint Checkpoint
	Seq        int64
	At         time.Time
	Kind       string
	Person     string
	ObjectID   string
	Detail     map[string]string
}

// oneLine says that the proof's lines are written as one.
func (f Form) oneLine() bool { return f == FormJSON || f == FormPDF }

// Attach writes the file.
func (a Attested) Attach() ([]byte, error) {
	text := string(a.Proof.Marshal())
	b := brackets[a.Form]
	closing, ok := a.Form.closing(a.Body)
	if !ok || strings.ContainsAny(text, "\"\\<>\r") || strings.Contains(text, "--") {
		return nil, fmt.Errorf("%w: the proof does not fit this kind of file", ErrMalformed)
	}
	if a.Form.oneLine() {
		text = strings.ReplaceAll(text, "\n", `\n`)
	}
	return bytes.Join([][]byte{a.Body, []byte(b.open), []byte(text), []byte(closing)}, nil), nil
}

// Detach takes an attested file apart. It checks its form alone: use Verify.
func Detach(file []byte) (Attested, error) {
	if len(file) > MaxAttested {
		return Attested{}, fmt.Errorf("%w: more than %d bytes", ErrMalformed, MaxAttested)
	}
	for form, b := range brackets {
		at := bytes.LastIndex(file, []byte(b.open))
		if at < 0 {
			continue
		}
		closing, ok := form.closing(file[:at])
		if !ok || !bytes.HasSuffix(file, []byte(closing)) || at+len(b.open) > len(file)-len(closing) {
			continue
		}
		text := file[at+len(b.open) : len(file)-len(closing)]
		if form.oneLine() {
			text = bytes.ReplaceAll(text, []byte(`\n`), []byte("\n"))
		}
		p, err := ParseProof(text)
		if err != nil {
			return Attested{}, err
		}
		a := Attested{Form: form, Body: file[:at:at], Proof: p}
		again, err := a.Attach()
		if err != nil || !bytes.Equal(again, file) || !canonicalNote(p.Checkpoint) {
			return Attested{}, errors.Join(fmt.Errorf("%w: the attestation is not written as it must be", ErrMalformed), err)
		}
		return a, nil
	}
	return Attested{}, fmt.Errorf("%w: no attestation", ErrMalformed)
}

// Digest is the SHA-256 of a body, as an entry's detail names it.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Verify checks that the log that the key signed holds an entry of this kind
// that names the body.
func (a Attested) Verify(verifier note.Verifier, kind string) (Claim, error) {
	head, err := a.Proof.Verify(verifier, verifier.Name())
	if err != nil {
		return Claim{}, err
	}
	var leaf struct {
		Actor  struct{ Person string }
		At     time.Time
		Detail map[string]string
		Kind   string
		Object struct{ ID string }
		V      int
	}
	if err := json.Unmarshal(a.Proof.Extra, &leaf); err != nil || leaf.V != 1 {
		return Claim{}, errors.Join(ErrMalformed, err)
	}
	if leaf.Kind != kind || leaf.Detail["sha256"] != Digest(a.Body) {
		return Claim{}, ErrChanged
	}
	return Claim{Checkpoint: head, Seq: a.Proof.Index, At: leaf.At, Kind: leaf.Kind, Person: leaf.Actor.Person, ObjectID: leaf.Object.ID, Detail: leaf.Detail}, nil
}

// canonicalNote says that a signed note has one signature, in its one canonical
// writing: Go's reader passes over unknown signatures and over unused bits at
// the end of base64, so that bytes could change unseen.
func canonicalNote(signed []byte) bool {
	_, line, ok := strings.Cut(string(signed), "\n\n")
	line, ended := strings.CutSuffix(line, "\n")
	if !ok || !ended || strings.Contains(line, "\n") {
		return false
	}
	word := line[strings.LastIndexByte(line, ' ')+1:]
	b, err := base64.StdEncoding.Strict().DecodeString(word)
	return err == nil && base64.StdEncoding.EncodeToString(b) == word
}
