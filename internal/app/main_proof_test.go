package app

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// proof is the proof of entry 4 of 7, as somebody downloads it.
func (a *auditor) proof() []byte {
	a.t.Helper()
	for range 6 {
		a.happen(audit.Event{Kind: "session.ended", Object: audit.Object{Type: "session", ID: "見本\x1b[2J"}})
	}
	p, err := a.log.Prove(a.t.Context(), 4)
	if err != nil {
		a.t.Fatal(err)
	}
	return p.Marshal()
}

// verifyFile runs the command on any file, as a person does.
func (a *auditor) verifyFile(content []byte, args ...string) (code int, out, errs string) {
	a.t.Helper()
	path := filepath.Join(a.dir, "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		a.t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = run(a.t.Context(), append([]string{"audit", "verify", path}, args...), &o, &e, clock.System())
	return code, o.String(), e.String()
}

func TestVerifyAProof(t *testing.T) {
	a := newAuditor(t)
	text, key := a.proof(), a.log.VerifierKey()
	for language, said := range map[string][]string{
		"ja_JP.UTF-8": {"記録: 4番（2026-11-02T00:00:00Z、\"session.ended\"）", "\"test.audit\"、エポック1、全7件", "署名した鍵: test.audit+", "含まれています。", "巻き戻し: 確かめていません"},
		"en_US.UTF-8": {"entry     4  (2026-11-02T00:00:00Z, \"session.ended\")", "\"test.audit\", epoch 1, 7 entries", "signed    by test.audit+", "is in the log", "rollback  not checked"},
	} {
		t.Setenv("LC_ALL", language)
		code, out, errs := a.verifyFile(text, "--key", key)
		if code != 0 || errs != "" || strings.Contains(out, "\x1b") {
			t.Errorf("%s: exit code %d: %q %q", language, code, out, errs)
		}
		for _, s := range said {
			if !strings.Contains(out, s) {
				t.Errorf("%s: %q is not said:\n%s", language, s, out)
			}
		}
	}
	keyFile := filepath.Join(a.dir, "key")
	if err := os.WriteFile(keyFile, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := a.verifyFile(text, "--key", keyFile, "--json")
	var p proven
	if err := json.Unmarshal([]byte(out), &p); code != 0 || err != nil || p.Seq != 4 || p.Size != 7 || p.Kind != "session.ended" ||
		p.Key != key[:strings.LastIndex(key, "+")] || !bytes.Contains(p.Entry, []byte(`"見本`)) {
		t.Errorf("as JSON: exit code %d, %v: %s %s", code, err, out, errs)
	}
}

func leafHex(p checkpoint.Proof) string {
	hash := tlog.RecordHash(p.Extra)
	return hex.EncodeToString(hash[:])
}

// A proof without the entry shows that the entry with this hash is in the log,
// and says nothing of what is in it.
func TestVerifyAProofByItsLeaf(t *testing.T) {
	a := newAuditor(t)
	whole, err := checkpoint.ParseProof(a.proof())
	if err != nil {
		t.Fatal(err)
	}
	bare := whole
	bare.Extra = nil
	for language, said := range map[string]string{"ja_JP.UTF-8": "記録: 4番（リーフハッシュ " + leafHex(whole), "en_US.UTF-8": "entry     4  (leaf hash " + leafHex(whole)} {
		t.Setenv("LC_ALL", language)
		code, out, errs := a.verifyFile(bare.Marshal(), "--key", a.log.VerifierKey(), "--leaf", leafHex(whole))
		if code != 0 || errs != "" || !strings.Contains(out, said) || strings.Contains(out, "session.ended") || strings.Contains(out, "0001-01-01") {
			t.Errorf("%s: exit code %d: %q %q", language, code, out, errs)
		}
	}
	code, out, errs := a.verifyFile(bare.Marshal(), "--key", a.log.VerifierKey(), "--leaf", leafHex(whole), "--json")
	var p proven
	if err := json.Unmarshal([]byte(out), &p); code != 0 || err != nil || p.Seq != 4 || p.Leaf != leafHex(whole) || p.Entry != nil || strings.Contains(out, `"at"`) {
		t.Errorf("as JSON: exit code %d, %v: %s %s", code, err, out, errs)
	}
	if code, _, errs := a.verifyFile(whole.Marshal(), "--key", a.log.VerifierKey(), "--leaf", leafHex(whole)); code != 0 { // both: they fit
		t.Errorf("a whole proof with its leaf: %d %s", code, errs)
	}
}

// What the command says of files and keys that show nothing.
func TestVerifyRefusesFiles(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	a := newAuditor(t)
	text, key := a.proof(), a.log.VerifierKey()
	var export bytes.Buffer
	if err := a.log.Export(t.Context(), &export); err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(key, "+")
	stranger := checkpoint.VerifierKey(name, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)).Public().(ed25519.PublicKey))
	renamed := checkpoint.VerifierKey("other.audit", ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey))
	p, err := checkpoint.ParseProof(text)
	if err != nil {
		t.Fatal(err)
	}
	forged := p
	forged.Extra = bytes.Replace(p.Extra, []byte("session.ended"), []byte("session.begun"), 1)
	moved := p
	moved.Index = 3
	beyond := p
	beyond.Index = 7
	path := p
	path.Hashes = append([]tlog.Hash{{1}}, p.Hashes[1:]...)
	shorter := p
	shorter.Hashes = p.Hashes[1:]
	without := p
	without.Extra = nil
	movedBare := without
	movedBare.Index = 3
	pin := a.pin()
	for what, test := range map[string]struct {
		file []byte
		args []string
		code string
	}{
		"another entry":           {forged.Marshal(), []string{"--key", key}, "audit.not_included"},
		"another number":          {moved.Marshal(), []string{"--key", key}, "audit.not_included"},
		"a number beyond":         {beyond.Marshal(), []string{"--key", key}, "audit.not_included"},
		"another path":            {path.Marshal(), []string{"--key", key}, "audit.not_included"},
		"a shorter path":          {shorter.Marshal(), []string{"--key", key}, "audit.not_included"},
		"no entry":                {without.Marshal(), []string{"--key", key}, "audit.proof_entry"},
		"another leaf":            {without.Marshal(), []string{"--key", key, "--leaf", strings.Repeat("0", 64)}, "audit.not_included"},
		"another leaf and entry":  {text, []string{"--key", key, "--leaf", strings.Repeat("0", 64)}, "audit.not_included"},
		"a leaf, another entry":   {forged.Marshal(), []string{"--key", key, "--leaf", leafHex(p)}, "audit.not_included"},
		"a leaf, another number":  {movedBare.Marshal(), []string{"--key", key, "--leaf", leafHex(p)}, "audit.not_included"},
		"a leaf, another's key":   {without.Marshal(), []string{"--key", stranger, "--leaf", leafHex(p)}, "audit.not_signed"},
		"no leaf hash":            {without.Marshal(), []string{"--key", key, "--leaf", "zz"}, "audit.leaf_malformed"},
		"a leaf beside an export": {export.Bytes(), []string{"--key", key, "--leaf", leafHex(p)}, "audit.leaf_alone"},
		"cut off":                 {text[:len(text)/2], []string{"--key", key}, "audit.proof_malformed"},
		"too long":                {append(bytes.Clone(text), make([]byte, checkpoint.MaxProof)...), []string{"--key", key}, "audit.proof_malformed"},
		"another's key":           {text, []string{"--key", stranger}, "audit.not_signed"},
		"a key of another log":    {text, []string{"--key", renamed}, "audit.not_signed"},
		"no key":                  {text, nil, "command.malformed"},
		"a broken key":            {text, []string{"--key", "key"}, "command.malformed"},
		"a pin beside":            {text, []string{"--key", key, "--since", pin}, "audit.proof_alone"},
		"roots beside":            {text, []string{"--key", key, "--root", base64.RawURLEncoding.EncodeToString(make([]byte, 32))}, "audit.proof_alone"},
		"a random file":           {[]byte("Dear auditor,\n"), []string{"--key", key}, "audit.file_unknown"},
		"an empty file":           {nil, []string{"--key", key}, "audit.file_unknown"},
		"a form to come":          {bytes.Replace(text, []byte("@v1"), []byte("@v9"), 1), []string{"--key", key}, "audit.file_unknown"},
		"a zip that is cut off":   {export.Bytes()[:export.Len()/2], []string{"--key", key}, "audit.file_unknown"},
		"an export, another key":  {export.Bytes(), []string{"--key", stranger}, "audit.not_signed"},
		"an export, a broken key": {export.Bytes(), []string{"--key", "key"}, "command.malformed"},
	} {
		code, out, errs := a.verifyFile(test.file, test.args...)
		if code != 1 || out != "" || !strings.HasSuffix(errs, "("+test.code+")\n") {
			t.Errorf("%s: exit code %d, want %s: %q %q", what, code, test.code, out, errs)
		}
	}
	if _, _, errs := a.verifyFile([]byte("random"), "--key", key); !strings.Contains(errs, "(zip)") || !strings.Contains(errs, ".tlog-proof") {
		t.Errorf("what files are taken is not said: %s", errs)
	}
	if sekisho.KindOf(errNotAudit) != sekisho.KindInvalid {
		t.Error("a file of the caller's is our fault")
	}
}

