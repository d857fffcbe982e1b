package vigil

import (
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// stage shows frames to a judge.
type stage struct {
	t  Templates
	th Thresholds
	id uint64
	at time.Duration
}

func newStage() *stage {
	th, _ := ForEngine(EngineStandard)
	return &stage{t: enrolled(), th: th, at: time.Second}
}

func (s *stage) look(w wire.Frame) Observation {
	s.id++
	s.at += 130 * ms
	w.ID = s.id
	return Look(w, s.t, s.th)
}

func (s *stage) login(l *Login, n int, w wire.Frame) (p wire.LocalProgress) {
	for range n {
		p = l.Step(s.look(w), s.at)
	}
	return p
}

func with(f wire.Face, change func(*wire.Face)) wire.Face { change(&f); return f }

func TestLogin(t *testing.T) {
	me := face(240, 120, 110, 0.7)
	other := face(240, 120, 110, 0.1)
	for name, c := range map[string]struct {
		frames []wire.Frame // each shown twice, in turn
		pass   bool
	}{
		"the operator":                {[]wire.Frame{frame(me)}, true},
		"just below the threshold":    {[]wire.Frame{frame(face(240, 120, 110, 0.49))}, false},
		"another person":              {[]wire.Frame{frame(other)}, false},
		"a photograph":                {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Live = ptr(0.05) }))}, false},
		"liveness never measured":     {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Live = nil }))}, false},
		"no embedding":                {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Embedding = nil }))}, false},
		"turned away":                 {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Yaw = ptr(40) }))}, false},
		"direction unknown":           {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Yaw = nil }))}, false},
		"too far":                     {[]wire.Frame{frame(face(240, 120, 44, 0.8))}, false},
		"blurred":                     {[]wire.Frame{frame(with(me, func(f *wire.Face) { f.Sharpness = 1 }))}, false},
		"not alone":                   {[]wire.Frame{frame(me, face(480, 120, 60, 0.1))}, false},
		"with a print on the chest":   {[]wire.Frame{frame(me, with(face(250, 380, 60, 0.1), func(f *wire.Face) { f.Score = 0.7 }))}, true},
		"in turns with another":       {[]wire.Frame{frame(me), frame(face(20, 120, 110, 0.1))}, false},
		"hidden page":                 {[]wire.Frame{func() wire.Frame { w := frame(me); w.Hidden = true; return w }()}, false},
		"dark":                        {[]wire.Frame{func() wire.Frame { w := frame(me); w.Luma = 5; return w }()}, false},
		"nobody":                      {[]wire.Frame{frame()}, false},
		"one frame again and again":   {nil, false},
		"matches, then steps aside":   {[]wire.Frame{frame(me), frame()}, false},
		"larger than the frame":       {[]wire.Frame{frame(face(-60, -40, 600, 0.9))}, false},
		"two in five of him are good": {[]wire.Frame{frame(face(240, 120, 110, 0.35))}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			l := NewLogin(s.t, s.th, "")
			if c.frames == nil {
				o := s.look(frame(me))
				for range 40 {
					s.at += 100 * ms
					l.Step(o, s.at)
				}
			}
			for i := 0; c.frames != nil && i < 12 && !l.Done(); i++ {
				s.login(l, 2, c.frames[i%len(c.frames)])
			}
			st, ok := l.Statement(s.at)
			if ok != c.pass || ok != l.Done() {
				t.Fatalf("passed=%v (%+v), failed=%q", ok, st, l.Failed())
			}
			if ok && (st.Frames < 3 || st.Matched < 3 || !st.Live || st.Model != s.t.Model || st.Engine != EngineStandard || st.AgeMS > 1500) {
				t.Errorf("statement the server would refuse: %+v", st)
			}
		})
	}
}

// TestLoginIsSettledEarly: three frames that match and live pass, since whatever
// follows leaves three in five matching and the median living. Short of that the
// window of five decides.
func TestLoginIsSettledEarly(t *testing.T) {
	good := face(240, 120, 110, 0.8)
	spoof := with(good, func(f *wire.Face) { f.Live = ptr(0.05) })
	unlike := face(240, 120, 110, 0.45)
	for name, c := range map[string]struct {
		frames []wire.Face
		want   int // frames after which it has passed; 0 never
	}{
		"three good":                 {[]wire.Face{good, good, good}, 3},
		"one unlike among them":      {[]wire.Face{good, unlike, good, good}, 4},
		"a spoofed frame among them": {[]wire.Face{good, spoof, good, good}, 4},
		"two of each, then good":     {[]wire.Face{good, unlike, good, unlike, good}, 5},
		"spoofed and good by turns":  {[]wire.Face{spoof, good, spoof, good, spoof}, 0},
		"matching only when spoofed": {[]wire.Face{spoof, spoof, spoof, unlike, unlike}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, passed := newStage(), 0
			l := NewLogin(s.t, s.th, "")
			for i, f := range c.frames {
				if s.login(l, 1, frame(f)); l.Done() && passed == 0 {
					passed = i + 1
				}
			}
			if passed != c.want {
				t.Errorf("passed after %d frames, want %d", passed, c.want)
			}
		})
	}
}

