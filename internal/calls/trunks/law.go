package trunks

import "github.com/sekisho/sekisho/internal/calls"

// toA and toMu turn one law into the other, sample by sample (ITU-T G.711).
var toA, toMu = tables()

func tables() (a, mu [256]byte) {
	for i := range 256 {
		a[i] = linearToA(muToLinear(byte(i)))
		mu[i] = linearToMu(aToLinear(byte(i)))
	}
	return a, mu
}

// convert writes samples of one law into dst as another.
func convert(dst, src []byte, from, to calls.Codec) []byte {
	switch {
	case from == to:
		return append(dst, src...)
	case to == calls.PCMA:
		for _, b := range src {
			dst = append(dst, toA[b])
		}
	default:
		for _, b := range src {
			dst = append(dst, toMu[b])
		}
	}
	return dst
}

func muToLinear(u byte) int {
	u = ^u
	v := (int(u&15)<<3+0x84)<<(u>>4&7) - 0x84
	if u&0x80 != 0 {
		return -v
	}
	return v
}

func aToLinear(a byte) int {
	a ^= 0x55
	v := int(a&15)<<4 + 8
	if e := a >> 4 & 7; e > 0 {
		v = (v + 0x100) << (e - 1)
	}
	if a&0x80 == 0 {
		return -v
	}
	return v
}

func linearToMu(v int) byte {
	sign := byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 0x84
	e := byte(7)
	for m := 0x4000; v&m == 0 && e > 0; m >>= 1 {
		e--
	}
	return ^(sign | e<<4 | byte(v>>(e+3))&15)
}

func linearToA(v int) byte {
	sign := byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	v = min(v, 32767)
	e := byte(7)
	for m := 0x4000; v&m == 0 && e > 0; m >>= 1 {
		e--
	}
	shift := max(e, 1) + 3
	return (sign | e<<4 | byte(v>>shift)&15) ^ 0x55
}
