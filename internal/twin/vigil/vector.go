package vigil

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"log/slog"
	"math"
)

// Dimensions is the length of an embedding.
const Dimensions = 128

// Quantisation identifies how Quantise maps a Vector to integers. It is part
// of the face commitment (twin/circuits): a new rule is a new number.
const Quantisation = 1

// unitTolerance is how far an embedding's length may be from 1 before it is
// taken for an error of the page and refused.
const unitTolerance = 0.01

// ErrVector is returned for an embedding that is not 128 finite numbers of unit length.
var ErrVector = errors.New("vigil: not an embedding")

// Vector is a face's embedding, of unit length. It is personal data.
type Vector [Dimensions]float32

// ParseVector reads 128 little-endian float32 of unit length, as wire.Face carries them.
func ParseVector(b []byte) (v Vector, err error) {
	if len(b) != 4*Dimensions {
		return v, ErrVector
	}
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	n := v.length()
	if !(math.Abs(n-1) <= unitTolerance) { // written so that NaN is refused
		return Vector{}, ErrVector
	}
	return v, nil
}

func (v *Vector) length() float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

// Cosine is the similarity of two vectors of unit length, −1…1; 0 if either is zero.
func (v *Vector) Cosine(w *Vector) float32 {
	var dot float64
	for i := range v {
		dot += float64(v[i]) * float64(w[i])
	}
	n := v.length() * w.length()
	if n == 0 {
		return 0
	}
	return float32(max(-1, min(1, dot/n)))
}

// Quantise maps the vector to integers by rule 1: the largest component becomes
// ±127, the others keep their proportion. The cosine of two quantised vectors
// differs from the true one by less than 0.01, and no scale needs to be kept.
func (v *Vector) Quantise() (q [Dimensions]int8) {
	var top float64
	for _, x := range v {
		top = max(top, math.Abs(float64(x)))
	}
	if top == 0 {
		return q
	}
	for i, x := range v {
		q[i] = int8(math.Round(float64(x) * 127 / top))
	}
	return q
}

// Bytes is the form that ParseVector reads.
func (v *Vector) Bytes() []byte {
	b := make([]byte, 0, 4*Dimensions)
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// MarshalText is for the sealed template file alone.
func (v Vector) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(v.Bytes())), nil
}

// UnmarshalText reads what MarshalText wrote.
func (v *Vector) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.AppendDecode(nil, text)
	if err != nil {
		return ErrVector
	}
	*v, err = ParseVector(b)
	return err
}

// LogValue hides the embedding from logs.
func (Vector) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// String hides the embedding from formatted text.
func (Vector) String() string { return "[hidden]" }

// GoString hides the embedding from %#v.
func (Vector) GoString() string { return "[hidden]" }

// mean is the normalised mean of vectors; false if there is none to speak of.
func mean(vs []Vector) (m Vector, ok bool) {
	for i := range vs {
		for j, x := range vs[i] {
			m[j] += x
		}
	}
	n := m.length()
	if len(vs) == 0 || n < 1e-6 {
		return Vector{}, false
	}
	for j := range m {
		m[j] = float32(float64(m[j]) / n)
	}
	return m, true
}
