package circuits

import (
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
)

const (
	width         = 16
	fullRounds    = 8
	partialRounds = 57
)

// hash is the fixed-length hash described in the package comment; at most 15
// elements. More would be a programming error, and panics.
func hash(domain uint64, x []fr.Element) fr.Element {
	if len(x) == 0 || len(x) >= width {
		panic("circuits: a hash takes 1 to 15 elements")
	}
	var state [width]fr.Element
	state[0].SetUint64(domain*256 + uint64(len(x)))
	copy(state[1:], x)
	first := state[1]
	if err := poseidon2.NewPermutation(width, fullRounds, partialRounds).Permutation(state[:]); err != nil {
		panic("circuits: " + err.Error()) // the width is ours
	}
	state[1].Add(&state[1], &first)
	return state[1]
}
