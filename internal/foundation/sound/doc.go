// Package sound computes with telephone sound: 8,000 samples a second, one
// channel, as 16-bit numbers or as G.711 bytes. Everything here is a pure
// function or a small machine that its caller owns: no I/O, no clock, no
// goroutine.
//
// Invariants:
//   - Nothing is louder than 16 bits hold: sums are clamped and never wrap.
//   - What is read from a file is bounded before memory is taken for it.
//   - A frame is 20 ms: 160 samples.
//
// It deliberately has no codec but G.711, and no jitter buffer: who plays, waits.
package sound

// Rate is the number of samples in a second; Frame that of 20 ms.
const (
	Rate  = 8000
	Frame = Rate / 50
)
