package recordings

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// speech is noise with the loudness of syllables, pauses between them, at about -26 dB.
func speech(seconds int) []byte {
	random := rand.New(rand.NewPCG(3, 4))
	out := make([]byte, seconds*calls.Rate)
	low := 0.0
	for i := range out {
		syllable := max(0, math.Sin(2*math.Pi*4*float64(i)/calls.Rate)) * max(0, math.Sin(2*math.Pi*0.3*float64(i)/calls.Rate)+0.5)
		low = 0.7*low + random.NormFloat64()*3000*syllable
		out[i] = sound.ToMu(int16(low))
	}
	return out
}

// suspicion is how many standard deviations the correlation of a sound with one
// listener's mark lies above chance. The original is at hand, as it is for whoever looks.
func suspicion(w watermark, original, suspect []byte, side int) float64 {
	sum, square, n, all := 0.0, 0.0, 0.0, 0.0
	for i := range original { // what a changed loudness does to every sample
		all += float64(int(^suspect[i]&0x7F) - int(^original[i]&0x7F))
	}
	all /= float64(len(original))
	for second := range len(original) / calls.Rate {
		pattern := w.pattern(uint32(second))
		for i := range calls.Rate {
			at := second*calls.Rate + i
			loud := ^original[at] & 0x7F
			step := float64(pattern[2*i+side])
			if step == 0 || loud < softest || loud > loudest {
				continue
			}
			moved := (float64(int(^suspect[at]&0x7F)-int(loud)) - all) * step
			sum, square, n = sum+moved, square+moved*moved, n+1
		}
	}
	mean := sum / n
	return mean / math.Sqrt((square/n-mean*mean+1e-9)/n)
}

// The copy that somebody heard is his, also after what a telephone or an editor
// does to sound, and never his who heard another one.
func TestACopyNamesItsListener(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	const seconds = 20
	original := speech(seconds)
	tape := r.begin(meta())
	caller := says(tape.Caller(), func(i int) byte { return original[i] })
	r.talk(tape, seconds*time.Second, caller)
	r.end(tape)
	copyOf := func() (watermark, []byte) {
		s, err := r.Open(t.Context(), boss, tape.ID())
		must(t, err)
		defer func() { must(t, s.Close()) }()
		var wav, again bytes.Buffer
		must(t, s.Play(&wav, 0, 0))
		must(t, s.Play(&again, 10*time.Second, 11*time.Second))
		left, right := sides(t, wav.Bytes())
		part, _ := sides(t, again.Bytes())
		if !bytes.Equal(part, left[10*calls.Rate:11*calls.Rate]) || bytes.Count(right, []byte{mute}) != len(right) {
			t.Fatal("a part is marked otherwise, or silence is")
		}
		return newWatermark(r.markKey, s.Listening), left
	}
	mark, mine := copyOf()
	other, theirs := copyOf()
	if bytes.Equal(mine, theirs) {
		t.Fatal("two listeners have the same copy")
	}
	noise, power := 0.0, 0.0
	for i := range mine {
		d := float64(linear[mine[i]]) - float64(linear[original[i]])
		noise, power = noise+d*d, power+float64(linear[original[i]])*float64(linear[original[i]])
	}
	if snr := 10 * math.Log10(power/noise); snr < 30 {
		t.Errorf("the mark is only %.1f dB below the sound", snr)
	} else {
		t.Logf("the mark is %.1f dB below the sound", snr)
	}
	random := rand.New(rand.NewPCG(1, 2))
	through := func(change func(v float64) float64) []byte {
		out := make([]byte, len(mine))
		for i, b := range mine {
			out[i] = sound.ToMu(int16(change(float64(linear[b]))))
		}
		return out
	}
	for name, suspect := range map[string][]byte{
		"as it was":        mine,
		"half as loud":     through(func(v float64) float64 { return v / 2 }),
		"noise at -40 dB":  through(func(v float64) float64 { return v + random.NormFloat64()*20 }),
		"through 12 bits":  through(func(v float64) float64 { return math.Round(v/16) * 16 }),
		"louder by a half": through(func(v float64) float64 { return v * 1.5 }),
	} {
		got, chance := suspicion(mark, original, suspect, 0), math.Abs(suspicion(other, original, suspect, 0))
		t.Logf("%s: %.0f, another listener %.1f", name, got, chance)
		if got < 8 || chance > 5 {
			t.Errorf("%s: %.1f standard deviations, another listener %.1f", name, got, chance)
		}
	}
	for i := range 200 { // nobody who did not hear it
		if got := suspicion(newWatermark(r.markKey, fmt.Sprint(i, wire.NewID())), original, mine, 0); got > 5 {
			t.Errorf("a stranger has %.1f", got)
		}
	}
}
