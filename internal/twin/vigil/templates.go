package vigil

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
)

// Poses are the five poses of an enrolment, in the order in which they are asked.
var Poses = []string{"front", "left", "right", "up", "front2"}

// ErrTemplates is returned for templates that no enrolment can have made.
var ErrTemplates = errors.New("vigil: templates not valid")

// Template is one enrolled pose. Struck says that the person really took the
// pose; an enrolment accepts a person who cannot turn his head.
type Template struct {
	Pose   string `json:"pose"`
	Struck bool   `json:"struck"`
	Vector Vector `json:"vector"`
}

// Templates are a person's enrolled face on one PC. The zero value matches nobody.
type Templates struct {
	Engine string     `json:"engine"` // "standard" or "demo"
	Model  string     `json:"model"`  // SHA-256 of the embedder, lowercase hex
	Poses  []Template `json:"poses"`
}

// LogValue hides the templates from logs.
func (Templates) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Empty says that there is nothing to compare with.
func (t Templates) Empty() bool { return len(t.Poses) == 0 }

// Valid checks what a template file must hold before anything is compared with it.
func (t Templates) Valid() error {
	if len(t.Model) != 64 || (t.Engine != EngineStandard && t.Engine != EngineDemo) {
		return fmt.Errorf("%w: engine or model", ErrTemplates)
	}
	if len(t.Poses) != len(Poses) {
		return fmt.Errorf("%w: %d poses", ErrTemplates, len(t.Poses))
	}
	for i := range t.Poses {
		if t.Poses[i].Pose != Poses[i] {
			return fmt.Errorf("%w: pose %d", ErrTemplates, i)
		}
		if n := t.Poses[i].Vector.length(); !(n > 1-unitTolerance && n < 1+unitTolerance) {
			return fmt.Errorf("%w: vector %d", ErrTemplates, i)
		}
	}
	return nil
}

// Similarity is the best cosine of v with any pose; false if there is no template.
func (t Templates) Similarity(v *Vector) (best float32, ok bool) {
	best = -1
	for i := range t.Poses {
		best = max(best, t.Poses[i].Vector.Cosine(v))
	}
	return best, len(t.Poses) > 0
}

// Mean is the vector whose quantised form the face commitment names.
func (t Templates) Mean() (Vector, bool) {
	vs := make([]Vector, len(t.Poses))
	for i := range t.Poses {
		vs[i] = t.Poses[i].Vector
	}
	return mean(vs)
}

// Salt derives the commitment's salt from 32 random bytes and every pose, so
// that a commitment over the mean binds each of the five templates too: swap
// one, and the salt no longer opens the commitment. 31 bytes are used (248
// bits): they are one element of the circuit's field.
func (t Templates) Salt(random [32]byte) (salt [32]byte) {
	h := sha256.New()
	h.Write([]byte("sekisho/face-salt/v1\x00"))
	h.Write(random[:])
	for i := range t.Poses {
		h.Write([]byte{byte(len(t.Poses[i].Pose))})
		h.Write([]byte(t.Poses[i].Pose))
		h.Write(t.Poses[i].Vector.Bytes())
	}
	copy(salt[1:], h.Sum(nil)[:31])
	return salt
}
