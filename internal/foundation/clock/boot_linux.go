package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

var started = sinceBoot()

// sinceBoot reads CLOCK_BOOTTIME, which counts through suspend, unlike the
// CLOCK_MONOTONIC that the time package uses: a lease must not outlive a night
// that the machine slept through.
func sinceBoot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		// Since Linux 2.6.39 this cannot fail. A clock that stands still would keep leases alive.
		panic("clock: CLOCK_BOOTTIME: " + err.Error())
	}
	return time.Duration(ts.Nano())
}
