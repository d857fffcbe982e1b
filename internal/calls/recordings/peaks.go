package recordings

import (
	"math"

	"github.com/sekisho/sekisho/internal/calls"
)

// A wave form has, for each 100 ms, the lowest and highest sample of the caller
// and then of the centre, as signed bytes: a 16-bit sample divided by 256.
const (
	perPeak   = calls.Rate / 10 // samples
	peakLen   = 4               // bytes for each 100 ms
	perStep   = 4               // every fourth sample is looked at: a quarter of the time for the same picture
	fullScale = 32124.0         // the loudest sample of μ-law
)

// Peak is one party within 100 ms.
type Peak struct{ Low, High int8 }

// measure appends the peaks of a second and adds up its energy.
func measure(peaks []byte, sum *[2]float64, s *second) []byte {
	for at := 0; at < calls.Rate && at < max(s.samples, 1); at += perPeak {
		for side := range sum {
			low, high, square := extremes((*[perPeak]byte)(s.side(side)[at:]))
			sum[side] += float64(square) * perStep
			peaks = append(peaks, byte(int8(low>>8)), byte(int8(high>>8)))
		}
	}
	return peaks
}

func extremes(b *[perPeak]byte) (low, high int16, square int64) {
	if *b == [perPeak]byte(silent[:perPeak]) { // half of most calls
		return 0, 0, 0
	}
	for i := 0; i < perPeak; i += perStep {
		v := linear[b[i]]
		low, high = min(low, v), max(high, v)
		square += int64(v) * int64(v)
	}
	return low, high, square
}

// blank are the peaks of time that was lost.
func blank(peaks []byte, tenths int) []byte { return append(peaks, make([]byte, tenths*peakLen)...) }

// level is a mean energy in hundredths of a dB below full scale: 0 to -10,000.
func level(sum float64, samples int64) int64 {
	if samples == 0 || sum <= 0 {
		return -10_000
	}
	db := 10 * math.Log10(sum/float64(samples)/(fullScale*fullScale))
	return int64(math.Round(100 * min(0, max(-100, db))))
}
