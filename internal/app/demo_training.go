package app

import (
	"context"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// demoTraining makes records up for the invented operators, so that a
// demonstration goes straight to work; one of them has none.
func (h *House) demoTraining(ctx context.Context, people []operators.Person) error {
	var trained, untrained []sekisho.PersonID
	for _, p := range people {
		switch {
		case p.Login == untrainedLogin:
			untrained = append(untrained, p.ID)
		case slices.Contains(p.Roles, sekisho.RoleOperator):
			trained = append(trained, p.ID)
		}
	}
	return h.training.SeedDemo(ctx, trained, untrained)
}
