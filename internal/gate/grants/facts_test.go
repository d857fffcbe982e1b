package grants

import (
	"context"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var errTest = sekisho.Fail(sekisho.KindDenied, "test")

// outOfOrder is a PC that is in no order any more; untrained is a person whose course has run out.
type (
	outOfOrder struct{ Posture }
	untrained  struct{ Training }
)

func (outOfOrder) Holds(sekisho.ConnectionID) error { return errTest }

func (untrained) Ready(context.Context, sekisho.PersonID, sekisho.DeviceID, sekisho.ConnectionID) error {
	return errTest
}

// TestThePoliciesHearHowThingsStand: the fixed forbids are told what this room
// finds out itself, at each question.
func TestThePoliciesHearHowThingsStand(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{a.Person}))
	s := a.login()
	if f := c.rulings.facts; !f.Posture || !f.Trained {
		t.Errorf("at the opening: %+v", f)
	}
	c.must(c.book.Reach(t.Context(), s.ID, "crm"))
	if f := c.rulings.facts; f != (Facts{Posture: true, Trained: true, Alive: true, Listed: true}) {
		t.Errorf("at a desktop: %+v", f)
	}
	c.book.Posture, c.book.Training = outOfOrder{c.book.Posture}, untrained{c.book.Training}
	for name, ask := range map[string]func() error{
		"begin": func() error { _, err := c.book.mayBegin(t.Context(), s); return err },
		"go on": func() error { _, err := c.book.mayGoOn(t.Context(), s); return err },
		"reach": func() error { _, err := c.book.mayReach(t.Context(), s, "crm"); return err },
	} {
		c.must(ask())
		if f := c.rulings.facts; f.Posture || f.Trained != (name != "begin") {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
