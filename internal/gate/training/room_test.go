package training

import (
	"context"
	"crypto/ed25519"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const day = 24 * time.Hour

var day0 = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// room is the real room with its log, on a clock that moves only when told to.
type room struct {
	testing.TB
	*Training
	clk *clock.Fake
	log *audit.Log
}

func newRoom(t testing.TB, db *storage.DB) *room {
	t.Helper()
	r := &room{TB: t, clk: clock.NewFake(day0)}
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(log.Close()) })
	r.log, r.Training = log, New(db, r.clk, log)
	r.must(r.Seed(t.Context()))
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// refused fails unless err is a refusal with this code.
func (r *room) refused(err error, code string) {
	r.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		r.Fatalf("error %v, want %s", err, code)
	}
}

func (r *room) rows(kind string) []audit.Event {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	found, err := r.log.Search(r.Context(), audit.Filter{Kind: kind})
	r.must(err)
	out := []audit.Event{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event)
	}
	return out
}

// taken are the records as somebody takes them away.
func (r *room) taken(of sekisho.PersonID) (out []Record, err error) {
	_, err = r.Take(r.Context(), Taking{By: "admin", Person: of, Format: "csv", Write: func(found []Record) ([]byte, error) {
		out = found
		return []byte("file"), nil
	}})
	return out, err
}

// seat is one connection of one person, with its lease key.
type seat struct {
	*room
	By
	key ed25519.PrivateKey
}

func (r *room) seat(p sekisho.PersonID, d sekisho.DeviceID) *seat {
	r.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	r.must(err)
	return &seat{r, By{Connection: sekisho.ConnectionID(wire.NewID()), Device: d, Person: p, LeaseKey: public}, key}
}

func (s *seat) ready() error { return s.Ready(s.Context(), s.Person, s.Device, s.Connection) }

// login is what grants does when a session opens on the seat's connection.
func (s *seat) login() (id sekisho.SessionID, err error) {
	id = sekisho.SessionID(wire.NewID())
	err = s.db.Write(s.Context(), func(tx storage.Tx) error {
		return s.Confirm(s.Context(), tx, s.Person, s.Device, s.Connection, id, sekisho.ClassFace)
	})
	return id, err
}

// rightOptions reads the key of the next question where it is kept: no page can.
func (s *seat) rightOptions(a wire.TrainingAttempt) []int {
	s.Helper()
	var out []int
	s.must(s.db.Read(s.Context(), func(tx storage.Tx) error {
		all, err := drawnOf(s.Context(), tx, a.ID)
		if err != nil {
			return err
		}
		q, err := question(s.Context(), tx, all[a.Question.Place].question)
		out = q.right(all[a.Question.Place].shown)
		return err
	}))
	return out
}

func (s *seat) answer(a wire.TrainingAttempt, chosen []int) wire.TrainingAnswered {
	s.Helper()
	out, err := s.Answer(s.Context(), s.By, a.ID, wire.TrainingAnswer{Place: a.Question.Place, Chosen: chosen})
	s.must(err)
	return out
}

// take goes through the course with so many wrong answers.
func (s *seat) take(wrong int) wire.TrainingResult {
	s.Helper()
	a, err := s.Begin(s.Context(), s.By, ownCourse)
	s.must(err)
	for {
		right := s.rightOptions(a)
		if a.Answered < wrong {
			right = []int{(right[0] + 1) % len(a.Question.Options)}
		}
		got := s.answer(a, right)
		if got.Result != nil {
			return *got.Result
		}
		a = got.Attempt
	}
}

// statement is an honest acknowledgement; change makes it less so.
func (s *seat) statement(id sekisho.DocumentID, change func(*wire.Acknowledgement)) wire.Signed {
	s.Helper()
	doc, err := s.Read(s.Context(), s.By, id)
	s.must(err)
	a := wire.Acknowledgement{
		Connection: s.Connection, Person: s.Person, Document: id, Version: doc.Document.Version, Language: "ja", Digest: wire.RuleDigest(doc.Body.JA),
	}
	if change != nil {
		change(&a)
	}
	return wire.SignWith(s.key, wire.DomainRules, a)
}

func (s *seat) acknowledge(ids ...sekisho.DocumentID) {
	s.Helper()
	for _, id := range ids {
		s.must(s.Acknowledge(s.Context(), s.By, s.statement(id, nil)))
	}
}

// everything does what the house's own rules ask.
func (s *seat) everything() {
	s.Helper()
	if r := s.take(0); !r.Passed {
		s.Fatalf("not passed: %+v", r)
	}
	s.acknowledge("policy", "standard", "telework", "pledge")
}

// overdue lets a person's time of grace pass.
func (r *room) overdue(p sekisho.PersonID) {
	r.Helper()
	r.must(r.db.Write(r.Context(), func(tx storage.Tx) error {
		return firstAsked(r.Context(), tx, p, r.clk.Now())
	}))
	r.clk.Advance(15 * day)
}

func (r *room) own(id sekisho.CourseID) Course {
	r.Helper()
	all, err := r.Courses(context.WithoutCancel(r.Context()))
	r.must(err)
	for _, c := range all {
		if c.ID == id {
			return c
		}
	}
	r.Fatalf("no course %s", id)
	return Course{}
}
