package sound

import (
	"math"
	"strings"
)

// In-band keys (DTMF) as ITU-T Q.23 makes them and Q.24 has them received: each of
// the two tones −25 to 0 dBm0, at most 1.5 % off its frequency and never 3.5 %, the
// higher one at most 4 dB louder and 8 dB quieter than the lower one; taken from
// 40 ms on, not below 24 ms; a gap of 10 ms splits nothing, one of 30 ms does.
const (
	window  = Frame      // samples looked at together: 20 ms, weighed by Hann
	hop     = window / 4 // and how far apart: 5 ms
	steady  = 5          // windows in a row that make a key
	over    = 5          // windows without it that end it
	weakest = -30.0      // dBFS of each tone: −27 dBm0
	pure    = 0.80       // share of the power that is in the two tones: talk-off guard
	astray  = 0.025      // how far a tone may be from its frequency
	louder  = 4.0        // dB of the higher over the lower tone
	quieter = -8.0
)

var tones = [8]float64{697, 770, 852, 941, 1209, 1336, 1477, 1633}

const keypad = "123A456B789C*0#D"

// Dial writes into dst the two tones of a key from the at-th sample of it on, each at
// −10 dBm0; false, and silence, where there is no such key.
func Dial(dst []int16, key byte, at int) bool {
	i := strings.IndexByte(keypad, key)
	if i < 0 {
		clear(dst)
		return false
	}
	const loud = 7200
	for k := range dst {
		t := float64(at+k) / Rate
		dst[k] = int16(loud * (sine(tones[i/4], t) + sine(tones[4+i%4], t)))
	}
	return true
}

// Press is one key as it was heard: when it began, and once more when it was over.
type Press struct {
	Key  byte  // 0 to 9, *, #, A to D
	Down bool  // it began; false: it is over
	At   int64 // samples since the detector began: of its first, or after its last
}

// Detector finds keys in sound. Its zero value has heard nothing. It is not safe
// for use by several goroutines.
type Detector struct {
	buf     [window]int16
	fill    int
	at      int64 // samples heard
	before  [8]complex128
	known   bool // before holds the last window
	key     byte // that is down
	next    byte // that may become so
	run     int
	missing int
	out     []Press
}

// Suspect says whether the newest 20 ms sound like a key, before it is sure of
// it: whoever hides keys holds back what follows.
func (d *Detector) Suspect() bool { return d.run > 0 || d.key != 0 }

// Hear takes samples and gives the keys that began or ended in them, at most 45 ms
// after they did. What it returns is valid until the next call.
func (d *Detector) Hear(pcm []int16) []Press {
	d.out = d.out[:0]
	for len(pcm) > 0 {
		n := copy(d.buf[d.fill:], pcm)
		d.fill, d.at, pcm = d.fill+n, d.at+int64(n), pcm[n:]
		if d.fill == window {
			d.step(d.look())
			copy(d.buf[:], d.buf[hop:])
			d.fill = window - hop
		}
	}
	return d.out
}

// step counts windows in which a key was heard; 0 is none.
func (d *Detector) step(key byte) {
	switch {
	case key != 0 && key == d.next:
		d.run++
	case key != 0:
		d.next, d.run = key, 1
	default:
		d.run = 0
	}
	if key != 0 && key == d.key {
		d.missing = 0
		return
	}
	if d.key != 0 {
		if d.missing++; d.missing >= over || d.run >= steady {
			d.out = append(d.out, Press{Key: d.key, At: d.at - int64(d.missing*hop)})
			d.key = 0
		}
	}
	if d.run >= steady && d.key == 0 {
		d.key, d.missing = key, 0
		d.out = append(d.out, Press{Key: key, Down: true, At: max(0, d.at-window-(steady-1)*hop)})
	}
}

var hann, hannSum, hannSquares = weigh()

func weigh() (w [window]float64, sum, squares float64) {
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/window)
		sum += w[i]
		squares += w[i] * w[i]
	}
	return w, sum, squares
}

