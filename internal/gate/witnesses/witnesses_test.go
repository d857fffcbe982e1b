package witnesses

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"image"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/showing"
)

// people are those of a test: sv and sv2 supervise, "both" is an operator who does too.
type people struct{}

func (people) Holds(_ context.Context, _ storage.Tx, p sekisho.PersonID, r sekisho.Role) (bool, error) {
	switch r {
	case sekisho.RoleSupervisor:
		return p == "sv" || p == "sv2" || p == "both", nil
	case sekisho.RoleOfficer:
		return p == "officer" || p == "both", nil
	}
	return false, nil
}

// asked is the one question of a test, in place of gate/approvals, which is tried
// with this room in api/console and by the drills.
type asked struct {
	Question
	state string
}

var errAsked = sekisho.Fail(sekisho.KindConflict, "approval.decided")

func (a *asked) Waiting(_ context.Context, _ storage.Tx, id sekisho.ApprovalID) (Question, error) {
	if id != a.ID || a.state != "" {
		return Question{}, errAsked
	}
	return a.Question, nil
}

func (a *asked) Answer(_ context.Context, _ storage.Tx, _ sekisho.PersonID, id sekisho.ApprovalID, yes bool) error {
	if id != a.ID || a.state != "" {
		return errAsked
	}
	if a.state = "refused"; yes {
		a.state = "approved"
	}
	return nil
}

// seen counts incidents, and pictures that were dropped.
type seen struct {
	incidents []Seat
	dropped   []string
	swept     int
}

func (s *seen) Another(_ context.Context, _ storage.Tx, _ sekisho.PersonID, at Seat) (sekisho.IncidentID, error) {
	s.incidents = append(s.incidents, at)
	return "incident", nil
}

func (s *seen) DropPicture(_ context.Context, _ storage.Tx, _ sekisho.PersonID, _ sekisho.DeviceID, hash string) error {
	s.dropped = append(s.dropped, hash)
	return nil
}
func (s *seen) Sweep(context.Context) error { s.swept++; return nil }

type room struct {
	*Witnesses
	*testing.T
	db    *storage.DB
	clk   *clock.Fake
	log   *audit.Log
	asked *asked
	seen  *seen
	seat  Seat
}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, db: db, clk: clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)), seen: &seen{}}
	r.clk.Advance(time.Hour)
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(log.Close()) })
	r.log = log
	r.seat = Seat{Person: "op", Device: "pc", Connection: "c-1"}
	r.asked = &asked{Question: Question{Seat: r.seat, ID: "q"}}
	r.Witnesses = New(db, r.clk, Deps{Questions: r.asked, People: people{}, Incidents: r.seen, Pictures: r.seen, Audit: log})
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if sekisho.CodeOf(err) != code {
		r.Errorf("%v, want %s", err, code)
	}
}

// frame is a real JPEG of that size.
func frame(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// show sends one picture, as late as it may come.
func (r *room) show(run string) error {
	r.clk.Advance(apart)
	_, err := r.Picture(r.Context(), r.seat, "q", run, frame(r, 640, 480))
	return err
}

// watched takes the case and agrees; one picture has come.
func (r *room) watched() Case {
	r.Helper()
	c, err := r.Take(r.Context(), "sv", "q")
	r.must(err)
	c, err = r.Agree(r.Context(), r.seat, "q", c.Run, true)
	r.must(err)
	r.must(r.show(c.Run))
	return c
}

var made = Enrolment{Commitment: "c1", Model: "m1", Picture: "p1"}

func (r *room) offered() Case {
	r.Helper()
	r.watched()
	c, err := r.Offer(r.Context(), r.seat, "q", made)
	r.must(err)
	return c
}

// store asks what gate/faces asks, in a transaction that stands only if it is nil.
func (r *room) store(s Seat, e Enrolment) error {
	return r.db.Write(r.Context(), func(tx storage.Tx) error { return r.Seen(r.Context(), tx, s, "q", e) })
}

func (r *room) rows(kind string) (out []audit.Entry) {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	out, err := r.log.Search(r.Context(), audit.Filter{Kinds: []string{kind}})
	r.must(err)
	return out
}

func TestAWitnessConfirmsWhatHeSaw(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		c := r.offered()
		l, err := r.Look(ctx, "sv", "q", 0)
		r.must(err)
		if l.JPEG == nil || l.Seq != 1 || l.Digest() == "" || l.Request.Hand == "" || l.Request.Fingers < 1 || l.Request.Fingers > maxFingers {
			t.Fatalf("what the witness sees: %d bytes, %+v", len(l.JPEG), l.Request)
		}
		if r.asked.state != "" {
			t.Fatal("answered before it was confirmed")
		}
		_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey")
		r.must(err)
		if r.asked.state != "approved" {
			t.Fatal("the question is not answered")
		}
		other := r.seat
		other.Connection = "c-2"
		r.refused(r.store(other, made), "witness.unseen")
		for _, e := range []Enrolment{{"c2", "m1", "p1"}, {"c1", "m2", "p1"}, {"c1", "m1", "p2"}, {}} {
			r.refused(r.store(r.seat, e), "witness.unseen")
		}
		r.must(r.store(r.seat, made))
		for _, kind := range []string{"witness.taken", "witness.agreed", "witness.offered", "witness.confirmed"} {
			if len(r.rows(kind)) != 1 {
				t.Errorf("%d rows %s", len(r.rows(kind)), kind)
			}
		}
		row := r.rows("witness.confirmed")[0].Event
		if row.Actor.Person != "sv" || row.Detail["digest"] != c.Digest() || row.Detail["picture"] != "p1" || row.Detail["proof"] != "passkey" || row.Detail["request"] == "" {
			t.Errorf("the row says %+v", row)
		}
	})
}

