package presence

import (
	"testing"
	"time"
)

// spent counts the repeats that a wish of n every 10 ms gets in a while.
func spent(leases, n int, while time.Duration) (got int) {
	var r repeats
	for at := time.Duration(0); at < while; at += 10 * time.Millisecond {
		r.fill(at, leases)
		for range n {
			if r.take() {
				got++
			}
		}
	}
	return got
}

// TestRepeatsAreBounded: ten thousand leases whose answers are all late wish
// 50,000 repeats a second; one for every second of their 5,000 nonces is sent.
func TestRepeatsAreBounded(t *testing.T) {
	if got := spent(10_000, 500, 10*time.Second); got < 24_500 || got > 26_500 {
		t.Errorf("10,000 leases: %d repeats in 10 s, want about 25,000", got)
	}
}

// TestRepeatsOfAFewAreNotHeldBack: twenty leases may all repeat every 200 ms.
func TestRepeatsOfAFewAreNotHeldBack(t *testing.T) {
	if got := spent(20, 1, 10*time.Second); got < 990 {
		t.Errorf("20 leases: %d of 1,000 wished repeats were sent", got)
	}
}

// TestRepeatsDoNotPileUp: a quiet hour earns no burst.
func TestRepeatsDoNotPileUp(t *testing.T) {
	var r repeats
	r.fill(0, 10_000)
	r.fill(time.Hour, 10_000)
	got := 0
	for r.take() {
		got++
	}
	if got != 1_250 {
		t.Errorf("%d repeats at once after an hour, want half a second's worth", got)
	}
}
