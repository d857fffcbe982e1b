package vigil

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// anyFace is a face as an honest or a hostile page might send it.
func anyFace(t *rapid.T, similarity *rapid.Generator[float32]) wire.Face {
	f := face(rapid.Float32Range(-100, 700).Draw(t, "x"), rapid.Float32Range(-100, 500).Draw(t, "y"),
		rapid.Float32Range(1, 300).Draw(t, "w"), similarity.Draw(t, "similarity"))
	f.Score = rapid.Float32Range(0, 1).Draw(t, "score")
	if rapid.Bool().Draw(t, "no embedding") {
		f.Embedding = nil
	}
	f.Live = ptr(rapid.Float32Range(0, 1).Draw(t, "live"))
	if rapid.Bool().Draw(t, "no live") {
		f.Live = nil
	}
	f.Yaw = ptr(rapid.Float32Range(-90, 90).Draw(t, "yaw"))
	return f
}

func anyFrame(t *rapid.T, similarity *rapid.Generator[float32]) wire.Frame {
	w := frame()
	for range rapid.IntRange(0, 3).Draw(t, "faces") {
		w.Faces = append(w.Faces, anyFace(t, similarity))
	}
	w.Hidden = rapid.IntRange(0, 30).Draw(t, "hidden") == 0
	w.Muted = rapid.IntRange(0, 30).Draw(t, "muted") == 0
	w.Spread = rapid.Float32Range(0, 80).Draw(t, "spread")
	w.AgeMS = rapid.Float32Range(0, 2000).Draw(t, "age")
	return w
}

// act does something at random to a machine, but never opens it.
func act(t *rapid.T, f *film, similarity *rapid.Generator[float32]) Verdict {
	f.at += time.Duration(rapid.IntRange(0, 700).Draw(t, "ms")) * ms
	switch rapid.IntRange(0, 12).Draw(t, "act") {
	case 0:
		return f.m.Tick(f.at)
	case 1:
		return f.m.Pause(f.at)
	case 2:
		return f.m.Resume(f.at)
	case 3:
		return f.m.Close(sekisho.State(rapid.IntRange(0, 12).Draw(t, "why")), f.at)
	case 4: // the operator, as good as can be
		return f.show(frame(face(240, 120, 110, 0.9)))
	}
	return f.show(anyFrame(t, similarity))
}

// TestNeverOpensByItself: whatever is shown, nothing but Open opens.
func TestNeverOpensByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFilm(home())
		if rapid.Bool().Draw(t, "opened once") {
			f.m.Open(f.at)
			f.m.Pause(f.at)
			f.m.Resume(f.at)
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if v := act(t, f, rapid.Float32Range(-1, 1)); v.Open || v.Screen != Black || v.State == sekisho.Present || v.Fell {
				t.Fatalf("%+v", v)
			}
		}
	})
}

// TestStrangersAreNeverPresent: nobody who does not match is present, however
// he moves, and what is open closes in a bounded time.
func TestStrangersAreNeverPresent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFilm(home())
		f.m.Open(f.at)
		begin := f.at
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			f.at += time.Duration(rapid.IntRange(30, 400).Draw(t, "ms")) * ms
			v := f.show(anyFrame(t, rapid.Float32Range(-1, 0.449)))
			if v.State == sekisho.Present {
				t.Fatalf("a stranger is present: %+v", v)
			}
			if v.Open && f.at-begin > 15*time.Second {
				t.Fatalf("still open after %v: %+v", f.at-begin, v)
			}
		}
	})
}

// TestClosedStatesAreClosed: open and screen always agree with the state.
func TestClosedStatesAreClosed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFilm(home())
		open, since := false, time.Duration(0)
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			var v Verdict
			if rapid.IntRange(0, 9).Draw(t, "login") == 0 {
				f.at += ms
				v = f.m.Open(f.at)
				open = v.Open
			} else {
				was := open
				v = act(t, f, rapid.Float32Range(-1, 1))
				if v.Fell != (was && !v.Open) {
					t.Fatalf("fell=%v from open=%v to open=%v", v.Fell, was, v.Open)
				}
				if v.Fell && v.Shown > f.at {
					t.Fatalf("it fell before it was shown: %+v at %v", v, f.at)
				}
				open = v.Open
			}
			switch v.State {
			case sekisho.Present, sekisho.Unsure, sekisho.Absent:
			default:
				if v.Open {
					t.Fatalf("open in %v", v.State)
				}
			}
			if !v.Open && v.Screen != Black {
				t.Fatalf("closed and %v", v.Screen)
			}
			if v.InState < 0 || v.Captured > f.at || v.Interval <= 0 {
				t.Fatalf("times: %+v at %v", v, f.at)
			}
			since = f.at
		}
		_ = since
	})
}

