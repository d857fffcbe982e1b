package sound

import "math"

// Of the low-pass: everything up to 3.4 kHz stays, above 4 kHz 60 dB are gone.
const (
	cutoff = 3700.0 // Hz
	lobes  = 24     // half its length, in samples of 8 kHz
	kaiser = 5.65   // β of its window: 60 dB
)

// Resample gives the sound of rate, 8 to 48 kHz, at Rate. Another rate gives nothing.
func Resample(pcm []int16, rate int) []int16 {
	if rate == Rate {
		return pcm
	}
	if rate < Rate || rate > maxRate {
		return nil
	}
	g := gcd(rate, Rate)
	phases, step := Rate/g, rate/g // output i lies at i·step/phases of the input
	half := (lobes*rate + Rate - 1) / Rate
	filters := make([][]float32, phases)
	out := make([]int16, len(pcm)*phases/step)
	for i := range out {
		whole, phase := i*step/phases, i*step%phases
		if filters[phase] == nil {
			filters[phase] = lowPass(half, float64(phase)/float64(phases), rate)
		}
		var sum float32
		first := whole - half + 1
		from, to := max(0, -first), min(2*half, len(pcm)-first)
		for k, h := range filters[phase][from:max(from, to)] {
			sum += h * float32(pcm[first+from+k])
		}
		out[i] = clamp(int32(math.Round(float64(sum))))
	}
	return out
}

// lowPass gives the weights of the 2·half samples around a place that lies shift
// of a sample after the one at half-1.
func lowPass(half int, shift float64, rate int) []float32 {
	out := make([]float32, 2*half)
	w, total := 2*cutoff/float64(rate), 0.0
	for k := range out {
		x := float64(k-half+1) - shift
		h := w
		if px := math.Pi * w * x; math.Abs(px) > 1e-9 {
			h = w * math.Sin(px) / px
		}
		edge := x / float64(half)
		h *= bessel(kaiser*math.Sqrt(max(0, 1-edge*edge))) / bessel(kaiser)
		out[k] = float32(h)
		total += h
	}
	for k := range out { // a constant stays what it is, at every phase
		out[k] = float32(float64(out[k]) / total)
	}
	return out
}

// bessel is the modified Bessel function I₀.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1; term > 1e-9*sum; k++ {
		term *= x / (2 * float64(k)) * x / (2 * float64(k))
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
