package connect

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// One day in front of an issued PC, up to the moment when somebody leans in and back.
func TestStory(t *testing.T) {
	play(t, nil, func(s *stage) {
		if st := s.Status("en"); st.Phase != phaseReady || st.Code != "" || st.AssetTag != "PC-1" || st.Engine != "standard" {
			t.Errorf("at the start: %+v", st)
		}
		s.work()
		enrolled := s.far.got().face
		if enrolled.Poses != 5 || enrolled.Commitment == "" || enrolled.Engine != "standard" || len(decodeHex(t, enrolled.Picture)) != 32 {
			t.Errorf("enrolment: %+v", enrolled)
		}
		statement := s.far.got().faces[0]
		if statement.Commitment != enrolled.Commitment || statement.Frames < 3 || statement.Matched < 3 || !statement.Live || statement.Person != s.far.me.Person.ID || len(statement.Nonce) == 0 {
			t.Errorf("statement: %+v", statement)
		}
		s.film(5*time.Second, operator())
		renewed := 0
		for _, v := range s.far.got().verdicts {
			if v.State == sekisho.Present && !v.Ends {
				renewed++
			}
		}
		if renewed < 3 {
			t.Errorf("%d verdicts went to the lease", renewed)
		}
		s.film(400*ms, operator(), onlooker())
		s.closed(sekisho.Onlooker)
		want := "screen taken, page black: onlooker, flows reset, tunnel cut, lease ended: onlooker"
		if got := s.happened(); !sameBesides(got, want) {
			t.Errorf("happened: %s\nwant:     %s", got, want)
		}
		time.Sleep(3 * time.Second)
		s.checkRecord(sekisho.Onlooker)
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("alone again, but not let in: %s", problem)
		}
		if err := s.Disconnect(); err != nil || s.Status("").Phase != phaseReady || s.Live() {
			t.Errorf("after work: %+v, %v", s.Status(""), err)
		}
		synctest.Wait()
		if got := strings.Join(s.far.got().ended, " "); got != "session.ended_by_you" {
			t.Errorf("the server was told %q", got)
		}
	})
}

// sameBesides compares orders of events; the page's part runs beside the rest
// and may fall a little later, and what comes after the end does not matter.
func sameBesides(got, want string) bool {
	order := func(text string, page bool) (out []string) {
		for _, e := range strings.Split(text, ", ") {
			if strings.HasPrefix(e, "page black") == page {
				out = append(out, e)
			}
		}
		return out
	}
	g, w := order(got, false), order(want, false)
	return len(g) >= len(w) && strings.Join(g[:len(w)], ", ") == strings.Join(w, ", ") && strings.Join(order(got, true), ", ") == strings.Join(order(want, true), ", ")
}

// checkRecord looks at the newest incident as server and officers see it.
func (s *stage) checkRecord(state sekisho.State) {
	s.t.Helper()
	reports, bundles := s.far.taken()
	if len(reports) == 0 {
		s.t.Fatal("nothing was reported")
	}
	last := reports[len(reports)-1]
	if last.State != state || len(last.Evidence) != 1 || last.Person != s.far.me.Person.ID || last.Session == "" {
		s.t.Fatalf("reports %+v", reports)
	}
	if !last.OSLocked || last.LockReason != "" {
		s.t.Errorf("lock: %v %q", last.OSLocked, last.LockReason)
	}
	bundle := bundles[last.Evidence[0]]
	if bundle == nil {
		s.t.Fatal("the evidence did not arrive")
	}
	if bytes.Contains(bundle, []byte("clear")) {
		s.t.Error("the bundle shows a clear picture")
	}
	m, parts := openBundle(s.t, bundle)
	if m.Kind != "incident" || m.State != state || m.Incident != last.Incident || m.Camera != webcam || len(parts) != 2 || m.Note != "" {
		s.t.Errorf("manifest %+v with %d parts", m, len(parts))
	}
	if parts[0].Source != "camera" || !bytes.Equal(parts[0].Data, jpegBytes) || parts[1].Source != "os" {
		s.t.Errorf("parts from %s and %s", parts[0].Source, parts[1].Source)
	}
}

