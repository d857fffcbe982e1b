package desk

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// learner has courses for whoever has something to do.
type learner struct {
	open    bool
	fail    error
	reached []string
}

func (l *learner) Open(context.Context, Caller) (bool, error) { return l.open, l.fail }
func (l *learner) Overview(context.Context, Caller) (wire.Training, error) {
	l.reached = append(l.reached, "overview")
	return wire.Training{Courses: []wire.TrainingCourse{}, Documents: []wire.TrainingDocument{}}, nil
}
func (l *learner) Begin(_ context.Context, _ Caller, id sekisho.CourseID) (wire.TrainingAttempt, error) {
	l.reached = append(l.reached, "begin "+string(id))
	return wire.TrainingAttempt{}, nil
}
func (l *learner) Answer(_ context.Context, _ Caller, id sekisho.AttemptID, a wire.TrainingAnswer) (wire.TrainingAnswered, error) {
	l.reached = append(l.reached, "answer "+string(id))
	return wire.TrainingAnswered{Right: []int{}}, nil
}
func (l *learner) Document(_ context.Context, _ Caller, id sekisho.DocumentID) (wire.RuleDocument, error) {
	l.reached = append(l.reached, "document "+string(id))
	return wire.RuleDocument{}, nil
}
func (l *learner) Acknowledge(context.Context, Caller, wire.Signed) error {
	l.reached = append(l.reached, "acknowledge")
	return nil
}

var learning = [][3]string{
	{"GET", "training", ""},
	{"POST", "training/courses/home/attempts", "{}"},
	{"POST", "training/attempts/a/answers", `{"place":0,"chosen":[1]}`},
	{"GET", "training/documents/policy", ""},
	{"POST", "acknowledgements", `{"payload":"","signature":""}`},
}

// Quarantine answers training to whoever misses it, and to nobody else.
func TestTrainingInQuarantine(t *testing.T) {
	for name, test := range map[string]struct {
		learner
		status  int
		reached int
	}{
		"something to do":     {learner{open: true}, 200, len(learning)},
		"nothing to do":       {learner{}, 403, 0},
		"it cannot be known":  {learner{open: true, fail: errors.New("unreadable")}, 500, 0},
		"nor that it is none": {learner{fail: errors.New("unreadable")}, 500, 0},
	} {
		l := test.learner
		f, c := setUp(t, func(d *Districts) { d.Training = &l })
		for _, r := range learning {
			status, body := c.request(r[0], prefix+r[1], r[2], nil)
			if status != test.status {
				t.Errorf("%s: %s %s: %d %s", name, r[0], r[1], status, body)
			}
		}
		if len(l.reached) != test.reached {
			t.Errorf("%s: reached %q", name, l.reached)
		}
		if test.status == 403 && len(f.rows) != len(learning) {
			t.Errorf("%s: %d rows of refusals", name, len(f.rows))
		}
	}
}

func TestMalformedAnswersReachNobody(t *testing.T) {
	l := learner{open: true}
	_, c := setUp(t, func(d *Districts) { d.Training = &l })
	for _, body := range []string{"", "[]", `{"place":"0"}`, `{"place":0,"chosen":["a"]}`, `{"place":0,"chosen":[1],"key":1}`, `{"place":0} {}`, `{"place":1e99}`} {
		if status, answer := c.request("POST", prefix+"training/attempts/a/answers", body, nil); status != 422 || !strings.Contains(answer, "request.malformed") {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if len(l.reached) != 0 {
		t.Errorf("reached %q", l.reached)
	}
}
