package sound

import (
	"encoding/binary"
	"time"

	"github.com/sekisho/sekisho"
)

// Why a WAV file is refused. Their texts say what to do.
var (
	ErrNotWAV   = sekisho.Fail(sekisho.KindInvalid, "sound.not_wav")   // no RIFF/WAVE file, or one that is cut off
	ErrFormat   = sekisho.Fail(sekisho.KindInvalid, "sound.format")    // neither PCM of 8, 16 or 24 bits nor G.711
	ErrRate     = sekisho.Fail(sekisho.KindInvalid, "sound.rate")      // not 8 to 48 kHz
	ErrChannels = sekisho.Fail(sekisho.KindInvalid, "sound.channels")  // neither mono nor stereo
	ErrTooLong  = sekisho.Fail(sekisho.KindInvalid, "sound.too_long")  // longer than allowed
	ErrEmpty    = sekisho.Fail(sekisho.KindInvalid, "sound.empty")     // no sound in it
	errTooLarge = sekisho.Fail(sekisho.KindInvalid, "sound.too_large") // more bytes than any allowed length has
)

// Formats of a WAV file (RFC 2361, mmreg.h).
const (
	formatPCM        = 1
	formatA          = 6
	formatMu         = 7
	formatExtensible = 0xFFFE
)

// maxRate is the highest rate of samples that is read.
const maxRate = 48000

// layout is what a file's fmt chunk says.
type layout struct {
	format, channels, bits int
	rate                   int
}

func (l layout) frame() int { return l.channels * l.bits / 8 }

// ReadWAV reads a WAV file of at most most: PCM of 8, 16 or 24 bits or G.711, mono or
// stereo, 8 to 48 kHz. Both channels become one; other rates become Rate.
func ReadWAV(file []byte, most time.Duration) ([]int16, error) {
	if int64(len(file)) > int64(most.Seconds()*maxRate*6)+1<<20 {
		return nil, errTooLarge
	}
	l, data, err := chunks(file)
	if err != nil {
		return nil, err
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	n := len(data) / l.frame()
	switch {
	case n == 0:
		return nil, ErrEmpty
	case time.Duration(n)*time.Second/time.Duration(l.rate) > most:
		return nil, ErrTooLong
	}
	return Resample(l.mono(data[:n*l.frame()]), l.rate), nil
}

// chunks finds the two chunks that matter. A data chunk that says more than the
// file holds, as a recorder leaves it that was killed, holds what is there.
func chunks(file []byte) (l layout, data []byte, err error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return l, nil, ErrNotWAV
	}
	for rest := file[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		body := rest[:min(size, int64(len(rest)))]
		switch {
		case name == "fmt ":
			if len(body) < 16 {
				return l, nil, ErrNotWAV
			}
			l = readLayout(body)
		case name == "data" && l.format != 0:
			return l, body, nil
		}
		rest = rest[min(size+size&1, int64(len(rest))):]
	}
	return l, nil, ErrNotWAV
}

func readLayout(body []byte) layout {
	le := binary.LittleEndian
	l := layout{format: int(le.Uint16(body)), channels: int(le.Uint16(body[2:])), rate: int(le.Uint32(body[4:])), bits: int(le.Uint16(body[14:]))}
	if l.format == formatExtensible && len(body) >= 26 {
		l.format = int(le.Uint16(body[24:])) // the sub-format's first two bytes
	}
	return l
}

func (l layout) check() error {
	switch {
	case l.format == formatPCM && (l.bits == 8 || l.bits == 16 || l.bits == 24), (l.format == formatA || l.format == formatMu) && l.bits == 8:
	default:
		return ErrFormat
	}
	if l.channels < 1 || l.channels > 2 {
		return ErrChannels
	}
	if l.rate < Rate || l.rate > maxRate {
		return ErrRate
	}
	return nil
}

// mono gives the samples of whole frames, both channels halved and added.
func (l layout) mono(data []byte) []int16 {
	out := make([]int16, len(data)/l.frame())
	width := l.bits / 8
	for i := range out {
		frame := data[i*l.frame():]
		sum := 0
		for c := range l.channels {
			sum += int(l.sample(frame[c*width:]))
		}
		out[i] = int16(sum / l.channels)
	}
	return out
}

func (l layout) sample(b []byte) int16 {
	switch {
	case l.format == formatMu:
		return FromMu(b[0])
	case l.format == formatA:
		return FromA(b[0])
	case l.bits == 8: // unsigned
		return int16(int(b[0])-128) << 8
	case l.bits == 16:
		return int16(binary.LittleEndian.Uint16(b))
	}
	return int16(binary.LittleEndian.Uint16(b[1:])) // the lowest of three bytes is below what we keep
}

// WAVHeader is what stands before G.711 in a WAV file: channels interleaved byte by
// byte, samples of each. The file's length is thereby known before its sound is.
// Without a law, with no channel or more samples than a WAV file can say, it is nil.
func WAVHeader(l Law, channels, samples int) []byte {
	format := map[Law]uint16{Mu: formatMu, A: formatA}[l]
	if format == 0 || channels < 1 || channels > 8 || samples < 0 || int64(samples)*int64(channels) > 1<<32-64 {
		return nil
	}
	le, size := binary.LittleEndian, uint32(samples*channels)
	out := make([]byte, 0, 58)
	out = le.AppendUint32(append(out, "RIFF"...), 50+size+size&1)
	out = le.AppendUint32(append(out, "WAVEfmt "...), 18)
	for _, v := range []uint16{format, uint16(channels)} {
		out = le.AppendUint16(out, v)
	}
	out = le.AppendUint32(le.AppendUint32(out, Rate), Rate*uint32(channels))
	for _, v := range []uint16{uint16(channels), 8, 0} {
		out = le.AppendUint16(out, v)
	}
	out = le.AppendUint32(le.AppendUint32(append(out, "fact"...), 4), uint32(samples))
	return le.AppendUint32(append(out, "data"...), size)
}
