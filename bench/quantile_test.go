package bench

import "testing"

// The classic table of order statistics: for the median of 20 the interval runs
// from the 6th to the 15th value; the 95th percentile has an upper end from 73
// values on, the 99th from 368.
func TestQuantilesAreExact(t *testing.T) {
	values := func(n int) (v []float64) {
		for i := range n {
			v = append(v, float64(i+1))
		}
		return v
	}
	r, closed := quantile("", "", values(20), 0.5)
	if !closed || r.Low != 6 || r.High != 15 || r.Value != 10.5 {
		t.Errorf("median of 20: %v – %v, %v, %v", r.Low, r.High, r.Value, closed)
	}
	for _, c := range []struct {
		n      int
		p      float64
		closed bool
	}{{20, 0.95, false}, {71, 0.95, false}, {73, 0.95, true}, {360, 0.99, false}, {368, 0.99, true}} {
		if _, closed := quantile("", "", values(c.n), c.p); closed != c.closed {
			t.Errorf("%d values, p%v: upper end %v", c.n, 100*c.p, closed)
		}
	}
	if r := promised("", "", values(20), 0.95, 100, map[string]string{}); r.OK != "not shown" {
		t.Errorf("20 values below the bound show p95: %v", r.OK)
	}
	if r := promised("", "", values(100), 0.95, 100, map[string]string{}); r.OK != true {
		t.Errorf("100 values below the bound do not show p95: %+v", r)
	}
	if r := promised("", "", values(100), 0.95, 10, map[string]string{}); r.OK != false {
		t.Errorf("a bound of 10 holds: %+v", r)
	}
	if r := promised("", "", nil, 0.95, 10, map[string]string{}); r.OK != "not shown" {
		t.Errorf("nothing measured: %+v", r)
	}
	for _, p := range []float64{0.95, 0.99} {
		n := runsFor(p)
		_, closed := quantile("", "", values(n), p)
		if _, before := quantile("", "", values(n-1), p); !closed || before {
			t.Errorf("p%v: %d runs are not the fewest", 100*p, n)
		}
	}
}
