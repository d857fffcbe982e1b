package clock_test

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

func TestSystemIsUTCAndMonotonic(t *testing.T) {
	c := clock.System()
	if loc := c.Now().Location(); loc != time.UTC {
		t.Fatalf("Now is in %v, want UTC", loc)
	}
	last := c.Mono()
	if last < 0 || last > time.Hour {
		t.Fatalf("Mono = %v at the start of a test, want the time since the process started", last)
	}
	for range 10000 {
		m := c.Mono()
		if m < last {
			t.Fatalf("Mono went back from %v to %v", last, m)
		}
		last = m
	}
}

func TestFakeJumpMovesOnlyTheWall(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))
	f := clock.NewFake(start)
	if !f.Now().Equal(start) || f.Now().Location() != time.UTC {
		t.Fatalf("Now = %v, want %v in UTC", f.Now(), start)
	}
	f.Advance(90 * time.Second)
	f.Jump(-time.Hour)
	if got, want := f.Mono(), 90*time.Second; got != want {
		t.Errorf("Mono = %v, want %v", got, want)
	}
	if got, want := f.Now(), start.Add(90*time.Second-time.Hour); !got.Equal(want) {
		t.Errorf("Now = %v, want %v", got, want)
	}
	f.Advance(-time.Minute)
	if got, want := f.Mono(), 90*time.Second; got != want {
		t.Errorf("Mono after a negative advance = %v, want %v", got, want)
	}
}
