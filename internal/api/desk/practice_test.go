package desk

import (
	"context"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

func (l *learner) Practice(context.Context, Caller) (wire.Practice, error) {
	l.reached = append(l.reached, "practice")
	return wire.Practice{Scenarios: []wire.PracticeScenario{}}, nil
}
func (l *learner) BeginPractice(_ context.Context, _ Caller, id sekisho.ScenarioID) (wire.PracticeRun, error) {
	l.reached = append(l.reached, "run "+string(id))
	return wire.PracticeRun{}, nil
}
func (l *learner) Choose(_ context.Context, _ Caller, id sekisho.PracticeID, _ wire.PracticeChoice) (wire.PracticeChosen, error) {
	l.reached = append(l.reached, "choose "+string(id))
	return wire.PracticeChosen{}, nil
}

// The practice answers exactly where training does, and takes no malformed choice.
func TestPracticeInQuarantine(t *testing.T) {
	routes := [][3]string{
		{"GET", "training/practice", ""}, {"POST", "training/practice/paper/runs", "{}"},
		{"POST", "training/practice-runs/r/choices", `{"step":0,"chosen":1}`},
	}
	for open, want := range map[bool]int{true: 200, false: 403} {
		l := learner{open: open}
		f, c := setUp(t, func(d *Districts) { d.Training, d.Practice = &l, &l })
		for _, r := range routes {
			if status, body := c.request(r[0], prefix+r[1], r[2], nil); status != want {
				t.Errorf("open %v: %s %s: %d %s", open, r[0], r[1], status, body)
			}
		}
		if open && len(l.reached) != len(routes) || !open && (len(l.reached) != 0 || len(f.rows) != len(routes)) {
			t.Errorf("open %v: reached %q, %d rows", open, l.reached, len(f.rows))
		}
	}
	l := learner{open: true}
	_, c := setUp(t, func(d *Districts) { d.Training, d.Practice = &l, &l })
	for _, body := range []string{"", "[]", `{"step":"0"}`, `{"step":0,"chosen":[1]}`, `{"step":0,"chosen":1,"right":true}`, `{"step":1e99,"chosen":0}`} {
		if status, answer := c.request("POST", prefix+"training/practice-runs/r/choices", body, nil); status != 422 {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if len(l.reached) != 0 {
		t.Errorf("reached %q", l.reached)
	}
}
