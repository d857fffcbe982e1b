package recordings

import "encoding/binary"

const (
	wavMuLaw   = 7 // WAVE_FORMAT_MULAW (RFC 2361 §A.3)
	wavHeadLen = 58
)

// wavHeader is that of so many samples of two sides: RIFF, an 18-byte format and,
// as a format that is not PCM must have it, the number of samples.
func wavHeader(samples int64) []byte {
	size := uint32(2 * samples)
	h := append(make([]byte, 0, wavHeadLen), "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, wavHeadLen-8+size)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 18)
	for _, v := range []uint16{wavMuLaw, 2} {
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	h = binary.LittleEndian.AppendUint32(h, 8000)  // samples a second
	h = binary.LittleEndian.AppendUint32(h, 16000) // bytes a second
	for _, v := range []uint16{2, 8, 0} {          // bytes of both sides, bits, nothing more
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	h = append(h, "fact"...)
	h = binary.LittleEndian.AppendUint32(h, 4)
	h = binary.LittleEndian.AppendUint32(h, uint32(samples))
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, size)
}
