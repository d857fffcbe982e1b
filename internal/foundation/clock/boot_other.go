//go:build !linux

package clock

import "time"

var (
	origin  = time.Now()
	started time.Duration
)

// sinceBoot counts from the start of the process on the runtime's monotonic clock.
func sinceBoot() time.Duration { return time.Since(origin) }