func TestEveryBadVerdictCloses(t *testing.T) {
	dark := func(f *wire.Frame) { f.Luma, f.Spread = 2, 1 }
	hidden := func(f *wire.Frame) { f.Hidden = true }
	picture := func() wire.Face { f := operator(); f.Live = ptr(0.001); return f }
	for name, c := range map[string]struct {
		change func(*wire.Frame)
		faces  []wire.Face
		state  sekisho.State
		within time.Duration
	}{
		"onlooker":      {nil, []wire.Face{operator(), onlooker()}, sekisho.Onlooker, 500 * ms},
		"other person":  {nil, []wire.Face{stranger()}, sekisho.Other, time.Second},
		"spoof":         {nil, []wire.Face{picture()}, sekisho.Spoof, 1500 * ms},
		"lens covered":  {dark, nil, sekisho.Covered, 500 * ms},
		"page hidden":   {hidden, []wire.Face{operator()}, sekisho.Lost, 200 * ms},
		"nobody":        {nil, nil, sekisho.Absent, 6500 * ms},
		"camera frozen": {func(f *wire.Frame) { f.Change = 0 }, []wire.Face{operator()}, sekisho.Covered, 2500 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.work()
				for began := time.Now(); s.Live(); {
					if time.Since(began) > c.within {
						t.Fatalf("still open after %v", c.within)
					}
					s.show(c.change, c.faces...)
					time.Sleep(100 * ms)
				}
				s.closed(c.state)
				time.Sleep(3 * time.Second)
				if reports, _ := s.far.taken(); len(reports) == 0 || reports[0].State != c.state {
					t.Errorf("reports: %+v", reports)
				}
			})
		})
	}
}

// A page that is dead, throttled or stuck is noticed within a second and a tick.
func TestPageThatNoLongerWorks(t *testing.T) {
	for name, act := range map[string]func(s *stage){
		"no more frames": func(s *stage) { time.Sleep(1200 * ms) },
		"main thread dead, worker alive": func(s *stage) {
			s.page.leave() // silences the beat; the socket's reader sees it as the end
		},
		"socket closed": func(s *stage) { s.page.leave(); synctest.Wait() },
		"another page takes over": func(s *stage) {
			old := s.page
			s.openPage()
			old.leave()
		},
		"does not take its messages": func(s *stage) {
			s.page.stuck.Store(true)
			s.film(8*time.Second, operator())
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.work()
				act(s)
				synctest.Wait()
				if s.Live() {
					t.Error("still open")
				}
				if got := s.happened(); !strings.Contains(got, "flows reset") || !strings.Contains(got, "lease ended: lost") {
					t.Errorf("happened: %s", got)
				}
			})
		})
	}
}

// The worker goes on measuring, the main thread cannot close its screen.
func TestMainThreadThatHangs(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.page.hangs.Store(true)
		s.film(1500*ms, operator())
		s.closed(sekisho.Lost)
	})
}

func TestOnlyTheRegisteredPersonGetsIn(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		if problem := s.logIn(operator()); problem != "vigil.not_enrolled" {
			t.Errorf("before enrolment: %q", problem)
		}
		s.enrolFace()
		if problem := s.logIn(stranger()); problem != "vigil.other_person" {
			t.Errorf("a stranger: %q", problem)
		}
		if len(s.far.got().faces) != 0 {
			t.Errorf("a statement was sent: %+v", s.far.got().faces)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("control: %q", problem)
		}
	})
}

// The template file is swapped for another person's, sealed by this very PC.
func TestSwappedTemplateIsRefused(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		path, err := facePath(s.dir, s.far.me.Person.ID)
		if err != nil {
			t.Fatal(err)
		}
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		swap := func(content []byte) string {
			t.Helper()
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := s.Disconnect(); err != nil {
				t.Fatal(err)
			}
			s.page.leave()
			s.id = 0
			s.sit()
			return s.logIn(stranger())
		}
		thief := vigil.Templates{Engine: "standard", Model: s.engine.embedder}
		v, _ := vigil.ParseVector(axis(0))
		for _, p := range vigil.Poses {
			thief.Poses = append(thief.Poses, vigil.Template{Pose: p, Struck: true, Vector: v})
		}
		forged, err := newFace(s.far.me.Person.ID, thief, webcam)
		if err != nil {
			t.Fatal(err)
		}
		place, err := sealFace(t.Context(), s.dir, s.key, forged)
		if err == nil {
			err = place()
		}
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if problem := swap(theirs); problem != "face.template_swapped" {
			t.Errorf("another face: %q", problem)
		}
		if problem := swap(append([]byte{1}, good...)); problem != "device.sealed_unusable" {
			t.Errorf("altered file: %q", problem)
		}
		if problem := swap(nil); problem != "device.sealed_unusable" {
			t.Errorf("empty file: %q", problem)
		}
		if problem := swap(good); problem != "vigil.other_person" {
			t.Errorf("control, with a stranger: %q", problem)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("control: %q", problem)
		}
	})
}

