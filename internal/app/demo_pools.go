package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// demoPool is one invented group of shared PCs with two people. It has no PC yet:
// a demonstration's PCs are issued while it runs.
func (h *House) demoPool(ctx context.Context, people map[string]string) error {
	by := audit.Actor{Person: sekisho.PersonID(people["admin"]), Role: sekisho.RoleAdministrator}
	p, err := h.pools.Create(ctx, by, "見本センター 早番（架空のグループ）", "")
	if err != nil {
		return err
	}
	for _, login := range []string{"operator", "operator2"} {
		if err := h.pools.AddPerson(ctx, by, p.ID, sekisho.PersonID(people[login])); err != nil {
			return err
		}
	}
	return nil
}
