package vigil

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Screen is what the page may show of the work. The zero value shows nothing.
type Screen uint8

const (
	Black Screen = iota
	Dimmed
	Open
)

// String is the word of wire.LocalVerdict.
func (s Screen) String() string {
	switch s {
	case Open:
		return "open"
	case Dimmed:
		return "dim"
	}
	return "black"
}

// Verdict is what the guard knows after a step. Its times are the caller's
// monotonic clock. The zero value is closed and knows nothing.
type Verdict struct {
	State    sekisho.State
	InState  time.Duration // since the first frame that showed State
	Frame    uint64        // the newest frame that was judged
	Captured time.Duration // when the newest frame that State rests on left the camera; a renewal's age counts from here
	Open     bool          // the session may go on: renew its lease
	Screen   Screen
	Count    int           // seconds until black while absent, 3-2-1; 0 if none
	Interval time.Duration // how soon to check again
	Hint     string

	Fell   bool          // this very step closed an open machine: an incident, unless it is a break
	Reason sekisho.State // what closed the machine last; Unknown before anything did
	Shown  time.Duration // the first frame that showed Reason left the camera then
	Faces  int           // faces in view that count
}

// Local is the verdict as the page gets it.
func (v Verdict) Local() wire.LocalVerdict {
	return wire.LocalVerdict{
		State: v.State, SinceMS: v.InState.Milliseconds(), FrameID: v.Frame, Screen: v.Screen.String(),
		Countdown: v.Count, Interval: int(v.Interval.Milliseconds()), Hint: v.Hint,
	}
}
