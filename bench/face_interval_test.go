package bench

import (
	"math"
	"testing"
)

// Values from the literature and from R's binom.test and poisson.test.
func TestIntervals(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-4*math.Max(1, want) && math.Abs(got-want) > 0.01*want {
			t.Errorf("%s: %g, want %g", name, got, want)
		}
	}
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 10, 0, 0.3084971}, {10, 10, 0.6915029, 1}, {1, 10, 0.002528579, 0.4450161},
		{8, 10, 0.4439045, 0.9747893}, {0, 19900, 0, 1.853508e-4}, {3, 1000, 0.0006190, 0.0087424},
	} {
		low, high := proportion(c.k, c.n)
		near("low", low, c.low)
		near("high", high, c.high)
	}
	for _, c := range []struct {
		k         int
		low, high float64
	}{{0, 0, 3.688879}, {1, 0.02531781, 5.571643}, {5, 1.623486, 11.668332}, {100, 81.36326, 121.6272}} {
		low, high := poisson(c.k)
		near("low rate", low, c.low)
		near("high rate", high, c.high)
	}
	if low, high := proportion(0, 0); low != 0 || high != 1 {
		t.Error("nothing tried says nothing")
	}
	if shown(0, 3e-4, 1e-4) != "not shown" || shown(0, 9e-5, 1e-4) != true || shown(2e-4, 3e-4, 1e-4) != false {
		t.Error("shown")
	}
}
