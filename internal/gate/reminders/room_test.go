package reminders

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// centre is the room with its log; people and what is due are lists of the test.
type centre struct {
	*testing.T
	*Reminders
	clk   *clock.Fake
	log   *audit.Log
	names map[sekisho.PersonID]string
	due   []Item
}

func (c *centre) Active(context.Context) (map[sekisho.PersonID]string, error) { return c.names, nil }
func (c *centre) Due(context.Context, time.Time) ([]Item, error)              { return c.due, nil }

func newCentre(t *testing.T, db *storage.DB, set Settings) *centre {
	t.Helper()
	c := &centre{T: t, clk: clock.NewFake(morning), names: map[sekisho.PersonID]string{"op": "見本 花子", "op2": "架空 次郎\r\nBcc: x@example.jp"}}
	c.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, c.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	c.must(err)
	t.Cleanup(func() { c.must(log.Close()) })
	c.log = log
	c.Reminders, err = New(db, c.clk, log, c, set, c)
	c.must(err)
	return c
}

func (c *centre) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *centre) rows(kind string) int {
	c.Helper()
	c.must(c.log.Flush(c.Context()))
	found, err := c.log.Search(c.Context(), audit.Filter{Kind: kind})
	c.must(err)
	for _, e := range found {
		if text := fmt.Sprintf("%+v", e.Event); strings.Contains(text, "example.jp") || strings.Contains(text, "見本") {
			c.Errorf("the log tells of somebody: %s", text)
		}
	}
	return len(found)
}

func (c *centre) waiting() (n int) {
	c.Helper()
	c.must(c.db.Read(c.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(c.Context(), "SELECT COUNT(*) FROM reminders_mails WHERE state = 'waiting'").Scan(&n)
	}))
	return n
}

var nowhere = Settings{Host: "localhost", Port: 1, TLS: StartTLS, From: "sekisho@example.jp"}

func (c *centre) item(p sekisho.PersonID, left int) Item {
	return Item{Person: p, What: wire.Words{JA: "理解度テスト", EN: "Quiz"}, Due: c.clk.Now().AddDate(0, 0, left)}
}

func TestOneMailAPersonAndDay(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db, nowhere)
		c.must(c.SetAddress(t.Context(), "admin", "op", "op@example.jp", "ja"))
		c.must(c.SetAddress(t.Context(), "admin", "gone", "gone@example.jp", "en")) // not active
		c.clk.Advance(22 * time.Hour)                                               // 7 o'clock in Japan
		c.due = []Item{c.item("op", 7), c.item("op", 3), c.item("op2", 3), c.item("gone", 3)}
		c.must(c.plan(t.Context()))
		if c.waiting() != 0 {
			t.Fatal("planned before 8 o'clock")
		}
		c.clk.Advance(2 * time.Hour)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := c.plan(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		c.must(c.plan(t.Context()))
		if n := c.waiting(); n != 1 || c.rows("mail.planned") != 1 {
			t.Fatalf("%d mails, %d plans", n, c.rows("mail.planned"))
		}
		c.clk.Advance(24 * time.Hour)
		c.must(c.plan(t.Context())) // 6 and 2 days left: nobody is told
		if n := c.waiting(); n != 1 || c.rows("mail.planned") != 2 {
			t.Fatalf("%d mails", n)
		}
	})
}

