package vigil

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestWalk(t *testing.T) {
	f := newFilm(home())
	op := face(240, 120, 150, 0.8)
	if v := f.play(time.Second, frame(op)); v.Open || v.Screen != Black || v.State == sekisho.Present {
		t.Fatalf("open before a login: %+v", v)
	}
	f.m.Open(f.at)
	if v := f.play(3*time.Second, frame(op)); !v.Open || v.Screen != Open || v.State != sekisho.Present {
		t.Fatalf("operator not present: %+v", v)
	}
	start := f.at
	var fell Verdict
	for i := 0; i < 10 && !fell.Fell; i++ {
		fell = f.show(frame(op, face(450, 100, 70, 0.1)))
		f.at += max(fell.Interval, 120*ms)
	}
	if !fell.Fell || fell.State != sekisho.Onlooker || fell.Screen != Black || f.at-start > 500*ms {
		t.Fatalf("onlooker not seen in time: %+v after %v", fell, f.at-start)
	}
	if v := f.play(5*time.Second, frame(op)); v.Open || v.Screen != Black || v.State == sekisho.Present {
		t.Fatalf("opened by itself: %+v", v)
	}
}

// Who logs in again right after an onlooker left is not closed out for him a
// second time; one who is still there, is.
func TestBackRightAfterAnOnlooker(t *testing.T) {
	for name, c := range map[string]struct {
		last wire.Frame
		open bool
	}{
		"gone":        {frame(face(240, 120, 150, 0.8)), true},
		"still there": {frame(face(240, 120, 150, 0.8), face(450, 100, 70, 0.1)), false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFilm(home())
			f.play(time.Second, frame(face(240, 120, 150, 0.8)))
			f.m.Open(f.at)
			if v := f.play(2*time.Second, frame(face(240, 120, 150, 0.8), face(450, 100, 70, 0.1))); v.Open {
				t.Fatal("open beside an onlooker")
			}
			f.play(150*ms, c.last)
			f.m.Open(f.at)
			if v := f.play(2*time.Second, c.last); v.Open != c.open {
				t.Errorf("open=%v, %v", v.Open, v.State)
			}
		})
	}
}

func TestLoginWalk(t *testing.T) {
	f := newFilm(home())
	l := NewLogin(f.t, f.th, "")
	for i := 1; i <= 6; i++ {
		w := frame(face(240, 120, 150, 0.8))
		w.ID = uint64(i)
		l.Step(Look(w, f.t, f.th), f.at)
		f.at += 130 * ms
	}
	if s, ok := l.Statement(f.at); !ok || s.Frames != 3 || s.Matched != 3 {
		t.Fatalf("login did not pass: %+v %v %q", s, ok, l.Failed())
	}
}
