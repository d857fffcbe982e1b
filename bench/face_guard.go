package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// Promises of DESIGN §2 and §3 about the guard.
const (
	boundChecks      = 3 // a second, at least
	boundFalseBlanks = 1 // in eight hours
)

// operated is the agent's part, without the agent: login judge and machine on
// the frames of a real browser.
type operated struct {
	camera    *camera
	templates vigil.Templates
	th        vigil.Thresholds
	machine   *vigil.Machine
	login     *vigil.Login
	began     time.Time
	pace      time.Duration
}

func (c *camera) operate(t vigil.Templates, th vigil.Thresholds) *operated {
	policy := wire.GuardPolicy{Name: "home", Place: sekisho.PlaceHome, Onlooker: true, AbsentMS: 10000, Reentry: "standard"}
	return &operated{
		camera: c, templates: t, th: th, began: time.Now(),
		machine: vigil.NewMachine(vigil.Config{Policy: policy, Thresholds: th, Class: sekisho.ClassFace}),
		login:   vigil.NewLogin(t, th, ""),
	}
}

// step takes one frame of the browser and answers with the pace.
func (o *operated) step() (said, vigil.Verdict, error) {
	s, err := o.camera.wait("frame")
	if err != nil {
		return s, vigil.Verdict{}, err
	}
	at := time.Since(o.began) + time.Second
	seen := vigil.Look(s.Frame, o.templates, o.th)
	v := o.machine.Step(seen, at)
	interval := v.Interval
	if !v.Open {
		o.login.Step(seen, at)
		interval = min(interval, o.login.Interval())
		if _, ok := o.login.Statement(at); ok {
			v = o.machine.Open(at)
			interval = v.Interval
		}
		if o.login.Done() || o.login.Failed() != "" {
			o.login = vigil.NewLogin(o.templates, o.th, "")
		}
	}
	if interval != o.pace {
		o.pace = interval
		err = o.camera.tell(fmt.Sprintf(`{"pace":%d}`, interval.Milliseconds()))
	}
	return s, v, err
}

// enrolFrom runs the enrolment judge on what the camera shows.
func (c *camera) enrolFrom(th vigil.Thresholds) (vigil.Templates, error) {
	e := vigil.NewEnrolment(th, standardModel)
	if err := c.tell(`{"pace":30}`); err != nil {
		return vigil.Templates{}, err
	}
	began := time.Now()
	for time.Since(began) < 2*time.Minute {
		s, err := c.wait("frame")
		if err != nil {
			return vigil.Templates{}, err
		}
		e.Step(vigil.Look(s.Frame, vigil.Templates{}, th), time.Since(began)+time.Second)
		if t, ok := e.Templates(); ok {
			return t, nil
		}
		if e.Failed() != "" {
			break
		}
	}
	return vigil.Templates{}, fmt.Errorf("bench: enrolment: %s %s", e.Failed(), e.Pose())
}

// steady plays the operator alone, for a while: checks a second, processor
// time, and how often the guard closed without a reason.
func (f faceFiles) steady(ctx context.Context, clip string, seconds float64, t vigil.Templates, th vigil.Thresholds, play time.Duration, logf func(string, ...any)) (out []Result, err error) {
	err = f.watch(ctx, clip, func(c *camera) error {
		o := c.operate(t, th)
		if err := o.until(time.Minute, func(v vigil.Verdict) bool { return v.Open }); err != nil {
			return err
		}
		if err := c.tell(`{"cpu":true}`); err != nil {
			return err
		}
		start, err := c.wait("cpu")
		if err != nil {
			return err
		}
		var perSecond []float64
		blanks, frames, mark := 0, 0, time.Now()
		for began := time.Now(); time.Since(began) < play; {
			_, v, err := o.step()
			if err != nil {
				return err
			}
			if frames++; time.Since(mark) >= time.Second {
				perSecond = append(perSecond, float64(frames)/time.Since(mark).Seconds())
				frames, mark = 0, time.Now()
			}
			if v.Fell {
				blanks++
				logf("false blank: %v after %v", v.Reason, time.Since(began))
			}
		}
		if err := c.tell(`{"cpu":true}`); err != nil {
			return err
		}
		end, err := c.wait("cpu")
		if err != nil {
			return err
		}
		idle, err := c.idle(10 * time.Second)
		if err != nil {
			return err
		}
		out = f.steadyResults(perSecond, (end.Browser-start.Browser)/(end.At-start.At), (end.Renderer-start.Renderer)/(end.At-start.At), idle, blanks, play, seconds)
		return nil
	})
	return out, err
}

func (o *operated) until(patience time.Duration, done func(vigil.Verdict) bool) error {
	for began := time.Now(); time.Since(began) < patience; {
		_, v, err := o.step()
		if err != nil || done(v) {
			return err
		}
	}
	return errors.New("bench: it did not come to pass in " + patience.String())
}

// idle is the processor share of the browser with the camera on and no guard.
func (c *camera) idle(d time.Duration) (float64, error) {
	var at [2]said
	if err := c.tell(`{"idle":true}`); err != nil {
		return 0, err
	}
	if _, err := c.wait("idle"); err != nil {
		return 0, err
	}
	for i := range at {
		if err := c.tell(`{"cpu":true}`); err != nil {
			return 0, err
		}
		var err error
		if at[i], err = c.wait("cpu"); err != nil {
			return 0, err
		}
		if i == 0 {
			time.Sleep(d)
		}
	}
	return (at[1].Browser - at[0].Browser) / (at[1].At - at[0].At), nil
}

func (f faceFiles) steadyResults(perSecond []float64, browser, renderer, idle float64, blanks int, play time.Duration, seconds float64) []Result {
	slices.Sort(perSecond)
	n := len(perSecond)
	checks, per8h := float64(boundChecks), float64(boundFalseBlanks)
	load := map[string]string{"engine": "standard", "load": loadAverage()}
	fps := Result{Name: "guard_fps", Labels: load, Unit: "checks/s", Better: "higher", N: n, Bound: &checks, OK: "not shown", Peers: []Peer{}}
	if n > 0 {
		fps.Value, fps.Low, fps.High = perSecond[n/2], perSecond[n/40], perSecond[n-1-n/40]
		fps.OK = shown(-fps.High, -fps.Low, -checks)
	}
	scale := (8 * time.Hour).Hours() / play.Hours()
	low, high := poisson(blanks)
	blank := Result{
		Name:   "guard_false_blanks_per_8h",
		Labels: map[string]string{"played_s": strconv.Itoa(int(play.Seconds())), "distinct_s": strconv.FormatFloat(seconds, 'f', 1, 64), "blanks": strconv.Itoa(blanks)},
		Value:  float64(blanks) * scale, Low: low * scale, High: high * scale,
		Unit: "1/8h", Better: "lower", N: blanks, Bound: &per8h, OK: shown(low*scale, high*scale, per8h), Peers: []Peer{},
	}
	return []Result{
		fps,
		{
			Name: "guard_cpu", Labels: map[string]string{"what": "browser with the guard, without the camera alone", "load": loadAverage()}, Unit: "cores", Better: "lower",
			Value: browser - idle, Low: browser - idle, High: browser - idle, N: 1, OK: true,
			Peers: []Peer{{Name: "browser, all", Value: browser, Ratio: (browser - idle) / browser}, {Name: "renderer", Value: renderer, Ratio: (browser - idle) / renderer}},
		},
		blank,
	}
}

func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first
}
