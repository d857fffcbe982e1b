package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// filled is a log of n entries with two checkpoints and a personal value here and there.
func filled(t *testing.T, db *storage.DB, n int) *audit.Log {
	t.Helper()
	l := open(t, db, newClock())
	fill := func(from, to int) {
		err := db.Write(t.Context(), func(tx storage.Tx) error {
			for i := from; i < to; i++ {
				e := audit.Event{Kind: "device.approved", Actor: audit.Actor{Person: "p", Device: "d"}, Session: "s", Object: audit.Object{Type: "device", ID: fmt.Sprintf("d%d", i)}}
				if i%5 == 0 {
					e.Personal = audit.Personal{"name": fmt.Sprintf("person %d", i), "phone": "000"}
				}
				if err := l.Append(t.Context(), tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		checkpointOf(t, l)
	}
	fill(0, n/2+1)
	fill(n/2+1, n)
	return l
}

func checkpointOf(t *testing.T, l *audit.Log) []byte {
	t.Helper()
	note, _, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return note
}

func exported(t *testing.T, l *audit.Log) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verifyExport(t *testing.T, l *audit.Log, zip, since []byte) (audit.Report, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return audit.VerifyExport(ctx, bytes.NewReader(zip), int64(len(zip)), audit.Expect{Key: l.VerifierKey(), Since: since})
}

func verifyLive(t *testing.T, l *audit.Log, since []byte) (audit.Report, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return l.VerifyLive(ctx, since)
}

func TestVerifyAcceptsWhatIsWhole(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for _, n := range []int{0, 1, 2, 255, 256, 257, 600} {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				db := fresh(t, db)
				l := open(t, db, newClock())
				add(t, db, l, n)
				pin := checkpointOf(t, l)
				add(t, db, l, 3)
				for name, verify := range map[string]func() (audit.Report, error){
					"export": func() (audit.Report, error) { return verifyExport(t, l, exported(t, l), nil) },
					"live":   func() (audit.Report, error) { return verifyLive(t, l, nil) },
				} {
					if r, err := verify(); err != nil || r.Size != int64(n+3) || r.Rollback != audit.RollbackNotChecked {
						t.Errorf("%s: %+v, %v", name, r, err)
					}
				}
				if r, err := verifyExport(t, l, exported(t, l), pin); err != nil || r.Rollback != audit.RollbackChecked || r.Checkpoints < 2 {
					t.Errorf("export with a pin: %+v, %v", r, err)
				}
				if r, err := verifyLive(t, l, pin); err != nil || r.Rollback != audit.RollbackChecked || r.Checkpoints < 2 {
					t.Errorf("live with a pin: %+v, %v", r, err)
				}
			})
		}
	})
}

// fresh is another empty database of the same engine.
func fresh(t *testing.T, db *storage.DB) *storage.DB {
	if db.Dialect() == storage.SQLite {
		return storagetest.SQLite(t)
	}
	return storagetest.Postgres(t)
}