func TestLoginFails(t *testing.T) {
	s := newStage()
	l := NewLogin(s.t, s.th, "")
	s.login(l, 6, frame(face(240, 120, 110, 0.1)))
	if l.Failed() != "vigil.other_person" {
		t.Errorf("another person: %q", l.Failed())
	}
	if s.login(l, 20, frame(face(240, 120, 110, 0.9))); l.Done() {
		t.Error("a failed login passes later")
	}
	l = NewLogin(s.t, s.th, "")
	l.Step(s.look(frame()), s.at)
	s.at += loginPatience
	l.Step(s.look(frame()), s.at)
	if l.Failed() != "vigil.login_timeout" {
		t.Errorf("timeout: %q", l.Failed())
	}
	if l := NewLogin(Templates{}, s.th, ""); l.Failed() != "vigil.not_enrolled" {
		t.Errorf("no templates: %q", l.Failed())
	}
	demo := s.t
	demo.Engine = EngineDemo
	if l := NewLogin(demo, s.th, ""); l.Failed() != "vigil.not_enrolled" {
		t.Errorf("templates of the other engine: %q", l.Failed())
	}
	if l := NewLogin(s.t, s.th, "sing"); l.Failed() != "vigil.challenge_unknown" {
		t.Errorf("unknown challenge: %q", l.Failed())
	}
}

// TestLoginIsFresh: a login that passed is worth nothing two seconds later.
func TestLoginIsFresh(t *testing.T) {
	s := newStage()
	l := NewLogin(s.t, s.th, "")
	s.login(l, 5, frame(face(240, 120, 110, 0.8)))
	if _, ok := l.Statement(s.at); !ok {
		t.Fatal("did not pass")
	}
	if _, ok := l.Statement(s.at + 1600*ms); ok {
		t.Error("passes although its frames are old")
	}
}

// A camera that hangs on the operator's last picture shows nobody; one that
// repeats a frame now and then shows him all the same.
func TestFrozenFramesLetNobodyIn(t *testing.T) {
	still := func(w *wire.Frame) { w.Change = 0 }
	for name, c := range map[string]struct {
		every int // how many frames come for each that moves; 0: none moves
		pass  bool
	}{"hangs": {0, false}, "repeats every other frame": {2, true}} {
		s := newStage()
		l := NewLogin(s.t, s.th, "")
		for i := 0; i < 60 && !l.Done() && l.Failed() == ""; i++ {
			w := frame(face(240, 120, 110, 0.8))
			if c.every == 0 || i%c.every != 0 {
				still(&w)
			}
			s.login(l, 1, w)
		}
		if l.Done() != c.pass {
			t.Errorf("%s: done %v, failed %q", name, l.Done(), l.Failed())
		}
	}
}

