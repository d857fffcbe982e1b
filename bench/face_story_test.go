package bench

import (
	"context"
	"os"
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

// told is one change of what the guard said.
type told struct {
	at    float64
	state sekisho.State
	open  bool
}

// watched plays a story as agent and worker would: the worker's pace, checks
// that take their time, a login whenever the screen is black.
func watched(f filmed, t clips.Timeline, templates vigil.Templates, th vigil.Thresholds) (right, wrong float64, log []told) {
	policy := wire.GuardPolicy{Onlooker: true, AbsentMS: 10000, Reentry: "standard"}
	m := vigil.NewMachine(vigil.Config{Policy: policy, Thresholds: th, Class: sekisho.ClassFace})
	login := vigil.NewLogin(templates, th, "")
	var lastFull time.Duration
	burst, seen, quick, id := true, 0, 0, uint64(0)
	const start = time.Minute
	last := 0.0
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
		seg := t.At(now)
		if from := max(last, seg.From+grace.Seconds()); now > from {
			if fits(seg.State, v) {
				right += now - from
			} else {
				wrong += now - from
			}
		}
		last = now
		if len(log) == 0 || log[len(log)-1].state != v.State || log[len(log)-1].open != v.Open {
			log = append(log, told{now, v.State, v.Open})
		}
		burst = pace <= 50*time.Millisecond
		switch {
		case quick > 0:
			quick--
		case !burst:
			at = max(at, began+pace)
		}
	}
	return right, wrong, log
}

func show(t *testing.T, story clips.Timeline, log []told) {
	for _, l := range log {
		t.Logf("%6.2f s %-9s %v open=%v", l.at, story.At(l.at).State, l.state, l.open)
	}
}

// closedWithin says how long after a second the guard had closed.
func closedAfter(log []told, from float64) (string, float64) {
	for _, l := range log {
		if l.at >= from && !l.open {
			return l.state.String(), l.at - from
		}
	}
	return "", 1e9
}

// TestStoryOfTheTestClips reads the timeline right, except where its "operator"
// is another man.
func TestStoryOfTheTestClips(t *testing.T) {
	if os.Getenv("BENCH") != "story" {
		t.Skip("set BENCH=story: it takes minutes, and another person composed from photographs is still taken for an onlooker")
	}
	f := facesHere(t)
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	story, err := clips.Load(filepath.Join(f.faces, "guard-timeline.json"))
	if err != nil {
		t.Skip(err)
	}
	enrolment, err := f.film(t.Context(), filepath.Join(f.faces, "op_all.mjpeg"), 5)
	if err != nil {
		t.Fatal(err)
	}
	templates, err := enrol(enrolment.frames, th)
	if err != nil {
		t.Fatalf("enrolment from a clip in which others appear: %v", err)
	}
	film, err := f.film(t.Context(), filepath.Join(f.faces, story.Video), 10)
	if err != nil {
		t.Fatal(err)
	}
	right, wrong, log := watched(film, story, templates, th)
	show(t, story, log)
	const anotherMan = 6 - 4.6 // seconds of the first segment, by the pictures
	if wrong > anotherMan+0.1 || right < 13.5 {
		t.Errorf("%.1f s right, %.1f s wrong", right, wrong)
	}
	if state, after := closedAfter(log, 4.6); state != "other" || after > 0.6 {
		t.Errorf("the other man: %s after %.2f s", state, after)
	}
}

// TestStoryOfOtherPeople reads a story of other faces right, from beginning to end.
func TestStoryOfOtherPeople(t *testing.T) {
	if os.Getenv("BENCH") != "story" {
		t.Skip("set BENCH=story: it takes minutes, and another person composed from photographs is still taken for an onlooker")
	}
	f := facesHere(t)
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	enrolment, clip, story, err := f.composed(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, err := f.film(t.Context(), enrolment, 5)
	if err != nil {
		t.Fatal(err)
	}
	templates, err := enrol(first.frames, th)
	if err != nil {
		t.Fatal(err)
	}
	film, err := f.film(t.Context(), clip, 10)
	if err != nil {
		t.Fatal(err)
	}
	right, wrong, log := watched(film, story, templates, th)
	show(t, story, log)
	if wrong > 0 || right < story.Length()-grace.Seconds()*float64(len(story.Segments))-0.5 {
		t.Errorf("%.1f s right, %.1f s wrong", right, wrong)
	}
	if state, after := closedAfter(log, story.Segments[1].From); state != "onlooker" || after > 0.5 {
		t.Errorf("the onlooker: %s after %.2f s", state, after)
	}
}