func TestWhatWasReplacedInBetweenIsNotConfirmed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		c := r.offered()
		shown := c.Digest()
		_, err := r.Offer(ctx, r.seat, "q", Enrolment{"c2", "m1", "p2"})
		r.must(err)
		_, err = r.Confirm(ctx, "sv", "q", shown, "passkey")
		r.refused(err, "witness.changed")
		r.refused(r.MayConfirm(ctx, "sv", "q", shown), "witness.changed")
		if r.asked.state != "" {
			t.Error("the question was answered")
		}
		l, err := r.Look(ctx, "sv", "q", 0)
		r.must(err)
		_, err = r.Confirm(ctx, "sv", "q", l.Digest(), "passkey")
		r.must(err)
		r.refused(r.store(r.seat, made), "witness.unseen")
		r.must(r.store(r.seat, Enrolment{"c2", "m1", "p2"}))
		_, err = r.Offer(ctx, r.seat, "q", made)
		r.refused(err, "witness.over")
	})
}

func TestPicturesGoToTheirWitnessAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	_, err := r.Take(ctx, "op", "q")
	r.refused(err, "witness.role")
	r.asked.Person = "both"
	_, err = r.Take(ctx, "both", "q")
	r.refused(err, "witness.own")
	r.asked.Person = "op"
	_, err = r.Look(ctx, "sv", "q", 0)
	r.refused(err, "witness.unknown")
	c := r.offered()
	_, err = r.Take(ctx, "sv2", "q")
	r.refused(err, "witness.taken")
	for _, by := range []sekisho.PersonID{"sv2", "op", "officer", ""} {
		l, err := r.Look(ctx, by, "q", 0)
		r.refused(err, "witness.unknown")
		if l.JPEG != nil {
			t.Errorf("%q got a picture", by)
		}
		_, err = r.Confirm(ctx, by, "q", c.Digest(), "passkey")
		r.refused(err, "witness.unknown")
		_, err = r.Refuse(ctx, by, "q", Unclear)
		r.refused(err, "witness.unknown")
	}
	stranger := Seat{Person: "op", Device: "pc2", Connection: "c-2"}
	_, err = r.Picture(ctx, stranger, "q", c.Run, frame(t, 64, 64))
	r.refused(err, "witness.unknown")
	_, err = r.Offer(ctx, stranger, "q", made)
	r.refused(err, "witness.unknown")
	_, err = r.Of(ctx, stranger, "q")
	r.refused(err, "witness.unknown")
	if len(r.rows("witness.denied")) < 12 {
		t.Errorf("%d rows of what was turned away", len(r.rows("witness.denied")))
	}
	l, err := r.Look(ctx, "sv", "q", 0)
	if err != nil || l.JPEG == nil {
		t.Errorf("control: %v", err)
	}
}