// No byte of a proof can be changed, be it of the entry, the number, the path,
// the checkpoint or the signature.
func TestVerifyNoticesEveryByteOfAProof(t *testing.T) {
	a := newAuditor(t)
	text := a.proof()
	verifier, err := checkpoint.NewVerifier(a.log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checkProof(text, verifier, ""); err != nil {
		t.Fatal(err)
	}
	codes := map[string]int{}
	for at := range text {
		changed := bytes.Clone(text)
		changed[at] ^= 4 // of a last base64 digit this is a bit that counts
		_, err := checkProof(changed, verifier, "")
		if err == nil {
			t.Errorf("byte %d, %s, may be changed", at, strconv.QuoteToASCII(string(text[at])))
			continue
		}
		codes[sekisho.CodeOf(judged(err, errProofForm))]++
	}
	for _, code := range []string{"audit.proof_malformed", "audit.not_signed", "audit.not_included"} {
		if codes[code] == 0 {
			t.Errorf("%s never came up", code)
		}
		delete(codes, code)
	}
	if len(codes) > 0 {
		t.Errorf("other codes: %v", codes)
	}
}

// An entry that the log signed and this program cannot read proves nothing to its reader.
func TestVerifyAnEntryOfAVersionToCome(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	signer, err := checkpoint.NewSigner("test.audit", key)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := checkpoint.NewVerifier(checkpoint.VerifierKey("test.audit", key.Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	for entry, good := range map[string]bool{`{"at":"2026-11-02T00:00:00Z","kind":"a.b","v":1}`: true, `{"kind":"a.b","v":2}`: false, `{"v":1}`: false, `text`: false} {
		note, err := checkpoint.Sign(checkpoint.Checkpoint{Origin: "test.audit", Size: 1, Root: tlog.RecordHash([]byte(entry))}, signer)
		if err != nil {
			t.Fatal(err)
		}
		_, err = checkProof(checkpoint.Proof{Extra: []byte(entry), Checkpoint: note}.Marshal(), verifier, "")
		if good != (err == nil) || !good && !errors.Is(err, errProofForm) {
			t.Errorf("%s: %v", entry, err)
		}
	}
}
