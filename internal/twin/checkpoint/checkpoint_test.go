package checkpoint_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

const origin = "audit.example/centre"

var key = ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))

// memory is a log in memory, as small as one can be.
type memory struct {
	hashes  []tlog.Hash
	entries [][]byte
}

func (m *memory) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, p := range at {
		out[i] = m.hashes[p]
	}
	return out, nil
}

func (m *memory) add(t testing.TB, entry string) {
	t.Helper()
	h, err := tlog.StoredHashes(int64(len(m.entries)), []byte(entry), m)
	if err != nil {
		t.Fatal(err)
	}
	m.hashes, m.entries = append(m.hashes, h...), append(m.entries, []byte(entry))
}

func grown(t testing.TB, n int) *memory {
	t.Helper()
	m := &memory{}
	for i := range n {
		m.add(t, fmt.Sprintf(`{"kind":"thing.done","n":"%d 関所"}`, i))
	}
	return m
}

func (m *memory) checkpoint(t testing.TB, size int) checkpoint.Checkpoint {
	t.Helper()
	root, err := tlog.TreeHash(int64(size), m)
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint.Checkpoint{Origin: origin, Size: int64(size), Root: root}
}

func (m *memory) signed(t testing.TB, size int) []byte {
	t.Helper()
	signer, err := checkpoint.NewSigner(origin, key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := checkpoint.Sign(m.checkpoint(t, size), signer)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (m *memory) proof(t testing.TB, size, index int) checkpoint.Proof {
	t.Helper()
	p, err := tlog.ProveRecord(int64(size), int64(index), m)
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint.Proof{Extra: m.entries[index], Index: int64(index), Hashes: p, Checkpoint: m.signed(t, size)}
}

func vkey() string { return checkpoint.VerifierKey(origin, key.Public().(ed25519.PublicKey)) }

func verifier(t testing.TB) note.Verifier {
	t.Helper()
	v, err := checkpoint.NewVerifier(vkey() + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCheckpointText(t *testing.T) {
	m := grown(t, 3)
	c := m.checkpoint(t, 3)
	got := string(m.signed(t, 3))
	if want := origin + "\n3\n" + c.Root.String() + "\n\n\u2014 " + origin + " "; !strings.HasPrefix(got, want) {
		t.Fatalf("got %q, want it to begin with %q", got, want)
	}
	back, err := checkpoint.Open([]byte(got), verifier(t), origin)
	if err != nil || back.Size != 3 || back.Root != c.Root {
		t.Fatalf("%+v, %v", back, err)
	}
	c.Extensions = []string{"one", "two"}
	if back, err = checkpoint.Parse(c.Text()); err != nil || back.Text() != c.Text() {
		t.Fatalf("%q, %v", back.Text(), err)
	}
}

func TestParseRefuses(t *testing.T) {
	good := grown(t, 3).checkpoint(t, 3).Text()
	if _, err := checkpoint.Parse(good); err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(good, "\n")[2]
	for name, text := range map[string]string{
		"empty": "", "no last newline": strings.TrimSuffix(good, "\n"), "two lines": origin + "\n3\n",
		"empty line": good + "\n", "empty origin": "\n3\n" + hash + "\n",
		"negative": origin + "\n-3\n" + hash + "\n", "plus": origin + "\n+3\n" + hash + "\n", "zeros": origin + "\n03\n" + hash + "\n",
		"huge": origin + "\n9223372036854775807\n" + hash + "\n", "hash short": origin + "\n3\n" + hash[:40] + "\n",
		"hash of another writing": origin + "\n3\n" + hash[:42] + "9=\n", "hash twice": origin + "\n3\n" + hash + hash + "\n",
		"too long": good + strings.Repeat("x\n", 1<<16), "many lines": good + strings.Repeat("x\n", 17),
	} {
		if c, err := checkpoint.Parse(text); err == nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	m := grown(t, 5)
	good := m.signed(t, 5)
	v := verifier(t)
	if _, err := checkpoint.Open(good, v, origin); err != nil {
		t.Fatal(err)
	}
	if _, err := checkpoint.Open(good, v, "audit.example"); !errors.Is(err, checkpoint.ErrOrigin) {
		t.Errorf("another log: %v", err)
	}
	if _, err := checkpoint.Open(good, nil, origin); err == nil {
		t.Error("no key at all")
	}
	stranger, err := checkpoint.NewVerifier(checkpoint.VerifierKey(origin, ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checkpoint.Open(good, stranger, origin); !errors.Is(err, checkpoint.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := checkpoint.Open(bad, v, origin); err == nil {
			t.Errorf("byte %d changed: %q", i, bad)
		}
	}
	// A further signature by somebody else is ignored, as the format asks.
	other, err := checkpoint.NewSigner("witness.example", ed25519.NewKeyFromSeed(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	mine, err := checkpoint.NewSigner(origin, key)
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(&note.Note{Text: m.checkpoint(t, 5).Text()}, mine, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checkpoint.Open(both, v, origin); err != nil {
		t.Errorf("with a witness: %v", err)
	}
}

func TestEpochsInTheOrigin(t *testing.T) {
	for n := 1; n < 4; n++ {
		if got, err := checkpoint.EpochOf(checkpoint.EpochOrigin(origin, n), origin); err != nil || got != n {
			t.Errorf("epoch %d reads as %d, %v", n, got, err)
		}
	}
	for _, line := range []string{"", "audit.example", origin + "/epoch-1", origin + "/epoch-02", origin + "/epoch-", origin + "/epoch--2", origin + "/epoch-9999999999", origin + "x"} {
		if n, err := checkpoint.EpochOf(line, origin); err == nil {
			t.Errorf("%q is epoch %d", line, n)
		}
	}
}

func TestProofs(t *testing.T) {
	m := grown(t, 70)
	v := verifier(t)
	for _, size := range []int{1, 2, 3, 7, 8, 64, 65, 70} {
		for index := range size {
			p := m.proof(t, size, index)
			back, err := checkpoint.ParseProof(p.Marshal())
			if err != nil || !bytes.Equal(back.Marshal(), p.Marshal()) {
				t.Fatalf("%d of %d: %v", index, size, err)
			}
			if c, err := back.Verify(v, origin); err != nil || c.Size != int64(size) {
				t.Fatalf("%d of %d: %v", index, size, err)
			}
			for what, bad := range map[string]func(*checkpoint.Proof){
				"entry":      func(p *checkpoint.Proof) { p.Extra = append(bytes.Clone(p.Extra), ' ') },
				"no entry":   func(p *checkpoint.Proof) { p.Extra = nil },
				"next index": func(p *checkpoint.Proof) { p.Index++ },
				"index":      func(p *checkpoint.Proof) { p.Index = -1 },
				"longer":     func(p *checkpoint.Proof) { p.Hashes = append(p.Hashes, tlog.Hash{}) },
				"other tree": func(p *checkpoint.Proof) { p.Checkpoint = m.signed(t, size-1) },
			} {
				q := back
				q.Hashes = append([]tlog.Hash(nil), back.Hashes...)
				bad(&q)
				if _, err := q.Verify(v, origin); err == nil {
					t.Fatalf("%d of %d verifies with another %s", index, size, what)
				}
			}
		}
	}
}

func TestConsistency(t *testing.T) {
	m, fork := grown(t, 40), grown(t, 20)
	for range 30 {
		fork.add(t, "another history")
	}
	for from := range 41 {
		for to := from; to <= 40; to++ {
			a, b := m.checkpoint(t, from), m.checkpoint(t, to)
			var proof []tlog.Hash
			if from > 0 && from < to {
				p, err := tlog.ProveTree(int64(to), int64(from), m)
				if err != nil {
					t.Fatal(err)
				}
				proof = p
			}
			if err := checkpoint.Consistent(a, b, proof); err != nil {
				t.Fatalf("%d to %d: %v", from, to, err)
			}
			if from != to {
				if err := checkpoint.Consistent(b, a, proof); !errors.Is(err, checkpoint.ErrInconsistent) {
					t.Fatalf("backwards, %d to %d: %v", to, from, err)
				}
			}
			if to > 20 && from > 20 {
				if err := checkpoint.Consistent(fork.checkpoint(t, from), b, proof); !errors.Is(err, checkpoint.ErrInconsistent) {
					t.Fatalf("a fork of %d passes for the past of %d: %v", from, to, err)
				}
			}
		}
	}
}

func TestPinOnlyMovesForwardAlongProofs(t *testing.T) {
	m, fork := grown(t, 30), grown(t, 5)
	for range 30 {
		fork.add(t, "another history")
	}
	v := verifier(t)
	prove := func(m *memory, to, from int64) []tlog.Hash {
		p, err := tlog.ProveTree(to, from, m)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	pin, c, err := checkpoint.Pin{}.Advance(m.signed(t, 10), nil, v, origin)
	if err != nil || c.Size != 10 {
		t.Fatalf("the first: %v", err)
	}
	for name, try := range map[string]struct {
		note  []byte
		proof []tlog.Hash
	}{
		"back":          {m.signed(t, 5), prove(m, 10, 5)},
		"fork":          {fork.signed(t, 20), prove(fork, 20, 10)},
		"same size":     {fork.signed(t, 10), nil},
		"without proof": {m.signed(t, 20), nil},
		"wrong proof":   {m.signed(t, 20), prove(m, 21, 10)},
		"nothing":       {nil, nil},
	} {
		if p, _, err := pin.Advance(try.note, try.proof, v, origin); err == nil || !bytes.Equal(p.Note, pin.Note) {
			t.Errorf("%s moved the pin: %v", name, err)
		}
	}
	if p, c, err := pin.Advance(m.signed(t, 20), prove(m, 20, 10), v, origin); err != nil || c.Size != 20 || bytes.Equal(p.Note, pin.Note) {
		t.Errorf("the control: %v", err)
	}
	if _, c, err := pin.Advance(m.signed(t, 10), nil, v, origin); err != nil || c.Size != 10 {
		t.Errorf("the same again: %v", err)
	}
}

// A program in another language, written from the specifications alone and
// without any library of ours, comes to the same verdicts.
func TestPythonAgrees(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "1" {
			t.Fatal("python3 must be there in CI")
		}
		t.Skip("python3 is not installed")
	}
	m := grown(t, 70)
	dir := t.TempDir()
	run := func(proof []byte, vkey string) (string, bool) {
		path := filepath.Join(dir, "x.tlog-proof")
		if err := os.WriteFile(path, proof, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(python, "testdata/verify_proof.py", path, vkey).CombinedOutput()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			t.Fatal(err)
		}
		return string(out), err == nil
	}
	for _, at := range [][2]int{{1, 0}, {2, 1}, {7, 6}, {64, 0}, {65, 64}, {70, 33}} {
		p := m.proof(t, at[0], at[1])
		if out, ok := run(p.Marshal(), vkey()); !ok || !strings.Contains(out, string(m.entries[at[1]])) {
			t.Errorf("%v: %s", at, out)
		}
		bad := p
		bad.Extra = append(bytes.Clone(p.Extra), ' ')
		if out, ok := run(bad.Marshal(), vkey()); ok {
			t.Errorf("%v, entry changed: %s", at, out)
		}
		bad = p
		bad.Checkpoint = bytes.Replace(p.Checkpoint, []byte("\n"+fmt.Sprint(at[0])+"\n"), []byte("\n"+fmt.Sprint(at[0]+1)+"\n"), 1)
		if out, ok := run(bad.Marshal(), vkey()); ok {
			t.Errorf("%v, size changed: %s", at, out)
		}
	}
	p := m.proof(t, 70, 33)
	p.Hashes[2][0] ^= 1
	if out, ok := run(p.Marshal(), vkey()); ok || !strings.Contains(out, "NOT PROVED") {
		t.Errorf("hash changed: %s", out)
	}
	stranger := checkpoint.VerifierKey(origin, ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey))
	if out, ok := run(m.proof(t, 70, 33).Marshal(), stranger); ok {
		t.Errorf("another key: %s", out)
	}
}
