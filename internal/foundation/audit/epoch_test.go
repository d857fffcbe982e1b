package audit_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

func root(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func public(keys ...ed25519.PrivateKey) (out []ed25519.PublicKey) {
	for _, k := range keys {
		out = append(out, k.Public().(ed25519.PublicKey))
	}
	return out
}

// rollBack deletes the newest entries as an old backup would have them missing:
// everything that the database itself knows of them goes too.
func rollBack(t *testing.T, db *storage.DB, size int64) {
	t.Helper()
	ctx := t.Context()
	err := db.Write(ctx, func(tx storage.Tx) error {
		for _, q := range []string{"DELETE FROM audit_leaves WHERE seq >= ?", "DELETE FROM audit_checkpoints WHERE size > ?", "DELETE FROM audit_pins WHERE size > ?", "UPDATE audit_head SET size = ?"} {
			if _, err := tx.Exec(ctx, q, size); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "DELETE FROM audit_hashes WHERE pos >= ?", storedBefore(size))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// storedBefore is how many hashes a tree of this size has, counted the slow way.
func storedBefore(size int64) (n int64) {
	for i := int64(1); i <= size; i++ {
		n++
		for j := i; j%2 == 0; j /= 2 {
			n++
		}
	}
	return n
}

var opening = audit.Event{Kind: "session.opened", Decision: audit.Allow}

// A database put back is noticed when an agent reports what it saw; nothing
// opens then, closing goes on, and two roster roots can end it.
func TestRollbackClosesUntilTwoRootsSign(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		add(t, db, l, 10)
		early := checkpointOf(t, l)
		add(t, db, l, 10)
		late := checkpointOf(t, l)
		if err := l.Pin(ctx, late); err != nil {
			t.Fatalf("the control: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		rollBack(t, db, 15)

		l = open(t, db, newClock())
		if !l.Opened() {
			t.Fatal("closed before anybody could know")
		}
		if err := l.Pin(ctx, early); err != nil {
			t.Fatalf("what is still there fits: %v", err)
		}
		if err := l.Pin(ctx, late); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatalf("the missing entries were not noticed: %v", err)
		}
		if l.Opened() {
			t.Fatal("still open")
		}
		if err := appendEvent(ctx, db, l, opening); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatalf("an opening act: %v", err)
		}
		for _, e := range []audit.Event{{Kind: "session.refused", Decision: audit.Deny}, {Kind: "session.closed", Closing: true}} {
			if err := appendEvent(ctx, db, l, e); err != nil {
				t.Fatalf("%s: %v", e.Kind, err)
			}
		}
		l.Afterwards(audit.Event{Kind: "session.ended"})
		if err := l.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Checkpoint(ctx); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatalf("a checkpoint was signed that contradicts one that was signed: %v", err)
		}
		again, err := audit.New(db, newClock(), key, origin) // a restart does not help
		if err != nil || again.Opened() {
			t.Fatalf("opened by a restart, %v", err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}

		e, err := l.ProposeEpoch(ctx, "restored from the backup of last night")
		if err != nil || e.Number != 2 || e.Lost != 20 || e.Size < 15 || e.Kept != 10 {
			t.Fatalf("%+v, %v", e, err)
		}
		a, b, stranger := root(1), root(2), root(3)
		roster := public(a, b)
		other := e
		other.Size--
		for name, signatures := range map[string][]wire.Signed{
			"none":                  nil,
			"one":                   {e.Sign(a)},
			"one twice":             {e.Sign(a), e.Sign(a)},
			"one and a stranger":    {e.Sign(a), e.Sign(stranger)},
			"two, different texts":  {e.Sign(a), other.Sign(b)},
			"two, not of this tree": {other.Sign(a), other.Sign(b)},
		} {
			if err := l.OpenEpoch(ctx, signatures, roster); err == nil || l.Opened() {
				t.Fatalf("opened by %s", name)
			}
		}
		if err := l.OpenEpoch(ctx, []wire.Signed{e.Sign(a), e.Sign(b)}, public(a, a)); err == nil {
			t.Fatal("one root listed twice counts as two")
		}
		if err := l.OpenEpoch(ctx, []wire.Signed{e.Sign(b), e.Sign(a)}, roster); err != nil || !l.Opened() {
			t.Fatalf("two roster roots: %v", err)
		}
		if err := l.OpenEpoch(ctx, []wire.Signed{e.Sign(b), e.Sign(a)}, roster); err == nil {
			t.Fatal("the same statement opened another epoch")
		}
		if err := appendEvent(ctx, db, l, opening); err != nil {
			t.Fatal(err)
		}
		if err := l.Pin(ctx, late); err != nil || !l.Opened() {
			t.Fatalf("a pin of the entries that were declared lost: %v", err)
		}
		verifyNewEpoch(t, l, early, late, roster)
		agentFollows(t, l, early, late, wireSigned(e, a, b), roster)
		err = db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE audit_epochs SET kept = 0")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := verifyLive(t, l, nil); !errors.Is(err, audit.ErrTampered) {
			t.Fatalf("a changed epoch was not found: %+v, %v", r, err)
		}
	})
}

func wireSigned(e audit.Epoch, keys ...ed25519.PrivateKey) (out []wire.Signed) {
	for _, k := range keys {
		out = append(out, e.Sign(k))
	}
	return out
}

func verifyNewEpoch(t *testing.T, l *audit.Log, early, late []byte, roster []ed25519.PublicKey) {
	t.Helper()
	ctx := t.Context()
	zip := exported(t, l)
	check := func(since []byte, roots []ed25519.PublicKey) (audit.Report, error) {
		return audit.VerifyExport(ctx, bytes.NewReader(zip), int64(len(zip)), audit.Expect{Key: l.VerifierKey(), Since: since, Roots: roots})
	}
	if r, err := check(late, roster); err != nil || r.Epoch != 2 || len(r.Restarts) != 1 || !r.Restarts[0].Trusted || r.Restarts[0].Lost != 20 || r.Rollback != audit.RollbackDeclared || r.Quiet() {
		t.Fatalf("a pin of the lost entries, roots known: %+v, %v", r, err)
	}
	if r, err := check(early, roster); err != nil || r.Rollback != audit.RollbackChecked || !r.Quiet() {
		t.Fatalf("a pin of the survivors: %+v, %v", r, err)
	}
	if r, err := check(nil, nil); err != nil || r.Restarts[0].Trusted {
		t.Fatalf("no pin, no roots: %+v, %v", r, err)
	}
	if r, err := check(late, nil); !errors.Is(err, audit.ErrTampered) {
		t.Fatalf("a pin of the lost entries, no roots named: %+v, %v", r, err)
	}
	if r, err := check(late, public(root(1), root(7))); !errors.Is(err, audit.ErrTampered) {
		t.Fatalf("other roots: %+v, %v", r, err)
	}
	if r, err := verifyLive(t, l, nil); err != nil || r.Epoch != 2 {
		t.Fatalf("live: %+v, %v", r, err)
	}
}

// agentFollows moves an agent's pin across the restart.
func agentFollows(t *testing.T, l *audit.Log, early, late []byte, statement []wire.Signed, roster []ed25519.PublicKey) {
	t.Helper()
	ctx := t.Context()
	v, err := checkpoint.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	now := checkpointOf(t, l)
	epoch, _, err := checkpoint.OpenEpoch(statement, roster, origin)
	if err != nil {
		t.Fatal(err)
	}
	_, grown, err := l.Since(ctx, epoch.Size)
	if err != nil {
		t.Fatal(err)
	}
	survivors, err := l.Consistency(ctx, 10, epoch.Size)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := (checkpoint.Pin{Note: late}).Advance(now, grown, v, origin); !errors.Is(err, checkpoint.ErrOrigin) {
		t.Fatalf("a new epoch without the roots: %v", err)
	}
	good := checkpoint.Restart{Signed: statement, Survivors: survivors, Grown: grown}
	for name, pin := range map[string][]byte{"lost": late, "survivor": early, "none": nil} {
		p, c, err := checkpoint.Pin{Note: pin}.Follow(now, good, roster, v, origin)
		if err != nil || !bytes.Equal(p.Note, now) || c.Origin != origin+"/epoch-2" {
			t.Fatalf("%s: %+v, %v", name, c, err)
		}
		if _, _, err := p.Follow(now, good, roster, v, origin); err == nil {
			t.Fatalf("%s: followed into the same epoch again", name)
		}
	}
	bad := good
	bad.Signed = statement[:1]
	if p, _, err := (checkpoint.Pin{Note: early}).Follow(now, bad, roster, v, origin); err == nil || !bytes.Equal(p.Note, early) {
		t.Fatalf("one root moved the pin: %v", err)
	}
	bad = good
	bad.Survivors = nil
	if p, _, err := (checkpoint.Pin{Note: early}).Follow(now, bad, roster, v, origin); err == nil || !bytes.Equal(p.Note, early) {
		t.Fatalf("no proof moved the pin: %v", err)
	}
}

// With a folder of its own the server notices a database that was put back
// before anybody else says so.
func TestRollbackIsNoticedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "log.db"), filepath.Join(dir, "backup.db")
	session := func(n int) (opened bool) {
		db, err := storage.Open(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		migrate(t, db)
		l, err := audit.New(db, newClock(), key, origin, audit.InFolder(dir))
		if err != nil {
			t.Fatal(err)
		}
		opened = l.Opened()
		if opened {
			add(t, db, l, n)
			checkpointOf(t, l)
		}
		if err := errors.Join(l.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
		return opened
	}
	session(5)
	copyFile(t, path, backup)
	if !session(5) {
		t.Fatal("the control: refused although nothing happened")
	}
	copyFile(t, backup, path)
	for _, x := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + x); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for range 2 {
		if session(1) {
			t.Fatal("a database of yesterday was taken for today's")
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever has the signing key can sign another history; whoever kept a
// checkpoint of the first one sees it, whichever is longer.
func TestResignedForkIsFoundByAPin(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		add(t, db, l, 10)
		common := checkpointOf(t, l)
		add(t, db, l, 10)
		pin := checkpointOf(t, l)

		forked := fresh(t, db)
		f := open(t, forked, newClock())
		copyEntries(t, db, forked, 10)
		if err := f.CheckPins(ctx); err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			if err := appendEvent(ctx, forked, f, audit.Event{Kind: "other.history", Detail: map[string]string{"i": string(rune('a' + i))}}); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := verifyExport(t, f, exported(t, f), nil); err != nil || r.Rollback != audit.RollbackNotChecked {
			t.Fatalf("on its own the fork looks whole: %+v, %v", r, err)
		}
		if r, err := verifyExport(t, f, exported(t, f), common); err != nil {
			t.Fatalf("the common part is the same: %+v, %v", r, err)
		}
		if r, err := verifyExport(t, f, exported(t, f), pin); !errors.Is(err, audit.ErrTampered) {
			t.Fatalf("the fork was not found: %+v, %v", r, err)
		}
		if r, err := verifyLive(t, f, pin); !errors.Is(err, audit.ErrTampered) {
			t.Fatalf("the fork was not found on the database: %+v, %v", r, err)
		}
		if err := f.Pin(ctx, pin); !errors.Is(err, audit.ErrRolledBack) || f.Opened() {
			t.Fatalf("an agent's pin did not stop the fork: %v", err)
		}
	})
}

func copyEntries(t *testing.T, from, to *storage.DB, n int64) {
	t.Helper()
	ctx := t.Context()
	move := func(query, insert string, arg int64, columns int) {
		var rows [][]any
		err := from.Read(ctx, func(tx storage.Tx) error {
			r, err := tx.Query(ctx, query, arg)
			if err != nil {
				return err
			}
			defer r.Close()
			for r.Next() {
				row, ptr := make([]any, columns), make([]any, columns)
				for i := range row {
					ptr[i] = &row[i]
				}
				if err := r.Scan(ptr...); err != nil {
					return err
				}
				rows = append(rows, row)
			}
			return r.Err()
		})
		if err == nil {
			err = to.Write(ctx, func(tx storage.Tx) error {
				for _, r := range rows {
					if _, err := tx.Exec(ctx, insert, r...); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	move("SELECT seq, id, at, kind, person, device, session, object, leaf FROM audit_leaves WHERE seq < ?",
		"INSERT INTO audit_leaves (seq, id, at, kind, person, device, session, object, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", n, 9)
	move("SELECT pos, hash FROM audit_hashes WHERE pos < ?", "INSERT INTO audit_hashes (pos, hash) VALUES (?, ?)", storedBefore(n), 2)
	err := to.Write(ctx, func(tx storage.Tx) error { _, err := tx.Exec(ctx, "UPDATE audit_head SET size = ?", n); return err })
	if err != nil {
		t.Fatal(err)
	}
}

func TestPinsOfStrangersAreRefused(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		add(t, db, l, 3)
		note := checkpointOf(t, l)
		signer, err := checkpoint.NewSigner(origin, root(9))
		if err != nil {
			t.Fatal(err)
		}
		forged, err := checkpoint.Sign(checkpoint.Checkpoint{Origin: origin, Size: 1000}, signer)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere, err := checkpoint.NewSigner("elsewhere", key)
		if err != nil {
			t.Fatal(err)
		}
		foreign, err := checkpoint.Sign(checkpoint.Checkpoint{Origin: "elsewhere", Size: 1000}, elsewhere)
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range map[string][]byte{"another key": forged, "another log": foreign, "nothing": nil, "changed": bytes.Replace(note, []byte("\n3\n"), []byte("\n9\n"), 1)} {
			if err := l.Pin(ctx, n); err == nil || errors.Is(err, audit.ErrRolledBack) || !l.Opened() {
				t.Errorf("%s: %v, open %v", name, err, l.Opened())
			}
		}
		if err := l.Pin(ctx, note); err != nil {
			t.Errorf("the control: %v", err)
		}
	})
}

// A statement draws its line at the last checkpoint that the log itself knows to
// fit. Whoever pinned more learns whether his entries are there or gone.
func TestPinBeyondWhatIsKnownToBeKept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		add(t, db, l, 10)
		checkpointOf(t, l)
		add(t, db, l, 3)
		there := checkpointOf(t, l)
		change(t, db, "DELETE FROM audit_checkpoints WHERE size = 13")
		add(t, db, l, 7)
		gone := checkpointOf(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		rollBack(t, db, 15)
		l = open(t, db, newClock())
		if err := l.Pin(ctx, gone); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatal(err)
		}
		e, err := l.ProposeEpoch(ctx, "restored")
		if err != nil || e.Kept != 10 {
			t.Fatalf("%+v, %v", e, err)
		}
		roots := public(root(1), root(2))
		if err := l.OpenEpoch(ctx, wireSigned(e, root(1), root(2)), roots); err != nil {
			t.Fatal(err)
		}
		zip := exported(t, l)
		for want, pin := range map[string][]byte{audit.RollbackChecked: there, audit.RollbackDeclared: gone} {
			r, err := audit.VerifyExport(ctx, bytes.NewReader(zip), int64(len(zip)), audit.Expect{Key: l.VerifierKey(), Since: pin, Roots: roots})
			if err != nil || r.Rollback != want || r.Quiet() != (want == audit.RollbackChecked) {
				t.Errorf("%s: %+v, %v", want, r, err)
			}
		}
	})
}
