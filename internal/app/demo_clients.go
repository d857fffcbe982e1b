package app

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/clients"
)

// demoWork is the work of the first client; its number can be called.
const demoWork = "通信販売の受注"

// demoClients are two invented client companies with a work each, the invented
// operators on them, and an auditor who belongs to the first.
func (h *House) demoClients(ctx context.Context, people map[string]string) error {
	admin := sekisho.PersonID(people["admin"])
	today, err := clients.ParseDay(clients.Day(h.clock.Now()))
	if err != nil {
		return err
	}
	for _, one := range []struct {
		name, work string
		on         []string
		auditor    string
	}{
		{"見本商事（架空の委託元）", demoWork, []string{"operator", "operator2"}, "client-auditor"},
		{"架空物産（架空の委託元）", "会員の問い合わせ", []string{"operator3"}, ""},
	} {
		c, err := h.clients.Create(ctx, admin, one.name)
		if err != nil {
			return err
		}
		w, err := h.clients.AddWork(ctx, admin, c.ID, one.work)
		if err != nil {
			return err
		}
		for i, login := range one.on {
			if _, err := h.clients.Assign(ctx, admin, clients.Assignment{Work: w.ID, Person: sekisho.PersonID(people[login]), From: today, Subcontracted: i > 0}); err != nil {
				return err
			}
		}
		if one.auditor == "" {
			continue
		}
		if err := h.clients.BindAuditor(ctx, admin, c.ID, sekisho.PersonID(people[one.auditor])); err != nil {
			return err
		}
	}
	return nil
}
