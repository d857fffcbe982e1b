package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/test/clips"
)

const (
	// grace is what is not judged after each change of the picture.
	grace = 2 * time.Second
	// wrongAllowed is the pace of the checks: a state that is right at one of
	// them and at the next may have been wrong for so long between.
	wrongAllowed = time.Second / boundChecks
	// mislabelled is where guard-timeline.json says operator and the picture
	// shows another man, from 4.6 s to 6 s: a guard that is right is wrong there.
	mislabelled = 1400 * time.Millisecond
)

// told is a clip with what is to be seen in it; wrong is how long the timeline itself errs.
type told struct {
	name, clip string
	timeline   clips.Timeline
	wrong      time.Duration
}

// judged is how much of a timeline is compared: all but the grace.
func judged(t clips.Timeline) (s time.Duration) {
	for _, seg := range t.Segments {
		s += max(0, time.Duration((seg.To-seg.From)*float64(time.Second))-grace)
	}
	return s
}

// tally counts the seconds in which the guard says what a clip shows. What it
// said last holds until it says something else.
type tally struct {
	timeline     clips.Timeline
	right, wrong float64
	at           float64 // second of the clip up to which is counted
	says         vigil.Verdict
}

// note counts up to a second, then takes over what the guard says from then on.
func (y *tally) note(at float64, v vigil.Verdict) {
	for _, seg := range y.timeline.Segments {
		d := min(at, seg.To) - max(y.at, seg.From+grace.Seconds())
		switch {
		case d <= 0:
		case fits(seg.State, y.says):
			y.right += d
		default:
			y.wrong += d
		}
	}
	y.at, y.says = max(y.at, at), v
}

// told plays a story and holds its seconds against what may be wrong.
func (f faceFiles) told(ctx context.Context, t told, templates vigil.Templates, th vigil.Thresholds, logf func(string, ...any)) ([]Result, error) {
	right, wrong, lost, err := f.story(ctx, t.clip, t.timeline, templates, th, logf)
	if err != nil {
		return nil, err
	}
	most := (t.wrong + wrongAllowed).Seconds()
	least := judged(t.timeline).Seconds() - most
	second := func(figure string, v, bound float64, better string, holds bool) Result {
		r := one(figure, "s", better, v, map[string]string{"clip": t.name, "mislabelled_s": fmt.Sprintf("%.1f", t.wrong.Seconds()), "lost": strconv.Itoa(lost)})
		if r.Bound, r.OK = &bound, holds; !holds && lost > 0 {
			r.OK = "not shown" // the film itself goes slower on a machine that cannot keep up: its seconds are not ours
		}
		return r
	}
	return []Result{
		second("guard_seconds_right", right, least, "higher", right >= least),
		second("guard_seconds_wrong", wrong, most, "lower", wrong <= most),
	}, nil
}

// story plays a clip with a timeline through browser, judges and machine and
// compares one loop of it, two seconds of grace at each change. lost is how often
// the page said nothing for a second.
func (f faceFiles) story(ctx context.Context, clip string, t clips.Timeline, templates vigil.Templates, th vigil.Thresholds, logf func(string, ...any)) (right, wrong float64, lost int, err error) {
	err = f.watch(ctx, clip, func(c *camera) error {
		o := c.operate(templates, th)
		if err := o.until(time.Minute, func(v vigil.Verdict) bool { return v.Open }); err != nil {
			return err
		}
		if err := c.tell(`{"again":true}`); err != nil { // the camera starts anew: the clip's second 0
			return err
		}
		if _, err := c.wait("again"); err != nil {
			return err
		}
		seconds := tally{timeline: t}
		was := ""
		for seconds.at < t.Length() {
			s, v, err := o.step()
			if err != nil {
				return err
			}
			now := (s.Shot + float64(s.Frame.AgeMS)) / 1000
			if v.State == sekisho.Lost && seconds.says.State != sekisho.Lost {
				lost++
			}
			if says := fmt.Sprintf("%v open=%v %v", v.State, v.Open, v.Screen); says != was {
				logf("%6.2f s %-10s %s", now, t.At(now).State, says)
				was = says
			}
			seconds.note(now, v)
		}
		right, wrong = seconds.right, seconds.wrong
		return nil
	})
	return right, wrong, lost, err
}

func fits(segment string, v vigil.Verdict) bool {
	switch segment {
	case "operator":
		return v.Open && v.Screen == vigil.Open && (v.State == sekisho.Present || v.State == sekisho.Unsure)
	case "nobody":
		return v.State == sekisho.Absent || v.State == sekisho.Covered
	}
	return v.State.String() == segment
}

// composed makes a clip of other people than the operator of the test clips:
// sample photographs that npm ships and, where the test pictures are here, their tablet.
func (f faceFiles) composed(ctx context.Context, dir string) (enrolment, clip string, t clips.Timeline, err error) {
	enrolment, clip = filepath.Join(dir, "enrol.mjpeg"), filepath.Join(dir, "story.mjpeg")
	alone := func(seconds float64) clips.Part { return clips.Operator.Sits(f.root, seconds, "operator") }
	if _, err = clips.Compose(ctx, enrolment, alone(6)); err != nil {
		return enrolment, clip, t, err
	}
	parts := []clips.Part{
		alone(4), clips.Operator.Beside(clips.Visitor, f.root, 4), alone(4),
		{Blank: true, To: 4, State: "nobody"}, clips.Stranger.Sits(f.root, 4, "other"),
	}
	if tablet := filepath.Join(f.faces, "attack_1.jpg"); exists(tablet) {
		parts = append(parts, clips.Part{File: tablet, To: 4, State: "spoof"})
	}
	t, err = clips.Compose(ctx, clip, append(parts, alone(4))...)
	return enrolment, clip, t, err
}
