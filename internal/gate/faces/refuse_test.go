package faces

import (
	"crypto/ed25519"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// failHere is a login that the PC's own judge refused.
func (r *room) failHere(reason string, change ...func(*wire.FaceRefusal)) error {
	n, err := r.Nonce(r.Context(), r.by.Connection, r.by.Person, r.by.Device, false)
	if err != nil {
		return err
	}
	s := wire.FaceRefusal{Connection: r.by.Connection, Person: r.by.Person, Nonce: n.Nonce, Reason: reason}
	for _, fn := range change {
		fn(&s)
	}
	return r.Refuse(r.Context(), r.by, wire.SignWith(r.key, wire.DomainRefusal, s))
}

// A stranger tries his face at a stolen PC again and again: each try leaves a
// row, he waits ever longer, and after fifty nothing opens for anybody.
func TestFailuresOnThePCAreLimited(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.enrolled()
		for n := range freeFailures {
			if err := r.failHere(wire.FaceRefusals[n%len(wire.FaceRefusals)]); err != nil {
				t.Fatalf("failure %d: %v", n+1, err)
			}
		}
		r.refused(r.login(), "face.wait") // the right person too
		r.clk.Advance(firstDelay)
		r.must(r.login()) // a success ends the row
		for range freeFailures - 1 {
			r.must(r.failHere("vigil.other_person"))
		}
		r.must(r.login())
		for n := 1; n < maxFailures; n++ {
			r.must(r.failHere("vigil.not_live"))
			r.clk.Advance(maxDelay)
		}
		r.must(r.failHere("vigil.challenge_missed"))
		r.clk.Advance(maxDelay)
		r.refused(r.login(), "face.locked")
		rows := 0
		r.must(r.log.Flush(t.Context()))
		found, err := r.log.Search(t.Context(), audit.Filter{Kind: "login.refused", Limit: 200})
		r.must(err)
		for _, e := range found {
			if e.Event.Actor.Person == r.by.Person && e.Event.Detail["judged"] == "pc" {
				rows++
			}
		}
		if want := freeFailures + freeFailures - 1 + maxFailures; rows != want {
			t.Errorf("%d rows, want %d", rows, want)
		}
		r.must(r.Clear(t.Context(), "sv", r.by.Person))
		r.must(r.login())
	})
}

// A refusal counts for the login that it belongs to, once, signed by the key of
// the connection: nobody locks another person out with it.
func TestRefusalsThatAreNotTaken(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	count := func() (run int) {
		t.Helper()
		r.must(r.db.Read(t.Context(), func(tx storage.Tx) (err error) {
			run, err = failures(t.Context(), tx, r.by.Person)
			return err
		}))
		return run
	}
	r.refused(r.failHere("vigil.other_person", func(s *wire.FaceRefusal) { s.Person = "somebody" }), "face.statement")
	r.refused(r.failHere("vigil.other_person", func(s *wire.FaceRefusal) { s.Connection = "c-2" }), "face.statement")
	r.refused(r.failHere("vigil.other_person", func(s *wire.FaceRefusal) { s.Nonce[0] ^= 1 }), "face.nonce")
	r.refused(r.failHere("vigil.login_timeout"), "face.malformed") // an empty seat is nobody's failure
	n, err := r.Nonce(t.Context(), r.by.Connection, r.by.Person, r.by.Device, false)
	r.must(err)
	s := wire.FaceRefusal{Connection: r.by.Connection, Person: r.by.Person, Nonce: n.Nonce, Reason: "vigil.other_person"}
	_, stranger, err := ed25519.GenerateKey(nil)
	r.must(err)
	r.refused(r.Refuse(t.Context(), r.by, wire.SignWith(stranger, wire.DomainRefusal, s)), "face.statement")
	r.refused(r.Refuse(t.Context(), r.by, wire.SignWith(r.key, wire.DomainFace, s)), "face.statement")
	if n := count(); n != 0 {
		t.Fatalf("%d failures counted", n)
	}
	signed := wire.SignWith(r.key, wire.DomainRefusal, s)
	r.must(r.Refuse(t.Context(), r.by, signed))
	r.refused(r.Refuse(t.Context(), r.by, signed), "face.nonce") // told twice
	if n := count(); n != 1 {
		t.Errorf("%d failures counted", n)
	}
	// The nonce of a login that failed opens nothing any more.
	statement := wire.FaceStatement{Connection: r.by.Connection, Person: r.by.Person, Nonce: n.Nonce, Commitment: hash("face"), Model: model,
		Engine: EngineStandard, Frames: 5, Matched: 5, Live: true}
	r.refused(r.Judge(t.Context(), statement), "face.nonce")
}
