package app

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// auditor is somebody with an export, a key and a checkpoint, and no server.
type auditor struct {
	t   *testing.T
	db  *storage.DB
	log *audit.Log
	dir string
}

func newAuditor(t *testing.T) *auditor {
	t.Helper()
	db := storagetest.SQLite(t)
	if err := db.Migrate(t.Context(), audit.Schema); err != nil {
		t.Fatal(err)
	}
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	l, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.audit")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	a := &auditor{t: t, db: db, log: l, dir: t.TempDir()}
	a.happen(audit.Event{Kind: "session.ended"})
	return a
}

func (a *auditor) happen(e audit.Event) {
	a.t.Helper()
	a.log.Afterwards(e)
	if err := a.log.Flush(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

func (a *auditor) pin() string {
	a.t.Helper()
	note, _, err := a.log.Checkpoint(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	path := filepath.Join(a.dir, "pin")
	if err := os.WriteFile(path, note, 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}

// verify runs the command as a person does.
func (a *auditor) verify(args ...string) (code int, said string) {
	a.t.Helper()
	var b, out, errs bytes.Buffer
	if err := a.log.Export(a.t.Context(), &b); err != nil {
		a.t.Fatal(err)
	}
	path := filepath.Join(a.dir, "export.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		a.t.Fatal(err)
	}
	code = run(a.t.Context(), append([]string{"audit", "verify", path, "--key", a.log.VerifierKey()}, args...), &out, &errs, clock.System())
	return code, out.String() + errs.String()
}

func (a *auditor) expect(code int, said []string, not []string, args ...string) {
	a.t.Helper()
	got, text := a.verify(args...)
	if got != code {
		a.t.Errorf("exit code %d, want %d:\n%s", got, code, text)
	}
	for _, s := range said {
		if !strings.Contains(text, s) {
			a.t.Errorf("%q is not said:\n%s", s, text)
		}
	}
	for _, s := range not {
		if strings.Contains(text, s) {
			a.t.Errorf("%q is said:\n%s", s, text)
		}
	}
}

// A log that tells of a forged or vanished row is as it was signed; its auditor
// must not be told that all is well.
func TestVerifySaysAlarms(t *testing.T) {
	a := newAuditor(t)
	a.expect(0, []string{"The log verifies."}, []string{"ALARM", "RESTART"})
	a.happen(audit.Event{Kind: "audit.vanished", Decision: audit.Deny, Object: audit.Object{Type: "event", ID: "\x1b[2Jgone"}, Detail: map[string]string{"sha256": "abc"}})
	a.expect(3, []string{"ALARM     entry 1, ", "removed", "ALARMの行"}, []string{"The log verifies.", "\x1b"})

	code, text := a.verify("--json")
	var r audit.Report
	if err := json.Unmarshal([]byte(text), &r); code != 3 || err != nil || r.Alarms != 1 || len(r.Alarmed) != 1 {
		t.Errorf("as JSON: exit code %d, %v, %s", code, err, text)
	}
}

// A restart is said with everything in it, and that nobody knows who signed it
// where the auditor named no roots.
func TestVerifySaysRestarts(t *testing.T) {
	a := newAuditor(t)
	ctx := t.Context()
	var names []string
	var roots []ed25519.PublicKey
	var keys []ed25519.PrivateKey
	for i := range byte(3) {
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{i + 1}, 32))
		keys, roots = append(keys, key), append(roots, key.Public().(ed25519.PublicKey))
		names = append(names, "--root", base64.RawURLEncoding.EncodeToString(roots[i]))
	}
	older := a.pin()
	a.happen(audit.Event{Kind: "session.ended"})
	e, err := a.log.ProposeEpoch(ctx, "restored from\x1b[2J the backup")
	if err != nil {
		t.Fatal(err)
	}
	e.Kept, e.Lost = 0, 20 // more was lost than is known here
	if err := a.log.OpenEpoch(ctx, []wire.Signed{e.Sign(keys[0]), e.Sign(keys[1])}, roots); err != nil {
		t.Fatal(err)
	}
	a.expect(0, []string{"RESTART   epoch 2", "up to entry 0; ", "up to entry 20", "the backup", "WHO SIGNED WAS NOT CHECKED", "rollback not checked"}, []string{"\x1b"})
	a.expect(0, []string{"signed by two roster roots that you named"}, []string{"NOT"}, names[:4]...)
	a.expect(1, []string{"NOT signed by two roster roots", "FOUND"}, []string{"The log verifies."}, names[2:]...)
	// What was pinned was declared lost and is there all the same.
	a.expect(0, []string{"rollback checked"}, nil, slices.Concat(names[:4], []string{"--since", older})...)

	// What was pinned was declared lost and is gone.
	other := newAuditor(t)
	other.happen(audit.Event{Kind: "session.ended"})
	other.happen(audit.Event{Kind: "session.ended"})
	a.expect(3, []string{"the pinned entries were declared lost", "RESTARTの行"}, []string{"The log verifies."}, slices.Concat(names[:4], []string{"--since", other.pin()})...)
}
