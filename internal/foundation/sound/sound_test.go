package sound

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// wave gives seconds of a sine at a level in dBFS.
func wave(hz, level, seconds float64, rate int) []int16 {
	out := make([]int16, int(seconds*float64(rate)))
	for i := range out {
		out[i] = int16(32767 * math.Pow(10, level/20) * sine(hz, float64(i)/float64(rate)))
	}
	return out
}

// power is the level of one frequency in dBFS.
func power(pcm []int16, hz float64) float64 {
	var re, im float64
	for i, s := range pcm {
		w := 1 - math.Cos(2*math.Pi*float64(i)/float64(len(pcm)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / Rate)
		re, im = re+w*float64(s)*cos, im+w*float64(s)*sin
	}
	return 20 * math.Log10(2*math.Hypot(re, im)/float64(len(pcm))/32768+1e-9)
}

func TestLevel(t *testing.T) {
	for _, want := range []float64{0, -20, -40} {
		if got := Level(wave(1000, want, 1, Rate)); math.Abs(got-want) > 0.1 {
			t.Errorf("%v dBFS: %v", want, got)
		}
	}
	if Level(nil) != Quiet || Level(make([]int16, 9)) != Quiet {
		t.Error("silence has a level")
	}
	wire := make([]byte, 3*Frame)
	Mu.Encode(wire, wave(1000, -20, 1, Rate))
	if got := Mu.Level(wire); math.Abs(got+20) > 0.2 {
		t.Errorf("in μ-law: %v", got)
	}
}

func TestEverybodyHearsTheOthers(t *testing.T) {
	hz := []float64{500, 900, 1300}
	in, out := make([][]int16, 3), make([][]int16, 3)
	for i := range in {
		in[i], out[i] = wave(hz[i], -20, 0.1, Rate), make([]int16, Rate/10)
	}
	g := Everybody(3)
	Mix(out, in, &g)
	for to := range out {
		for from := range in {
			level := power(out[to], hz[from])
			if from == to && level > -60 || from != to && math.Abs(level+20) > 0.5 {
				t.Errorf("%d hears %d at %.1f dBFS", to, from, level)
			}
		}
	}
	whisper := Gains{}
	whisper[0][1] = Full / 2
	Mix(out, in, &whisper)
	if l := power(out[1], 500); math.Abs(l+26) > 0.5 || Level(out[0]) != Quiet || Level(out[2]) != Quiet {
		t.Errorf("whisper: %.1f dBFS, the others %v %v", l, Level(out[0]), Level(out[2]))
	}
}

// A mix is the sum, clamped: it never wraps, whoever is missing and however loud.
func TestMixIsTheClampedSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, Parties+1).Draw(t, "parties")
		in, out := make([][]int16, n), make([][]int16, n)
		var g Gains
		for i := range n {
			in[i] = rapid.SliceOfN(rapid.Int16(), 0, 200).Draw(t, "said")
			out[i] = make([]int16, 170)
			for j := range min(n, Parties) {
				if i < Parties {
					g[i][j] = Gain(rapid.SampledFrom([]int{0, 128, 256, 512, 65535}).Draw(t, "gain"))
				}
			}
		}
		Mix(out, in, &g)
		for to := range out {
			for k, got := range out[to] {
				want := 0
				for from := range min(n, Parties) {
					if to < Parties && k < len(in[from]) {
						want += int(in[from][k]) * int(min(g[from][to], 2048)) / 256
					}
				}
				if want = min(max(want, -32768), 32767); int(got) != want {
					t.Fatalf("sample %d for %d: %d, want %d", k, to, got, want)
				}
			}
		}
	})
}

