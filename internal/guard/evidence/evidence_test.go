package evidence_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

const marker = "MARKER-IN-THE-PICTURE"

var ctx = context.Background()

// room is the room on real parts.
type room struct {
	*evidence.Evidence
	t      *testing.T
	db     *storage.DB
	clk    *clock.Fake
	log    *audit.Log
	vault  *stubborn
	folder string
	roster sealing.Roster
}

// stubborn is the real vault, which sometimes does not delete.
type stubborn struct {
	*vault.Folder
	refuses bool
}

var errDisk = errors.New("disk")

func (s *stubborn) Delete(ctx context.Context, hash string) error {
	if s.refuses {
		return errDisk
	}
	return s.Folder.Delete(ctx, hash)
}

func each(t *testing.T, test func(t *testing.T, r *room)) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
		if err := db.Migrate(ctx, audit.Schema, evidence.Schema); err != nil {
			t.Fatal(err)
		}
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		log, err := audit.New(db, clk, key, "test")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = log.Close() })
		folder := filepath.Join(t.TempDir(), "vault")
		f, err := vault.OpenFolder(folder, clk.Now())
		if err != nil {
			t.Fatal(err)
		}
		r := &room{t: t, db: db, clk: clk, log: log, vault: &stubborn{Folder: f}, folder: folder, roster: roster(t, clk.Now())}
		r.Evidence = r.over(log)
		test(t, r)
	})
}

// over makes the room on another log.
func (r *room) over(log evidence.Audit) *evidence.Evidence {
	return evidence.New(r.db, r.clk, evidence.Deps{Vault: r.vault, Audit: log, Rosters: rosters{&r.roster}})
}

// rosters is the roster in force.
type rosters struct{ now *sealing.Roster }

func (r rosters) Rosters() []sealing.Roster { return []sealing.Roster{*r.now} }

// decided starts an incident's retention.
func (r *room) decided(id sekisho.IncidentID) {
	r.t.Helper()
	err := r.db.Write(ctx, func(tx storage.Tx) error { return r.Decided(ctx, tx, id, r.clk.Now()) })
	if err != nil {
		r.t.Fatal(err)
	}
}

func roster(t *testing.T, now time.Time) sealing.Roster {
	r := sealing.Roster{Version: 1, Issued: now, Expires: now.AddDate(1, 0, 0)}
	for _, id := range []string{"officer-1", "officer-2"} {
		_, public, err := sealing.NewOfficerKey("")
		if err != nil {
			t.Fatal(err)
		}
		r.Officers = append(r.Officers, sealing.Officer{ID: id, Recipient: public})
	}
	return r
}

func (r *room) bundle() ([]byte, string) {
	b, name, err := sealing.Seal(r.roster, sealing.Manifest{Kind: "incident"}, []sealing.Part{{Name: "camera.jpg", Data: []byte(marker)}})
	if err != nil {
		r.t.Fatal(err)
	}
	return b, name
}

func origin() evidence.Origin {
	return evidence.Origin{
		Incident: sekisho.IncidentID(wire.NewID()), Person: sekisho.PersonID(wire.NewID()),
		Device: sekisho.DeviceID(wire.NewID()), Session: sekisho.SessionID(wire.NewID()),
	}
}

func (r *room) put(from evidence.Origin) (bundle []byte, hash string) {
	r.t.Helper()
	b, name := r.bundle()
	if err := r.Put(ctx, from, name, bytes.NewReader(b)); err != nil {
		r.t.Fatal(err)
	}
	return b, name
}

// search finds audit rows of a kind about an object, once they are in order.
func (r *room) search(kind, object string) []audit.Entry {
	r.t.Helper()
	if err := r.log.Flush(ctx); err != nil {
		r.t.Fatal(err)
	}
	found, err := r.log.Search(ctx, audit.Filter{Kind: kind, Object: object})
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

// rows counts audit rows of a kind about an incident.
func (r *room) rows(kind string, id sekisho.IncidentID) int {
	r.t.Helper()
	return len(r.search(kind, string(id)))
}

var officer = evidence.By{Person: "0193-officer", Role: sekisho.RoleOfficer}

func code(err error) string {
	if err == nil {
		return ""
	}
	return sekisho.CodeOf(err)
}

func TestKeptAndShown(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		b, hash := r.put(from)
		if err := r.Put(ctx, from, hash, bytes.NewReader(b)); err != nil {
			t.Errorf("the same again: %v", err)
		}
		body, err := r.Download(ctx, officer, hash, "  事実確認のため ")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("other bytes came back: %v", err)
		}
		_ = body.Close()
		f, err := r.Facts(ctx, from.Incident)
		if err != nil || f.Pictures != 1 || f.DeleteAt != nil || len(f.Viewers) != 1 ||
			f.Viewers[0].Person != officer.Person || f.Viewers[0].Reason != "事実確認のため" {
			t.Errorf("facts: %+v %v", f, err)
		}
		if n := r.rows("evidence.arrived", from.Incident); n != 1 {
			t.Errorf("%d rows of its arrival", n)
		}
		if n := r.rows("evidence.viewed", from.Incident); n != 1 {
			t.Errorf("%d rows of its viewing", n)
		}
		if n := r.found(marker); n != 0 {
			t.Errorf("the picture's marker lies in %d files", n)
		}
	})
}

