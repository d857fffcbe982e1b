package training

import (
	"math/rand/v2"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// attemptLives is how long an attempt can be taken up again.
const attemptLives = 7 * 24 * time.Hour

// States of an attempt.
const (
	attemptOpen   = "open"
	attemptPassed = "passed"
	attemptFailed = "failed"
	attemptLapsed = "lapsed" // never ended
)

// attempt is one person's try at a quiz.
type attempt struct {
	id      sekisho.AttemptID
	course  sekisho.CourseID
	person  sekisho.PersonID
	state   string
	asked   int
	correct int
	begun   time.Time
	ended   time.Time
}

// drawn is one question of an attempt, in its place.
type drawn struct {
	place    int
	question sekisho.QuestionID
	shown    []int // the options' own places, in the order shown
	correct  bool
	at       time.Time // when it was answered; zero if it was not
}

// draw takes n questions of a pool in no order, their options in no order.
func draw(pool []Question, n int) []drawn {
	out := make([]drawn, 0, n)
	for place, i := range rand.Perm(len(pool))[:min(n, len(pool))] {
		out = append(out, drawn{place: place, question: pool[i].ID, shown: rand.Perm(len(pool[i].Options))})
	}
	return out
}

// next is the first question without an answer; false at the end.
func next(all []drawn) (drawn, bool) {
	for _, d := range all {
		if d.at.IsZero() {
			return d, true
		}
	}
	return drawn{}, false
}

// progress is an attempt as its person sees it; q is the next question, if any.
func progress(a attempt, all []drawn, q *wire.TrainingQuestion) wire.TrainingAttempt {
	out := wire.TrainingAttempt{ID: a.id, Asked: len(all), Question: q}
	for _, d := range all {
		if d.at.IsZero() {
			continue
		}
		out.Answered++
		if d.correct {
			out.Right++
		}
	}
	return out
}
