package bench

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/clips"
)

// filmed is a clip measured once, frame by frame: it can be watched in no time
// and however busy the machine is.
type filmed struct {
	fps    float64
	frames []wire.Frame
}

func (f faceFiles) film(ctx context.Context, file string, fps float64) (filmed, error) {
	out := filmed{fps: fps}
	err := f.measure(ctx, []job{{File: file, FPS: fps}}, func(m measured) error {
		out.frames = append(out.frames, m.Frame)
		return nil
	})
	return out, err
}

// at is the picture that the camera shows after d; the film is a loop.
func (f filmed) at(d time.Duration) wire.Frame {
	return f.frames[int(d.Seconds()*f.fps)%len(f.frames)]
}

// What a check costs on the slower of the machines that we know, alone.
const (
	detectCost = 65 * time.Millisecond
	faceCost   = 70 * time.Millisecond // embedding and liveness of one face
)

// spoken is one change of what the guard said.
type spoken struct {
	at    float64
	state sekisho.State
	open  bool
}

// watched plays a story as agent and worker would: the worker's pace, checks
// that take their time, a login whenever the screen is black.
func watched(f filmed, t clips.Timeline, templates vigil.Templates, th vigil.Thresholds) (right, wrong float64, log []spoken) {
	policy := wire.GuardPolicy{Onlooker: true, AbsentMS: 10000, Reentry: "standard"}
	m := vigil.NewMachine(vigil.Config{Policy: policy, Thresholds: th, Class: sekisho.ClassFace})
	login := vigil.NewLogin(templates, th, "")
	var lastFull time.Duration
	burst, seen, quick, id := true, 0, 0, uint64(0)
	const start = time.Minute
	seconds := tally{timeline: t}
	for at := time.Duration(start); (at - start).Seconds() < t.Length(); {
		began := at
		w := f.at(began - start)
		id++
		w.ID = id
		n := 0
		for _, face := range w.Faces {
			n += count(face.Score >= 0.6 && face.Box[2] >= 28)
		}
		if n > seen && seen > 0 {
			quick = 2
		}
		full := quick == 0 && (burst || n != seen || began-lastFull >= 320*time.Millisecond)
		seen = n
		at += detectCost
		if full {
			lastFull = began
			at += time.Duration(n) * faceCost
		} else {
			w.Faces = append([]wire.Face(nil), w.Faces...)
			for i := range w.Faces {
				w.Faces[i].Embedding, w.Faces[i].Live, w.Faces[i].Sharpness = nil, nil, 0
			}
		}
		w.AgeMS = float32((at - began).Milliseconds())
		o := vigil.Look(w, templates, th)
		v := m.Step(o, at)
		pace := v.Interval
		if !v.Open {
			login.Step(o, at)
			pace = min(pace, login.Interval())
			if _, ok := login.Statement(at); ok {
				at += 100 * time.Millisecond // the server's part
				v = m.Open(at)
			}
			if login.Done() || login.Failed() != "" {
				login = vigil.NewLogin(templates, th, "")
			}
		}
		now := (at - start).Seconds()
		seconds.note(now, v)
		if len(log) == 0 || log[len(log)-1].state != v.State || log[len(log)-1].open != v.Open {
			log = append(log, spoken{now, v.State, v.Open})
		}
		burst = pace <= 50*time.Millisecond
		switch {
		case quick > 0:
			quick--
		case !burst:
			at = max(at, began+pace)
		}
	}
	seconds.note(t.Length(), vigil.Verdict{})
	return seconds.right, seconds.wrong, log
}

// closedAfter says how long after a second the guard had closed.
func closedAfter(log []spoken, from float64) (string, float64) {
	for _, l := range log {
		if l.at >= from && !l.open {
			return l.state.String(), l.at - from
		}
	}
	return "", 1e9
}

// filmRate is how many pictures a second of a film are measured: more than the
// guard looks at while nothing happens. Measuring is what these tests cost.
const filmRate = 6