func TestChallenge(t *testing.T) {
	me := face(240, 120, 110, 0.8)
	turned := func(yaw float32) wire.Frame {
		return frame(with(me, func(f *wire.Face) { f.Yaw = ptr(yaw); v := axis(0.4); f.Embedding = v.Bytes() }))
	}
	for name, c := range map[string]struct {
		challenge string
		then      []wire.Frame
		pass      bool
	}{
		"turned as asked":         {TurnLeft, []wire.Frame{turned(25), frame(me)}, true},
		"turned the other way":    {TurnLeft, []wire.Frame{turned(-25), frame(me)}, false},
		"right as asked":          {TurnRight, []wire.Frame{turned(-25), frame(me)}, true},
		"not turned":              {TurnLeft, []wire.Frame{frame(me)}, false},
		"hardly turned":           {TurnLeft, []wire.Frame{turned(12), frame(me)}, false},
		"does not come back":      {TurnLeft, []wire.Frame{turned(25)}, false},
		"another one comes back":  {TurnLeft, []wire.Frame{turned(25), frame(face(240, 120, 110, 0.2))}, false},
		"out of sight in between": {TurnLeft, []wire.Frame{turned(25), frame(), frame(me)}, false},
		"somebody else looks in":  {TurnLeft, []wire.Frame{turned(25), frame(me, face(480, 120, 60, 0.1))}, false},
		"comes back as a picture": {TurnLeft, []wire.Frame{turned(25), frame(with(me, func(f *wire.Face) { f.Live = ptr(0.001) }))}, false},
		"left for right":          {TurnRight, []wire.Frame{turned(25), frame(me)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			l := NewLogin(s.t, s.th, c.challenge)
			if p := s.login(l, 5, frame(me)); p.Step != StepChallenge || p.Challenge != c.challenge || l.Done() {
				t.Fatalf("not asked: %+v", p)
			}
			for i := 0; i < 8 && !l.Done() && l.Failed() == ""; i++ {
				for _, w := range c.then {
					s.login(l, 6, w)
				}
			}
			if st, ok := l.Statement(s.at); ok != c.pass || ok && st.Challenge != c.challenge {
				t.Errorf("passed=%v %+v", ok, st)
			}
		})
	}
}

// Every challenge that can be drawn is passed by a movement of the head, which
// is what a page measures, and by none of the others'.
func TestEveryChallengeCanBeTaken(t *testing.T) {
	me := face(240, 120, 110, 0.8)
	yaws := map[string]float32{TurnLeft: 25, TurnRight: -25}
	for _, challenge := range Challenges {
		for moved, yaw := range yaws {
			s := newStage()
			l := NewLogin(s.t, s.th, challenge)
			s.login(l, 5, frame(me))
			for i := 0; i < 8 && !l.Done(); i++ {
				s.login(l, 6, frame(with(me, func(f *wire.Face) { f.Yaw = ptr(yaw) })))
				s.login(l, 6, frame(me))
			}
			if l.Done() != (moved == challenge) {
				t.Errorf("asked %s, moved %s: done %v", challenge, moved, l.Done())
			}
		}
	}
	for _, unmeasured := range []string{"blink", "mouth", "nod"} {
		if l := NewLogin(newStage().t, newStage().th, unmeasured); l.Failed() != "vigil.challenge_unknown" {
			t.Errorf("%s is asked although nobody measures it", unmeasured)
		}
	}
}

func TestEnrolment(t *testing.T) {
	s := newStage()
	e := NewEnrolment(s.th, s.t.Model)
	pose := map[string][2]float32{"front": {0, 0}, "left": {15, 0}, "right": {-15, 0}, "up": {0, 12}, "front2": {2, 1}}
	var p wire.LocalProgress
	for i := 0; i < 200 && p.Step != StepSending; i++ {
		a := pose[e.Pose()]
		p = e.Step(s.look(frame(with(face(240, 120, 110, 0.99), func(f *wire.Face) { f.Yaw, f.Pitch = ptr(a[0]), ptr(a[1]) }))), s.at)
	}
	got, ok := e.Templates()
	if !ok || got.Valid() != nil || p.Good != 5 {
		t.Fatalf("not enrolled: %+v %q", p, e.Failed())
	}
	for _, x := range got.Poses {
		if !x.Struck {
			t.Errorf("%s was struck and is not marked", x.Pose)
		}
	}
	if e.Picture() == 0 {
		t.Error("no picture")
	}
}

