package recordings

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func TestRetention(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.scope[clientB] = Works{All: true}
		m := meta()
		m.Client = clientB
		id, held, ofB := r.made(meta(), time.Second), r.made(meta(), time.Second), r.made(m, time.Second)
		running := r.begin(meta())
		must(t, r.Hold(t.Context(), sv, held, "訴訟"))
		must(t, r.SetRetention(t.Context(), admin, clientB, 400, "契約", nil))
		sweep := func(want int) {
			t.Helper()
			if n, err := r.Sweep(t.Context()); n != want || err != nil {
				t.Errorf("%d swept, want %d: %v", n, want, err)
			}
		}
		r.clk.Jump(StandardDays*24*time.Hour - time.Hour)
		sweep(0)
		r.clk.Jump(2 * time.Hour)
		listening, err := r.Open(t.Context(), boss, held)
		must(t, err)
		sweep(1)
		if rec := r.get(id); rec.Erased.IsZero() || rec.Number != "" {
			t.Errorf("%+v", rec)
		}
		for _, err := range []error{
			failed(r.Open(t.Context(), boss, id)), failed(r.Peaks(t.Context(), boss, id)), r.Verify(t.Context(), boss, id), r.Hold(t.Context(), sv, id, "late"),
		} {
			if sekisho.CodeOf(err) != "recording.erased" {
				t.Errorf("what was erased: %v", err)
			}
		}
		if list, err := r.List(t.Context(), boss, Filter{Client: clientA, Number: meta().Number}); err != nil || len(list) != 2 {
			t.Errorf("found by its number: %d, %v", len(list), err) // the held one and the running one
		}
		var wrapped []byte
		must(t, db.Read(t.Context(), func(tx storage.Tx) error {
			return tx.QueryRow(t.Context(), "SELECT wrapped FROM recordings_tapes WHERE id = ?", string(id)).Scan(&wrapped)
		}))
		if _, err := os.Stat(filepath.Join(r.path, string(id)+".skr")); wrapped != nil || !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a key of %d bytes is left, file: %v", len(wrapped), err)
		}
		must(t, listening.Close())

		if err := r.Lift(t.Context(), sv, held, "over", nil); sekisho.CodeOf(err) != "recording.role" {
			t.Errorf("a supervisor lifts a hold: %v", err)
		}
		no := errors.New("no second person")
		if err := r.Lift(t.Context(), admin, held, "over", func(context.Context, storage.Tx) error { return no }); !errors.Is(err, no) {
			t.Errorf("without the second person: %v", err)
		}
		if err := r.Lift(t.Context(), admin, held, " ", nil); sekisho.CodeOf(err) != "recording.reason" {
			t.Errorf("without a reason: %v", err)
		}
		sweep(0)
		must(t, r.Lift(t.Context(), admin, held, "over", nil))
		sweep(1)
		if err := r.SetRetention(t.Context(), sv, clientB, 1, "x", nil); sekisho.CodeOf(err) != "recording.role" {
			t.Errorf("a supervisor changes the days: %v", err)
		}
		if err := r.SetRetention(t.Context(), admin, clientB, 1, "x", func(context.Context, storage.Tx) error { return no }); !errors.Is(err, no) {
			t.Errorf("fewer days without the second person: %v", err)
		}
		for _, days := range []int{0, -1, maxDays + 1} {
			if err := r.SetRetention(t.Context(), admin, clientB, days, "x", nil); sekisho.CodeOf(err) != "recording.days" {
				t.Errorf("%d days: %v", days, err)
			}
		}
		sweep(0)
		must(t, r.SetRetention(t.Context(), admin, clientB, 30, "契約", nil))
		sweep(1)
		if rec := r.get(ofB); rec.Erased.IsZero() {
			t.Error("client B's recording is still there")
		}
		r.end(running)
		if rec := r.get(running.ID()); rec.State != Whole || !rec.Erased.IsZero() {
			t.Errorf("the one that was being made: %+v", rec)
		}
		for kind, want := range map[string]int{"recording.erased": 3, "recording.held": 1, "recording.released": 1, "recording.retention_changed": 2, "recording.keeping_refused": 2} {
			if got := len(r.rows(kind)); got != want {
				t.Errorf("%s: %d rows, want %d", kind, got, want)
			}
		}
	})
}

func failed[T any](_ T, err error) error { return err }

// A file that cannot be removed is removed later; its key is gone at once.
func TestAFileThatStays(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	id := r.made(meta(), time.Second)
	d := r.folder
	r.folder = stuck{d}
	r.clk.Jump(100 * 24 * time.Hour)
	if n, err := r.Sweep(t.Context()); n != 1 || err == nil {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := r.Open(t.Context(), boss, id); sekisho.CodeOf(err) != "recording.erased" {
		t.Errorf("it opens: %v", err)
	}
	r.folder = d
	if n, err := r.Sweep(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(r.path, string(id)+".skr")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
}

type stuck struct{ Folder }

func (stuck) Remove(sekisho.RecordingID) error { return errors.New("busy") }
