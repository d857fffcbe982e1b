package calls

import "github.com/sekisho/sekisho/internal/foundation/sound"

// Law is the codec for those who compute with its sound, or pass it on in the other
// law (sound.Law.Convert).
func (c Codec) Law() sound.Law {
	switch c {
	case PCMU:
		return sound.Mu
	case PCMA:
		return sound.A
	}
	return sound.NoLaw
}