func TestNoPictureBeforeThePersonAgrees(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	c, err := r.Take(ctx, "sv", "q")
	r.must(err)
	r.refused(r.show(c.Run), "witness.consent")
	_, err = r.Offer(ctx, r.seat, "q", made)
	r.refused(err, "witness.consent")
	if c.Request != (Request{}) {
		t.Error("the request stands before anybody can be seen")
	}
	// Another witness takes it after the first fell silent: the answer that was meant for the first counts for nothing.
	r.clk.Advance(silence + time.Second)
	second, err := r.Take(ctx, "sv2", "q")
	r.must(err)
	_, err = r.Agree(ctx, r.seat, "q", c.Run, true)
	r.refused(err, "witness.changed")
	r.refused(r.show(c.Run), "witness.changed")
	_, err = r.Agree(ctx, r.seat, "q", second.Run, true)
	r.must(err)
	r.must(r.show(second.Run))
	_, err = r.Offer(ctx, r.seat, "q", made)
	r.must(err)
}

func TestWhoeverDeclinesIsNotSeen(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	c, err := r.Take(t.Context(), "sv", "q")
	r.must(err)
	c, err = r.Agree(t.Context(), r.seat, "q", c.Run, false)
	if err != nil || c.State != Ended || c.Reason != "witness.declined" {
		t.Fatalf("%+v, %v", c.State, err)
	}
	r.must(r.show(c.Run)) // it says how the case stands, and goes nowhere
	if l, err := r.Look(t.Context(), "sv", "q", 0); err != nil || l.JPEG != nil || l.State != Ended {
		t.Errorf("%v, %v", l.State, err)
	}
}

func TestPicturesAreBounded(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	c := r.watched()
	for name, b := range map[string][]byte{
		"nothing": {}, "too wide": frame(t, 641, 480), "too high": frame(t, 480, 641), "a dot": frame(t, 8, 8),
		"no JPEG": []byte("GIF89a"), "too long": append(frame(t, 64, 64), make([]byte, MaxPicture)...),
	} {
		r.clk.Advance(apart)
		if _, err := r.Picture(t.Context(), r.seat, "q", c.Run, b); sekisho.CodeOf(err) != "witness.picture" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.must(r.show(c.Run))
	r.clk.Advance(apart - 1)
	_, err := r.Picture(t.Context(), r.seat, "q", c.Run, frame(t, 64, 64))
	r.refused(err, "witness.pace")
	r.clk.Advance(1)
	_, err = r.Picture(t.Context(), r.seat, "q", c.Run, frame(t, 64, 64))
	r.must(err)
}

func TestSilenceEndsACase(t *testing.T) {
	for name, test := range map[string]struct {
		keep func(*room, Case) error
		why  string
	}{
		"no pictures":  {func(r *room, _ Case) error { _, err := r.Look(r.Context(), "sv", "q", 99); return err }, "witness.silent"},
		"nobody looks": {func(r *room, c Case) error { return r.show(c.Run) }, "witness.away"},
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, db *storage.DB) {
				r, ctx := newRoom(t, db), t.Context()
				c := r.offered()
				if name == "no pictures" {
					r.lives.of["q"].looked += silence // so that one look, which waits, is enough
				}
				r.clk.Advance(silence - apart)
				r.must(test.keep(r, c))
				r.clk.Advance(apart + 1)
				_, err := r.Confirm(ctx, "sv", "q", c.Digest(), "passkey")
				r.refused(err, "witness.over")
				r.must(r.sweep(ctx))
				now, err := r.Of(ctx, r.seat, "q")
				if err != nil || now.State != Ended || now.Reason != test.why || r.asked.state != "" {
					t.Errorf("%s %s %v, question %q", now.State, now.Reason, err, r.asked.state)
				}
				if len(r.rows("witness.ended")) != 1 {
					t.Error("no row says so")
				}
			})
		})
	}
}

// A server that starts anew has no picture: what seems live has ended.
func TestNothingOutlivesTheServer(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	c := r.offered()
	r.Witnesses = New(r.db, r.clk, r.deps)
	_, err := r.Confirm(t.Context(), "sv", "q", c.Digest(), "passkey")
	r.refused(err, "witness.over")
	r.must(r.show(c.Run)) // it says how the case stands, and goes nowhere
	again := r.watched()
	if again.Run == c.Run {
		t.Error("the same run")
	}
}

func TestARefusalLeavesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for _, reason := range []string{AnotherPerson, NotFollowed, Unclear} {
			r, ctx := newRoom(t, db), t.Context()
			r.must(db.Write(ctx, func(tx storage.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM witnesses_cases")
				return err
			}))
			c := r.offered()
			_, err := r.Refuse(ctx, "sv", "q", "because")
			r.refused(err, "witness.reason")
			_, err = r.Refuse(ctx, "sv", "q", reason)
			r.must(err)
			if r.asked.state != "refused" || (len(r.seen.incidents) == 1) != (reason == AnotherPerson) {
				t.Errorf("%s: question %q, %d incidents", reason, r.asked.state, len(r.seen.incidents))
			}
			_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey")
			r.refused(err, "witness.over")
			rows := r.rows("witness.refused")
			if row := rows[0].Event; row.Reason != "witness."+reason || row.Decision != audit.Deny {
				t.Errorf("the row says %+v", row)
			}
		}
	})
}

// A PC that came by courier in the place of another.
func (r *room) replacement(picture string) {
	r.Helper()
	r.must(r.db.Write(r.Context(), func(tx storage.Tx) error {
		return r.Replaced(r.Context(), tx, "old", "pc", "op", picture, "old")
	}))
}

func TestAReplacementNeedsVideo(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.must(r.store(r.seat, made)) // any other PC
		r.replacement("")
		r.refused(r.store(r.seat, made), "witness.video_needed")
		c := r.offered()
		r.refused(r.store(r.seat, made), "witness.video_needed")
		_, err := r.Confirm(ctx, "sv", "q", c.Digest(), "passkey") // nothing is kept that could be compared
		r.must(err)
		r.must(r.store(r.seat, made))
		if yes, err := r.Needed(ctx, "pc"); err != nil || yes {
			t.Errorf("still needed: %v", err)
		}
	})
}

// Nobody has enrolled on the first new PC: what was kept for its witness is for the next one's.
func TestAnOlderFaceGoesOnToTheNextPC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		next := func(old, device sekisho.DeviceID, p sekisho.PersonID) {
			r.must(db.Write(ctx, func(tx storage.Tx) error { return r.Replaced(ctx, tx, old, device, p, "", "") }))
		}
		kept := func(d sekisho.DeviceID) (was replacement) {
			r.must(db.Read(ctx, func(tx storage.Tx) (err error) {
				was, err = replaced(ctx, tx, d)
				return err
			}))
			return was
		}
		r.replacement("older")
		_, err := r.Ask(ctx, "sv", "pc", pageKey(t))
		r.must(err)
		next("pc", "pc-other", "somebody")
		if was := kept("pc-other"); was.Picture != "" {
			t.Errorf("somebody else's PC keeps %+v", was)
		}
		before := kept("pc").At
		r.clk.Jump(time.Hour)
		next("pc", "pc2", "op")
		if was := kept("pc2"); was.Picture != "older" || was.Origin != "old" || !was.At.Equal(before) {
			t.Errorf("the next PC keeps %+v", was)
		}
		if was := kept("pc"); was.Picture != "" || len(r.seen.dropped) > 0 {
			t.Errorf("the first one keeps %+v, dropped %v", was, r.seen.dropped)
		}
		_, err = r.Ask(ctx, "sv", "pc", pageKey(t))
		r.refused(err, "witness.no_old_face")
	})
}

func TestAPCThatWasHandedOverNeedsNone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.replacement("older")
	r.must(r.HandedOver(t.Context(), "pc", true))
	r.must(r.store(r.seat, made))
	if !slices.Equal(r.seen.dropped, []string{"older"}) {
		t.Errorf("the older picture: %v", r.seen.dropped)
	}
}

func pageKey(t testing.TB) []byte {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k.PublicKey().Bytes()
}

