package grants

import (
	"context"
	"slices"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var errForbidden = sekisho.Fail(sekisho.KindDenied, "rules.forbidden")

func TestThePoliciesAreAskedBesideTheLease(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
		c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{a.Person}))

		c.rulings.say(errForbidden, nil)
		_, err := c.book.Open(t.Context(), a.ID, a.statement(nil))
		c.refused(err, "rules.forbidden")
		refused := c.rows("login.refused")
		if len(refused) != 1 || refused[0].Reason != "rules.forbidden" || refused[0].Detail["policies"] != "test" || refused[0].Detail["policies_version"] != "3" {
			t.Errorf("%+v", refused)
		}
		c.rulings.say(nil, errForbidden)
		s := a.login()
		if opened := c.rows("session.opened"); len(opened) != 1 || opened[0].Detail["policies"] != "test" {
			t.Errorf("%+v", opened)
		}
		c.refused(c.book.Reach(t.Context(), s.ID, "crm"), "rules.forbidden")
		if rows := c.rows("desktop.refused"); len(rows) != 1 || rows[0].Detail["policies"] != "test" {
			t.Errorf("%+v", rows)
		}
		// Who was not chosen learns nothing of the policies, and what they permit opens nothing.
		c.rulings.say(nil, nil)
		asked := c.rulings.asked
		c.refused(c.book.Reach(t.Context(), s.ID, "mail"), "request.not_found")
		if c.rulings.asked != asked {
			t.Error("the policies were asked about somebody else's desktop")
		}
		told := func(d sekisho.DesktopID, alive, listed bool) {
			t.Helper()
			if _, err := c.book.mayReach(t.Context(), s, d); err != nil || c.rulings.alive != alive || c.rulings.listed != listed {
				t.Errorf("the policies heard alive %v, listed %v: %v", c.rulings.alive, c.rulings.listed, err)
			}
		}
		c.must(c.book.Reach(t.Context(), s.ID, "crm"))
		told("crm", true, true)
		told("mail", true, false)
		c.book.End(s.ID, sekisho.Absent, "lease.absent")
		told("crm", false, true)
		c.refused(c.book.Reach(t.Context(), s.ID, "crm"), "session.required")
	})
}

func TestRulesThatNobodyHandedInRefuse(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	c.book.Rules = nil
	_, err := c.book.Open(t.Context(), a.ID, a.statement(nil))
	c.refused(err, "rules.broken")
	if (Ruling{}).err() == nil || (Ruling{Allowed: true, Err: errForbidden}).err() == nil {
		t.Error("a ruling that says nothing allows")
	}
}

func TestRejudgeClosesWhatIsNoLongerAllowed(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	b := c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
	for _, d := range []sekisho.DesktopID{"crm", "mail"} {
		c.must(c.book.Allow(t.Context(), c.sv, d, []sekisho.PersonID{a.Person, b.Person}))
	}
	var narrowed []sekisho.PersonID
	c.book.OnNarrow(func(p sekisho.PersonID, d sekisho.DesktopID) { narrowed = append(narrowed, p+" "+sekisho.PersonID(d)) })
	sa, _ := a.login(), b.login()
	c.must(c.book.Reach(t.Context(), sa.ID, "crm"))

	c.book.Rejudge(t.Context())
	if len(narrowed) != 0 || len(c.ended) != 0 {
		t.Fatalf("nothing changed: %v, %v", narrowed, c.ended)
	}
	c.rulings.say(nil, errForbidden)
	c.book.Rejudge(t.Context())
	if !slices.Equal(narrowed, []sekisho.PersonID{a.Person + " crm"}) { // what nobody reached is not taken from anybody
		t.Errorf("narrowed %v", narrowed)
	}
	c.rulings.say(errForbidden, nil)
	c.book.Rejudge(t.Context())
	if len(c.ended) != 2 || c.ended[0].Reason != "rules.forbidden" {
		t.Errorf("ended %+v", c.ended)
	}
}

// TestRejudgeDeviceClosesWhatWasReached: on that PC alone, and the session where it may not be open.
func TestRejudgeDeviceClosesWhatWasReached(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	b := c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
	c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{a.Person, b.Person}))
	var narrowed []sekisho.PersonID
	c.book.OnNarrow(func(p sekisho.PersonID, d sekisho.DesktopID) { narrowed = append(narrowed, p+" "+sekisho.PersonID(d)) })
	for _, p := range []*pc{a, b} {
		c.must(c.book.Reach(t.Context(), p.login().ID, "crm"))
	}
	c.rulings.say(nil, errForbidden)
	c.book.RejudgeDevice(t.Context(), a.Device)
	if !slices.Equal(narrowed, []sekisho.PersonID{a.Person + " crm"}) || len(c.ended) != 0 {
		t.Fatalf("narrowed %v, ended %+v", narrowed, c.ended)
	}
	c.rulings.say(errForbidden, errForbidden)
	c.book.RejudgeDevice(t.Context(), a.Device)
	if len(c.ended) != 1 || c.ended[0].Device != a.Device || len(narrowed) != 1 {
		t.Fatalf("narrowed %v, ended %+v", narrowed, c.ended)
	}
}

// TestABusyMomentDoesNotEmptyTheCentre: a failure that passes closes from the second time on, every other at once.
func TestABusyMomentDoesNotEmptyTheCentre(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	broken := sekisho.Fail(sekisho.KindDenied, "rules.broken")
	a.login()
	c.rulings.say(broken.Because(storage.ErrElsewhere), nil) // of the kind that passes
	c.book.Rejudge(t.Context())
	c.rulings.say(nil, nil)
	c.book.Rejudge(t.Context())
	if len(c.ended) != 0 {
		t.Fatalf("ended by a busy moment: %+v", c.ended)
	}
	c.rulings.say(broken.Because(storage.ErrElsewhere), nil)
	c.book.Rejudge(t.Context())
	c.book.Rejudge(t.Context())
	if len(c.ended) != 1 {
		t.Fatalf("still open after two: %+v", c.ended)
	}
	c.rulings.say(nil, nil)
	c.book.Rejudge(t.Context())
	a.login()
	late, stop := context.WithCancel(t.Context()) // time that ran out, likewise
	stop()
	c.rulings.say(broken, nil)
	c.book.Rejudge(late)
	if len(c.ended) != 1 {
		t.Fatalf("ended by a round that came too late: %+v", c.ended)
	}
	c.book.Rejudge(late)
	if len(c.ended) != 2 {
		t.Fatalf("still open after two rounds that came too late: %+v", c.ended)
	}
	c.rulings.say(nil, nil)
	c.book.Rejudge(t.Context())
	a.login()
	c.rulings.say(broken, nil)
	c.book.Rejudge(t.Context())
	if len(c.ended) != 3 {
		t.Errorf("policies that cannot be applied leave a session open: %+v", c.ended)
	}
}
