package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Practice has the practice work: scenarios with invented customers.
type Practice interface {
	Practice(ctx context.Context, c Caller) (wire.Practice, error)
	BeginPractice(ctx context.Context, c Caller, id sekisho.ScenarioID) (wire.PracticeRun, error)
	Choose(ctx context.Context, c Caller, id sekisho.PracticeID, in wire.PracticeChoice) (wire.PracticeChosen, error)
}

// practiceRoutes answer where those of training do.
func (d *Door) practiceRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET training/practice": answer(func(r *http.Request, c Caller) (wire.Practice, error) { return d.Practice.Practice(r.Context(), c) }),
		"POST training/practice/{id}/runs": answer(func(r *http.Request, c Caller) (wire.PracticeRun, error) {
			return d.Practice.BeginPractice(r.Context(), c, sekisho.ScenarioID(r.PathValue("id")))
		}),
		"POST training/practice-runs/{id}/choices": answer(func(r *http.Request, c Caller) (out wire.PracticeChosen, err error) {
			var in wire.PracticeChoice
			if err := decode(r, &in); err != nil {
				return out, err
			}
			return d.Practice.Choose(r.Context(), c, sekisho.PracticeID(r.PathValue("id")), in)
		}),
	}
}
