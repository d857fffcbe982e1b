package recordings

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"github.com/sekisho/sekisho/internal/calls"
)

// watermark marks what one listener hears: spread-spectrum in the last step of
// μ-law. Of each side one sample in four, chosen by a key, goes one step up or
// down, also by the key; samples softer than about -50 dB are left alone, so
// that silence stays silent. The noise is about 33 dB below the sound it hides
// in. Whoever has the recording and the list of openings finds whose copy a
// sound is by correlation: in seconds of speech through another G.711 codec, a
// changed loudness, added noise or a cut beginning; not after a change of speed,
// a codec of a few kbit/s, or a microphone before a loudspeaker.
type watermark struct{ key [32]byte }

const (
	softest = 24 // magnitudes of a μ-law code (0–127) that carry the mark
	loudest = 126
)

func newWatermark(key []byte, listening string) watermark {
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte("sekisho/recordings/mark/v1\x00" + listening)) // a hash never fails
	return watermark{key: [32]byte(m.Sum(nil))}
}

// pattern is what the mark does to each sample of a second: -1, 0 or 1.
func (w watermark) pattern(number uint32) *[soundLen]int8 {
	m := hmac.New(sha256.New, w.key[:])
	_, _ = m.Write(binary.BigEndian.AppendUint32(nil, number)) // a hash never fails
	noise := rand.NewChaCha8([32]byte(m.Sum(nil)))
	var raw [soundLen]byte
	_, _ = noise.Read(raw[:]) // never fails
	out := new([soundLen]int8)
	for i, b := range raw {
		if b&3 == 0 {
			out[i] = int8(b>>2&1)*2 - 1
		}
	}
	return out
}

// apply marks the sound of a second, two bytes a sample, in place.
func (w watermark) apply(sound []byte, number uint32) {
	for i, step := range w.pattern(number)[:min(len(sound), 2*calls.Rate)] {
		code := ^sound[i]
		if loud := code & 0x7F; step != 0 && loud >= softest && loud <= loudest {
			sound[i] = ^(code&0x80 | byte(int8(loud)+step))
		}
	}
}
