package faultproxy

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Faults is how one direction misbehaves. Probabilities run from 0 to 1; the
// zero value is a perfect network.
type Faults struct {
	Loss      float64
	Duplicate float64
	Reorder   float64       // share of datagrams held back by ReorderBy, so that later ones pass them
	ReorderBy time.Duration // 0 is 20 ms
	Delay     time.Duration // of everything
	Jitter    time.Duration // added to Delay, uniformly from 0
	Blackhole bool          // nothing passes at all; a stream stalls
}

// Counts says what happened to the datagrams of one direction.
type Counts struct{ Passed, Lost, Doubled, Held uint64 }

// side is one direction: its faults, its dice and its counters. The dice are
// thrown by the one goroutine that reads this direction.
type side struct {
	faults                        atomic.Pointer[Faults]
	passed, lost, doubled, heldUp atomic.Uint64
}

func newSide(f Faults) *side {
	s := new(side)
	s.faults.Store(&f)
	return s
}

func (s *side) counts() Counts {
	return Counts{Passed: s.passed.Load(), Lost: s.lost.Load(), Doubled: s.doubled.Load(), Held: s.heldUp.Load()}
}

// fate decides over one datagram: after how long each of its copies goes on; none: lost.
func (s *side) fate(dice *rand.Rand, out []time.Duration) []time.Duration {
	f := s.faults.Load()
	// Always the same number of throws, so that changing one fault leaves the others' dice alone.
	loss, double, late, jitter := dice.Float64(), dice.Float64(), dice.Float64(), dice.Float64()
	if f.Blackhole || loss < f.Loss {
		s.lost.Add(1)
		return out
	}
	wait := f.Delay + time.Duration(jitter*float64(f.Jitter))
	if late < f.Reorder {
		s.heldUp.Add(1)
		if f.ReorderBy > 0 {
			wait += f.ReorderBy
		} else {
			wait += 20 * time.Millisecond
		}
	}
	s.passed.Add(1)
	out = append(out, wait)
	if double < f.Duplicate {
		s.doubled.Add(1)
		out = append(out, wait)
	}
	return out
}
