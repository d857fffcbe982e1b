package softphone

import "github.com/sekisho/sekisho/internal/calls"

// toA and toMu turn a byte of one law into the other's, by the linear value that
// it stands for (ITU-T G.711 §3).
var toA, toMu = tables()

func tables() (a, mu [256]byte) {
	for i := range 256 {
		a[i] = encodeA(decodeMu(byte(i)))
		mu[i] = encodeMu(decodeA(byte(i)))
	}
	return a, mu
}

// convert writes payload to out in the other law than from.
func convert(out, payload []byte, from calls.Codec) []byte {
	table := &toA
	if from == calls.PCMA {
		table = &toMu
	}
	out = out[:len(payload)]
	for i, b := range payload {
		out[i] = table[b]
	}
	return out
}

// decodeMu gives a sample of 16 bits.
func decodeMu(b byte) int {
	b = ^b
	v := (int(b&0x0f)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		return -v
	}
	return v
}

func encodeMu(v int) byte {
	sign := byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 0x84
	exponent := byte(7)
	for mask := 0x4000; exponent > 0 && v&mask == 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | exponent<<4 | byte(v>>(exponent+3)&0x0f))
}

func decodeA(b byte) int {
	b ^= 0x55
	v := int(b&0x0f)<<4 + 8
	if exponent := b >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if b&0x80 != 0 {
		return v
	}
	return -v
}

func encodeA(v int) byte {
	sign := byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	v = min(v, 32767) >> 4
	exponent := byte(0)
	for v > 0x1f {
		v >>= 1
		exponent++
	}
	if v > 0x0f {
		exponent++
	}
	return (sign | exponent<<4 | byte(v&0x0f)) ^ 0x55
}
