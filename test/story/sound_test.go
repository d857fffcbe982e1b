package story

import (
	"math"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
)

// ear listens for one frequency in what an operator says.
type ear struct {
	mu   sync.Mutex
	best float64 // strongest share of the energy at 1 kHz, of a loud packet
	keys []byte
	at   atomic.Int64
	n    atomic.Int64
}

func (e *ear) Take(f calls.Frame) {
	e.at.Store(time.Now().UnixNano())
	e.n.Add(1)
	e.mu.Lock()
	defer e.mu.Unlock()
	if f.Kind == calls.Key {
		e.keys = append(e.keys, f.Payload[0])
		return
	}
	if p := purity(f.Payload, 1000); p > e.best {
		e.best = p
	}
}

func (e *ear) heard() (float64, []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.best, slices.Clone(e.keys)
}

// purity is the share of a μ-law packet's energy that one frequency has (Goertzel);
// 0 of a quiet one.
func purity(mulaw []byte, hertz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hertz/calls.Rate)
	var s1, s2, energy float64
	for _, b := range mulaw {
		b = ^b
		v := float64((int(b&15)<<3+0x84)<<(b>>4&7) - 0x84)
		if b&0x80 != 0 {
			v = -v
		}
		energy += v * v
		s1, s2 = v+c*s1-s2, s1
	}
	if energy < 1e6*float64(len(mulaw)) { // 1,000 of 32,767
		return 0
	}
	return 2 * (s1*s1 + s2*s2 - c*s1*s2) / (float64(len(mulaw)) * energy)
}

// mulaw codes a sample of 16 bits.
func mulaw(v int) byte {
	sign := byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 32635) + 0x84
	e := byte(7)
	for mask := 0x4000; e > 0 && v&mask == 0; mask >>= 1 {
		e--
	}
	return ^(sign | e<<4 | byte(v>>(e+3)&15))
}

// beeps writes a wav of 1 kHz, a fifth of a second on and off: a steady tone is
// what a browser's noise suppression takes away.
func beeps(file string) error {
	const rate = 48000
	w := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\xbb\x00\x00\x00\x77\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	for i := range rate * 4 {
		v := int16(0)
		if i/(rate/5)%2 == 0 {
			v = int16(16000 * math.Sin(2*math.Pi*1000*float64(i)/rate))
		}
		w = append(w, byte(v), byte(v>>8))
	}
	for at, n := range map[int]int{4: len(w) - 8, 40: len(w) - 44} {
		w[at], w[at+1], w[at+2], w[at+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	}
	return os.WriteFile(file, w, 0o600)
}