func TestTemplateIsSealedOnDisk(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		files, _ := filepath.Glob(filepath.Join(s.dir, "faces", "*"))
		if len(files) != 1 {
			t.Fatalf("files: %v", files)
		}
		info, err := os.Stat(files[0])
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		b, _ := os.ReadFile(files[0])
		if bytes.Contains(b, []byte("front")) || bytes.Contains(b, []byte(s.engine.embedder)) {
			t.Error("the template lies in clear")
		}
		_, bundles := s.far.taken()
		if len(bundles) != 1 {
			t.Fatalf("%d bundles", len(bundles))
		}
		for _, bundle := range bundles {
			if m, parts := openBundle(t, bundle); m.Kind != "enrolment" || len(parts) != 1 || !bytes.Equal(parts[0].Data, jpegBytes) {
				t.Errorf("manifest %+v, %d parts", m, len(parts))
			}
		}
	})
}

func TestServerThatRefusesTheFaceLeavesTheOldOne(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		path, _ := facePath(s.dir, s.far.me.Person.ID)
		before, _ := os.ReadFile(path)
		s.far.mu.Lock()
		s.far.fail["faces"] = sekisho.Fail(sekisho.KindDenied, "approval.used")
		s.far.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
		s.until("refused", func() bool {
			_, _, _, e, _ := s.page.seen()
			if e != nil && e.Step == vigil.StepFailed {
				return true
			}
			face := operator()
			if e != nil {
				face = map[string]wire.Face{"left": someone(1, 250, 15, 0), "right": someone(1, 250, -15, 0), "up": someone(1, 250, 0, 12)}[e.Pose]
				if face.Score == 0 {
					face = operator()
				}
			}
			s.show(nil, face)
			return false
		})
		_, _, _, e, _ := s.page.seen()
		if e.Problem == nil || e.Problem.Code != "approval.used" {
			t.Errorf("%+v", e)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Error("the old face is gone")
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("with the old face: %q", problem)
		}
	})
}

func TestCameraMustBeTheEnrolledOne(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		other := func(f *wire.Frame) { f.Camera = "OBS Virtual Camera" }
		for range 10 {
			s.show(other, operator())
			time.Sleep(100 * ms)
		}
		s.closed(sekisho.Covered)
		s.page.mu.Lock()
		s.page.login = nil
		s.page.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "login"}, nil)
		for range 15 {
			synctest.Wait()
			s.show(other, operator())
			time.Sleep(100 * ms)
		}
		if _, _, l, _, _ := s.page.seen(); l == nil || l.Step != vigil.StepFailed || l.Problem.Code != "camera.virtual" {
			t.Errorf("login by a virtual camera: %+v", l)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("control: %q", problem)
		}
	})
}

// Frames made before the login's nonce, or before the lease's, prove nothing.
func TestFramesMustCarryTheNonce(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.sit()
		s.enrolFace()
		s.page.mu.Lock()
		s.page.login = nil
		s.page.mu.Unlock()
		s.page.say(wire.PageMessage{Type: "login"}, nil)
		synctest.Wait()
		for range 250 {
			s.show(func(f *wire.Frame) { f.Nonce = "prepared earlier" }, operator())
			time.Sleep(100 * ms)
		}
		if _, _, l, _, _ := s.page.seen(); l == nil || l.Step != vigil.StepFailed || len(s.far.got().faces) != 0 {
			t.Errorf("logged in with frames without the nonce: %+v", l)
		}
		if problem := s.logIn(operator()); problem != "" {
			t.Fatalf("control: %q", problem)
		}
		s.film(time.Second, operator())
		before := len(s.far.got().verdicts)
		for range 30 {
			s.show(func(f *wire.Frame) { f.Nonce = "prepared earlier" }, operator())
			time.Sleep(100 * ms)
		}
		if n := len(s.far.got().verdicts); n != before {
			t.Errorf("%d renewals rest on frames without the nonce", n-before)
		}
	})
}

