package training

import (
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a course and its questions.
const (
	maxTitle     = 120  // characters
	maxText      = 1000 // of a question or an explanation
	maxOption    = 300
	maxOptions   = 8
	maxQuestions = 500 // in a pool
	maxDraw      = 60
)

// Course is one course: a quiz drawn from a pool of questions.
type Course struct {
	ID          sekisho.CourseID
	Title       wire.Words
	Draw        int           // questions for one attempt, 1–60
	PassPercent int           // 50–100
	Pause       time.Duration // after a failed attempt, at most 7 days
	ValidMonths int           // 1–36
	Required    bool          // of everybody who works
	Since       time.Time     // when it was first asked of people
	Version     int
	Pool        int // questions that can be drawn
}

// valid says what is wrong with a course, if anything.
func (c Course) valid() error {
	switch {
	case !titled(c.Title):
		return errTitle
	case c.Draw < 1 || c.Draw > maxDraw || c.PassPercent < 50 || c.PassPercent > 100 ||
		c.Pause < 0 || c.Pause > 7*24*time.Hour || c.ValidMonths < 1 || c.ValidMonths > 36:
		return errCourse
	}
	return nil
}

func titled(w wire.Words) bool { return written(w.JA, maxTitle) && written(w.EN, maxTitle) }

// written says whether s is a text of at most limit characters, and not empty.
func written(s string, limit int) bool {
	return strings.TrimSpace(s) != "" && wire.ValidText(s, limit)
}

// Question is one question of a pool, with its key.
type Question struct {
	ID      sekisho.QuestionID
	Text    wire.Words
	Options []Option
	Explain wire.Words
	Rule    string // where the answer stands: a document's id and a number, "telework 3.1"; "" if nowhere
}

// Option is one answer to choose.
type Option struct {
	Text  wire.Words `json:"text"`
	Right bool       `json:"right"`
}

// rights counts the options that are right.
func (q Question) rights() (n int) {
	for _, o := range q.Options {
		if o.Right {
			n++
		}
	}
	return n
}

// grade says whether chosen, places in the order shown, are exactly the right
// options. Shown holds the options' own places.
func (q Question) grade(shown, chosen []int) bool {
	right := q.right(shown)
	chosen = slices.Clone(chosen)
	slices.Sort(chosen)
	return slices.Equal(chosen, right)
}

// right are the places of the right options in the order shown, ascending.
func (q Question) right(shown []int) []int {
	out := []int{}
	for place, own := range shown {
		if own >= 0 && own < len(q.Options) && q.Options[own].Right {
			out = append(out, place)
		}
	}
	return out
}

// shownAs is the question without its key, options in the order shown.
func (q Question) shownAs(place int, shown []int) *wire.TrainingQuestion {
	out := &wire.TrainingQuestion{Place: place, Text: q.Text, Options: make([]wire.Words, 0, len(shown)), Several: q.rights() > 1}
	for _, own := range shown {
		if own >= 0 && own < len(q.Options) {
			out.Options = append(out.Options, q.Options[own].Text)
		}
	}
	return out
}

// percent is the share of right answers, rounded down: nobody passes by rounding.
func percent(right, asked int) int {
	if asked <= 0 {
		return 0
	}
	return right * 100 / asked
}