func TestAddressIsOptionalAndErased(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db, nowhere)
		for _, bad := range [][2]string{{"not an address", "ja"}, {"a@example.jp", "fr"}, {"a@example.jp\r\nBcc: b@example.jp", "ja"}} {
			if err := c.SetAddress(t.Context(), "admin", "op", bad[0], bad[1]); sekisho.CodeOf(err) != "mail.address" {
				t.Errorf("%q: %v", bad, err)
			}
		}
		c.must(c.SetAddress(t.Context(), "admin", "op", "old@example.jp", "ja"))
		c.must(c.SetAddress(t.Context(), "admin", "op", "op@example.jp", "en"))
		if to, err := c.Address(t.Context(), "op"); err != nil || to.Address != "op@example.jp" || to.Language != "en" {
			t.Fatalf("%v %v", to.Address, err)
		}
		c.due = []Item{c.item("op", 7)}
		c.must(c.plan(t.Context()))
		c.must(c.ForgetPerson(t.Context(), "op"))
		c.must(c.ForgetPerson(t.Context(), "op"))
		if to, err := c.Address(t.Context(), "op"); err != nil || to.Address != "" || c.waiting() != 0 {
			t.Fatalf("%v %v, %d wait", to.Address, err, c.waiting())
		}
		c.must(c.db.Read(t.Context(), func(tx storage.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM reminders_mails WHERE body <> ''").Scan(&n)
			if n != 0 {
				t.Errorf("%d texts are kept", n)
			}
			return err
		}))
		if c.rows("mail.address_set") != 2 || c.rows("mail.address_erased") != 1 {
			t.Error("rows")
		}
	})
}

// A claim belongs to one server, and lapses when that one dies.
func TestClaims(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db, nowhere)
		c.must(c.SetAddress(t.Context(), "admin", "op", "op@example.jp", "ja"))
		c.due = []Item{c.item("op", 7)}
		c.must(c.plan(t.Context()))
		var all sync.WaitGroup
		got := make(chan bool, 4)
		for range 4 {
			all.Go(func() {
				_, _, found, err := c.claim(t.Context())
				if err != nil {
					t.Error(err)
				}
				got <- found
			})
		}
		all.Wait()
		n := 0
		for range 4 {
			if <-got {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d servers hold one mail", n)
		}
		c.clk.Advance(claimFor + time.Second)
		m, to, found, err := c.claim(t.Context())
		if err != nil || !found || m.tries != 2 || to.Address != "op@example.jp" {
			t.Fatalf("%+v %v %v", m.tries, found, err)
		}
	})
}

func TestBackOffAndGivingUp(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), nowhere)
	c.must(c.SetAddress(t.Context(), "admin", "op", "op@example.jp", "ja"))
	c.due = []Item{c.item("op", 7)}
	c.must(c.plan(t.Context()))
	for try := 1; try <= maxTries; try++ {
		c.must(c.sendDue(t.Context())) // nobody listens
		c.must(c.sendDue(t.Context())) // too early
		if want := try < maxTries; (c.waiting() == 1) != want {
			t.Fatalf("after %d tries %d wait", try, c.waiting())
		}
		c.clk.Advance(wait(try))
	}
	if c.rows("mail.failed") != 1 || c.rows("mail.sent") != 0 {
		t.Error("rows")
	}
	if wait(1) != firstWait || wait(2) != 2*firstWait || wait(50) != longWait {
		t.Error("waits")
	}
}

func TestSentByARealServer(t *testing.T) {
	s := newServer(t)
	c := newCentre(t, storagetest.SQLite(t), s.settings())
	c.must(c.SetAddress(t.Context(), "admin", "op", "op@example.jp", "ja"))
	c.must(c.SetAddress(t.Context(), "admin", "op2", "op2@example.jp", "en"))
	c.due = []Item{c.item("op", 7), c.item("op2", 0)}
	c.must(c.plan(t.Context()))
	c.must(c.sendDue(t.Context()))
	c.must(c.sendDue(t.Context()))
	mails := s.taken(t.Context(), 2)
	if len(mails) != 2 || c.waiting() != 0 || c.rows("mail.sent") != 2 {
		t.Fatalf("%d mails, %d wait, %d rows", len(mails), c.waiting(), c.rows("mail.sent"))
	}
	for _, m := range mails {
		if strings.Contains(m, "Bcc") || strings.Contains(m, "x@example.jp") {
			t.Errorf("a name became a header:\n%s", m)
		}
	}
}