// Every change to what is stored is found, straight on the database; what an
// export carries of it is found there too.
func TestTamperingIsFound(t *testing.T) {
	const n = 300
	cases := []struct {
		name     string
		sql      []string
		inExport bool // the export shows it too
	}{
		{"entry changed", []string{"UPDATE audit_leaves SET leaf = REPLACE(leaf, 'approved', 'refused!') WHERE seq = 17"}, true},
		{"one letter of an entry", []string{"UPDATE audit_leaves SET leaf = REPLACE(leaf, '\"d17\"', '\"d18\"') WHERE seq = 17"}, true},
		{"space added to an entry", []string{"UPDATE audit_leaves SET leaf = REPLACE(leaf, '{\"actor\"', '{ \"actor\"') WHERE seq = 299"}, true},
		{"entry deleted", []string{"DELETE FROM audit_leaves WHERE seq = 100"}, true},
		{"first entry deleted", []string{"DELETE FROM audit_leaves WHERE seq = 0"}, true},
		{"last entry deleted", []string{"DELETE FROM audit_leaves WHERE seq = 299"}, true},
		{"entries exchanged", []string{
			"UPDATE audit_leaves SET seq = -1 WHERE seq = 20", "UPDATE audit_leaves SET seq = 20 WHERE seq = 21", "UPDATE audit_leaves SET seq = 21 WHERE seq = -1"}, true},
		{"entry added behind the head", []string{
			"INSERT INTO audit_leaves (seq, id, at, kind, person, device, session, object, leaf) SELECT 300, 'x', at, kind, person, device, session, object, leaf FROM audit_leaves WHERE seq = 3"}, false},
		{"column id", []string{"UPDATE audit_leaves SET id = 'x' WHERE seq = 5"}, false},
		{"column at", []string{"UPDATE audit_leaves SET at = at + 1 WHERE seq = 5"}, false},
		{"column kind", []string{"UPDATE audit_leaves SET kind = 'device.refused' WHERE seq = 5"}, false},
		{"column person", []string{"UPDATE audit_leaves SET person = '' WHERE seq = 5"}, false},
		{"column device", []string{"UPDATE audit_leaves SET device = 'e' WHERE seq = 5"}, false},
		{"column customer", []string{"UPDATE audit_leaves SET customer = 'x' WHERE seq = 5"}, false},
		{"column call", []string{"UPDATE audit_leaves SET call = 'x' WHERE seq = 5"}, false},
		{"column session", []string{"UPDATE audit_leaves SET session = 'e' WHERE seq = 5"}, false},
		{"column object", []string{"UPDATE audit_leaves SET object = 'e' WHERE seq = 5"}, false},
		{"leaf hash", []string{"UPDATE audit_hashes SET hash = (SELECT hash FROM audit_hashes WHERE pos = 1) WHERE pos = 0"}, true},
		{"inner hash", []string{"UPDATE audit_hashes SET hash = (SELECT hash FROM audit_hashes WHERE pos = 1) WHERE pos = 2"}, false},
		{"hash deleted", []string{"DELETE FROM audit_hashes WHERE pos = 2"}, true},
		{"hash of 256 entries", []string{"UPDATE audit_hashes SET hash = (SELECT hash FROM audit_hashes WHERE pos = 1) WHERE pos = 510"}, true},
		{"hash added", []string{"INSERT INTO audit_hashes (pos, hash) SELECT 100000, hash FROM audit_hashes WHERE pos = 0"}, false},
		{"head forward", []string{"UPDATE audit_head SET size = 301"}, true},
		{"head back", []string{"UPDATE audit_head SET size = 299"}, true},
		{"cut at the end", []string{"DELETE FROM audit_leaves WHERE seq >= 200", "DELETE FROM audit_hashes WHERE pos >= 397", "UPDATE audit_head SET size = 200"}, true},
		{"head deleted", []string{"DELETE FROM audit_head"}, true},
		{"second head", []string{"INSERT INTO audit_head (id, size, epoch) VALUES (2, 300, 1)"}, false},
		{"epoch forward", []string{"UPDATE audit_head SET epoch = 2"}, true},
		{"personal value", []string{"UPDATE audit_clear SET value = 'somebody else' WHERE value = 'person 5'"}, false},
		{"salt", []string{"UPDATE audit_clear SET salt = (SELECT hash FROM audit_hashes WHERE pos = 0) WHERE value = 'person 5'"}, false},
		{"personal field", []string{"UPDATE audit_clear SET field = 'surname' WHERE value = 'person 5'"}, false},
		{"personal values exchanged", []string{
			"UPDATE audit_clear SET event = 'x' WHERE value = 'person 5'",
			"UPDATE audit_clear SET event = (SELECT id FROM audit_leaves WHERE seq = 5) WHERE value = 'person 10'",
			"UPDATE audit_clear SET event = (SELECT id FROM audit_leaves WHERE seq = 10) WHERE event = 'x'"}, false},
		{"checkpoint's size", []string{"UPDATE audit_checkpoints SET size = 150 WHERE size = 151"}, false},
		{"checkpoint's note", []string{"UPDATE audit_checkpoints SET note = (SELECT hash FROM audit_hashes WHERE pos = 0) WHERE size = 151"}, true},
		{"pin forged", []string{"INSERT INTO audit_pins (epoch, size, root, at, note) SELECT 1, 400, hash, 0, hash FROM audit_hashes WHERE pos = 0"}, false},
		{"roots' statement forged", []string{"INSERT INTO audit_epochs (number, size, kept, lost, at, signed) VALUES (2, 100, 100, 300, 0, '[]')"}, true},
	}
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				ctx := t.Context()
				db := fresh(t, db)
				l := filled(t, db, n)
				if r, err := verifyLive(t, l, nil); err != nil {
					t.Fatalf("before: %+v, %v", r, err)
				}
				pin := checkpointOf(t, l)
				err := db.Write(ctx, func(tx storage.Tx) error {
					for _, q := range c.sql {
						res, err := tx.Exec(ctx, q)
						if err != nil {
							return err
						}
						if n, err := res.RowsAffected(); err != nil || n == 0 {
							return fmt.Errorf("%s changed nothing, %w", q, err)
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if r, err := verifyLive(t, l, pin); !errors.Is(err, audit.ErrTampered) || r.OK() {
					t.Errorf("not found on the database: %+v, %v", r, err)
				}
				if !c.inExport {
					return
				}
				var b bytes.Buffer
				if err := l.Export(ctx, &b); err != nil {
					return // an export that cannot be made tells as much
				}
				if r, err := verifyExport(t, l, b.Bytes(), pin); !errors.Is(err, audit.ErrTampered) || r.OK() {
					t.Errorf("not found in the export: %+v, %v", r, err)
				}
			})
		}
	})
}

