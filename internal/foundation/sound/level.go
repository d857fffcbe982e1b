package sound

import "math"

// Quiet is the lowest level that Level tells, in dBFS.
const Quiet = -96

// Level is the level of samples in dBFS: 0 is a sine that fills the scale (AES17),
// and Quiet the least. In G.711 0 dBm0 is −3.17 dBFS in μ-law, −3.14 in A-law.
func Level(pcm []int16) float64 {
	if len(pcm) == 0 {
		return Quiet
	}
	var sum float64
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return decibels(2 * sum / float64(len(pcm)) / (32768 * 32768))
}

func decibels(power float64) float64 {
	if power <= 0 {
		return Quiet
	}
	return max(Quiet, 10*math.Log10(power))
}

// Level is the level of a frame of G.711, in dBFS.
func (l Law) Level(src []byte) float64 {
	var pcm [Frame]int16
	if len(src) <= Frame {
		return Level(pcm[:l.Decode(pcm[:], src)])
	}
	all := make([]int16, len(src))
	l.Decode(all, src)
	return Level(all)
}
