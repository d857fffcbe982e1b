// Package clock is the only place of the server that reads the machine's
// clocks. Rooms take a Clock and never call time.Now, so that every rule about
// time can be tried with a clock that jumps, stands still or runs ahead.
//
// Two readings, two uses. Now is the wall clock: it is written down and shown,
// and it may jump either way at any moment. Mono only ever grows: leases,
// deadlines and intervals are measured with it and with nothing else.
package clock