// A row that somebody else put into the inbox never becomes an entry; that it
// was tried does. A copy of an entry's row is dropped.
func TestForgedInboxRows(t *testing.T) {
	ctx := t.Context()
	db := storagetest.Postgres(t)
	l := filled(t, db, 10)
	forge := func(query string) {
		t.Helper()
		err := db.Write(ctx, func(tx storage.Tx) error { _, err := tx.Exec(ctx, query); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	forge("INSERT INTO audit_inbox (id, leaf, mac) SELECT 'x', leaf, '\\x00' FROM audit_leaves WHERE seq = 1")
	if r, err := audit.VerifyDatabase(ctx, db, audit.Expect{Key: l.VerifierKey()}); err != nil || r.Size != 10 {
		t.Fatalf("without the key the inbox cannot be judged: %+v, %v", r, err)
	}
	found, err := l.Search(ctx, audit.Filter{}) // orders the inbox first
	if err != nil || len(found) != 11 || found[0].Event.Kind != "audit.forged" || found[0].Event.Decision != audit.Deny {
		t.Fatalf("%+v, %v", found[0], err)
	}
	for name, verify := range map[string]func() (audit.Report, error){
		"live":   func() (audit.Report, error) { return verifyLive(t, l, nil) },
		"export": func() (audit.Report, error) { return verifyExport(t, l, exported(t, l), nil) },
	} {
		r, err := verify()
		if err != nil || !r.OK() || r.Quiet() || r.Alarms != 1 || len(r.Alarmed) != 1 || r.Alarmed[0].Seq != 10 || r.Alarmed[0].Kind != "audit.forged" || len(r.Alarmed[0].SHA256) != 64 {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
	}
	// An entry of ours, put in again: the same id must not stop the sequencer.
	if err := appendEvent(ctx, db, l, audit.Event{Kind: "device.approved"}); err != nil {
		t.Fatal(err)
	}
	forge("CREATE TABLE copied AS SELECT * FROM audit_inbox")
	checkpointOf(t, l)
	forge("INSERT INTO audit_inbox SELECT * FROM copied")
	add(t, db, l, 1)
	if found, err = l.Search(ctx, audit.Filter{}); err != nil || len(found) != 13 {
		t.Fatalf("%d entries, %v", len(found), err)
	}
}

// Erasing personal values at the end of their time is no tampering: the proofs
// stay valid, the report counts them, and what is younger stays.
func TestErasedPersonalValues(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		for n := range 4 {
			err := db.Write(ctx, func(tx storage.Tx) error {
				return l.Append(ctx, tx, audit.Event{Kind: "person.created", Personal: audit.Personal{"name": fmt.Sprint(n), "phone": "000"}})
			})
			if err != nil {
				t.Fatal(err)
			}
			clk.Advance(24 * time.Hour)
		}
		checkpointOf(t, l)
		if r, err := verifyLive(t, l, nil); err != nil || r.Erased != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		end := clk.Now().Add(-2 * 24 * time.Hour) // two are older
		if n, err := l.EraseBefore(ctx, end); err != nil || n != 4 {
			t.Fatalf("%d, %v", n, err)
		}
		kept := 0
		found, err := l.Search(ctx, audit.Filter{Kind: "person.created"})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found {
			if (len(one.Event.Personal) == 0) != one.At.Before(end) {
				t.Errorf("entry %d of %s: %d personal values", one.Seq, one.At, len(one.Event.Personal))
			}
			kept += len(one.Event.Personal)
		}
		if kept != 4 {
			t.Errorf("%d values are kept", kept)
		}
		rows, err := l.Search(ctx, audit.Filter{Kind: "audit.erased"})
		if err != nil || len(rows) != 1 || rows[0].Event.Detail["values"] != "4" {
			t.Fatalf("the erasure is not in the log: %v, %v", rows, err)
		}
		if n, err := l.EraseBefore(ctx, end); err != nil || n != 0 {
			t.Errorf("once more: %d, %v", n, err)
		}
		checkpointOf(t, l)
		if r, err := verifyLive(t, l, nil); err != nil || r.Erased != 4 {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}
