package checkpoint_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// attestedBy makes a log whose last entry names body, and the file that says so.
func attestedBy(t testing.TB, form checkpoint.Form, body []byte) []byte {
	t.Helper()
	m := grown(t, 20)
	m.add(t, fmt.Sprintf(`{"actor":{"person":"p1"},"at":"2026-11-22T01:00:00Z","detail":{"sha256":"%s"},"kind":"report.made","object":{"id":"r1"},"v":1}`, checkpoint.Digest(body)))
	file, err := checkpoint.Attested{Form: form, Body: body, Proof: m.proof(t, 21, 20)}.Attach()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

var bodies = map[checkpoint.Form]string{
	checkpoint.FormHTML: "<!doctype html><p>報告書</p>\n",
	checkpoint.FormCSV:  "\ufeff\"番号\",\"種類\"\r\n\"1\",\"a \"\"quoted\"\" word\"\r\n",
	checkpoint.FormPDF:  "%PDF-1.5\n% a comment\n1 0 obj\nnull\nendobj\nstartxref\n9\n%%EOF\n",
	checkpoint.FormJSON: `{"rows":[{"text":"a \",\"attestation\":\" word"}]`,
}

func TestAttestedFilesComeApartAgain(t *testing.T) {
	v := verifier(t)
	for form, body := range bodies {
		file := attestedBy(t, form, []byte(body))
		a, err := checkpoint.Detach(file)
		if err != nil || a.Form != form || string(a.Body) != body {
			t.Fatalf("form %d: %+v, %v", form, a, err)
		}
		claim, err := a.Verify(v, "report.made")
		if err != nil || claim.Seq != 20 || claim.Person != "p1" || claim.ObjectID != "r1" || claim.Checkpoint.Size != 21 {
			t.Errorf("form %d: %+v, %v", form, claim, err)
		}
		if _, err := a.Verify(v, "audit.rows_exported"); !errors.Is(err, checkpoint.ErrChanged) {
			t.Errorf("form %d: passes for another kind of file: %v", form, err)
		}
		stranger, err := checkpoint.NewVerifier(checkpoint.VerifierKey(origin, ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(stranger, "report.made"); !errors.Is(err, checkpoint.ErrSignature) {
			t.Errorf("form %d: another key: %v", form, err)
		}
	}
}

// Every byte counts, those of the attestation too.
func TestOneChangedByteIsRefused(t *testing.T) {
	v := verifier(t)
	for form, body := range bodies {
		file := attestedBy(t, form, []byte(body))
		for i := range file {
			for _, change := range []byte{1, 2, 3, 128} {
				bad := bytes.Clone(file)
				bad[i] ^= change
				if a, err := checkpoint.Detach(bad); err == nil {
					if _, err := a.Verify(v, "report.made"); err == nil {
						t.Fatalf("form %d: byte %d xor %d passes", form, i, change)
					}
				}
			}
		}
		for name, bad := range map[string][]byte{
			"a byte more": append(bytes.Clone(file), '\n'), "a byte less": file[:len(file)-1], "cut": file[:len(file)/2], "twice": append(bytes.Clone(file), file...),
			"before": append([]byte(" "), file...), "nothing": nil,
		} {
			if a, err := checkpoint.Detach(bad); err == nil {
				if _, err := a.Verify(v, "report.made"); err == nil {
					t.Errorf("form %d: %s passes", form, name)
				}
			}
		}
	}
}

func FuzzDetach(f *testing.F) {
	for form, body := range bodies {
		f.Add(attestedBy(f, form, []byte(body)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := checkpoint.Detach(file)
		if err != nil {
			return
		}
		if again, err := a.Attach(); err != nil || !bytes.Equal(again, file) {
			t.Errorf("%q became %q, %v", file, again, err)
		}
	})
}