func TestEnrolmentRefuses(t *testing.T) {
	me := face(240, 120, 110, 0.99)
	many := func(w wire.Frame, n int) (*Enrolment, *stage) {
		s := newStage()
		e := NewEnrolment(s.th, s.t.Model)
		for range n {
			e.Step(s.look(w), s.at)
		}
		return e, s
	}
	for name, w := range map[string]wire.Frame{
		"two people":   frame(me, face(480, 120, 80, 0.1)),
		"too far":      frame(face(240, 120, 40, 0.99)),
		"no liveness":  frame(with(me, func(f *wire.Face) { f.Live = nil })),
		"no embedding": frame(with(me, func(f *wire.Face) { f.Embedding = nil })),
		"frozen":       func() wire.Frame { w := frame(me); w.Change = 0; return w }(),
		"in profile":   frame(with(me, func(f *wire.Face) { f.Yaw = ptr(60) })),
		"blurred":      frame(with(me, func(f *wire.Face) { f.Sharpness = 2 })),
		"nobody":       frame(),
		"hidden":       func() wire.Frame { w := frame(me); w.Hidden = true; return w }(),
		"covered":      func() wire.Frame { w := frame(me); w.Spread = 1; return w }(),
	} {
		if e, _ := many(w, 300); e.pose != 0 {
			t.Errorf("%s: %d poses", name, e.pose)
		}
	}
	if e, _ := many(frame(with(me, func(f *wire.Face) { f.Live = ptr(0.01) })), 300); e.Failed() != "vigil.not_live" {
		t.Errorf("a photograph is enrolled: %q", e.Failed())
	}
	e, s := many(frame(me), 10)
	if e.pose == 0 {
		t.Fatal("the first pose is not there")
	}
	for range 300 {
		e.Step(s.look(frame(face(240, 120, 110, 0.2))), s.at)
	}
	if e.pose > 1 {
		t.Errorf("a second person lent %d poses", e.pose-1)
	}
	if NewEnrolment(Thresholds{}, s.t.Model).Failed() == "" || NewEnrolment(s.th, "short").Failed() == "" {
		t.Error("enrols without an engine")
	}
}

// TestEnrolsWhoCannotTurn: after a while a good frame will do, and is marked.
func TestEnrolsWhoCannotTurn(t *testing.T) {
	s := newStage()
	e := NewEnrolment(s.th, s.t.Model)
	for range 300 {
		e.Step(s.look(frame(face(240, 120, 110, 0.99))), s.at)
	}
	got, ok := e.Templates()
	if !ok || got.Poses[1].Struck || !got.Poses[0].Struck {
		t.Fatalf("%v %q", ok, e.Failed())
	}
}

func TestTemplatesAreBound(t *testing.T) {
	a := enrolled()
	if a.Valid() != nil {
		t.Fatal("fixture")
	}
	var random [32]byte
	random[0] = 1
	salt := a.Salt(random)
	if salt[0] != 0 {
		t.Error("the salt does not fit the field")
	}
	for i := range a.Poses {
		b := enrolled()
		b.Poses[i].Vector = axis(0.9)
		if b.Salt(random) == salt {
			t.Errorf("pose %d can be swapped", i)
		}
	}
	for name, spoil := range map[string]func(*Templates){
		"no model":   func(t *Templates) { t.Model = "" },
		"engine":     func(t *Templates) { t.Engine = "x" },
		"four poses": func(t *Templates) { t.Poses = t.Poses[:4] },
		"order":      func(t *Templates) { t.Poses[0].Pose, t.Poses[1].Pose = t.Poses[1].Pose, t.Poses[0].Pose },
		"zero pose":  func(t *Templates) { t.Poses[2].Vector = Vector{} },
		"long pose":  func(t *Templates) { t.Poses[2].Vector[0] = 9 },
		"not number": func(t *Templates) { t.Poses[2].Vector[0] = float32(math.NaN()) },
	} {
		b := enrolled()
		spoil(&b)
		if b.Valid() == nil {
			t.Errorf("%s: valid", name)
		}
	}
}

func TestQuantise(t *testing.T) {
	v, w := axis(0.3), axis(-0.2)
	for i := range v {
		v[i] += float32(math.Sin(float64(i))) / 20
		w[i] += float32(math.Cos(float64(3*i))) / 20
	}
	a, b := v.Quantise(), w.Quantise()
	var dot, na, nb float64
	for i := range a {
		dot, na, nb = dot+float64(a[i])*float64(b[i]), na+float64(a[i])*float64(a[i]), nb+float64(b[i])*float64(b[i])
	}
	if d := math.Abs(dot/math.Sqrt(na*nb) - float64(v.Cosine(&w))); d > 0.01 {
		t.Errorf("the quantised cosine is off by %g", d)
	}
	if (&Vector{}).Quantise() != [Dimensions]int8{} {
		t.Error("nothing becomes something")
	}
}

func TestNothingOfAFaceIsPrinted(t *testing.T) {
	x := enrolled()
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "templates", x, "vector", x.Poses[0].Vector, "sighting", Sighting{}, "observation", Observation{})
	if n := strings.Count(log.String(), "[hidden]"); n != 4 {
		t.Errorf("%d of 4 hidden: %s", n, log.String())
	}
	for _, form := range []string{"%v", "%+v", "%s", "%#v"} {
		if s := fmt.Sprintf(form, x.Poses[0].Vector); s != "[hidden]" {
			t.Errorf("%s prints %s", form, s)
		}
	}
}