// look says which key the window sounds like; 0 is none.
func (d *Detector) look() byte {
	var weighed [window]float64
	var power float64
	for i, s := range d.buf {
		weighed[i] = float64(s) / 32768 * hann[i]
		power += weighed[i] * weighed[i]
	}
	power /= hannSquares // mean square
	if decibels(2*power) < weakest {
		d.known = false
		return 0
	}
	var now [8]complex128
	goertzel(&weighed, filters[:4], now[:4])
	goertzel(&weighed, filters[4:], now[4:])
	before, known := d.before, d.known
	d.before, d.known = now, true
	low, high := loudest(now[:4]), 4+loudest(now[4:])
	if !known {
		return 0
	}
	lowPower, okLow := tone(before[low], now[low], tones[low])
	highPower, okHigh := tone(before[high], now[high], tones[high])
	if !okLow || !okHigh || (lowPower+highPower)/2 < pure*power {
		return 0
	}
	lowLevel, highLevel := decibels(lowPower), decibels(highPower)
	twist := highLevel - lowLevel
	if min(lowLevel, highLevel) < weakest || twist > louder || twist < quieter {
		return 0
	}
	return keypad[low*4+high-4]
}

// filter is what Goertzel's algorithm needs of a tone.
type filter struct{ cos, sin, endCos, endSin float64 }

var filters = prepare()

func prepare() (out [8]filter) {
	for i, hz := range tones {
		w := 2 * math.Pi * hz / Rate
		sin, cos := math.Sincos(w)
		endSin, endCos := math.Sincos(w * (window - 1))
		out[i] = filter{cos, sin, endCos, endSin}
	}
	return out
}

// goertzel gives the spectrum of a window at four tones, their phases measured from
// the window's beginning. Four at once keep the processor busy: each alone would
// wait for its own last result.
func goertzel(x *[window]float64, f []filter, out []complex128) {
	_, _ = f[3], out[3]
	c0, c1, c2, c3 := 2*f[0].cos, 2*f[1].cos, 2*f[2].cos, 2*f[3].cos
	var p0, p1, p2, p3, q0, q1, q2, q3 float64
	for _, v := range x {
		p0, q0 = v+c0*p0-q0, p0
		p1, q1 = v+c1*p1-q1, p1
		p2, q2 = v+c2*p2-q2, p2
		p3, q3 = v+c3*p3-q3, p3
	}
	for i, s := range [4][2]float64{{p0, q0}, {p1, q1}, {p2, q2}, {p3, q3}} {
		// s₁ − e^{−jw}·s₂ has the phase of the window's last sample.
		re, im := s[0]-f[i].cos*s[1], f[i].sin*s[1]
		out[i] = complex(re*f[i].endCos+im*f[i].endSin, im*f[i].endCos-re*f[i].endSin)
	}
}

func loudest(list []complex128) (at int) {
	var most float64
	for i, c := range list {
		if p := real(c)*real(c) + imag(c)*imag(c); p > most {
			at, most = i, p
		}
	}
	return at
}

// tone gives the power of a tone near hz, 1 for a sine that fills the scale, by two
// windows one hop apart; false where it is too far from hz. What the window
// takes from a tone beside its middle is given back.
func tone(before, now complex128, hz float64) (power float64, ok bool) {
	turned := math.Atan2(imag(now), real(now)) - math.Atan2(imag(before), real(before)) - 2*math.Pi*hz*hop/Rate
	off := math.Remainder(turned, 2*math.Pi) / (2 * math.Pi) * Rate / hop // Hz
	if math.Abs(off) > astray*hz {
		return 0, false
	}
	amplitude := 2 * math.Hypot(real(now), imag(now)) / hannSum / scallop(off*window/Rate)
	return amplitude * amplitude, true
}

// scallop is how much Hann's window keeps of a tone x bins beside the middle, |x| < 1.
func scallop(x float64) float64 {
	if math.Abs(x) < 1e-6 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x) / (1 - x*x)
}
