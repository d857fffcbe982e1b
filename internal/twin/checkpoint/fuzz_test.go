package checkpoint_test

import (
	"bytes"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// What parses must write itself back byte for byte: two texts of one proof
// would be two identities of one thing.
func FuzzParseProof(f *testing.F) {
	m := grown(f, 9)
	for _, at := range [][2]int{{1, 0}, {9, 0}, {9, 8}, {8, 5}} {
		p := m.proof(f, at[0], at[1])
		f.Add(p.Marshal())
		p.Extra = nil
		f.Add(p.Marshal())
	}
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\nx"))
	v := verifier(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := checkpoint.ParseProof(text)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Marshal(), text) {
			t.Fatalf("%q became %q", text, p.Marshal())
		}
		c, err := p.Verify(v, origin)
		if err == nil && (c.Size > 9 || !bytes.Equal(p.Extra, m.entries[p.Index])) {
			t.Fatalf("%q was proved", p.Extra)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(grown(f, 3).checkpoint(f, 3).Text())
	f.Add("a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := checkpoint.Parse(text)
		if err != nil {
			return
		}
		if c.Text() != text {
			t.Fatalf("%q became %q", text, c.Text())
		}
	})
}

func FuzzOpen(f *testing.F) {
	m := grown(f, 3)
	f.Add(m.signed(f, 3))
	f.Add(m.signed(f, 1))
	v := verifier(f)
	f.Fuzz(func(t *testing.T, signed []byte) {
		c, err := checkpoint.Open(signed, v, origin)
		if err == nil && c.Text() != m.checkpoint(t, int(c.Size)).Text() {
			t.Fatalf("a checkpoint that nobody signed: %q", signed)
		}
	})
}

func FuzzParseHashes(f *testing.F) {
	f.Add(checkpoint.MarshalHashes([]tlog.Hash{{1}, {2}}))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := checkpoint.ParseHashes(text)
		if err == nil && checkpoint.MarshalHashes(h) != text {
			t.Fatalf("%q became %q", text, checkpoint.MarshalHashes(h))
		}
	})
}

func FuzzNewVerifier(f *testing.F) {
	f.Add(vkey())
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := checkpoint.NewVerifier(text); err == nil && v.Name() == "" {
			t.Fatalf("%q has no name", text)
		}
	})
}
