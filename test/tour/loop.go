package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/seat"
)

// errWrong says that the guard disagreed with the timeline for too long.
var errWrong = errors.New("the guard was wrong")

// grace is how long after each change of the clip nothing is counted.
const grace = 2.0

// loop rests, comes back — which opens the camera anew, so that the clip begins
// at second 0 — and compares one full loop with its timeline.
func (t *tour) loop(ctx context.Context) (string, error) {
	if err := t.rest(ctx); err != nil {
		return "", err
	}
	before, err := t.seat.Look(ctx)
	if err != nil {
		return "", err
	}
	if err := t.seat.Page.ClickText(ctx, "再開"); err != nil {
		return "", err
	}
	if _, err := t.seat.Await(ctx, "camera open again", 30*time.Second, func(x seat.Sample) bool { return x.Cameras > before.Cameras }); err != nil {
		return "", err
	}
	return t.compare(ctx)
}

// compare samples ten times a second for one loop.
func (t *tour) compare(ctx context.Context) (string, error) {
	right, wrong := map[string]float64{}, map[string]float64{}
	last, length := -1.0, t.cast.timeline.Length()
	for {
		x, err := t.seat.Look(ctx)
		if err != nil {
			return "", err
		}
		if x.Clip >= length {
			break
		}
		if x.Clip < last { // the camera was opened anew, and the clip with it
			last = -1
		}
		s := t.cast.timeline.At(x.Clip)
		if last >= 0 && x.Clip-s.From >= grace {
			span := math.Min(x.Clip-last, 1)
			if matches(s.State, x) {
				right[s.State] += span
			} else {
				wrong[s.State] += span
			}
		}
		last = x.Clip
		if s.State == "operator" && !x.Desktop {
			if err := t.seat.Back(ctx); err != nil { // what an operator would press when he is back
				return "", err
			}
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return t.score(right, wrong)
}

// matches compares what the page is doing with what the clip shows.
func matches(state string, x seat.Sample) bool {
	switch state {
	case "operator":
		return x.Desktop && (x.State == "present" || x.State == "unsure")
	case "nobody":
		return x.State == "absent" || x.State == "covered"
	case "onlooker", "other", "spoof":
		return x.State == state && !x.Desktop
	}
	return false
}

func (t *tour) score(right, wrong map[string]float64) (string, error) {
	var sumRight, sumWrong float64
	parts := []string{}
	for _, state := range []string{"operator", "onlooker", "nobody", "other", "spoof"} {
		r, w := right[state], wrong[state]
		sumRight, sumWrong = sumRight+r, sumWrong+w
		if r+w > 0 {
			parts = append(parts, fmt.Sprintf("%s %.1f/%.1f", state, r, r+w))
		}
	}
	round := func(v float64) float64 { return math.Round(v*10) / 10 }
	t.Figures["guard_seconds_right"], t.Figures["guard_seconds_wrong"] = round(sumRight), round(sumWrong)
	note := strings.Join(parts, ", ")
	if sumRight == 0 || sumWrong > sumRight/4 {
		return note, fmt.Errorf("%w for %.1f of %.1f s: %s", errWrong, sumWrong, sumRight+sumWrong, note)
	}
	return note, nil
}
