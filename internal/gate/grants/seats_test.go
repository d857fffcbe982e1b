package grants

import (
	"context"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// seats refuses whoever is written in it.
type seats struct{ refused map[sekisho.PersonID]error }

func (s *seats) MaySit(_ context.Context, p sekisho.PersonID, _ sekisho.DeviceID) error {
	return s.refused[p]
}

func TestNobodyOpensWhereHeMayNotSit(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	statement := a.statement(nil)
	c.seats.refused = map[sekisho.PersonID]error{a.Person: sekisho.Fail(sekisho.KindDenied, "shared.not_one")}
	_, err := c.book.Open(t.Context(), a.ID, statement)
	c.refused(err, "shared.not_one")
	_, err = c.book.LoginNonce(t.Context(), a.ID)
	c.refused(err, "shared.not_one")
	c.book.Seats = nil
	_, err = c.book.LoginNonce(t.Context(), a.ID)
	c.refused(err, errUnknown.Code)
}
