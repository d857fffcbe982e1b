package app

import (
	ownroles "github.com/sekisho/sekisho/internal/gate/roles"
)

// ownRoles makes the room of own roles. Whoever holds one is more than an
// operator: a link for him is one for a trusted person.
func (h *House) ownRoles() *ownroles.Roles {
	r := ownroles.New(h.db, h.clock, h.log, h.people)
	h.people.TrustAlso(r.Held)
	return r
}
