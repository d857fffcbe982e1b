package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
)

// cast is who plays: three clips and the timeline of the main one.
type cast struct {
	enrol, clip, day string
	timeline         clips.Timeline
	visits           []visit // who comes into the picture in the clip of the day
	models           centre.Models
	policy           string // guard policy of the PC
}

// visit is somebody who comes into the picture while the operator works.
type visit struct{ state, step string }

var visits = []visit{
	{"onlooker", "an onlooker: black at once"},
	{"other", "another person in the seat: refused"},
	{"spoof", "a photograph on a tablet: refused"},
}

// dayLength is at most how long the clip of the day plays, in seconds.
const dayLength = 28 + 3*12

// patience is how long a login may take: the operator may have to come round
// again in a clip that loops.
func (c cast) patience() time.Duration {
	return time.Duration(max(c.timeline.Length(), dayLength)+30) * time.Second
}

const faces = "../shared/testdata/faces"

// casting chooses the clips: those that somebody names, those beside the
// project, or people cut from npm's sample photographs.
func casting(ctx context.Context, dir string, o options) (c cast, note string, err error) {
	// The demonstration's policy is the standard one about coming back; a drill
	// shows that a strict one asks its challenge.
	c.policy = "demo"
	if c.models, err = centre.FindModels(ctx); err != nil {
		return c, "", err
	}
	c.enrol, c.clip, c.day = filepath.Join(dir, "enrol.mjpeg"), filepath.Join(dir, "clip.mjpeg"), filepath.Join(dir, "day.mjpeg")
	switch {
	case o.clip != "" || o.enrol != "" || o.timeline != "":
		c, note, err = named(ctx, c, o)
	case exists(filepath.Join(faces, "guard-timeline.mjpeg")):
		c, note, err = beside(ctx, c)
	default:
		c, note, err = fromPhotos(ctx, c)
	}
	return c, note + c.limits(), err
}

// limits says what this cast cannot show.
func (c cast) limits() (note string) {
	if !slices.ContainsFunc(c.visits, func(v visit) bool { return v.state == "spoof" }) {
		note = "; not shown: a photograph on a tablet"
	}
	if !c.models.Standard {
		note += " (" + c.models.Source + ")"
	}
	return note
}

// named plays somebody else's faces.
func named(ctx context.Context, c cast, o options) (cast, string, error) {
	if o.clip == "" || o.enrol == "" || o.timeline == "" {
		return c, "", errors.New("give all three: ENROL=FILE CLIP=FILE TIMELINE=FILE.json")
	}
	var err error
	if c.timeline, err = clips.Load(o.timeline); err != nil {
		return c, "", err
	}
	if err := errors.Join(clips.Convert(ctx, o.enrol, c.enrol), clips.Convert(ctx, o.clip, c.clip)); err != nil {
		return c, "", err
	}
	note := fmt.Sprintf("%s, %.0f s", filepath.Base(o.clip), c.timeline.Length())
	return c, note, c.composeDay(ctx, c.clip)
}

// beside plays the clips that lie beside the project.
func beside(ctx context.Context, c cast) (cast, string, error) {
	var err error
	if c.timeline, err = clips.Load(filepath.Join(faces, "guard-timeline.json")); err != nil {
		return c, "", err
	}
	c.clip = filepath.Join(faces, "guard-timeline.mjpeg") // in the camera's own form already
	// Only the first 4.5 s of op_all.mjpeg show the operator; then others stand in his place.
	one := clips.Part{File: filepath.Join(faces, "op_all.mjpeg"), From: 0, To: 4.5, State: "operator"}
	if _, err := clips.Compose(ctx, c.enrol, one); err != nil {
		return c, "", err
	}
	return c, "guard-timeline.mjpeg", c.composeDay(ctx, c.clip)
}

// composeDay joins the operator, twelve seconds of nobody, and then everybody
// else whom the clip shows, each between two times of the operator alone.
func (c *cast) composeDay(ctx context.Context, clip string) error {
	op, ok := c.operator()
	if !ok {
		return errors.New("the timeline has no segment \"operator\" of a second or more")
	}
	alone := func(seconds float64) []clips.Part { return repeat(clip, op, seconds, "operator") }
	parts := alone(8)
	if no, ok := c.longest("nobody"); ok {
		parts = append(parts, repeat(clip, no, 12, "nobody")...)
	} else {
		parts = append(parts, clips.Part{Blank: true, To: 12, State: "nobody"})
	}
	parts = append(parts, alone(8)...)
	for _, v := range visits {
		if v.state == "spoof" && !c.models.Standard {
			continue // the demonstration engine cannot tell a photograph from a face
		}
		if s, ok := c.longest(v.state); ok {
			c.visits = append(c.visits, v)
			parts = append(append(parts, repeat(clip, s, 4, v.state)...), alone(8)...)
		}
	}
	_, err := clips.Compose(ctx, c.day, parts...)
	return err
}

// operator is the last segment of the operator that is long enough to be
// repeated without a jump every second, or the longest.
func (c *cast) operator() (s clips.Segment, ok bool) {
	for _, x := range c.timeline.Segments {
		if x.State == "operator" && x.To-x.From >= 3 {
			s, ok = x, true
		}
	}
	if ok {
		return s, true
	}
	return c.longest("operator")
}

// longest is the longest segment of a state, less a little at both ends where
// one picture may run into the next.
func (c *cast) longest(state string) (s clips.Segment, ok bool) {
	for _, x := range c.timeline.Segments {
		if x.State == state && x.To-x.From >= 1 && x.To-x.From > s.To-s.From {
			s, ok = x, true
		}
	}
	return s, ok
}

// repeat fills seconds with a segment played again and again.
func repeat(file string, s clips.Segment, seconds float64, state string) (parts []clips.Part) {
	from, to := s.From+0.1, min(s.To-0.1, s.From+4)
	for seconds > 0 {
		length := min(seconds, to-from)
		parts = append(parts, clips.Part{File: file, From: from, To: from + length, State: state})
		seconds -= length
	}
	return parts
}

// fromPhotos cuts people from the sample photographs, where no clips lie beside
// the project.
func fromPhotos(ctx context.Context, c cast) (cast, string, error) {
	alone := func(seconds float64) clips.Part { return clips.Operator.Sits(".", seconds, "operator") }
	var err error
	if _, err = clips.Compose(ctx, c.enrol, alone(10)); err != nil {
		return c, "", err
	}
	if c.timeline, err = clips.Compose(ctx, c.clip, alone(6), clips.Operator.Beside(clips.Visitor, ".", 4), alone(4),
		clips.Part{Blank: true, To: 4, State: "nobody"}, clips.Stranger.Sits(".", 4, "other"), alone(4)); err != nil {
		return c, "", err
	}
	return c, "composed from npm's sample photographs", c.composeDay(ctx, c.clip)
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
