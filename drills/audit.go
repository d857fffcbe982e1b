package drills

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// tamper changes a copy of the log and has it verified. The untouched copy,
// verified in the same way, is the control.
func tamper(change func(t *trail) []string) func(context.Context, *Field, *Result) error {
	return func(ctx context.Context, f *Field, r *Result) error {
		t, err := f.Trail(ctx)
		if err != nil {
			return err
		}
		d, err := f.copied(t, t.newer)
		if err != nil {
			return err
		}
		if _, r.Control, err = f.verify(ctx, d, t.kept()...); err != nil {
			return err
		}
		if err := alter(ctx, d.database(), change(t)); err != nil {
			return err
		}
		report, ok, err := f.verify(ctx, d, "--key", t.key)
		if err != nil {
			return err
		}
		r.Refused, r.Evidence = !ok && len(report.Findings) > 0, found(report)
		return nil
	}
}

func found(report audit.Report) string {
	if len(report.Findings) == 0 {
		return "nothing found; " + report.Rollback
	}
	first := report.Findings[0]
	return fmt.Sprintf("verify exits with failure: entry %d: %.120s (%d findings, %s)", first.Seq, first.What, len(report.Findings), report.Rollback)
}

// alter runs statements against an SQLite file; each must change something.
func alter(ctx context.Context, file string, statements []string) (err error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, s := range statements {
		done, err := db.ExecContext(ctx, s)
		if err != nil {
			return fmt.Errorf("drills: %s: %w", s, err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("drills: %s changed nothing: %w", s, err)
		}
	}
	return nil
}

func flipped(t *trail) []string {
	return []string{fmt.Sprintf(`UPDATE audit_leaves SET leaf = REPLACE(leaf, '"allow"', '"deny"') WHERE seq = %d`, t.entry.Seq)}
}

func deleted(t *trail) []string {
	return []string{fmt.Sprintf("DELETE FROM audit_leaves WHERE seq = %d", t.entry.Seq)}
}

// cut takes the newest entries away and moves the head back, so that the rest is whole.
func cut(t *trail) []string {
	n := t.entry.Seq
	return []string{
		fmt.Sprintf("DELETE FROM audit_leaves WHERE seq >= %d", n),
		fmt.Sprintf("DELETE FROM audit_hashes WHERE pos >= %d", tlog.StoredHashIndex(0, n)),
		fmt.Sprintf("UPDATE audit_head SET size = %d", n),
	}
}

// rolledBack verifies the database of an earlier moment against a pin.
func rolledBack(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	now, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	old, err := f.copied(t, t.older)
	if err != nil {
		return err
	}
	if _, r.Control, err = f.verify(ctx, now, t.kept()...); err != nil {
		return err
	}
	blind, ok, err := f.verify(ctx, old, "--key", t.key)
	if err != nil {
		return err
	}
	report, passed, err := f.verify(ctx, old, t.kept()...)
	if err != nil {
		return err
	}
	r.Refused = !passed && len(report.Findings) > 0 && ok && blind.Rollback == audit.RollbackNotChecked
	r.Evidence = fmt.Sprintf("with a pin: %s; without one it says %q", found(report), blind.Rollback)
	return nil
}

// rewritten is a log without one entry, written anew and signed with the
// server's true key by somebody who has the server. Only a pin shows it.
func rewritten(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	good, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	forged, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	if _, r.Control, err = f.verify(ctx, good, t.kept()...); err != nil {
		return err
	}
	if err := forged.rewrite(ctx, nil); err != nil {
		return err
	}
	blind, ok, err := f.verify(ctx, forged, "--key", t.key)
	if err != nil {
		return err
	}
	report, passed, err := f.verify(ctx, forged, t.kept()...)
	if err != nil {
		return err
	}
	r.Refused = !passed && len(report.Findings) > 0
	r.Evidence = fmt.Sprintf("with a pin: %s; without one: verifies %v, and says %q", found(report), ok, blind.Rollback)
	return nil
}

// resigned is the same, signed with a key of the attacker's own.
func resigned(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	good, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	forged, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	if _, r.Control, err = f.verify(ctx, good, "--key", t.key); err != nil {
		return err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	if err := forged.rewrite(ctx, key); err != nil {
		return err
	}
	report, ok, err := f.verify(ctx, forged, "--key", t.key)
	r.Refused, r.Evidence = !ok, found(report)
	if err != nil {
		r.Refused, r.Evidence = true, lastLine(err)
	}
	return nil
}

// rewrite writes the log anew without one entry; key nil takes the server's own.
func (d data) rewrite(ctx context.Context, key ed25519.PrivateKey) (err error) {
	old, err := storage.Open(ctx, "sqlite:"+d.database())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	if key == nil {
		box, err := seal.Open(filepath.Join(d.dir, "master.key"))
		if err != nil {
			return err
		}
		if key, err = seal.NewKeys(old, clock.System(), box).Ed25519(ctx, "audit"); err != nil {
			return err
		}
	}
	events, err := d.events(ctx, old)
	if err != nil {
		return err
	}
	events = append(events, events[len(events)-1]) // as many as before: the number alone must not give it away
	path := d.database() + ".forged"
	fresh, err := storage.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	if err := fresh.Migrate(ctx, seal.Schema, audit.Schema); err != nil {
		return errors.Join(err, fresh.Close())
	}
	folder := filepath.Join(d.dir, "forged")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return errors.Join(err, fresh.Close())
	}
	log, err := audit.New(fresh, clock.System(), key, "sekisho.audit", audit.InFolder(folder))
	if err != nil {
		return errors.Join(err, fresh.Close())
	}
	err = fresh.Write(ctx, func(tx storage.Tx) error {
		for _, e := range events {
			if err := log.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, _, err = log.Checkpoint(ctx)
	}
	if err = errors.Join(err, log.Close(), fresh.Close()); err != nil {
		return err
	}
	text, err := os.ReadFile(d.config)
	if err != nil {
		return err
	}
	return os.WriteFile(d.config, append(text, fmt.Sprintf("[storage]\ndsn = %q\n", "sqlite:"+path)...), 0o600)
}

// events reads every entry but the one that is to disappear.
func (d data) events(ctx context.Context, db *storage.DB) (out []audit.Event, err error) {
	err = db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT leaf FROM audit_leaves WHERE seq <> ? ORDER BY seq", d.entry.Seq)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var leaf string
			var e struct {
				Kind             string
				Actor            audit.Actor
				Object           audit.Object
				Decision, Reason string
				Session          sekisho.SessionID
				Detail           map[string]string
			}
			if err := rows.Scan(&leaf); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(leaf), &e); err != nil {
				return err
			}
			out = append(out, audit.Event{
				Kind: e.Kind, Actor: e.Actor, Object: e.Object, Decision: e.Decision, Reason: e.Reason, Session: e.Session, Detail: e.Detail, Closing: true,
			})
		}
		return rows.Err()
	})
	return out, err
}

