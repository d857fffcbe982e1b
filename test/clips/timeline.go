package clips

import (
	"encoding/json"
	"fmt"
	"os"
)

// Timeline says what a clip shows, second by second.
type Timeline struct {
	Video    string    `json:"video"`
	Size     string    `json:"size"`
	FPS      int       `json:"fps"`
	Segments []Segment `json:"segments"`
}

// Segment is one stretch, From ≤ t < To, in seconds. State is one of
// operator, onlooker, nobody, other, spoof.
type Segment struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	State string  `json:"state"`
}

// Load reads and checks a timeline file.
func Load(file string) (t Timeline, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return t, fmt.Errorf("clips: %s: %w", file, err)
	}
	if len(t.Segments) == 0 {
		return t, fmt.Errorf("clips: %s has no segments", file)
	}
	at := t.Segments[0].From
	for _, s := range t.Segments {
		switch s.State {
		case "operator", "onlooker", "nobody", "other", "spoof":
		default:
			return t, fmt.Errorf("clips: %s: no state %q: use operator, onlooker, nobody, other or spoof", file, s.State)
		}
		if s.From != at || s.To <= s.From {
			return t, fmt.Errorf("clips: %s: segments must follow each other: %v–%v", file, s.From, s.To)
		}
		at = s.To
	}
	return t, nil
}

// Length of the clip in seconds.
func (t Timeline) Length() float64 { return t.Segments[len(t.Segments)-1].To }

// At returns the segment that second lies in.
func (t Timeline) At(second float64) Segment {
	for _, s := range t.Segments {
		if second < s.To {
			return s
		}
	}
	return t.Segments[len(t.Segments)-1]
}
