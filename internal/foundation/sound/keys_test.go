package sound

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// options of a key's sound. Levels are in dBm0: 0 dBm0 is −3.17 dBFS.
type options struct {
	level   float64 // of the lower tone
	twist   float64 // how much louder the higher one is, dB
	off     float64 // share by which both miss their frequency
	offHigh float64 // and the higher one besides
	noise   float64 // dB below the tones; 0: none
	seconds float64
	lead    int // samples of silence before it
	gap     int // samples without it in the middle
	seed    uint64
}

func keySound(key byte, o options) []int16 {
	i := strings.IndexByte(keypad, key)
	r := rand.New(rand.NewPCG(o.seed, 7))
	a := 32767 * math.Pow(10, (o.level-3.17)/20)
	b := a * math.Pow(10, o.twist/20)
	low, high := tones[i/4]*(1+o.off), tones[4+i%4]*(1+o.off+o.offHigh)
	p, q := r.Float64(), r.Float64()
	n := int(o.seconds * Rate)
	out := make([]int16, o.lead+n+Rate/10)
	for k := range out {
		v, at := 0.0, k-o.lead
		if at >= 0 && at < n && (o.gap == 0 || at < (n-o.gap)/2 || at >= (n+o.gap)/2) {
			v = a*sine(low, float64(at)/Rate+p) + b*sine(high, float64(at)/Rate+q)
		}
		if o.noise > 0 {
			v += r.NormFloat64() * math.Hypot(a, b) / math.Sqrt2 * math.Pow(10, -o.noise/20)
		}
		out[k] = int16(max(-32768, min(32767, v)))
	}
	wire := make([]byte, len(out)) // as the telephone network brings it
	Mu.Encode(wire, out)
	Mu.Decode(out, wire)
	return out
}

// heard gives the keys that began in pcm, taken in frames of 20 ms.
func heard(pcm []int16) string {
	var d Detector
	var keys []byte
	for len(pcm) > 0 {
		n := min(Frame, len(pcm))
		for _, p := range d.Hear(pcm[:n]) {
			if p.Down {
				keys = append(keys, p.Key)
			}
		}
		pcm = pcm[n:]
	}
	return string(keys)
}

