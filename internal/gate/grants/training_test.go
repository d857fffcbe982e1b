package grants

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// acknowledge signs for a document on this connection, as its agent does.
func (p *pc) acknowledge(id sekisho.DocumentID) {
	p.Helper()
	by := training.By{Connection: p.ID, Device: p.Device, Person: p.Person, LeaseKey: p.LeaseKey}
	doc, err := p.training.Read(p.Context(), by, id)
	p.must(err)
	p.must(p.training.Acknowledge(p.Context(), by, wire.SignWith(p.key, wire.DomainRules, wire.Acknowledgement{
		Connection: p.ID, Person: p.Person, Document: id, Version: doc.Document.Version, Language: "ja", Digest: wire.RuleDigest(doc.Body.JA),
	})))
}

func TestNobodyWorksUntrainedOnceHisGraceIsOver(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		c.must(c.training.Seed(t.Context()))
		list, err := c.training.Courses(t.Context())
		c.must(err)
		list[0].Required = false // the quiz has its own tests
		_, err = c.training.PutCourse(t.Context(), "", list[0])
		c.must(err)
		p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
		s := p.login() // in grace
		c.book.End(s.ID, sekisho.Unknown, "session.closed_by_sv")
		c.clk.Advance(15 * 24 * time.Hour)
		_, err = c.book.Open(t.Context(), p.ID, p.statement(nil))
		c.refused(err, "training.required")
		if rows := c.rows("login.refused"); len(rows) != 1 || rows[0].Reason != "training.required" || p.alive() {
			t.Fatalf("rows %v", rows)
		}
		for _, id := range []sekisho.DocumentID{"policy", "standard", "telework", "pledge"} {
			p.acknowledge(id)
		}
		s = p.login()
		rows := c.rows("training.confirmed")
		if len(rows) != 1 || rows[0].Session != s.ID || !p.alive() {
			t.Fatalf("rows %v", rows)
		}
	})
}

// changing is training that changes its mind between the first question and the
// transaction, or cannot be read at all.
type changing struct{ ready, confirm error }

func (c changing) Ready(context.Context, sekisho.PersonID, sekisho.DeviceID, sekisho.ConnectionID) error {
	return c.ready
}
func (c changing) Confirm(context.Context, storage.Tx, sekisho.PersonID, sekisho.DeviceID, sekisho.ConnectionID, sekisho.SessionID, sekisho.LeaseClass) error {
	return c.confirm
}

func TestTrainingIsAskedAgainInTheTransaction(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	for _, refusing := range []changing{
		{confirm: sekisho.Fail(sekisho.KindDenied, "training.required")}, {ready: errors.New("unreadable")}, {confirm: errors.New("unreadable")},
	} {
		c.book.Training = refusing
		if _, err := c.book.Open(t.Context(), p.ID, p.statement(nil)); err == nil || p.alive() {
			t.Errorf("%+v: opened", refusing)
		}
	}
	if rows := c.rows("session.opened"); len(rows) != 0 {
		t.Errorf("rows of what did not open: %v", rows)
	}
	c.book.Training = changing{}
	p.login()
}
