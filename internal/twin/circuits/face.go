package circuits

import (
	"errors"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Domains of the hash. One number is one use, for ever.
const (
	domainFace = 6
)

const (
	faceValues = 128
	packed     = 31 // bytes that surely fit an element of the field
)

// ErrCommitment is returned for what must not be committed to.
var ErrCommitment = errors.New("circuits: not a face to commit to")

// Commit is the commitment to a face: the template's quantised values, the
// embedder's SHA-256, the id of the quantisation rule and a salt.
func Commit(model [32]byte, quantisation uint8, template [faceValues]int8, salt [32]byte) [32]byte {
	var x []fr.Element
	for i := 0; i < faceValues; i += packed {
		chunk := make([]byte, 0, packed)
		for _, v := range template[i:min(i+packed, faceValues)] {
			chunk = append(chunk, byte(int16(v)+128))
		}
		x = append(x, element(chunk))
	}
	x = append(x, element(model[:16]), element(model[16:]), element([]byte{quantisation}), element(salt[:16]), element(salt[16:]))
	digest := hash(domainFace, x)
	return digest.Bytes()
}

// CheckFace refuses what Commit should never be asked for: a template of
// nothing (it matches everybody or nobody, by rounding alone) and a salt that
// hides nothing.
func CheckFace(template [faceValues]int8, salt [32]byte) error {
	var norm, distinct int
	for _, v := range template {
		norm += int(v) * int(v)
	}
	seen := [256]bool{}
	for _, b := range salt[1:] {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
	}
	if norm < 1024 || distinct < 8 {
		return ErrCommitment
	}
	return nil
}

func element(b []byte) (e fr.Element) {
	e.SetBytes(b) // shorter than the field: never reduced
	return e
}