// shows says for how many of a film's pictures, away from the cuts, the number
// of faces is what the timeline says. It asks the detector alone: a story that
// goes wrong is either told wrong or read wrong, and this tells which.
func shows(t *testing.T, f filmed, story clips.Timeline, th vigil.Thresholds) {
	t.Helper()
	const cut = 0.3
	faces := map[string]int{"operator": 1, "onlooker": 2, "nobody": 0, "other": 1, "spoof": 1}
	for i, w := range f.frames {
		at := float64(i) / f.fps
		seg := story.At(at)
		if at < seg.From+cut || at > seg.To-cut {
			continue
		}
		n := 0
		for _, face := range w.Faces {
			n += count(face.Score >= th.Score && face.Box[2] >= th.OnlookerFace)
		}
		if n != faces[seg.State] {
			t.Errorf("the clip at %.1f s, %s: %d faces", at, seg.State, n)
		}
	}
}

// TestStoryOfTheTestClips reads the timeline right, except where its "operator"
// is another man.
func TestStoryOfTheTestClips(t *testing.T) {
	if testing.Short() {
		t.Skip("measures thirty seconds of film")
	}
	t.Parallel()
	f := facesHere(t)
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	story, err := clips.Load(filepath.Join(f.faces, "guard-timeline.json"))
	if err != nil {
		lack(t, err)
	}
	enrolment, err := f.film(t.Context(), filepath.Join(f.faces, "op_all.mjpeg"), 4)
	if err != nil {
		t.Fatal(err)
	}
	templates, err := enrol(enrolment.frames, th)
	if err != nil {
		t.Fatalf("enrolment from a clip in which others appear: %v", err)
	}
	film, err := f.film(t.Context(), filepath.Join(f.faces, story.Video), filmRate)
	if err != nil {
		t.Fatal(err)
	}
	log := read(t, film, story, templates, th, mislabelled)
	if state, after := closedAfter(log, 4.6); state != "other" || after > 0.6 {
		t.Errorf("the other man: %s after %.2f s", state, after)
	}
}

// TestStoryOfOtherPeople reads a story of other faces right, from beginning to end.
func TestStoryOfOtherPeople(t *testing.T) {
	if testing.Short() {
		t.Skip("measures thirty seconds of film")
	}
	t.Parallel()
	f := measuring(t)
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	enrolment, clip, story, err := f.composed(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, err := f.film(t.Context(), enrolment, 4)
	if err != nil {
		t.Fatal(err)
	}
	templates, err := enrol(first.frames, th)
	if err != nil {
		t.Fatal(err)
	}
	film, err := f.film(t.Context(), clip, filmRate)
	if err != nil {
		t.Fatal(err)
	}
	shows(t, film, story, th)
	log := read(t, film, story, templates, th, 0)
	for _, seg := range story.Segments {
		if seg.State == "onlooker" {
			if state, after := closedAfter(log, seg.From); state != "onlooker" || after > 0.5 {
				t.Errorf("the onlooker: %s after %.2f s", state, after)
			}
		}
	}
}

// read watches a film and holds its seconds against what make bench allows.
func read(t *testing.T, film filmed, story clips.Timeline, templates vigil.Templates, th vigil.Thresholds, mislabelled time.Duration) []spoken {
	t.Helper()
	right, wrong, log := watched(film, story, templates, th)
	for _, l := range log {
		t.Logf("%6.2f s %-9s %v open=%v", l.at, story.At(l.at).State, l.state, l.open)
	}
	if most := (mislabelled + wrongAllowed).Seconds(); wrong > most || right < judged(story).Seconds()-most {
		t.Errorf("%.2f s right, %.2f s wrong, of %v judged", right, wrong, judged(story))
	}
	return log
}

// TestTally: seconds count for what the guard said last, from two seconds after each change.
func TestTally(t *testing.T) {
	y := tally{timeline: clips.Timeline{Segments: []clips.Segment{{From: 0, To: 5, State: "operator"}, {From: 5, To: 9, State: "other"}}}}
	open := vigil.Verdict{State: sekisho.Present, Open: true, Screen: vigil.Open}
	y.note(0.5, open)                                   // before this, nothing was said: in the grace
	y.note(4, vigil.Verdict{State: sekisho.Absent})     // 2 to 4: right
	y.note(6, open)                                     // 4 to 5: wrong
	y.note(8, vigil.Verdict{State: sekisho.Other})      // 7 to 8: wrong
	y.note(9.5, vigil.Verdict{State: sekisho.Onlooker}) // 8 to 9: right, and the clip is over
	if y.right != 3 || y.wrong != 2 || judged(y.timeline) != 5*time.Second {
		t.Errorf("%.1f s right, %.1f s wrong, %v judged", y.right, y.wrong, judged(y.timeline))
	}
}