func TestKeysThatMustBeTaken(t *testing.T) {
	for name, o := range map[string]options{
		"loud": {level: -1, seconds: 0.05}, "as usual": {level: -10, seconds: 0.08}, "−25 dBm0": {level: -25, seconds: 0.08},
		"40 ms": {level: -10, seconds: 0.04}, "twist +4 dB": {level: -14, twist: 3.9, seconds: 0.06}, "twist −8 dB": {level: -10, twist: -7.9, seconds: 0.06},
		"1.5 % above": {level: -10, off: 0.015, seconds: 0.06}, "1.5 % below": {level: -10, off: -0.015, seconds: 0.06}, "apart": {level: -10, off: -0.015, offHigh: 0.03, seconds: 0.06},
		"noise of 15 dB": {level: -10, noise: 15, seconds: 0.06}, "noise, twist, off": {level: -12, noise: 18, twist: -5, off: 0.012, seconds: 0.06},
		"a gap of 10 ms": {level: -10, seconds: 0.12, gap: 80},
	} {
		missed := 0
		for _, key := range []byte(keypad) {
			for lead := range 20 {
				o.lead, o.seed = lead*7, uint64(lead)
				if got := heard(keySound(key, o)); got != string(key) {
					missed++
					if missed < 4 {
						t.Logf("%s: %c after %d samples: %q", name, key, o.lead, got)
					}
				}
			}
		}
		if missed > 0 {
			t.Errorf("%s: %d of 320 missed", name, missed)
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	for name, o := range map[string]options{
		"3.5 % above": {level: -10, off: 0.035, seconds: 0.2}, "3.5 % below": {level: -10, off: -0.035, seconds: 0.2}, "one 3.5 % off": {level: -10, offHigh: 0.035, seconds: 0.2},
		"−29 dBm0": {level: -29, seconds: 0.2}, "23 ms": {level: -10, seconds: 0.023}, "twist +6 dB": {level: -12, twist: 6, seconds: 0.2}, "twist −11 dB": {level: -5, twist: -11, seconds: 0.2},
	} {
		for _, key := range []byte(keypad) {
			for lead := range 10 {
				o.lead, o.seed = lead*13, uint64(lead)
				if got := heard(keySound(key, o)); got != "" {
					t.Errorf("%s: %c after %d samples gave %q", name, key, o.lead, got)
				}
			}
		}
	}
}

func TestKeysInARow(t *testing.T) {
	var pcm []int16
	const want = "1123456*0#99D"
	for _, key := range []byte(want) {
		pcm = append(pcm, keySound(key, options{level: -10, seconds: 0.05})[:int(0.085*Rate)]...) // 50 ms, then 35 ms
	}
	if got := heard(append(pcm, make([]int16, Rate/10)...)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var d Detector
	presses := append([]Press(nil), d.Hear(keySound('7', options{level: -10, seconds: 0.1, lead: 800}))...)
	if len(presses) != 2 || !presses[0].Down || presses[1].Down || presses[1].Key != '7' || !near(presses[0].At, 800) || !near(presses[1].At, 1600) {
		t.Errorf("%+v", presses)
	}
	d = Detector{}
	if d.Hear(keySound('7', options{level: -10, seconds: 0.1, lead: 800})[:1000]); !d.Suspect() {
		t.Error("25 ms of a key are not suspect")
	}
}

func near(got, want int64) bool { return got > want-160 && got < want+160 }

func TestWhatIsDialledIsHeard(t *testing.T) {
	for _, key := range []byte(keypad) {
		pcm := make([]int16, 4*Frame)
		for at := 0; at < 3*Frame; at += Frame {
			if !Dial(pcm[at:at+Frame], key, at) {
				t.Fatalf("%c", key)
			}
		}
		if got := heard(append(pcm, make([]int16, 800)...)); got != string(key) {
			t.Errorf("%c was heard as %q", key, got)
		}
	}
	if loud := []int16{9}; Dial(loud, 'x', 0) || loud[0] != 0 {
		t.Error("a key that is none")
	}
}

// voice is speech-like sound: a glottal pulse train whose pitch and formants wander.
func voice(seconds float64, seed uint64) []int16 {
	r := rand.New(rand.NewPCG(seed, 3))
	out := make([]int16, int(seconds*Rate))
	formants := [3][3]float64{}
	pitch, phase, gain := 120.0, 0.0, 0.0
	for i := range out {
		if i%800 == 0 {
			pitch, gain = 80+240*r.Float64(), r.Float64()
			for f, hz := range []float64{300 + 600*r.Float64(), 900 + 1300*r.Float64(), 2200 + 800*r.Float64()} {
				q := math.Exp(-math.Pi * 80 / Rate)
				formants[f][2] = 2 * q * math.Cos(2*math.Pi*hz/Rate)
			}
		}
		x := r.NormFloat64() * 0.02
		if phase += pitch / Rate; phase >= 1 {
			phase--
			x += 1
		}
		v, q := 0.0, math.Exp(-math.Pi*80/Rate)
		for f := range formants {
			y := x + formants[f][2]*formants[f][0] - q*q*formants[f][1]
			formants[f][1], formants[f][0] = formants[f][0], y
			v += y
		}
		out[i] = int16(max(-32768, min(32767, 6000*gain*v)))
	}
	return out
}

func TestNobodySpeaksAKey(t *testing.T) {
	taken := 0
	for seed := range uint64(20) {
		taken += len(heard(voice(30, seed)))
	}
	if taken > 0 {
		t.Errorf("%d keys in ten minutes of a voice", taken)
	}
	var noise []int16
	r := rand.New(rand.NewPCG(5, 5))
	for range 60 * Rate {
		noise = append(noise, int16(r.NormFloat64()*4000))
	}
	if got := heard(noise); got != "" {
		t.Errorf("noise pressed %q", got)
	}
	for i := range Music(Mu) {
		noise = Mu.append(noise, Music(Mu).At(i))
	}
	if got := heard(noise); got != "" {
		t.Errorf("our own music pressed %q", got)
	}
}

func TestNobodySpeaksAKeyInRealSpeech(t *testing.T) {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("espeak-ng is not installed")
	}
	text := "Thank you for calling. Please tell me your account number: one, two, three, four, five, six, seven, eight, nine, zero. Oh, I see, you are moving house in November. "
	for _, voice := range []string{"en-us", "en-gb+f3", "de+m3", "it+f2"} {
		var out bytes.Buffer
		cmd := exec.CommandContext(t.Context(), path, "-v", voice, "-s", "150", "--stdout", strings.Repeat(text, 3))
		cmd.Stdout = &out
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		pcm, err := ReadWAV(out.Bytes(), 5*time.Minute)
		if err != nil || len(pcm) < 20*Rate {
			t.Fatalf("%s: %d samples, %v", voice, len(pcm), err)
		}
		if got := heard(pcm); got != "" {
			t.Errorf("%s pressed %q", voice, got)
		}
	}
}

// Whoever hides keys holds sound back for 60 ms: by then a key is known, wherever in
// a frame it began, and suspected a frame earlier.
func TestHowSoonAKeyIsKnown(t *testing.T) {
	var known, suspected int
	for _, key := range []byte(keypad) {
		for lead := 800; lead < 800+Frame; lead += 9 {
			pcm := keySound(key, options{level: -12, noise: 20, seconds: 0.2, lead: lead, seed: uint64(lead)})
			var d Detector
			first := 0
			for at := 0; ; at += Frame {
				presses := d.Hear(pcm[at : at+Frame])
				if first == 0 && d.Suspect() {
					first = at + Frame - lead
				}
				if len(presses) > 0 {
					known, suspected = max(known, at+Frame-lead), max(suspected, first)
					break
				}
			}
		}
	}
	t.Logf("known after %d ms at most, suspected after %d ms, the frame's own 20 ms in both", known/8, suspected/8)
	if known > 60*8 || suspected > 40*8 {
		t.Errorf("known after %d ms, suspected after %d ms", known/8, suspected/8)
	}
}