func TestTheOlderFaceIsSeenBeforeItIsConfirmed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx, key := newRoom(t, db), t.Context(), pageKey(t)
		r.replacement("older")
		for by, code := range map[sekisho.PersonID]string{"op": "witness.role", "officer": "witness.role"} {
			_, err := r.Ask(ctx, by, "pc", key)
			r.refused(err, code)
		}
		_, err := r.Ask(ctx, "sv", "pc", key[:64])
		r.refused(err, "witness.key")
		_, err = r.Ask(ctx, "sv", "pc2", key)
		r.refused(err, "witness.no_old_face")
		r.refused(r.Give(ctx, "officer", "pc", showing.Mark(key), []byte("sealed")), "witness.no_old_face")
		o, err := r.Ask(ctx, "sv", "pc", key)
		r.must(err)

		c := r.offered()
		_, err = r.See(ctx, "sv", "q")
		r.refused(err, "witness.no_old_face")
		_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey")
		r.refused(err, "witness.old_face_unseen")
		r.refused(r.Give(ctx, "sv", "pc", showing.Mark(key), []byte("sealed")), "witness.officer")
		r.refused(r.Give(ctx, "officer", "pc", showing.Mark(pageKey(t)), []byte("sealed")), "witness.key")
		r.refused(r.Give(ctx, "officer", "pc", showing.Mark(key), make([]byte, maxSealed+1)), "witness.key")
		r.must(r.Give(ctx, "officer", "pc", showing.Mark(key), []byte("sealed")))
		_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey") // it lies there, and nobody has looked
		r.refused(err, "witness.old_face_unseen")
		_, err = r.See(ctx, "sv2", "q")
		r.refused(err, "witness.unknown")
		got, err := r.See(ctx, "sv", "q")
		if err != nil || string(got.Sealed) != "sealed" || got.Picture != o.Picture {
			t.Fatalf("%q, %v", got.Sealed, err)
		}
		_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey") // the page has it, and could not open it
		r.refused(err, "witness.old_face_unseen")
		r.refused(r.Opened(ctx, "sv2", "q", got.hash()), "witness.unknown")
		r.refused(r.Opened(ctx, "sv", "q", got.Picture), "witness.changed")
		r.must(r.Opened(ctx, "sv", "q", got.hash()))
		r.must(r.Opened(ctx, "sv", "q", got.hash()))
		_, err = r.Confirm(ctx, "sv", "q", c.Digest(), "passkey") // what was shown before it was seen
		r.refused(err, "witness.changed")
		l, err := r.Look(ctx, "sv", "q", 0)
		r.must(err)
		if l.Kept != "seen" {
			t.Errorf("the older picture is %q", l.Kept)
		}
		_, err = r.Confirm(ctx, "sv", "q", l.Digest(), "passkey")
		r.must(err)
		r.must(r.store(r.seat, made))
		if !slices.Equal(r.seen.dropped, []string{"older"}) {
			t.Errorf("the older picture is kept after the enrolment: %v", r.seen.dropped)
		}
		for _, kind := range []string{"witness.old_asked", "witness.old_given", "witness.old_shown", "witness.old_seen", "witness.old_deleted"} {
			if len(r.rows(kind)) != 1 {
				t.Errorf("%d rows %s", len(r.rows(kind)), kind)
			}
		}
	})
}

// What a witness has seen is what he confirms, and officers do not put another in its place.
func TestTheOlderFaceThatWasSeenStays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx, key := newRoom(t, db), t.Context(), pageKey(t)
		give := func(sealed string) error { return r.Give(ctx, "officer", "pc", showing.Mark(key), []byte(sealed)) }
		open := func() string {
			got, err := r.See(ctx, "sv", "q")
			r.must(err)
			r.must(r.Opened(ctx, "sv", "q", got.hash()))
			l, err := r.Look(ctx, "sv", "q", 0)
			r.must(err)
			return l.Digest()
		}
		r.replacement("older")
		_, err := r.Ask(ctx, "sv", "pc", key)
		r.must(err)
		r.must(give("unreadable"))
		r.must(give("one")) // nobody has opened the first
		r.offered()
		first := open()
		r.refused(give("another"), "witness.old_face_seen")
		_, err = r.Ask(ctx, "sv", "pc", key)
		r.must(err)
		_, err = r.Confirm(ctx, "sv", "q", first, "passkey")
		r.refused(err, "witness.old_face_unseen")
		r.must(give("another"))
		_, err = r.Confirm(ctx, "sv", "q", first, "passkey")
		r.refused(err, "witness.old_face_unseen")
		second := open()
		if second == first {
			t.Error("the digest does not name what was seen")
		}
		_, err = r.Confirm(ctx, "sv", "q", first, "passkey")
		r.refused(err, "witness.changed")
		_, err = r.Confirm(ctx, "sv", "q", second, "passkey")
		r.must(err)
		given, seen := r.rows("witness.old_given"), r.rows("witness.old_seen")
		for i := range seen {
			if s := seen[i].Event.Detail["sealed"]; len(s) != 64 || !slices.ContainsFunc(given, func(e audit.Entry) bool { return e.Event.Detail["sealed"] == s }) {
				t.Errorf("the row names %q", s)
			}
		}
	})
}

