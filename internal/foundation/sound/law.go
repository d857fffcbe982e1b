package sound

import "math/bits"

// Law is one of G.711's two (ITU-T G.711, tables 1 and 2).
type Law uint8

// Laws. The zero value carries nothing.
const (
	NoLaw Law = iota
	Mu        // μ-law: PCMU
	A         // A-law: PCMA
)

const (
	muBias = 33   // of 14-bit magnitudes
	muTop  = 8158 // the largest that μ-law tells apart
)

var (
	fromMu = decoding(expandMu)
	fromA  = decoding(expandA)
	muToA  = crossing(expandMu, ToA)
	aToMu  = crossing(expandA, ToMu)
)

func decoding(expand func(byte) int16) (table [256]int16) {
	for i := range table {
		table[i] = expand(byte(i))
	}
	return table
}

func crossing(expand func(byte) int16, compress func(int16) byte) (table [256]byte) {
	for i := range table {
		table[i] = compress(expand(byte(i)))
	}
	return table
}

func expandMu(b byte) int16 {
	b = ^b
	m := (int(b&15)<<1+muBias)<<(b>>4&7) - muBias
	if b&0x80 != 0 {
		m = -m
	}
	return int16(m << 2)
}

func expandA(b byte) int16 {
	b ^= 0x55
	m, segment := int(b&15)<<4+8, b>>4&7
	if segment > 0 {
		m = (m + 256) << (segment - 1)
	}
	if b&0x80 == 0 {
		m = -m
	}
	return int16(m)
}

// ToMu gives the μ-law byte of a sample; it tells 14 bits apart.
func ToMu(s int16) byte {
	sign, m := byte(0x80), int(s)>>2
	if s < 0 {
		sign, m = 0, int(^s)>>2
	}
	m = min(m, muTop) + muBias
	segment := bits.Len16(uint16(m)) - 6
	return ^(byte(segment)<<4 | byte(m>>(segment+1))&15) & (0x7f | sign)
}

// ToA gives the A-law byte of a sample; it tells 13 bits apart.
func ToA(s int16) byte {
	sign, m := byte(0x80), int(s)>>4
	if s < 0 {
		sign, m = 0, int(^s)>>4
	}
	segment := max(0, bits.Len16(uint16(m))-4)
	low := byte(m>>max(0, segment-1)) & 15
	return (byte(segment)<<4 | low | sign) ^ 0x55
}

// FromMu gives the sample of a μ-law byte.
func FromMu(b byte) int16 { return fromMu[b] }

// FromA gives the sample of an A-law byte.
func FromA(b byte) int16 { return fromA[b] }

// MuToA gives the A-law byte whose sample is that of a μ-law byte, or next to it.
func MuToA(b byte) byte { return muToA[b] }

// AToMu is MuToA the other way.
func AToMu(b byte) byte { return aToMu[b] }

// Silence is the byte of silence. What has no law has none: 0.
func (l Law) Silence() byte {
	switch l {
	case Mu:
		return 0xFF
	case A:
		return 0xD5
	}
	return 0
}

// Decode writes the samples of src into dst and returns how many: the shorter of
// both. Without a law they are zeros.
func (l Law) Decode(dst []int16, src []byte) int {
	n := min(len(dst), len(src))
	switch l {
	case Mu:
		for i, b := range src[:n] {
			dst[i] = fromMu[b]
		}
	case A:
		for i, b := range src[:n] {
			dst[i] = fromA[b]
		}
	default:
		clear(dst[:n])
	}
	return n
}

// Encode writes the bytes of src into dst and returns how many: the shorter of both.
func (l Law) Encode(dst []byte, src []int16) int {
	n := min(len(dst), len(src))
	switch l {
	case Mu:
		for i, s := range src[:n] {
			dst[i] = ToMu(s)
		}
	case A:
		for i, s := range src[:n] {
			dst[i] = ToA(s)
		}
	default:
		clear(dst[:n])
	}
	return n
}

// Convert writes src, of law l, as bytes of another into dst and returns how
// many: the shorter of both. dst may be src.
func (l Law) Convert(dst []byte, to Law, src []byte) int {
	n := min(len(dst), len(src))
	table := &muToA
	switch {
	case l == to:
		return copy(dst, src)
	case l == A && to == Mu:
		table = &aToMu
	case l != Mu || to != A:
		clear(dst[:n])
		return n
	}
	for i, b := range src[:n] {
		dst[i] = table[b]
	}
	return n
}
