package recordings

import "github.com/sekisho/sekisho/internal/calls"

// The G.711 laws as tables (ITU-T G.711 §3), made once.
var (
	linear = muLinear()     // μ-law to 16-bit linear
	fromA  = aLawToMu()     // A-law to the nearest μ-law
	silent = silentSecond() // of one party
)

const mute = 0xFF // silence in μ-law

func silentSecond() (b [calls.Rate]byte) {
	for i := range b {
		b[i] = mute
	}
	return b
}

func muLinear() (t [256]int16) {
	for i := range t {
		u := ^byte(i)
		v := (int16(u&0x0F)<<3 + 0x84) << (u & 0x70 >> 4)
		if u&0x80 != 0 {
			t[i] = 0x84 - v
		} else {
			t[i] = v - 0x84
		}
	}
	return t
}

func aLawToMu() (t [256]byte) {
	for i := range t {
		a := byte(i) ^ 0x55
		v := int(a&0x0F)<<4 + 8
		if segment := a & 0x70 >> 4; segment > 0 {
			v = (v + 0x100) << (segment - 1)
		}
		if a&0x80 == 0 {
			v = -v
		}
		t[i] = toMu(v)
	}
	return t
}

// toMu is the μ-law code of a 16-bit linear sample.
func toMu(v int) byte {
	const bias, clip = 0x84, 32635
	sign := byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, clip) + bias
	segment := byte(0)
	for s := v >> 8; s > 0; s >>= 1 {
		segment++
	}
	return ^(sign | segment<<4 | byte(v>>(segment+3))&0x0F)
}
