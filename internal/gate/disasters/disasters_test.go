package disasters

import (
	"context"
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// checker refuses the one text that these tests call bad; gate/rules is tried in api/console.
type checker struct{}

func (checker) CheckWidening(_ context.Context, text string) error {
	if text == "bad" {
		return errors.New("not a permit")
	}
	return nil
}

func two(context.Context, storage.Tx) error { return nil }

var errRefusing = sekisho.Fail(sekisho.KindDenied, "act.own")

func refusing(context.Context, storage.Tx) error { return errRefusing }

func newRoom(t *testing.T, db *storage.DB) (*Disasters, *clock.Fake) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	if err := db.Migrate(t.Context(), audit.Schema, Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(db, clk, log, checker{}), clk
}

// TestDeclaredUntilItsEnd is the life of a disaster, on both databases.
func TestDeclaredUntilItsEnd(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, clk := newRoom(t, db)
		ctx := t.Context()
		if _, err := r.Agree(ctx, "admin", "見本", "bad", two); sekisho.CodeOf(err) != "disaster.widening" {
			t.Errorf("a bad text: %v", err)
		}
		for name, second := range map[string]storage.Second{"nobody": nil, "a second who refuses": refusing} {
			if _, err := r.Agree(ctx, "admin", "見本", "good", second); sekisho.KindOf(err) != sekisho.KindDenied {
				t.Errorf("%s: %v", name, err)
			}
		}
		w, err := r.Agree(ctx, "admin", "見本", "good", two)
		if err != nil {
			t.Fatal(err)
		}
		d := Declaration{Widening: w.ID, Reason: "台風", Announcement: "自宅で", Ends: clk.Now().Add(time.Hour)}
		for name, second := range map[string]storage.Second{"nobody": nil, "a second who refuses": refusing} {
			if _, err := r.Declare(ctx, "admin", d, second); sekisho.KindOf(err) != sekisho.KindDenied {
				t.Errorf("%s: %v", name, err)
			}
		}
		if now, err := r.Now(ctx); err != nil || now.ID != "" {
			t.Fatalf("%+v, %v", now, err)
		}
		if _, err := r.Declare(ctx, "admin", d, two); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Declare(ctx, "admin", d, two); sekisho.CodeOf(err) != "disaster.already" {
			t.Errorf("twice: %v", err)
		}
		if err := r.Drop(ctx, "admin", w.ID); err != nil {
			t.Fatal(err)
		}
		clk.Advance(time.Hour - time.Microsecond)
		if now, err := r.Now(ctx); err != nil || !now.In(clk.Now()) || now.Text != "good" {
			t.Errorf("%+v, %v", now, err)
		}
		clk.Advance(time.Microsecond)
		if now, err := r.Now(ctx); err != nil || now.ID != "" {
			t.Errorf("at its end: %+v, %v", now, err)
		}
		if next, err := r.Settle(ctx); err != nil || !next.IsZero() {
			t.Errorf("%v, %v", next, err)
		}
		if err := r.End(ctx, "sv"); sekisho.CodeOf(err) != "disaster.none" {
			t.Errorf("ended twice: %v", err)
		}
		d.Ends = clk.Now().Add(time.Hour)
		if _, err := r.Declare(ctx, "admin", d, two); sekisho.CodeOf(err) != "disaster.not_agreed" {
			t.Errorf("by a widening that was taken back: %v", err)
		}
	})
}
