package grants

import (
	"context"
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/ties"
	"github.com/sekisho/sekisho/internal/wire"
)

// midway is the real room of faces; after it has judged, something happens.
type midway struct {
	Faces
	then func()
}

func (m midway) Judge(ctx context.Context, s wire.FaceStatement) error {
	defer m.then()
	return m.Faces.Judge(ctx, s)
}

func (m midway) Spend(c sekisho.ConnectionID, p sekisho.PersonID, nonce []byte) error {
	defer m.then()
	return m.Faces.Spend(c, p, nonce)
}

// binding is the real room of first PCs; when it has bound, something happens.
type binding struct {
	Ties
	then func()
}

func (m binding) Bind(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, s sekisho.SessionID) error {
	defer m.then()
	return m.Ties.Bind(ctx, tx, p, d, s)
}

// forgetful answers once, and then not any more.
type forgetful struct {
	People
	asked int
}

func (f *forgetful) MayWork(ctx context.Context, p sekisho.PersonID) error {
	if f.asked++; f.asked > 1 {
		return errors.New("the database is gone")
	}
	return f.People.MayWork(ctx, p)
}

// What ends a person's sessions finds none while his login is under way; the
// login must find it then.
func TestWhatHappensDuringALogin(t *testing.T) {
	suspend := func(c *centre, p *pc) {
		_, err := c.people.Suspend(c.Context(), c.sv, p.Person, "a test")
		c.must(err)
		c.book.EndPerson(p.Person, "person.suspended") // as the house does: too early for this session
	}
	withdraw := func(c *centre, p *pc) {
		c.must(c.faces.Answer(c.Context(), p.by(), wire.ConsentAnswer{Version: c.faces.Consent("ja").Version}))
		c.book.EndPerson(p.Person, "consent.withdrawn")
	}
	forget := func(c *centre, p *pc) { c.book.People = &forgetful{People: c.people, asked: 1} }
	nothing := func(*centre, *pc) {}
	forbid := func(c *centre, p *pc) {
		c.rulings.say(errForbidden, nil) // a permit that ended, policies that were put into force
		c.book.RejudgeDevice(c.Context(), p.Device)
		c.book.Rejudge(c.Context())
	}
	for name, x := range map[string]struct {
		happens  func(*centre, *pc) // after the face was judged
		approved bool
		code     string             // "" where it does not matter to the session
		opening  func(*centre, *pc) // in the transaction that opens, after the policies were asked
	}{
		"suspended":                    {suspend, false, "person.inactive", nothing},
		"suspended, by approval":       {suspend, true, "person.inactive", nothing},
		"consent withdrawn":            {withdraw, false, "consent.withdrawn", nothing},
		"consent withdrawn, no face":   {withdraw, true, "", nothing},
		"nobody can say any more":      {forget, false, "internal", nothing},
		"forbidden":                    {nothing, false, "rules.forbidden", forbid},
		"forbidden, by approval":       {nothing, true, "rules.forbidden", forbid},
		"the control: nothing happens": {nothing, false, "", nothing},
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, db *storage.DB) {
				c := newCentre(t, db)
				p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
				statement := p.statement(nil)
				if x.approved {
					statement = p.approved(p.approval(approvals.KindSession), true)
					c.must(c.book.PasskeyShown(p.ID, p.Person))
				}
				c.book.Faces = midway{c.faces, func() { x.happens(c, p) }}
				c.book.Ties = binding{c.book.Ties, func() { x.opening(c, p) }}
				s, err := c.book.Open(t.Context(), p.ID, statement)
				if x.code == "" {
					if c.must(err); !p.alive() {
						t.Fatal("not alive")
					}
					return
				}
				if err == nil || sekisho.CodeOf(err) != x.code || s.ID != "" {
					t.Fatalf("opened %q, %v; want %s", s.ID, err, x.code)
				}
				if p.alive() || len(c.ended) != 1 || c.ended[0].Reason != x.code {
					t.Fatalf("still live, or not told: %+v", c.ended)
				}
				if opened, ended := c.rows("session.opened"), c.rows("session.ended"); len(opened) != 1 || len(ended) != 1 || opened[0].Session != ended[0].Session {
					t.Errorf("%d rows of an opening, %d of an end", len(opened), len(ended))
				}
			})
		})
	}
}

// firstOnly are policies that ask for the first PC; once they have answered, something happens.
type firstOnly struct {
	Rules
	ties *ties.Ties
	then func()
}

func (r *firstOnly) Open(ctx context.Context, s Session, _ Facts) Ruling {
	first, err := r.ties.First(ctx, s.Person, s.Device)
	if err == nil && !first {
		err = errForbidden
	}
	then := r.then
	r.then = func() {}
	then()
	return Ruling{Allowed: err == nil, Err: err}
}

// TestOfTwoPCsOnTwoNodesOneOpens: both were asked while neither was the first.
func TestOfTwoPCsOnTwoNodesOneOpens(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		aoki := c.person("aoki", sekisho.RoleOperator)
		tied := ties.New(db, c.clk, c.log)
		here := c.book
		second := c.connect(aoki)
		c.restart()
		there := c.book
		first := c.connect(aoki)
		open := func(b *Book, p *pc) error {
			c.book = b
			statement := p.approved(p.approval(approvals.KindSession), true)
			c.must(b.PasskeyShown(p.ID, aoki))
			_, err := b.Open(t.Context(), p.ID, statement)
			return err
		}
		there.Rules = &firstOnly{&c.rulings, tied, func() {}}
		here.Rules = &firstOnly{&c.rulings, tied, func() { c.must(open(there, first)) }}
		c.refused(open(here, second), "rules.forbidden")
		if epoch, _ := here.Alive(second.Address); epoch != 0 {
			t.Error("two first PCs of one person")
		}
		if epoch, _ := there.Alive(first.Address); epoch == 0 {
			t.Error("the first PC was closed too")
		}
	})
}
