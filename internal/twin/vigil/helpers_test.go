package vigil

import (
	"math"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const ms = time.Millisecond

// axis is a unit vector whose cosine with axis(0, 1) is c.
func axis(c float64) Vector {
	var v Vector
	v[0], v[1] = float32(c), float32(math.Sqrt(1-c*c))
	return v
}

// enrolled are templates whose five poses are one vector.
func enrolled() Templates {
	t := Templates{Engine: EngineStandard, Model: "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"}
	for _, p := range Poses {
		t.Poses = append(t.Poses, Template{Pose: p, Struck: true, Vector: axis(1)})
	}
	return t
}

func ptr(x float32) *float32 { return &x }

// face is a clear, live face of the given similarity.
func face(x, y, w, similarity float32) wire.Face {
	v := axis(float64(similarity))
	return wire.Face{
		Box: [4]float32{x, y, w, w * 1.3}, Score: 0.9, Embedding: v.Bytes(), Live: ptr(0.95), Yaw: ptr(0), Pitch: ptr(0), Sharpness: 200,
	}
}

// film feeds frames to a machine as the agent does.
type film struct {
	m   *Machine
	t   Templates
	th  Thresholds
	id  uint64
	at  time.Duration
	log []Verdict
}

func newFilm(p wire.GuardPolicy) *film {
	th, _ := ForEngine(EngineStandard)
	return &film{m: NewMachine(Config{Policy: p, Thresholds: th, Class: sekisho.ClassFace}), t: enrolled(), th: th, at: 10 * time.Second}
}

func home() wire.GuardPolicy {
	return wire.GuardPolicy{Name: "home", Place: sekisho.PlaceHome, Onlooker: true, AbsentMS: 10000, Reentry: "standard"}
}

func frame(faces ...wire.Face) wire.Frame {
	return wire.Frame{Width: 640, Height: 480, AgeMS: 20, Luma: 120, Spread: 50, Change: 1.5, Faces: faces}
}

func (f *film) show(w wire.Frame) Verdict {
	f.id++
	w.ID = f.id
	v := f.m.Step(Look(w, f.t, f.th), f.at)
	f.log = append(f.log, v)
	return v
}

// play shows one frame again and again, at the rate that the machine asks for.
func (f *film) play(d time.Duration, w wire.Frame) (v Verdict) {
	for end := f.at + d; f.at < end; {
		v = f.show(w)
		f.at += max(v.Interval, 100*ms)
	}
	return v
}