func TestTones(t *testing.T) {
	for _, l := range []Law{Mu, A} {
		var ring []int16
		for i := range 150 {
			ring = l.append(ring, RingBack(l).At(i))
		}
		on, off := ring[Rate/10:Rate*9/10], ring[Rate*11/10:Rate*29/10]
		if p := power(on, 400); p < -22 || p > -15 {
			t.Errorf("400 Hz at %.1f dBFS", p)
		}
		for _, side := range []float64{384, 416} {
			if p := power(on, side); p < -32 || p > -22 {
				t.Errorf("%v Hz at %.1f dBFS: not modulated by 16 Hz", side, p)
			}
		}
		if Level(off) > -65 {
			t.Errorf("two seconds of %.1f dBFS", Level(off))
		}
		var music []int16
		for i := range len(Music(l)) {
			music = l.append(music, Music(l).At(i))
		}
		for i := 0; i+Rate/2 <= len(music); i += Rate / 2 {
			if got := Level(music[i : i+Rate/2]); got < -30 || got > -8 {
				t.Errorf("music at %.1f s: %.1f dBFS", float64(i)/Rate, got)
			}
		}
		if jump := int(music[0]) - int(music[len(music)-1]); jump > 2500 || jump < -2500 {
			t.Errorf("the loop clicks: %d", jump)
		}
		if len(Beep(l)) != 20 || len(Notice(l)) != 750 || len(Busy(l)) != 50 || l.Level(Silence(l).At(7)) > -60 {
			t.Error("lengths")
		}
		if p := power(l.append(nil, Beep(l).At(5)), 1000); p < -17 || p > -12 {
			t.Errorf("beep at %.1f dBFS", p)
		}
	}
	if RingBack(NoLaw).At(0) != nil || Loop(nil).At(3) != nil || Music(Mu).At(-1) != nil {
		t.Error("sound without a law")
	}
}

func (l Law) append(pcm []int16, frame []byte) []int16 {
	out := make([]int16, len(frame))
	l.Decode(out, frame)
	return append(pcm, out...)
}

func TestConcealedSoundFadesWithoutJumps(t *testing.T) {
	in := wave(400, -12, 0.4, Rate)
	var c Concealer
	var out []int16
	for i := 0; i+Frame <= len(in); i += Frame {
		frame := append([]int16(nil), in[i:i+Frame]...)
		if n := i / Frame; n == 5 || n >= 8 && n < 14 {
			c.Lost(frame)
		} else {
			c.Heard(frame)
		}
		out = append(out, frame...)
	}
	if l := Level(out[5*Frame : 6*Frame]); l < -16 || l > -12 {
		t.Errorf("one lost frame: %.1f dBFS", l)
	}
	if l := Level(out[12*Frame : 14*Frame]); l != Quiet {
		t.Errorf("after 80 ms: %.1f dBFS", l)
	}
	if l := Level(out[15*Frame:]); math.Abs(l+12) > 0.3 {
		t.Errorf("afterwards: %.1f dBFS", l)
	}
	for i := 1; i < len(out); i++ { // this sine moves at most 2,600 in one sample
		if d := int(out[i]) - int(out[i-1]); d > 5200 || d < -5200 {
			t.Errorf("a jump of %d at sample %d", d, i)
		}
	}
	new(Concealer).Lost(nil)
	short := []int16{1, 2}
	c.Heard(short)
	c.Lost(short)
}

func BenchmarkMixThreeFor20ms(b *testing.B) {
	in, out := make([][]int16, 3), make([][]int16, 3)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range in {
		in[i], out[i] = make([]int16, Frame), make([]int16, Frame)
		for j := range in[i] {
			in[i][j] = int16(r.IntN(20000) - 10000)
		}
	}
	g := Everybody(3)
	b.ReportAllocs()
	for b.Loop() {
		Mix(out, in, &g)
	}
}

func BenchmarkDetectorFor20ms(b *testing.B) {
	var d Detector
	pcm := keySound('5', options{level: -10, seconds: 0.02})[:Frame]
	b.ReportAllocs()
	for b.Loop() {
		d.Hear(pcm)
	}
}
