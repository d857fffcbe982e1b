package sound

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
)

// file makes a WAV file of one sine in both channels.
func file(format, channels, bits, rate int, hz, seconds float64) []byte {
	le := binary.LittleEndian
	out := append([]byte("RIFF\x00\x00\x00\x00WAVE"), "LIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00"...)
	out = le.AppendUint16(le.AppendUint16(out, uint16(format)), uint16(channels))
	out = le.AppendUint32(le.AppendUint32(out, uint32(rate)), uint32(rate*channels*bits/8))
	out = le.AppendUint16(le.AppendUint16(out, uint16(channels*bits/8)), uint16(bits))
	var data []byte
	for _, s := range wave(hz, -12, seconds, rate) {
		for range channels {
			switch {
			case format == formatMu:
				data = append(data, ToMu(s))
			case format == formatA:
				data = append(data, ToA(s))
			case bits == 8:
				data = append(data, byte(s>>8+128))
			case bits == 16:
				data = le.AppendUint16(data, uint16(s))
			case bits == 24:
				data = le.AppendUint16(append(data, 0), uint16(s))
			default:
				data = append(data, make([]byte, bits/8)...)
			}
		}
	}
	return append(le.AppendUint32(append(out, "data"...), uint32(len(data))), data...)
}

func TestWAVFilesOfEveryKind(t *testing.T) {
	for _, c := range []struct{ format, channels, bits, rate int }{
		{1, 1, 16, 8000}, {1, 2, 16, 44100}, {1, 1, 24, 48000}, {1, 1, 8, 11025}, {1, 2, 24, 16000}, {1, 1, 16, 22050}, {1, 1, 16, 32000}, {1, 1, 16, 9973},
		{6, 1, 8, 8000}, {7, 1, 8, 8000}, {7, 2, 8, 16000},
	} {
		pcm, err := ReadWAV(file(c.format, c.channels, c.bits, c.rate, 1000, 1), time.Minute)
		if err != nil || len(pcm) < Rate-2 || len(pcm) > Rate {
			t.Errorf("%+v: %d samples, %v", c, len(pcm), err)
			continue
		}
		if l := power(pcm[400:len(pcm)-400], 1000); math.Abs(l+12) > 0.2 {
			t.Errorf("%+v: %.2f dBFS", c, l)
		}
	}
}

func TestOnlyWhatATelephoneCarries(t *testing.T) {
	for _, rate := range []int{44100, 48000, 16000, 11025} {
		level := func(hz float64) float64 {
			pcm := Resample(wave(hz, -12, 0.5, rate), rate)
			return Level(pcm[400 : len(pcm)-400])
		}
		if l := level(3300); math.Abs(l+12) > 0.5 {
			t.Errorf("3.3 kHz from %d: %.1f dBFS", rate, l)
		}
		if l := level(4300); l > -65 {
			t.Errorf("4.3 kHz from %d comes back at %.1f dBFS", rate, l)
		}
	}
	if Resample([]int16{1}, 96000) != nil || Resample([]int16{1}, 0) != nil || len(Resample(nil, 16000)) != 0 {
		t.Error("a rate that is none")
	}
}

func TestWAVFilesThatAreRefused(t *testing.T) {
	ok := file(1, 1, 16, 8000, 1000, 1)
	for want, f := range map[string][]byte{
		"sound.not_wav": ok[:30], "sound.format": file(1, 1, 32, 8000, 100, 0.1), "sound.rate": file(1, 1, 16, 96000, 100, 0.1),
		"sound.channels": file(1, 3, 16, 8000, 100, 0.1), "sound.too_long": file(7, 1, 8, 8000, 100, 3), "sound.empty": file(1, 1, 16, 8000, 100, 0), "sound.too_large": make([]byte, 3<<20),
	} {
		if _, err := ReadWAV(f, 2*time.Second); sekisho.CodeOf(err) != want {
			t.Errorf("want %s: %v", want, err)
		}
	}
	for name, f := range map[string][]byte{"no channels": file(1, 0, 16, 8000, 1, 0.1), "no bits": file(1, 1, 0, 8000, 1, 0.1), "MP3": append([]byte("ID3"), make([]byte, 99)...), "float": file(3, 1, 16, 8000, 1, 0.1), "low": file(1, 1, 16, 4000, 1, 0.1)} {
		if _, err := ReadWAV(f, time.Second); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	// A recorder that was killed leaves a length that is not there.
	cut := append([]byte(nil), ok[:len(ok)-8000]...)
	if pcm, err := ReadWAV(cut, time.Second); err != nil || len(pcm) != 4000 {
		t.Errorf("cut off: %d, %v", len(pcm), err)
	}
}

func TestWhatWeWriteWeRead(t *testing.T) {
	for _, l := range []Law{Mu, A} {
		wire := make([]byte, Rate)
		l.Encode(wire, wave(700, -12, 0.5, Rate))
		l.Encode(wire[Rate/2:], wave(700, -12, 0.5, Rate))
		head := WAVHeader(l, 2, Rate/2)
		pcm, err := ReadWAV(append(head, wire...), time.Minute)
		if err != nil || len(pcm) != Rate/2 || binary.LittleEndian.Uint32(head[4:]) != uint32(len(head)+Rate-8) {
			t.Errorf("%d samples, %v", len(pcm), err)
		}
	}
	if WAVHeader(NoLaw, 2, 1) != nil || WAVHeader(Mu, 0, 1) != nil || WAVHeader(Mu, 2, 1<<31) != nil || WAVHeader(Mu, 1, -1) != nil {
		t.Error("a header of nothing")
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(file(1, 2, 24, 44100, 100, 0.01))
	f.Add(file(7, 1, 8, 8000, 100, 0.01))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		pcm, err := ReadWAV(b, time.Second)
		if err == nil && (len(pcm) > Rate+Rate/50 || len(b) == 0) {
			t.Fatalf("%d samples within a second", len(pcm))
		}
	})
}
