package app

import (
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

// couriered notes that the PC came in the place of another; picture is of the older enrolment.
func (c *counter) couriered(picture string) desk.Caller {
	c.t.Helper()
	op := c.who["operator"]
	c.must(c.db.Write(c.t.Context(), func(tx storage.Tx) error {
		return c.witnesses.Replaced(c.t.Context(), tx, "old", c.pc.ID, op, picture, "old")
	}))
	return desk.Caller{Connection: sekisho.ConnectionID(wire.NewID()), Device: c.pc.ID, Person: op}
}

func (c *counter) coded(err error, code string) {
	c.t.Helper()
	if sekisho.CodeOf(err) != code {
		c.t.Errorf("%v, want %q", err, code)
	}
}

// Whoever took the parcel hears the four digits, too.
func TestFourDigitsOpenNothingOnACourieredPC(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	by := c.couriered("")
	use := func(p sekisho.PersonID, kind string) error {
		q, err := c.approvals.Ask(ctx, approvals.Question{Kind: kind, Person: p, Device: by.Device, Connection: by.Connection})
		c.must(err)
		_, err = c.approvals.Decide(ctx, c.who["supervisor"], q.ID, true, q.Code)
		c.must(err)
		return c.db.Write(ctx, func(tx storage.Tx) error { return fourDigits{c.House}.Use(ctx, tx, q.ID, kind, p, by.Device) })
	}
	c.coded(use(by.Person, approvals.KindPasskey), "witness.video_needed")
	c.coded(use(by.Person, approvals.KindSession), "witness.video_needed")
	noFace := c.who["operator3"] // nobody could witness a face of hers
	c.coded(use(noFace, approvals.KindPasskey), "witness.in_person")
	c.must(use(noFace, approvals.KindSession)) // by the passkey that she had before
	c.must(c.witnesses.HandedOver(ctx, by.Device, true))
	c.must(use(by.Person, approvals.KindPasskey))
	c.must(use(noFace, approvals.KindPasskey))
}

func (c *counter) answer(by desk.Caller, yes bool) error {
	return deskFaces{c.House}.Answer(c.t.Context(), by, wire.ConsentAnswer{Version: c.faces.Consent("ja").Version, Accept: yes})
}

func (c *counter) keeps(p sekisho.PersonID, picture string) (yes bool) {
	c.t.Helper()
	c.must(c.db.Read(c.t.Context(), func(tx storage.Tx) (err error) {
		yes, err = c.witnesses.Keeps(c.t.Context(), tx, p, picture)
		return err
	}))
	return yes
}

// A no would delete what whoever sits there is to be compared with.
func TestWhoeverHoldsTheParcelDeletesNoOlderPicture(t *testing.T) {
	c := openCounter(t)
	by := c.couriered("older")
	c.must(c.answer(by, false)) // nothing is taken away
	c.must(c.answer(by, true))
	c.coded(c.answer(by, false), "witness.prove_first")
	if yes, err := c.faces.Consented(t.Context(), by.Person); err != nil || !yes || !c.keeps(by.Person, "older") {
		t.Errorf("consent stands %v, kept %v, %v", yes, c.keeps(by.Person, "older"), err)
	}
	by.Session = "session"
	c.must(c.answer(by, false))
}

// The newest code says how the PC goes to its person.
func TestACodeThatIsSentTakesBackTheOneInPerson(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	c.couriered("")
	i := issuing{c.devices, c.trust, c.witnesses}
	for _, how := range []devices.Handover{devices.InPerson, devices.Sent, devices.InPerson} {
		_, err := i.Code(ctx, c.admin, c.pc.ID, "127.0.0.1:8444", how)
		c.must(err)
		if needed, err := c.witnesses.Needed(ctx, c.pc.ID); err != nil || needed != (how == devices.Sent) {
			t.Errorf("%v: video needed %v, %v", how, needed, err)
		}
	}
}

// A no to a new text takes the older picture, too, at once or on the next day.
func TestNoOlderPictureSurvivesANo(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	by := c.couriered("older")
	by.Session = "session"
	c.must(c.answer(by, true))
	c.exec("UPDATE faces_consents SET version = version - 1")
	told := 0
	c.faces.OnWithdrawn(func(sekisho.PersonID) { told++ })
	c.must(c.answer(by, false))
	if told != 1 {
		t.Errorf("%d listeners heard of it", told)
	}
	c.tidyWitnesses(ctx)
	if c.keeps(by.Person, "older") {
		t.Error("it is kept")
	}
}
