package recordings

import (
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// Tables for what is done with every sample, made once.
var (
	linear = table(sound.FromMu)
	fromA  = table(sound.AToMu)
	silent = silentSecond() // of one party
)

const mute = 0xFF // silence in μ-law

func table[T any](of func(byte) T) (t [256]T) {
	for i := range t {
		t[i] = of(byte(i))
	}
	return t
}

func silentSecond() (b [calls.Rate]byte) {
	for i := range b {
		b[i] = mute
	}
	return b
}
