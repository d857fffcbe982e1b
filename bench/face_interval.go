package bench

import "math"

// Intervals of 95 %, two-sided and exact: they hold for any number of tries,
// for none among many above all.

const intervalTail = 0.025

// proportion is the Clopper-Pearson interval of k among n.
func proportion(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	low, high = 0, 1
	if k > 0 { // the share at which k or more would be seen in one of forty
		low = bisect(func(p float64) bool { return atLeast(k, n, p) >= intervalTail })
	}
	if k < n { // the share at which k or fewer would be
		high = bisect(func(p float64) bool { return 1-atLeast(k+1, n, p) <= intervalTail })
	}
	return low, high
}

// poisson is the exact interval of a Poisson mean after k events.
func poisson(k int) (low, high float64) {
	scale := float64(k) + 20 + 10*math.Sqrt(float64(k))
	fewer := func(k int, mean float64) float64 { // P(X ≤ k)
		sum, term := 0.0, math.Exp(-mean)
		for i := 0; i <= k; i++ {
			sum += term
			term *= mean / float64(i+1)
		}
		return sum
	}
	if k > 0 {
		low = scale * bisect(func(x float64) bool { return 1-fewer(k-1, x*scale) >= intervalTail })
	}
	return low, scale * bisect(func(x float64) bool { return fewer(k, x*scale) <= intervalTail })
}

// bisect finds where a condition that holds from some x on begins, in [0, 1].
func bisect(holds func(float64) bool) float64 {
	low, high := 0.0, 1.0
	for range 200 {
		mid := (low + high) / 2
		if mid == low || mid == high {
			break
		}
		if holds(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// atLeast is P(X ≥ k) for X binomial(n, p): the regularised incomplete beta
// function I_p(k, n−k+1), by its continued fraction (Lentz).
func atLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0 || p >= 1:
		return 1
	case k > n || p <= 0:
		return 0
	}
	a, b := float64(k), float64(n-k+1)
	if p > (a+1)/(a+b+2) {
		return 1 - betaPart(b, a, 1-p)
	}
	return betaPart(a, b, p)
}

func betaPart(a, b, x float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	safe := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/safe(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < 10000; m++ {
		for _, t := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 / safe(1+t*d)
			c = safe(1 + t/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * f
}

// shown judges a figure that should be at most bound by its whole interval.
func shown(low, high, bound float64) any {
	switch {
	case high <= bound:
		return true
	case low > bound:
		return false
	}
	return "not shown"
}
