package circuits

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/r1cs"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the vectors anew")

type vector struct {
	Name         string `json:"name"`
	Model        string `json:"model"`
	Quantisation uint8  `json:"quantisation"`
	Template     []int8 `json:"template"`
	Salt         string `json:"salt"`
	Commitment   string `json:"commitment"`
}

func (v vector) inputs(t *testing.T) (model [32]byte, template [faceValues]int8, salt [32]byte) {
	t.Helper()
	for _, f := range []struct {
		to   []byte
		text string
	}{{model[:], v.Model}, {salt[:], v.Salt}} {
		b, err := hex.DecodeString(f.text)
		if err != nil || len(b) != 32 {
			t.Fatalf("%s: %q", v.Name, f.text)
		}
		copy(f.to, b)
	}
	if copy(template[:], v.Template) != faceValues {
		t.Fatalf("%s: template", v.Name)
	}
	return model, template, salt
}

func TestVectors(t *testing.T) {
	const file = "testdata/face_commitment.json"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	for i, v := range vectors {
		model, template, salt := v.inputs(t)
		sum := Commit(model, v.Quantisation, template, salt)
		got := hex.EncodeToString(sum[:])
		if own := independent(model, v.Quantisation, template, salt); own != got {
			t.Errorf("%s: %s, by the second implementation %s", v.Name, got, own)
		}
		if *update {
			vectors[i].Commitment = got
		} else if got != v.Commitment {
			t.Errorf("%s: %s, want %s", v.Name, got, v.Commitment)
		}
		if err := solve(model, v.Quantisation, template, salt, sum); err != nil {
			t.Errorf("%s: the circuit disagrees: %v", v.Name, err)
		}
	}
	if *update {
		raw, _ = json.Marshal(vectors)
		if err := os.WriteFile(file, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func assignment(model [32]byte, quantisation uint8, template [faceValues]int8, salt, sum [32]byte) *faceCommitment {
	n := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	c := &faceCommitment{
		Commitment: n(sum[:]), ModelHigh: n(model[:16]), ModelLow: n(model[16:]),
		Quantisation: quantisation, SaltHigh: n(salt[:16]), SaltLow: n(salt[16:]),
	}
	for i, v := range template {
		c.Template[i] = int(v) + 128
	}
	return c
}

func solve(model [32]byte, quantisation uint8, template [faceValues]int8, salt, sum [32]byte) error {
	return satisfied(assignment(model, quantisation, template, salt, sum))
}

var compiled = sync.OnceValues(func() (constraint.ConstraintSystem, error) {
	return frontend.Compile(ecc.BN254.ScalarField(), r1cs.NewBuilder, &faceCommitment{})
})

func satisfied(c *faceCommitment) error {
	cs, err := compiled()
	if err != nil {
		return err
	}
	w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
	if err != nil {
		return err
	}
	return cs.IsSolved(w)
}

// TestEveryInputCounts changes each input in turn: another commitment, and the
// circuit refuses the old one for it.
func TestEveryInputCounts(t *testing.T) {
	var model, salt [32]byte
	var template [faceValues]int8
	for i := range template {
		template[i] = int8(i - 64)
	}
	model[5], salt[9] = 7, 9
	sum := Commit(model, 1, template, salt)
	for i := range template {
		other := template
		other[i]++
		if Commit(model, 1, other, salt) == sum {
			t.Errorf("value %d does not count", i)
		}
	}
	for i := range model {
		m, s := model, salt
		m[i] ^= 1
		s[i] ^= 1
		if Commit(m, 1, template, salt) == sum || Commit(model, 1, template, s) == sum {
			t.Errorf("byte %d of model or salt does not count", i)
		}
	}
	if Commit(model, 2, template, salt) == sum {
		t.Error("the quantisation does not count")
	}
	for name, change := range map[string]func(*faceCommitment){
		"other commitment":   func(c *faceCommitment) { c.Commitment = 1 },
		"other value":        func(c *faceCommitment) { c.Template[127] = 0 },
		"other model":        func(c *faceCommitment) { c.ModelLow = 1 },
		"other salt":         func(c *faceCommitment) { c.SaltLow = 1 },
		"other quantisation": func(c *faceCommitment) { c.Quantisation = 2 },
		"value carried over": func(c *faceCommitment) { // 256·(a−1) + (b+256) = 256·a + b
			c.Template[1] = int(template[1]) + 128 + 256
			c.Template[0] = int(template[0]) + 128 - 1
		},
	} {
		c := assignment(model, 1, template, salt, sum)
		change(c)
		if satisfied(c) == nil {
			t.Errorf("circuit accepts: %s", name)
		}
	}
}

func TestCircuitAgrees(t *testing.T) {
	cs, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d constraints", cs.GetNbConstraints())
	rapid.Check(t, func(rt *rapid.T) {
		var model, salt [32]byte
		var template [faceValues]int8
		copy(model[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "model"))
		copy(salt[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "salt"))
		copy(template[:], rapid.SliceOfN(rapid.Int8(), faceValues, faceValues).Draw(rt, "template"))
		q := rapid.Uint8().Draw(rt, "quantisation")
		if err := solve(model, q, template, salt, Commit(model, q, template, salt)); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestCheckFace(t *testing.T) {
	var salt [32]byte
	for i := range salt {
		salt[i] = byte(i)
	}
	var template [faceValues]int8
	if CheckFace(template, salt) == nil {
		t.Error("an empty template passes")
	}
	template[0] = 127
	if CheckFace(template, [32]byte{}) == nil {
		t.Error("an empty salt passes")
	}
	if err := CheckFace(template, salt); err != nil {
		t.Error(err)
	}
}