func TestAnotherOfferHasAnotherName(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	if w := r.watched(); w.Offer() != "" {
		t.Errorf("nothing is offered, and is named %q", w.Offer())
	}
	names := map[string]bool{}
	for _, e := range []Enrolment{made, {"c2", "m1", "p1"}, {"c1", "m2", "p1"}, {"c1", "m1", "p2"}, made} {
		c, err := r.Offer(t.Context(), r.seat, "q", e)
		r.must(err)
		names[c.Offer()] = true
	}
	if len(names) != 4 {
		t.Errorf("%d names of 4 offers", len(names))
	}
}

func TestARunThatIsTakenAnewHasEnded(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.offered()
	if r.watched(); len(r.rows("witness.ended")) != 1 || len(r.rows("witness.taken")) != 2 {
		t.Errorf("%d rows of an end, %d of beginnings", len(r.rows("witness.ended")), len(r.rows("witness.taken")))
	}
}

// An older picture that was sealed to one witness is not another's, and goes after a week.
func TestAnOlderFaceIsItsWitnesssAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx, key := t.Context(), pageKey(t)
	r.replacement("older")
	_, err := r.Ask(ctx, "sv2", "pc", key)
	r.must(err)
	r.must(r.Give(ctx, "officer", "pc", showing.Mark(key), []byte("sealed")))
	r.offered()
	_, err = r.See(ctx, "sv", "q")
	r.refused(err, "witness.no_old_face")
	_, err = r.Ask(ctx, "sv", "pc", key)
	r.must(err)
	r.must(r.Give(ctx, "officer", "pc", showing.Mark(key), []byte("sealed")))
	r.clk.Jump(oldLife + time.Hour)
	_, err = r.See(ctx, "sv", "q")
	r.refused(err, "witness.no_old_face")
	r.refused(r.Give(ctx, "officer", "pc", showing.Mark(key), []byte("sealed")), "witness.no_old_face")
}

func TestAnOlderFaceGoesWithTheConsentAndInTime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.replacement("older")
		keeps := func() (yes bool) {
			r.must(db.Read(ctx, func(tx storage.Tx) (err error) {
				yes, err = r.Keeps(ctx, tx, "op", "older")
				return err
			}))
			return yes
		}
		r.must(r.Tidy(ctx))
		r.must(r.Forget(ctx, "somebody"))
		if !keeps() || len(r.seen.dropped) > 0 {
			t.Fatal("gone too soon")
		}
		r.must(r.Forget(ctx, "op"))
		if keeps() || !slices.Equal(r.seen.dropped, []string{"older"}) || r.seen.swept != 1 {
			t.Errorf("kept: %v, %d sweeps", r.seen.dropped, r.seen.swept)
		}
		r.must(db.Write(ctx, func(tx storage.Tx) error { return r.Replaced(ctx, tx, "old2", "pc2", "op", "older2", "old2") }))
		r.clk.Jump(keptLife + time.Hour)
		r.must(r.Tidy(ctx))
		if !slices.Equal(r.seen.dropped, []string{"older", "older2"}) {
			t.Errorf("kept after its time: %v", r.seen.dropped)
		}
	})
}

func TestRequestsAreDrawn(t *testing.T) {
	drawn := map[Request]bool{}
	for range 1000 {
		q := newRequest()
		if !slices.Contains(hands, q.Hand) || !slices.Contains(places, q.Place) || q.Fingers < 1 || q.Fingers > maxFingers {
			t.Fatalf("%+v", q)
		}
		drawn[q] = true
	}
	if len(drawn) != len(hands)*len(places)*maxFingers {
		t.Errorf("%d of 30 come up", len(drawn))
	}
}

func FuzzPicture(f *testing.F) {
	f.Add(frame(f, 64, 64))
	f.Add(frame(f, 641, 10))
	f.Add([]byte{0xff, 0xd8, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		if validPicture(b) != nil {
			return
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil || len(b) > MaxPicture || c.Width > maxSide || c.Height > maxSide {
			t.Fatalf("%d bytes, %d x %d, %v", len(b), c.Width, c.Height, err)
		}
	})
}