// changedProof alters what a proof proves, and checks it as another program
// would: with the Go checksum database's own packages and the log's key.
func changedProof(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	entry, err := provesEntry(t.proof, t.key)
	if err != nil {
		return err
	}
	r.Control = strings.Contains(string(entry), t.entry.ObjectID)
	changed := strings.Replace(string(entry), `"allow"`, `"deny"`, 1)
	if changed == string(entry) {
		return errors.New("drills: the entry says nothing that could be changed")
	}
	swap := func(from, to string) []byte { return []byte(strings.Replace(string(t.proof), from, to, 1)) }
	b64 := base64.StdEncoding.EncodeToString
	_, other := provesEntry(swap(b64(entry), b64([]byte(changed))), t.key)
	index := fmt.Sprintf("\nindex %d\n", t.entry.Seq)
	_, moved := provesEntry(swap(index, fmt.Sprintf("\nindex %d\n", t.entry.Seq-1)), t.key)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	_, unknown := provesEntry(t.proof, auditKey(stranger))
	r.Refused = other != nil && moved != nil && unknown != nil
	r.Evidence = fmt.Sprintf("another entry: %v; another number: %v; another key: %v", other, moved, unknown)
	return nil
}

// auditKey is the verifier key of a log of the same name by another key.
func auditKey(key ed25519.PrivateKey) string {
	text, err := note.NewEd25519VerifierKey("sekisho.audit", key.Public().(ed25519.PublicKey))
	if err != nil {
		return ""
	}
	return text
}

