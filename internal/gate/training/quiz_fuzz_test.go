package training

import (
	"slices"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// FuzzAnswer sends whatever as an answer to the question that is shown: what is
// refused changed nothing, and what is taken is graded by the key, once.
func FuzzAnswer(f *testing.F) {
	r := newRoom(f, storagetest.SQLite(f))
	for _, chosen := range [][]byte{{0}, {1}, {0, 1}, {3, 2, 1, 0}, {0, 0}, {255}, {128, 0}, nil, make([]byte, 500)} {
		f.Add(0, chosen)
		f.Add(14, chosen)
	}
	f.Add(-1, []byte{0})
	f.Add(1<<40, []byte{0})
	f.Fuzz(func(t *testing.T, place int, bytes []byte) {
		s := (&room{t, r.Training, r.clk, r.log}).seat(sekisho.PersonID(wire.NewID()), "pc-1")
		a, err := s.Begin(t.Context(), s.By, ownCourse)
		s.must(err)
		right := s.rightOptions(a)
		chosen := make([]int, len(bytes))
		for i, b := range bytes {
			chosen[i] = int(int8(b))
		}
		out, err := s.Answer(t.Context(), s.By, a.ID, wire.TrainingAnswer{Place: place, Chosen: chosen})
		after, err2 := s.Begin(t.Context(), s.By, ownCourse) // takes up what is under way
		s.must(err2)
		if err != nil {
			if code := sekisho.CodeOf(err); code != "training.answer" && code != "training.answered" {
				t.Fatalf("%v has no text of its own", err)
			}
			if after.ID != a.ID || after.Answered != 0 || after.Question.Place != a.Question.Place || after.Question.Text != a.Question.Text || !slices.Equal(after.Question.Options, a.Question.Options) {
				t.Fatalf("refused, and it changed: %+v", after)
			}
			return
		}
		picked := slices.Sorted(slices.Values(chosen))
		if place != 0 || out.Correct != slices.Equal(picked, right) || !slices.Equal(out.Right, right) || len(slices.Compact(picked)) != len(chosen) || picked[0] < 0 || picked[len(picked)-1] >= len(a.Question.Options) {
			t.Fatalf("took %d %v for %v: %+v", place, chosen, right, out)
		}
		if after.ID != a.ID || after.Answered != 1 || after.Question.Place != 1 {
			t.Fatalf("taken, and the attempt stands at %+v", after)
		}
		if _, err := s.Answer(t.Context(), s.By, a.ID, wire.TrainingAnswer{Place: place, Chosen: right}); sekisho.CodeOf(err) != "training.answered" {
			t.Fatalf("answered twice: %v", err)
		}
	})
}