func TestKeyTroubleIsSaidAndNeverSilent(t *testing.T) {
	for code, c := range map[string]struct {
		err   error
		phase string
	}{
		"device.key_lost":    {devicekey.ErrLost, phaseUnenrolled}, // only a new enrolment helps
		"device.tpm_timeout": {devicekey.ErrTimeout, phaseReady},   // may pass
	} {
		t.Run(code, func(t *testing.T) {
			play(t, func(_ *stage, p *parts) {
				good := p.loadKey
				tries := 0
				p.loadKey = func(ctx ctxT) (devicekey.Key, error) {
					if tries++; tries == 1 || errors.Is(c.err, devicekey.ErrLost) {
						return nil, c.err
					}
					return good(ctx)
				}
			}, func(s *stage) {
				s.openPage()
				if st := s.Status("en"); st.Phase != c.phase || st.Code != code || st.Title == "" || st.Action == "" {
					t.Errorf("%+v", st)
				}
				err := s.Connect("")
				if c.phase == phaseUnenrolled {
					if err == nil || s.far.got().connects != 0 {
						t.Errorf("connected without a key: %v", err)
					}
					return
				}
				s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
			})
		})
	}
}

func TestNothingOpensWithoutAPlaceForRecords(t *testing.T) {
	for want, set := range map[string]func(s *stage, p *parts){
		"evidence.no_roster": func(s *stage, _ *parts) { s.far.roster = []byte("forged") },
		"evidence.outbox_full": func(s *stage, p *parts) {
			o, err := uplink.OpenOutbox(p.dir+"/small", 4, p.clock)
			if err == nil {
				err = o.Open(wire.IncidentReport{Incident: sekisho.IncidentID(wire.NewID())})
			}
			if err != nil {
				s.t.Fatal(err)
			}
			p.outbox = o
			s.far.fail["incidents"] = uplink.ErrUnreachable
		},
	} {
		t.Run(want, func(t *testing.T) {
			play(t, set, func(s *stage) {
				s.sit()
				if problem := s.logIn(operator()); problem != want {
					t.Errorf("got %q", problem)
				}
			})
		})
	}
}

func TestRosters(t *testing.T) {
	o := officers()
	older, expired, fewer := o.roster, o.roster, o.roster
	older.Version = 2
	expired.Version, expired.Expires = 4, time.Unix(1, 0).UTC()
	_, stranger, _ := ed25519Key()
	fewer.Version = 5
	for name, c := range map[string]struct {
		next []byte
		held bool // whether the one of before serves on
	}{
		"rolled back":          {signRoster(older, o.root), true},
		"expired":              {signRoster(expired, o.root), true},
		"signed by a stranger": {signRoster(fewer, stranger), true},
		"rubbish":              {[]byte("x"), true},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.sit()
				if s.Status("").Code != "" {
					t.Fatalf("control: %+v", s.Status(""))
				}
				s.far.mu.Lock()
				s.far.roster = c.next
				s.far.mu.Unlock()
				if err := s.Disconnect(); err != nil {
					t.Fatal(err)
				}
				if err := s.Connect(""); err != nil {
					t.Fatal(err)
				}
				s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
				var version int
				_ = s.ask(func() error { version = s.roster.Version; return nil })
				if version != 3 {
					t.Errorf("sealing to roster %d", version)
				}
			})
		})
	}
	t.Run("no roster was ever held", func(t *testing.T) {
		play(t, func(s *stage, _ *parts) { s.far.roster = signRoster(expired, o.root) }, func(s *stage) {
			s.sit()
			if st := s.Status(""); st.Code != "evidence.no_roster" {
				t.Errorf("%+v", st)
			}
		})
	})
}