// provesEntry checks a C2SP tlog-proof without any code of the product.
func provesEntry(proof []byte, key string) (entry []byte, err error) {
	head, signed, ok := strings.Cut(string(proof), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return nil, errors.New("not a proof")
	}
	var index int64
	text, isExtra := strings.CutPrefix(lines[1], "extra ")
	if _, err := fmt.Sscanf(lines[2], "index %d", &index); err != nil || !isExtra {
		return nil, errors.New("not a proof")
	}
	if entry, err = base64.StdEncoding.DecodeString(text); err != nil {
		return nil, err
	}
	var hashes tlog.RecordProof
	for _, line := range lines[3:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, h)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	checkpoint, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	var size int64
	body := strings.Split(checkpoint.Text, "\n")
	if _, err := fmt.Sscan(body[1], &size); err != nil {
		return nil, err
	}
	root, err := tlog.ParseHash(body[2])
	if err != nil {
		return nil, err
	}
	return entry, tlog.CheckRecord(hashes, size, root, index, tlog.RecordHash(entry))
}

// restoredDatabase starts the server on an older database. Nothing may open
// until two roots have signed that the log begins anew.
func restoredDatabase(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	d, err := f.copied(t, t.newer)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(filepath.Join(t.older, "sekisho.db"))
	if err != nil {
		return err
	}
	for _, rest := range []string{"-wal", "-shm"} {
		if err := os.Remove(d.database() + rest); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	if err := os.WriteFile(d.database(), old, 0o600); err != nil {
		return err
	}
	g := d.centre(f)
	if err := g.Serve(ctx); err != nil {
		return err
	}
	defer g.Close()
	login, connect := g.opens(ctx)
	statement := filepath.Join(filepath.Dir(d.dir), "epoch.json")
	if _, err := g.CLI(ctx, "admin", "recover", "--reason", "drill: restored from a backup", "--out", statement); err != nil {
		return err
	}
	recover := func(keys ...string) error {
		args := []string{"admin", "recover", "--statement", statement}
		for _, k := range keys {
			args = append(args, "--key", k)
		}
		_, err := g.CLI(ctx, args...)
		return err
	}
	roots := t.own.Seeded.RosterKeys
	alone, twice := recover(roots[0]), recover(roots[0], roots[0])
	still, _ := g.opens(ctx)
	r.Refused = login == "audit.rolled_back" && connect != "" && still == "audit.rolled_back" && alone != nil && twice != nil
	r.Evidence = fmt.Sprintf("login: %s, connection of an issued PC: %s; one root alone, one twice: %s, %s", login, connect, codeIn(alone), codeIn(twice))
	if err := recover(roots[0], roots[1]); err != nil {
		return err
	}
	login, connect = g.opens(ctx)
	r.Control = login == "200" && connect == ""
	return nil
}

// opens tries two opening acts: a login at the console and a PC's connection.
func (f *Field) opens(ctx context.Context) (login, connect string) {
	in := map[string]string{"person": f.Seeded.People["admin"]}
	return f.visitor().ask(ctx, http.MethodPost, "session/demo", in), f.connects(ctx)
}

// connects brings the trail's PC to this centre.
func (f *Field) connects(ctx context.Context) string {
	p := *f.trail.pc
	p.Server = f.Addresses.Agents
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	c, err := p.Connect(ctx)
	if err != nil {
		return answerCode(err)
	}
	c.Close()
	return ""
}

// restoredFolder puts the whole data folder back, with everything that the
// server itself remembers. Only what others hold can show it: a PC reports the
// checkpoint that it was given.
func restoredFolder(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	pin, err := os.ReadFile(t.pin)
	if err != nil {
		return err
	}
	after := func(moment string) (before, then string, err error) {
		d, err := f.copied(t, moment)
		if err != nil {
			return "", "", err
		}
		g := d.centre(f)
		if err := g.Serve(ctx); err != nil {
			return "", "", err
		}
		defer g.Close()
		before, _ = g.opens(ctx)
		p := *t.pc
		p.Server = g.Addresses.Agents
		told := p.Pin(ctx, strings.TrimRight(string(pin), "\n")+"\n")
		then, _ = g.opens(ctx)
		if then == "200" && told != nil {
			then = "pin refused: " + answerCode(told)
		}
		return before, then, nil
	}
	before, then, err := after(t.older)
	if err != nil {
		return err
	}
	honestBefore, honest, err := after(t.newer)
	r.Refused = before == "200" && then == "audit.rolled_back"
	r.Control = honestBefore == "200" && honest == "200"
	r.Evidence = fmt.Sprintf("login before a PC reported its checkpoint: %s, after: %s; the true folder with the same report: %s", before, then, honest)
	return err
}
