package vigil

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// A vector is a scene: frames shown for a while, and what must be so then.
// Each step shows a frame again and again at the rate that the machine asks
// for, lets silence pass, or expects.
type vector struct {
	Name   string          `json:"name"`
	Class  string          `json:"class"`
	Opened bool            `json:"opened"`
	Policy json.RawMessage `json:"policy"`
	Script []struct {
		shot
		ForMS     int     `json:"for_ms"`
		SilenceMS int     `json:"silence_ms"`
		Repeat    bool    `json:"repeat"`
		Expect    *expect `json:"expect"`
	} `json:"script"`
}

type shot struct {
	Faces  []actor  `json:"faces"`
	Luma   *float32 `json:"luma"`
	Spread *float32 `json:"spread"`
	Change *float32 `json:"change"`
	Muted  bool     `json:"muted"`
	Hidden bool     `json:"hidden"`
	AgeMS  float32  `json:"age_ms"`
	Width  int      `json:"width"`
	Height int      `json:"height"`
}

type actor struct {
	X          float32         `json:"x"`
	Y          float32         `json:"y"`
	W          float32         `json:"w"`
	Score      *float32        `json:"score"`
	Similarity json.RawMessage `json:"similarity"` // missing or null: not measured
	Live       *float32        `json:"live"`       // missing: alive
	Yaw        json.RawMessage `json:"yaw"`        // missing: straight; null: unknown
}

type expect struct {
	State  sekisho.State  `json:"state"`
	Open   bool           `json:"open"`
	Screen string         `json:"screen"`
	Count  *int           `json:"count"`
	Reason *sekisho.State `json:"reason"`
}

func or(p *float32, v float32) float32 {
	if p != nil {
		return *p
	}
	return v
}

func (a actor) face() wire.Face {
	f := face(a.X, a.Y, a.W, 0)
	f.Score, f.Live, f.Embedding = or(a.Score, 0.92), ptr(or(a.Live, 0.97)), nil
	var similarity float64
	if len(a.Similarity) > 0 && string(a.Similarity) != "null" && json.Unmarshal(a.Similarity, &similarity) == nil {
		v := axis(similarity)
		f.Embedding = v.Bytes()
	}
	var yaw float32
	switch {
	case string(a.Yaw) == "null":
		f.Yaw, f.Pitch = nil, nil
	case len(a.Yaw) > 0 && json.Unmarshal(a.Yaw, &yaw) == nil:
		f.Yaw = ptr(yaw)
	}
	return f
}

func (s shot) frame() wire.Frame {
	w := frame()
	w.Luma, w.Spread, w.Change = or(s.Luma, 120), or(s.Spread, 50), or(s.Change, 1.5)
	w.Muted, w.Hidden, w.AgeMS = s.Muted, s.Hidden, max(20, s.AgeMS)
	if s.Width > 0 {
		w.Width, w.Height = s.Width, s.Height
	}
	for _, a := range s.Faces {
		w.Faces = append(w.Faces, a.face())
	}
	return w
}

func TestVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/machine.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) { v.run(t) })
	}
}

func (v vector) run(t *testing.T) {
	policy := home()
	if err := json.Unmarshal(v.Policy, &policy); err != nil {
		t.Fatal(err)
	}
	f := newFilm(policy)
	f.m = NewMachine(Config{Policy: policy, Thresholds: f.th, Class: sekisho.LeaseClass(v.Class)})
	if v.Class == string(sekisho.ClassApproved) {
		f.t = Templates{}
	}
	if v.Opened {
		f.m.Open(f.at)
	}
	var last Verdict
	for i, s := range v.Script {
		switch {
		case s.Expect != nil:
			s.Expect.check(t, i, last)
		case s.SilenceMS > 0:
			for end := f.at + time.Duration(s.SilenceMS)*ms; f.at < end; {
				f.at += min(100*ms, end-f.at)
				last = f.m.Tick(f.at)
			}
		default:
			last = f.playTicking(time.Duration(s.ForMS)*ms, s.frame(), s.Repeat)
		}
	}
}

// playTicking is play with the agent's ticks between the frames. A repeated
// frame keeps its number.
func (f *film) playTicking(d time.Duration, w wire.Frame, repeat bool) (v Verdict) {
	for end := f.at + d; f.at < end; {
		if repeat {
			w.ID = f.id
			v = f.m.Step(Look(w, f.t, f.th), f.at)
		} else {
			v = f.show(w)
		}
		next := min(max(f.at+max(v.Interval, 110*ms), f.at+ms), max(end, f.at+ms))
		for f.at+100*ms < next {
			f.at += 100 * ms
			v = f.m.Tick(f.at)
		}
		f.at = next
	}
	return f.m.Tick(f.at)
}

func (e expect) check(t *testing.T, i int, v Verdict) {
	t.Helper()
	if v.State != e.State || v.Open != e.Open || v.Screen.String() != e.Screen {
		t.Errorf("step %d: %v open=%v %v, want %v open=%v %s", i, v.State, v.Open, v.Screen, e.State, e.Open, e.Screen)
	}
	if e.Count != nil && v.Count != *e.Count {
		t.Errorf("step %d: counts %d, want %d", i, v.Count, *e.Count)
	}
	if e.Reason != nil && v.Reason != *e.Reason {
		t.Errorf("step %d: closed by %v, want %v", i, v.Reason, *e.Reason)
	}
}
