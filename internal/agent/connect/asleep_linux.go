package connect

import (
	"time"

	"golang.org/x/sys/unix"
)

// asleep is how long the system has been suspended since it was started:
// CLOCK_BOOTTIME counts on meanwhile, CLOCK_MONOTONIC, which time.Since reads,
// stands still.
func asleep() time.Duration {
	var boot, mono unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot) != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono) != nil {
		return 0 // cannot fail since Linux 2.6.39
	}
	return max(0, time.Duration(boot.Nano()-mono.Nano())) // never slept: the two are read one after the other
}
