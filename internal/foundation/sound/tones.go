package sound

import (
	"math"
	"sync"
)

// Loop is sound that repeats, as frames of 20 ms.
type Loop [][]byte

// At gives frame i, from 0, of the sound that goes on for ever; nil where there is none.
func (l Loop) At(i int) []byte {
	if len(l) == 0 || i < 0 {
		return nil
	}
	return l[i%len(l)]
}

// sounds are those that need no file, by law.
type sounds struct{ ringBack, busy, music, beep, notice, chime, silence Loop }

var made = map[Law]func() sounds{
	Mu: sync.OnceValue(func() sounds { return compose(Mu) }),
	A:  sync.OnceValue(func() sounds { return compose(A) }),
}

func of(l Law) sounds {
	if compose, known := made[l]; known {
		return compose()
	}
	return sounds{}
}

// RingBack is what a caller hears while it rings, as in Japan: 400 Hz modulated by
// 16 Hz, one second of three.
func RingBack(l Law) Loop { return of(l).ringBack }

// Busy is the tone of an engaged line, as in Japan: 400 Hz, half of each second.
func Busy(l Law) Loop { return of(l).busy }

// Music is what a caller hears who waits or is held: 16 seconds of our own.
func Music(l Law) Loop { return of(l).music }

// Beep asks for a message: 1 kHz for 400 ms. It is meant to be played once.
func Beep(l Law) Loop { return of(l).beep }

// Notice tells both parties that somebody listens or records: 1.4 kHz for 300 ms
// in every 15 seconds, quietly.
func Notice(l Law) Loop { return of(l).notice }

// Chime is two tones, the second a third below the first, that ring off in two
// seconds. It is meant to be played once, where words are not recorded yet.
func Chime(l Law) Loop { return of(l).chime }

// Silence is one frame of nothing.
func Silence(l Law) Loop { return of(l).silence }

func compose(l Law) sounds {
	frames := func(seconds float64, wave func(t float64) float64) Loop {
		out := make(Loop, int(seconds*Rate)/Frame)
		for i := range out {
			out[i] = make([]byte, Frame)
			var pcm [Frame]int16
			for j := range pcm {
				pcm[j] = int16(32767 * wave(float64(i*Frame+j)/Rate))
			}
			l.Encode(out[i], pcm[:])
		}
		return out
	}
	return sounds{
		ringBack: frames(3, func(t float64) float64 {
			return 0.12 * (1 + 0.8*sine(16, t)) * sine(400, t) * during(t, 0, 1)
		}),
		busy:    frames(1, func(t float64) float64 { return 0.14 * sine(400, t) * during(t, 0, 0.5) }),
		music:   frames(16, melody),
		beep:    frames(0.4, func(t float64) float64 { return 0.2 * sine(1000, t) * during(t, 0, 0.4) }),
		notice:  frames(15, func(t float64) float64 { return 0.05 * sine(1400, t) * during(t, 0, 0.3) }),
		chime:   frames(2, chime),
		silence: frames(0.02, func(float64) float64 { return 0 }),
	}
}

func sine(hz, t float64) float64 { return math.Sin(2 * math.Pi * hz * t) }

// during is 1 between two times, with edges of 10 ms.
func during(t, from, to float64) float64 {
	const edge = 0.01
	return max(0, min(1, (t-from)/edge, (to-t)/edge))
}

// chime is a struck tone each second.
func chime(t float64) float64 {
	hz, age := 659.26, t
	if t >= 1 {
		hz, age = 523.25, t-1
	}
	return 0.2 * math.Exp(-4*age) * sine(hz, age) * during(t, 0, 2)
}

// chords of the melody by their semitones above A (220 Hz): two seconds each.
var chords = [8][4]float64{{0, 3, 7, 12}, {-4, 0, 3, 8}, {-9, -2, 3, 7}, {-2, 2, 5, 10}, {0, 3, 7, 15}, {-4, 0, 8, 12}, {-7, 0, 5, 8}, {-5, -1, 2, 7}}

// melody is an arpeggio: four notes a second that ring on, one after the other.
func melody(t float64) (out float64) {
	const note, ring = 0.25, 3
	last := int(t / note)
	for back := range ring {
		i := (last - back + 64) % 64 // the end rings into the beginning
		age := t - float64(last-back)*note
		chord := chords[i/8]
		hz := 220 * math.Pow(2, chord[[8]int{0, 1, 2, 3, 2, 1, 3, 2}[i%8]]/12)
		envelope := math.Min(1, age/0.01) * math.Exp(-4*age) * math.Min(1, (ring*note-age)/0.05)
		out += 0.16 * envelope * (sine(hz, age) + 0.3*sine(2*hz, age))
	}
	return out
}
