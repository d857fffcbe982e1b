package vigil

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// FuzzLook takes whatever frame a page can send: it is dropped whole or becomes
// an observation within bounds; nobody is present, and nobody gets in, on
// features that do not match.
func FuzzLook(f *testing.F) {
	seeds := []wire.Frame{
		frame(), frame(face(240, 120, 110, 0.8)), frame(face(240, 120, 110, 0.2)), frame(face(240, 120, 110, 0.8), face(480, 120, 60, 0.1)),
		frame(with(face(240, 120, 110, 0.8), func(f *wire.Face) { f.Yaw, f.Pitch, f.Live = nil, nil, nil })),
		frame(with(face(240, 120, 110, 0.8), func(f *wire.Face) { f.Embedding = f.Embedding[:17] })),
		{Muted: true, Width: 1, Height: 1}, {Hidden: true, Width: 640, Height: 480, AgeMS: 1500},
	}
	for _, w := range seeds {
		b, err := json.Marshal(w)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"width":640,"height":480,"luma":3e38,"spread":50,"change":1,"faces":[{"box":[-640,-480,1280,960],"score":1,"yaw":180,"pitch":-180}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var w wire.Frame
		if json.Unmarshal(b, &w) != nil {
			return
		}
		thresholds, _ := ForEngine(EngineStandard)
		s := newFilm(home())
		login := NewLogin(enrolled(), thresholds, "")
		s.m.Open(s.at)
		matches := false
		for range 12 {
			s.id++
			w.ID = s.id
			o := Look(w, s.t, thresholds)
			bounded(t, w, o)
			for i := range o.Faces {
				matches = matches || o.Faces[i].Known && o.Faces[i].Similarity >= thresholds.Accept
			}
			v := s.m.Step(o, s.at)
			if v.State == sekisho.Present && !matches {
				t.Fatalf("present without a match: %s", b)
			}
			if v.Interval <= 0 || v.InState < 0 || v.Captured > s.at {
				t.Fatalf("verdict %+v", v)
			}
			login.Step(o, s.at)
			s.at += 100 * ms
		}
		if login.Done() && !matches {
			t.Fatalf("let in without a match: %s", b)
		}
	})
}

// bounded checks what later steps rely upon.
func bounded(t *testing.T, w wire.Frame, o Observation) {
	t.Helper()
	if o.Fault != "" {
		if len(o.Faces) > 0 {
			t.Fatalf("dropped (%s), yet %d faces are left", o.Fault, len(o.Faces))
		}
		return
	}
	if o.Age < 0 || o.Age > MaxAge || o.Width <= 0 || o.Height <= 0 || len(o.Faces) > len(w.Faces) || len(o.Faces) > maxFaces {
		t.Fatalf("%+v", o)
	}
	for i := range o.Faces {
		x := &o.Faces[i]
		for _, n := range []float32{x.X, x.Y, x.W, x.H, x.Size, x.Score, x.Similarity, x.Live, x.Yaw, x.Pitch} {
			if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
				t.Fatalf("face %d holds %v", i, n)
			}
		}
		if x.W <= 0 || x.H <= 0 || x.Size > x.W || x.Similarity < -1.01 || x.Similarity > 1.01 || x.Known && x.vector == nil {
			t.Fatalf("face %d out of bounds", i)
		}
	}
}