// found counts files of the vault that hold text in clear.
func (r *room) found(text string) (n int) {
	_ = filepath.WalkDir(r.folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte(text)) {
				n++
			}
		}
		return err
	})
	return n
}

func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		good, hash := r.bundle()
		clear := []byte("\xff\xd8\xff\xe0 " + marker)
		for name, c := range map[string]struct {
			from evidence.Origin
			hash string
			body []byte
			want string
		}{
			"clear picture":    {from, sealing.Name(clear), clear, "evidence.not_sealed"},
			"other bytes":      {from, hash, clear, "evidence.mismatch"},
			"cut off":          {from, hash, good[:len(good)-1], "evidence.mismatch"},
			"no hash":          {from, strings.ToUpper(hash), good, "evidence.hash"},
			"path for a hash":  {from, strings.Repeat("../", 21) + "a", good, "evidence.hash"},
			"no incident":      {evidence.Origin{Person: "p", Device: "d"}, hash, good, "evidence.incident"},
			"nobody's":         {evidence.Origin{Incident: from.Incident}, hash, good, "evidence.incident"},
			"longer than ever": {from, hash, make([]byte, sealing.MaxBundle+1), "evidence.too_large"},
		} {
			if err := r.Put(ctx, c.from, c.hash, bytes.NewReader(c.body)); code(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		if n := r.found(marker); n != 0 {
			t.Errorf("a refused picture lies in %d files", n)
		}
		if f, _ := r.Facts(ctx, from.Incident); f.Pictures != 0 {
			t.Errorf("%d pictures of refused uploads", f.Pictures)
		}
		if err := r.Put(ctx, from, hash, bytes.NewReader(good)); err != nil {
			t.Fatal(err)
		}
		if err := r.Put(ctx, origin(), hash, bytes.NewReader(good)); code(err) != "evidence.elsewhere" {
			t.Errorf("another incident took the bundle: %v", err)
		}
		for range 7 {
			r.put(from)
		}
		more, name := r.bundle()
		if err := r.Put(ctx, from, name, bytes.NewReader(more)); code(err) != "evidence.too_many" {
			t.Errorf("a ninth bundle: %v", err)
		}
	})
}

func TestOnlyOfficersWithAReason(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		_, hash := r.put(from)
		for name, c := range map[string]struct {
			by     evidence.By
			hash   string
			reason string
			want   string
		}{
			"supervisor":     {evidence.By{Person: "s", Role: sekisho.RoleSupervisor}, hash, "reason", "evidence.officer"},
			"administrator":  {evidence.By{Person: "a", Role: sekisho.RoleAdministrator}, hash, "reason", "evidence.officer"},
			"auditor":        {evidence.By{Person: "u", Role: sekisho.RoleAuditor}, hash, "reason", "evidence.officer"},
			"no role":        {evidence.By{Person: "n"}, hash, "reason", "evidence.officer"},
			"nobody":         {evidence.By{Role: sekisho.RoleOfficer}, hash, "reason", "evidence.officer"},
			"about himself":  {evidence.By{Person: from.Person, Role: sekisho.RoleOfficer}, hash, "reason", "evidence.own"},
			"no reason":      {officer, hash, "    ", "evidence.reason"},
			"a NUL":          {officer, hash, "reason\x00", "evidence.reason"},
			"endless reason": {officer, hash, strings.Repeat("x", 501), "evidence.reason"},
			"unknown":        {officer, strings.Repeat("0", 64), "reason", "evidence.unknown"},
		} {
			if body, err := r.Download(ctx, c.by, c.hash, c.reason); code(err) != c.want || body != nil {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		own := r.search("evidence.view_refused", string(from.Incident))
		if len(own) != 1 || own[0].Event.Reason != "evidence.own" || own[0].Event.Actor.Person != from.Person || own[0].Event.Decision != audit.Deny {
			t.Errorf("rows of his own attempt: %+v", own)
		}
		if f, _ := r.Facts(ctx, from.Incident); len(f.Viewers) != 0 {
			t.Errorf("refused viewers are listed: %+v", f.Viewers)
		}
		if err := r.Hold(ctx, evidence.By{Person: "s", Role: sekisho.RoleSupervisor}, from.Incident, "reason"); code(err) != "evidence.officer" {
			t.Errorf("a supervisor holds: %v", err)
		}
		if err := r.Hold(ctx, evidence.By{Person: from.Person, Role: sekisho.RoleOfficer}, from.Incident, "reason"); code(err) != "evidence.own" {
			t.Errorf("the person concerned holds: %v", err)
		}
		if n := r.rows("evidence.hold_refused", from.Incident); n != 1 {
			t.Errorf("%d rows of his attempt to hold", n)
		}
	})
}

