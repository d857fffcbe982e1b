package sound

import (
	"math"
	"testing"
)

// steps are the decision values of a law by the formula of its segments: the
// largest magnitude that belongs to each of the 128 levels.
func steps(linear, bias int) (out [128]int) {
	at, width := 0, linear
	for i := range out {
		if i > 0 && i%16 == 0 && (bias > 0 || i > 16) {
			width *= 2
		}
		if i == 0 && bias > 0 {
			at = width / 2 // μ-law's first level has half a step
		} else {
			at += width
		}
		out[i] = at
	}
	return out
}

func TestEverySampleByTheFormula(t *testing.T) {
	mu, a := steps(2, 33), steps(1, 0) // in 14 and 12 bits of magnitude
	for v := -32768; v <= 32767; v++ {
		s := int16(v)
		m := v
		if v < 0 {
			m = ^v
		}
		level := func(steps [128]int, m int) byte {
			for i, top := range steps {
				if m < top {
					return byte(i)
				}
			}
			return 127
		}
		want := 0xFF ^ level(mu, m>>2)
		if v < 0 {
			want &= 0x7F
		}
		if got := ToMu(s); got != want {
			t.Fatalf("μ of %d: %#x, want %#x", v, got, want)
		}
		want = (level(a, m>>4) | 0x80) ^ 0x55
		if v < 0 {
			want ^= 0x80
		}
		if got := ToA(s); got != want {
			t.Fatalf("A of %d: %#x, want %#x", v, got, want)
		}
	}
}

func TestEveryByteComesBack(t *testing.T) {
	// Known points of G.711's tables, in 16 bits.
	for b, want := range map[byte]int16{0xFF: 0, 0x7F: 0, 0x80: 32124, 0x00: -32124, 0xFE: 8, 0xEF: 132} {
		if got := FromMu(b); got != want {
			t.Errorf("μ %#x: %d, want %d", b, got, want)
		}
	}
	for b, want := range map[byte]int16{0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256} {
		if got := FromA(b); got != want {
			t.Errorf("A %#x: %d, want %d", b, got, want)
		}
	}
	for i := range 256 {
		b := byte(i)
		if back := ToMu(FromMu(b)); back != b && b != 0x7F { // both zeros are one
			t.Errorf("μ %#x became %#x", b, back)
		}
		if back := ToA(FromA(b)); back != b {
			t.Errorf("A %#x became %#x", b, back)
		}
		// Between the laws nothing moves further than the step of the coarser one.
		for _, pair := range [][2]int16{{FromMu(b), FromA(MuToA(b))}, {FromA(b), FromMu(AToMu(b))}} {
			off := math.Abs(float64(pair[0]) - float64(pair[1]))
			if off > 16+math.Abs(float64(pair[0]))/16 {
				t.Errorf("%#x: %d became %d", b, pair[0], pair[1])
			}
		}
	}
}

func TestFramesOfBothLaws(t *testing.T) {
	pcm := []int16{0, 1000, -1000, 32767, -32768}
	for _, l := range []Law{Mu, A} {
		wire, back := make([]byte, 5), make([]int16, 9)
		if l.Encode(wire, pcm) != 5 || l.Decode(back, wire) != 5 {
			t.Fatal("lengths")
		}
		for i, s := range pcm {
			if math.Abs(float64(s)-float64(back[i])) > 16+math.Abs(float64(s))/16 {
				t.Errorf("law %d: %d became %d", l, s, back[i])
			}
		}
		other := Mu + A - l
		if l.Convert(wire, other, wire) != 5 || other.Decode(back, wire) != 5 || back[1] < 950 || back[1] > 1050 {
			t.Errorf("converted: %v", back)
		}
		if v := back[:1]; l.Decode(v, []byte{l.Silence()}) != 1 || v[0] < -8 || v[0] > 8 {
			t.Errorf("silence of law %d: %d", l, v[0])
		}
	}
	wire, back := []byte{1, 2}, []int16{5, 5}
	NoLaw.Decode(back, wire)
	NoLaw.Encode(wire, []int16{9, 9})
	if back[0] != 0 || wire[0] != 0 || NoLaw.Convert([]byte{7}, Mu, []byte{1}) != 1 || NoLaw.Level([]byte{1}) != Quiet {
		t.Error("no law carried something")
	}
}
