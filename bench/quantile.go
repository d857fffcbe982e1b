package bench

import (
	"math"
	"os"
	"slices"
	"strconv"
)

// quantile is the p-quantile of what was measured, with the exact interval of
// 95 % that order statistics give, whatever the distribution. Few runs say
// little about a tail: where no order statistic is high enough, the highest
// value stands for the upper end and the bound is "not shown" at best.
func quantile(name, unit string, v []float64, p float64) (r Result, closed bool) {
	s := slices.Sorted(slices.Values(v))
	n := len(s)
	r = Result{Name: name, Labels: map[string]string{}, Unit: unit, Better: "lower", N: n, OK: "not shown", Peers: []Peer{}}
	if n == 0 {
		return r, false
	}
	// Where even the highest value may well lie below the quantile, nothing closes the interval.
	high := n
	if closed = atLeast(n, n, p) <= intervalTail; closed {
		high = 1 + bisectInt(n, func(k int) bool { return atLeast(k+1, n, p) <= intervalTail })
	}
	low := bisectInt(n, func(k int) bool { return 1-atLeast(k+1, n, p) > intervalTail })
	r.Value = s[min(n-1, int(math.Ceil(p*float64(n)))-1)]
	if p == 0.5 {
		r.Value = median(s)
	}
	r.Low, r.High = s[max(low-1, 0)], s[min(high, n)-1]
	return r, closed
}

// runsFor is the fewest runs from which the p-quantile's interval can be closed
// above, so that a promise about it can be shown at all.
func runsFor(p float64) int { return int(math.Ceil(math.Log(intervalTail) / math.Log(p))) }

// bisectInt is the first k in [0, n] from which on a condition holds.
func bisectInt(n int, holds func(int) bool) int {
	low, high := 0, n
	for low < high {
		if mid := (low + high) / 2; holds(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// promised is a quantile with its bound, judged by its whole interval.
func promised(name, unit string, v []float64, p, bound float64, labels map[string]string) Result {
	r, closed := quantile(name, unit, v, p)
	r.Bound, r.Labels = &bound, labels
	r.Labels["is"] = quantileName(p)
	r.Labels["load"] = loadAverage()
	if r.N == 0 {
		return r
	}
	if r.OK = shown(r.Low, r.High, bound); r.OK == true && !closed {
		r.OK = "not shown" // every run was in bounds, but there were too few of them
	}
	return r
}

// found is a quantile for which nothing is promised.
func found(name, unit string, v []float64, p float64, labels map[string]string) Result {
	r, _ := quantile(name, unit, v, p)
	r.Labels, r.OK = labels, true
	r.Labels["is"] = quantileName(p)
	r.Labels["load"] = loadAverage()
	return r
}

func quantileName(p float64) string {
	if p == 0.5 {
		return "median"
	}
	return "p" + strconv.FormatFloat(p*100, 'f', -1, 64)
}

// one is a figure that is measured once.
func one(name, unit, better string, v float64, labels map[string]string) Result {
	labels["load"] = loadAverage()
	return Result{Name: name, Labels: labels, Value: v, Low: v, High: v, Unit: unit, Better: better, N: 1, OK: true, Peers: []Peer{}}
}

// unmeasured is a figure for which something is missing on this machine.
func unmeasured(name, unit, better string, bound float64, labels map[string]string, why error) Result {
	labels["not_measured"] = why.Error()
	return Result{Name: name, Labels: labels, Unit: unit, Better: better, Bound: &bound, OK: "not shown", Peers: []Peer{}}
}

// needed makes what is missing an error where everything is to be measured.
func needed(missing error) error {
	if os.Getenv("CI") == "" {
		return nil
	}
	return missing
}

// runs reads how often something is measured from the environment.
func runs(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	return otherwise
}