// TestNoRowNoBundle: if the audit row cannot be written, nothing goes out and nothing is listed.
func TestNoRowNoBundle(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		_, hash := r.put(from)
		deaf := r.over(refusing{})
		if body, err := deaf.Download(ctx, officer, hash, "reason"); err == nil || body != nil {
			t.Error("a bundle went out without its audit row")
		}
		if f, _ := r.Facts(ctx, from.Incident); len(f.Viewers) != 0 {
			t.Error("a viewer is listed who saw nothing")
		}
		b, name := r.bundle()
		if err := deaf.Put(ctx, from, name, bytes.NewReader(b)); err == nil {
			t.Error("a bundle was taken without its audit row")
		}
	})
}

type refusing struct{}

func (refusing) Append(context.Context, storage.Tx, audit.Event) error { return errDisk }
func (refusing) Afterwards(audit.Event)                                {}

func TestRetention(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		decided, undecided, held := origin(), origin(), origin()
		b, hash := r.put(decided)
		r.put(undecided)
		r.put(held)
		for _, o := range []evidence.Origin{decided, held} {
			r.decided(o.Incident)
		}
		if err := r.Hold(ctx, officer, held.Incident, "調査中"); err != nil {
			t.Fatal(err)
		}
		purged := func(want int) {
			t.Helper()
			if n, err := r.Purge(ctx); n != want || err != nil {
				t.Fatalf("%d purged, %v; want %d", n, err, want)
			}
		}
		r.clk.Advance(evidence.Retention - time.Microsecond)
		purged(0)
		r.decided(decided.Incident) // a second decision does not prolong
		r.clk.Advance(time.Microsecond)
		purged(1)
		purged(0)
		if _, err := r.Download(ctx, officer, hash, "reason"); code(err) != "evidence.deleted" {
			t.Errorf("a deleted bundle: %v", err)
		}
		if _, err := r.vault.Stat(ctx, hash); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("the vault still has it: %v", err)
		}
		if err := r.Put(ctx, decided, hash, bytes.NewReader(b)); code(err) != "evidence.deleted" {
			t.Errorf("a deleted bundle came back: %v", err)
		}
		if n := r.rows("evidence.deleted", decided.Incident); n != 1 {
			t.Errorf("%d rows of the deletion", n)
		}
		for _, o := range []evidence.Origin{undecided, held} {
			if f, _ := r.Facts(ctx, o.Incident); f.Pictures != 1 || f.DeleteAt != nil {
				t.Errorf("undecided or held: %+v", f)
			}
		}
		if err := r.Release(ctx, officer, held.Incident, "調査終了"); err != nil {
			t.Fatal(err)
		}
		purged(1)
		r.clk.Advance(365 * 24 * time.Hour)
		purged(0)
	})
}

// TestLateBundle: what arrives after the decision goes with the others.
func TestLateBundle(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		r.decided(from.Incident)
		r.clk.Advance(time.Hour)
		r.put(from)
		f, err := r.Facts(ctx, from.Incident)
		if err != nil || f.DeleteAt == nil || !f.DeleteAt.Equal(r.clk.Now().Add(evidence.Retention-time.Hour)) {
			t.Errorf("facts of a late bundle: %+v %v", f, err)
		}
	})
}

// TestDiskThatKeeps: a bundle that could not be removed is tried again, and is
// not handed out meanwhile.
func TestDiskThatKeeps(t *testing.T) {
	each(t, func(t *testing.T, r *room) {
		from := origin()
		_, hash := r.put(from)
		r.decided(from.Incident)
		r.clk.Advance(evidence.Retention)
		r.vault.refuses = true
		if n, err := r.Purge(ctx); n != 1 || !errors.Is(err, errDisk) {
			t.Fatalf("%d purged, %v", n, err)
		}
		if _, err := r.Download(ctx, officer, hash, "reason"); code(err) != "evidence.deleted" {
			t.Errorf("handed out although marked: %v", err)
		}
		r.vault.refuses = false
		if n, err := r.Purge(ctx); n != 0 || err != nil {
			t.Fatalf("%d purged, %v", n, err)
		}
		if _, err := r.vault.Stat(ctx, hash); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("the vault still has it: %v", err)
		}
	})
}
