package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// glance is what the page noted around one appearance of the onlooker.
type glance struct {
	Marker, Black, Verdict, Stream, Now float64
	On, Desktop                         bool
	Watching                            int
}

const glanceAt = `({ Marker: __bench.markerAt, Black: __seat.blackAt, Verdict: __bench.verdictAt, Stream: __bench.closed?.at ?? 0, Now: performance.now(), On: __bench.markerOn, Desktop: !!__seat.desktop, Watching: __bench.watching })`

// blackouts lets the onlooker come again and again; each time the operator has
// logged in anew before.
func (s *sitting) blackouts(ctx context.Context) ([]Result, error) {
	if err := s.sit(ctx, s.films.onlooker); err != nil {
		return nil, err
	}
	if err := s.Connect(ctx); err != nil {
		return nil, err
	}
	var black, flows []float64
	missed, early, said := 0, 0, 0
	for tries := 0; len(black) < s.onlookers; tries++ {
		if tries > 3*s.onlookers {
			return nil, fmt.Errorf("bench: %d onlookers in %d loops of the clip", len(black), tries)
		}
		if err := s.drawn(ctx); err != nil {
			return nil, err
		}
		g, err := s.onlooker(ctx)
		switch {
		case err != nil:
			return nil, err
		case g.Marker == 0 || !g.Desktop && g.Black < g.Marker: // closed for another reason
			early++
		case g.Desktop: // stood through the whole appearance
			missed++
			black = append(black, s.films.onlooks.Seconds()*1000)
		default:
			black = append(black, g.Black-g.Marker)
			if g.Verdict >= g.Marker { // else the page closed by itself, before it was told
				flows = append(flows, max(0, g.Stream-g.Marker))
			}
		}
		if n := len(black); n > said && n%10 == 0 {
			s.logf("%d of %d onlookers", n, s.onlookers)
			said = n
		}
	}
	labels := map[string]string{"from": "capture of the first frame with the onlooker", "to": "the desktop's canvas has left the document", "missed": strconv.Itoa(missed), "closed_before": strconv.Itoa(early)}
	out := []Result{
		promised("blackout_ms", "ms", black, 0.95, boundBlackoutMS, labels),
		found("blackout_ms", "ms", black, 0.5, map[string]string{}),
		found("flows_closed_ms", "ms", flows, 0.95, map[string]string{"from": "capture of the first frame with the onlooker", "to": "last message of a busy desktop in Chromium", "cause": "onlooker", "page": "the desk's own"}),
	}
	s.logf("%d onlookers: black after %.0f ms (median %.0f), %d missed; the stream's last message after %.0f ms (p95)",
		len(black), out[0].Value, out[1].Value, missed, out[2].Value)
	return out, nil
}

// onlooker waits for one appearance and how it ends.
func (s *sitting) onlooker(ctx context.Context) (g glance, err error) {
	// If the marker shows now, this appearance began before the login was through.
	if err := s.until(ctx, time.Minute, "operator alone", func() (bool, error) {
		err := s.Page.Eval(ctx, glanceAt, &g)
		return err == nil && (!g.On || !g.Desktop) && g.Watching > 0, err
	}); err != nil || !g.Desktop {
		return g, err
	}
	if err := s.Page.Eval(ctx, "__bench.markerAt = 0", nil); err != nil {
		return g, err
	}
	var seen bool
	err = s.until(ctx, time.Minute, "onlooker", func() (bool, error) {
		err := s.Page.Eval(ctx, glanceAt, &g)
		seen = seen || g.Marker > 0
		return err == nil && (!g.Desktop || seen && !g.On), err
	})
	if err == nil && !g.Desktop { // what the stream still says comes within moments
		select {
		case <-ctx.Done():
			return g, ctx.Err()
		case <-time.After(700 * time.Millisecond):
		}
		err = s.Page.Eval(ctx, glanceAt, &g)
		g.Desktop = false
	}
	return g, err
}
