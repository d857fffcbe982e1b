package drills

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
	"github.com/sekisho/sekisho/test/seat"
)

// Where the clips lie that show a person and a tablet with a face on it.
const (
	faceClips = "../shared/testdata/faces"
	guardClip = faceClips + "/guard-timeline.mjpeg"
)

// canSee says whether this machine has a face to show and models that tell a
// face from a picture of one; the demonstration's engine cannot.
func canSee(ctx context.Context) error {
	if _, err := os.Stat(guardClip); err != nil {
		return fmt.Errorf("%w: %s", errMissing, guardClip)
	}
	models, err := centre.FindModels(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	if !models.Standard {
		return fmt.Errorf("%w: the standard face models: %s", errMissing, models.Source)
	}
	return nil
}

// photo shows a tablet with a face on it to the camera, in the real page: once
// to enrol it, once to log in as somebody who has enrolled. The control is the
// same pages with the person himself.
func photo(ctx context.Context, f *Field, r *Result) error {
	if err := canSee(ctx); err != nil {
		return err
	}
	dir, err := f.Folder("clips")
	if err != nil {
		return err
	}
	person, tablet := filepath.Join(dir, "person.mjpeg"), filepath.Join(dir, "tablet.mjpeg")
	_, err1 := clips.Compose(ctx, person, clips.Part{File: faceClips + "/op_all.mjpeg", To: 4.5, State: "operator"})
	_, err2 := clips.Compose(ctx, tablet, clips.Part{File: guardClip, From: 22.1, To: 25.9, State: "spoof"})
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	enrolled, err := f.photoEnrolment(ctx, tablet)
	if err != nil {
		return err
	}
	pc, err := f.seated(ctx)
	if err != nil {
		return err
	}
	defer pc.Close()
	if err := f.enrolAt(ctx, pc, person); err != nil {
		return err
	}
	r.Control = true
	phase, login, err := f.loginAt(ctx, pc, tablet)
	if err != nil {
		return err
	}
	r.Refused = enrolled == "vigil.not_live" && phase != "live" && login != ""
	r.Evidence = fmt.Sprintf("enrolling the tablet: %s; logging in with it: %s, the agent stays in %s; the person himself enrolled and got in", enrolled, login, phase)
	return nil
}

// seated is a PC with a running agent.
func (f *Field) seated(ctx context.Context) (*centre.PC, error) {
	pc, err := f.issueAgent(ctx, centre.PCOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := pc.Start(ctx); err != nil {
		pc.Close()
		return nil, err
	}
	return pc, nil
}

// progress is what the agent last told the page of a login or an enrolment.
type progress struct {
	Step    string `json:"step"`
	Good    int    `json:"good"`
	Problem *struct {
		Code string `json:"code"`
	} `json:"problem"`
}

func (p progress) code() string {
	if p.Problem == nil {
		return ""
	}
	return p.Problem.Code
}

// told waits until the agent says that a login or an enrolment has failed, or
// somebody got in.
func told(ctx context.Context, s *seat.Seat, what string, limit time.Duration) (phase string, p progress, err error) {
	for until := time.Now().Add(limit); time.Now().Before(until); {
		var seen struct {
			Phase string   `json:"phase"`
			Told  progress `json:"told"`
		}
		expression := "({phase: window.__seat?.status?.phase ?? '', told: window.__seat?." + what + " ?? {}})"
		if err := s.Page.Eval(ctx, expression, &seen); err != nil {
			return "", p, err
		}
		phase, p = seen.Phase, seen.Told
		if p.Step == "failed" || phase == "live" {
			return phase, p, nil
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return phase, p, err
		}
	}
	return phase, p, nil
}

// begin sits down before a camera and presses 接続.
func (f *Field) begin(ctx context.Context, pc *centre.PC, camera string) (*seat.Seat, error) {
	s, err := seat.Sit(ctx, f.Centre, pc, seat.Options{Camera: camera})
	if err != nil {
		return nil, err
	}
	if err := s.Connect(ctx); err != nil {
		s.Leave()
		return nil, err
	}
	return s, nil
}

// photoEnrolment has a witness who does not look approve the face on a tablet.
func (f *Field) photoEnrolment(ctx context.Context, tablet string) (code string, err error) {
	pc, err := f.seated(ctx)
	if err != nil {
		return "", err
	}
	defer pc.Close()
	s, err := f.begin(ctx, pc, tablet)
	if err != nil {
		return "", err
	}
	defer s.Leave()
	if err := s.Page.WaitText(ctx, "同意する", 30*time.Second); err != nil {
		return "", err
	}
	if err := s.Enrol(ctx); err != nil {
		return "", err
	}
	phase, p, err := told(ctx, s, "enrol", 60*time.Second)
	if err != nil {
		return "", err
	}
	if code = p.code(); code == "" {
		code = fmt.Sprintf("%s after %d poses, agent %s", p.Step, p.Good, phase)
	}
	return code, nil
}

// enrolAt enrols the person whom the camera shows, who then gets in.
func (f *Field) enrolAt(ctx context.Context, pc *centre.PC, camera string) error {
	s, err := f.begin(ctx, pc, camera)
	if err != nil {
		return err
	}
	defer s.Leave()
	if err := s.Page.WaitText(ctx, "同意する", 30*time.Second); err != nil {
		return err
	}
	if err := s.Enrol(ctx); err != nil {
		return err
	}
	_, err = s.Await(ctx, "enrolled and logged in", 80*time.Second, func(x seat.Sample) bool { return x.Phase == "live" })
	return err
}

// loginAt comes back before another camera and waits for what the agent says.
func (f *Field) loginAt(ctx context.Context, pc *centre.PC, camera string) (phase, code string, err error) {
	s, err := f.begin(ctx, pc, camera)
	if err != nil {
		return "", "", err
	}
	defer s.Leave()
	phase, p, err := told(ctx, s, "login", 40*time.Second)
	return phase, p.code(), err
}
