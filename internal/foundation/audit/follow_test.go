package audit_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Whoever holds a checkpoint, of this epoch or of one before, is led to the
// newest one by steps that prove themselves.
func TestFollowLeadsEveryPin(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		a, b := root(1), root(2)
		roster := public(a, b)
		var pins [][]byte
		keep := func() { pins = append(pins, checkpointOf(t, l)) }
		all := func(when string) {
			t.Helper()
			newest := checkpointOf(t, l)
			for i, pin := range pins {
				follows(t, l, pin, newest, roster, when, i)
			}
		}
		add(t, db, l, 6)
		keep()
		add(t, db, l, 7)
		keep()
		all("one epoch")

		// Put back to ten entries: the second pin is among what was lost.
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		rollBack(t, db, 10)
		l = open(t, db, newClock())
		if err := l.Pin(ctx, pins[1]); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatalf("control: %v", err)
		}
		restartWith(t, l, a, b)
		all("after the restart")
		add(t, db, l, 5)
		keep()
		all("grown since")

		// Another one, of which everything survives.
		restartWith(t, l, a, b)
		add(t, db, l, 3)
		keep()
		all("a second restart")
	})
}

func restartWith(t *testing.T, l *audit.Log, keys ...ed25519.PrivateKey) {
	t.Helper()
	e, err := l.ProposeEpoch(t.Context(), "restored")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.OpenEpoch(t.Context(), wireSigned(e, keys...), public(keys...)); err != nil {
		t.Fatal(err)
	}
}

func follows(t *testing.T, l *audit.Log, pin, newest []byte, roster []ed25519.PublicKey, when string, i int) {
	t.Helper()
	v, err := checkpoint.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	steps, err := l.Follow(t.Context(), pin)
	if err != nil {
		t.Fatalf("%s, pin %d: %v", when, i, err)
	}
	moved, err := checkpoint.Pin{Note: pin}.Walk(steps, roster, v, origin)
	if err != nil || !bytes.Equal(moved.Note, newest) {
		t.Errorf("%s, pin %d: %d steps, %v", when, i, len(steps), err)
	}
	if len(steps[0].Restart) == 0 {
		return
	}
	still, err := checkpoint.Pin{Note: pin}.Walk(steps, public(root(1), root(9)), v, origin)
	if err == nil || !bytes.Equal(still.Note, pin) {
		t.Errorf("%s, pin %d moved without the roots: %v", when, i, err)
	}
}

func TestFollowRefusesStrangers(t *testing.T) {
	db := storagetest.SQLite(t)
	l := open(t, db, newClock())
	add(t, db, l, 3)
	other := storagetest.SQLite(t)
	stranger, err := audit.New(migrated(t, other), newClock(), root(9), origin)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	add(t, other, stranger, 3)
	for name, note := range map[string][]byte{"nothing": nil, "rubbish": []byte("x"), "another key's": checkpointOf(t, stranger)} {
		if steps, err := l.Follow(t.Context(), note); err == nil {
			t.Errorf("%s was led on: %+v", name, steps)
		}
	}
}

func migrated(t *testing.T, db *storage.DB) *storage.DB {
	t.Helper()
	migrate(t, db)
	return db
}