// TestPresenceNeedsAFreshMatch: whenever the machine says present, a face that
// matched was shown within the time that a match may speak for.
func TestPresenceNeedsAFreshMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFilm(home())
		f.m.Open(f.at)
		matched := -time.Hour
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			f.at += time.Duration(rapid.IntRange(30, 900).Draw(t, "ms")) * ms
			w := anyFrame(t, rapid.Float32Range(-1, 1))
			o := Look(func() wire.Frame { w.ID = f.id + 1; return w }(), f.t, f.th)
			for _, s := range o.Faces {
				if s.Known && s.Similarity >= f.th.Accept {
					matched = f.at
				}
			}
			if v := f.show(w); v.State == sekisho.Present && f.at-matched > turnedFor+MaxAge {
				t.Fatalf("present %v after the last match", f.at-matched)
			}
		}
	})
}

// TestLookBelievesNothing: every kind of nonsense is a fault or is harmless.
func TestLookBelievesNothing(t *testing.T) {
	th, _ := ForEngine(EngineStandard)
	good := func() wire.Frame { return frame(face(240, 120, 110, 0.8)) }
	nan := float32(math.NaN())
	for name, spoil := range map[string]func(*wire.Frame){
		"no size":            func(w *wire.Frame) { w.Width = 0 },
		"huge":               func(w *wire.Frame) { w.Width, w.Height = 1<<20, 1<<20 },
		"from the future":    func(w *wire.Frame) { w.AgeMS = -1 },
		"old":                func(w *wire.Frame) { w.AgeMS = 1501 },
		"age not a number":   func(w *wire.Frame) { w.AgeMS = nan },
		"luma":               func(w *wire.Frame) { w.Luma = nan },
		"spread":             func(w *wire.Frame) { w.Spread = -1 },
		"change":             func(w *wire.Frame) { w.Change = float32(math.Inf(1)) },
		"too many faces":     func(w *wire.Frame) { w.Faces = make([]wire.Face, 33) },
		"score":              func(w *wire.Frame) { w.Faces[0].Score = 2 },
		"box":                func(w *wire.Frame) { w.Faces[0].Box[2] = 0 },
		"box not a number":   func(w *wire.Frame) { w.Faces[0].Box[0] = nan },
		"box elsewhere":      func(w *wire.Frame) { w.Faces[0].Box[0] = 1e9 },
		"points":             func(w *wire.Frame) { w.Faces[0].Points[9] = nan },
		"live":               func(w *wire.Frame) { w.Faces[0].Live = ptr(1.1) },
		"live not a number":  func(w *wire.Frame) { w.Faces[0].Live = ptr(nan) },
		"yaw":                func(w *wire.Frame) { w.Faces[0].Yaw = ptr(nan) },
		"short embedding":    func(w *wire.Frame) { w.Faces[0].Embedding = w.Faces[0].Embedding[:511] },
		"long embedding":     func(w *wire.Frame) { w.Faces[0].Embedding = append(w.Faces[0].Embedding, 0) },
		"zero embedding":     func(w *wire.Frame) { w.Faces[0].Embedding = make([]byte, 512) },
		"embedding of NaN":   func(w *wire.Frame) { v := Vector{0: nan}; w.Faces[0].Embedding = v.Bytes() },
		"embedding too long": func(w *wire.Frame) { v := Vector{0: 100}; w.Faces[0].Embedding = v.Bytes() },
	} {
		w := good()
		spoil(&w)
		if o := Look(w, enrolled(), th); o.Fault == "" || len(o.Faces) != 0 {
			t.Errorf("%s: believed", name)
		}
	}
	if o := Look(good(), enrolled(), Thresholds{}); o.Fault == "" {
		t.Error("zero thresholds judge")
	}
	if o := Look(good(), Templates{}, th); o.Fault != "" || o.Faces[0].Known {
		t.Error("without templates a face is known")
	}
	if o := Look(good(), enrolled(), th); o.Fault != "" || !o.Faces[0].Known || !o.Faces[0].Clear {
		t.Errorf("a good frame: %+v", o)
	}
}

func TestZeroValuesRefuse(t *testing.T) {
	th, _ := ForEngine(EngineStandard)
	w := frame(face(240, 120, 110, 0.9))
	w.ID = 1
	var m Machine
	if v := m.Open(time.Second); v.Open {
		t.Error("the zero machine opens")
	}
	if v := m.Step(Look(w, enrolled(), th), 2*time.Second); v.Open || v.State != sekisho.Unknown || v.Screen != Black {
		t.Errorf("the zero machine judges: %+v", v)
	}
	full := NewMachine(Config{Policy: home(), Thresholds: th, Class: sekisho.ClassFace})
	full.Open(time.Second)
	if v := full.Step(Observation{}, 2*time.Second); v.State == sekisho.Present {
		t.Errorf("the zero observation is presence: %+v", v)
	}
	var l Login
	l.Step(Look(w, enrolled(), th), time.Second)
	if _, ok := l.Statement(time.Second); ok || l.Done() {
		t.Error("the zero login passes")
	}
	if _, ok := (&Enrolment{}).Templates(); ok {
		t.Error("the zero enrolment enrols")
	}
	if _, ok := ForEngine("other"); ok {
		t.Error("an unknown engine has thresholds")
	}
	if (Verdict{}).Local().Screen != "black" {
		t.Error("the zero verdict shows the screen")
	}
}
