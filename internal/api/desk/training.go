package desk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// trainingRoutes are the courses, quizzes and rule documents.
func (d *Door) trainingRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET training": answer(func(r *http.Request, c Caller) (wire.Training, error) { return d.Training.Overview(r.Context(), c) }),
		"GET training/documents/{id}": answer(func(r *http.Request, c Caller) (wire.RuleDocument, error) {
			return d.Training.Document(r.Context(), c, sekisho.DocumentID(r.PathValue("id")))
		}),
		"POST training/courses/{id}/attempts": answer(func(r *http.Request, c Caller) (wire.TrainingAttempt, error) {
			return d.Training.Begin(r.Context(), c, sekisho.CourseID(r.PathValue("id")))
		}),
		"POST training/attempts/{id}/answers": answer(func(r *http.Request, c Caller) (out wire.TrainingAnswered, err error) {
			var in wire.TrainingAnswer
			if err := decode(r, &in); err != nil {
				return out, err
			}
			return d.Training.Answer(r.Context(), c, sekisho.AttemptID(r.PathValue("id")), in)
		}),
		"POST acknowledgements": do(func(ctx context.Context, c Caller, s wire.Signed) error { return d.Training.Acknowledge(ctx, c, s) }),
	}
}

// learning lets a request pass under a live lease, and in quarantine only for
// whoever has something to do there: what is asked that cannot be known refuses.
func (d *Door) learning(next http.HandlerFunc) http.HandlerFunc {
	live := d.live(next)
	return func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r)
		if c.Session != "" {
			live(w, r)
			return
		}
		open, err := d.Training.Open(r.Context(), c)
		if err != nil {
			d.problem(w, r, err)
			return
		}
		if !open {
			d.refuse(w, r, c, errSession)
			return
		}
		next(w, r)
	}
}

// decode reads one JSON value strictly.
func decode(r *http.Request, in any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(in); err != nil {
		return errMalformed.Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errMalformed.Because(errors.Join(err, errors.New("desk: more than one value")))
	}
	return nil
}
