package desktops

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// room is the real thing on a real database, with a real log and a real box.
type room struct {
	*Desktops
	log *audit.Log
}

func newRoom(t *testing.T, db *storage.DB) room {
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
	box, err := seal.Open(filepath.Join(t.TempDir(), "master"))
	if err != nil {
		t.Fatal(err)
	}
	return room{New(db, clk, box, log, AllowLoopback(true)), log} // the servers of these tests stand there
}

// rows gives the audit events of a kind, the oldest first.
func (r room) rows(t *testing.T, kind string) (out []audit.Event) {
	t.Helper()
	if err := r.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := r.log.Search(t.Context(), audit.Filter{Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		out = append(out, found[len(found)-1-i].Event)
	}
	return out
}

func TestCreateUpdateDelete(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		list, err := r.List(ctx)
		if err != nil || list == nil || len(list) != 0 {
			t.Fatal(list, err)
		}
		d, err := r.Create(ctx, "admin", Desktop{Name: " 業務デスクトップ ", Host: "VDI.example.jp", Port: 5901}, "geheim12")
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != "業務デスクトップ" || d.Host != "vdi.example.jp" || !d.HasSecret || d.ID == "" {
			t.Fatalf("%+v", d)
		}
		if got, err := r.Get(ctx, d.ID); err != nil || got != d {
			t.Fatal(got, err)
		}
		if _, err := r.Create(ctx, "admin", Desktop{Name: "業務デスクトップ", Host: "b", Port: 1}, ""); sekisho.CodeOf(err) != "desktop.name_taken" {
			t.Fatal(err)
		}
		other, err := r.Create(ctx, "admin", Desktop{Name: "検証", Host: "192.0.2.7", Port: 5900}, "")
		if err != nil || other.HasSecret {
			t.Fatal(other, err)
		}
		// The password is in no row of the database in the clear, and the log has none.
		var secret []byte
		err = db.Read(ctx, func(tx storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT secret FROM desktops_desktops WHERE id = ?", string(d.ID)).Scan(&secret)
		})
		if err != nil || bytes.Contains(secret, []byte("geheim")) {
			t.Fatal(string(secret), err)
		}
		d.Name = "改名"
		if d, err = r.Update(ctx, "admin", d, nil); err != nil || !d.HasSecret || d.Name != "改名" {
			t.Fatal(d, err)
		}
		taken := d
		taken.Name = "検証"
		if _, err := r.Update(ctx, "admin", taken, nil); sekisho.CodeOf(err) != "desktop.name_taken" {
			t.Fatal(err)
		}
		// A kept password is not sent to another server.
		moved := d
		moved.Host = "attacker.example"
		if _, err := r.Update(ctx, "admin", moved, nil); sekisho.CodeOf(err) != "desktop.secret_again" {
			t.Fatal(err)
		}
		again, none := "neu", ""
		if d, err = r.Update(ctx, "admin", moved, &again); err != nil || d.Host != "attacker.example" {
			t.Fatal(d, err)
		}
		if d, err = r.Update(ctx, "admin", d, &none); err != nil || d.HasSecret {
			t.Fatal(d, err)
		}
		if err := r.Delete(ctx, "admin", d.ID); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"get":    func() error { _, err := r.Get(ctx, d.ID); return err }(),
			"update": func() error { _, err := r.Update(ctx, "admin", d, nil); return err }(),
			"delete": r.Delete(ctx, "admin", d.ID),
		} {
			if sekisho.CodeOf(err) != "desktop.not_found" {
				t.Errorf("%s of a deleted desktop: %v", what, err)
			}
		}
		if list, err := r.List(ctx); err != nil || len(list) != 1 || list[0] != other {
			t.Fatal(list, err)
		}
		var kinds []string
		for _, e := range r.rows(t, "desktop.") {
			kinds = append(kinds, e.Kind+" "+e.Detail["changed"])
			if text := fmt.Sprint(e); strings.Contains(text, "geheim") || e.Actor.Person != "admin" {
				t.Fatal(text)
			}
		}
		want := "desktop.created name host port secret,desktop.created name host port secret,desktop.changed name,desktop.changed host secret,desktop.changed secret,desktop.deleted "
		if got := strings.Join(kinds, ","); got != want {
			t.Fatalf("%s\nwant %s", got, want)
		}
	})
}

func TestWhatCannotBeADesktop(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	good := Desktop{Name: "a", Host: "192.0.2.7", Port: 5900}
	for name, c := range map[string]struct {
		change func(*Desktop)
		secret string
		code   string
	}{
		"no name":           {func(d *Desktop) { d.Name = " " }, "", "desktop.invalid"},
		"long name":         {func(d *Desktop) { d.Name = strings.Repeat("字", 101) }, "", "desktop.invalid"},
		"line break":        {func(d *Desktop) { d.Name = "a\nb" }, "", "desktop.invalid"},
		"broken UTF-8":      {func(d *Desktop) { d.Name = "\xff" }, "", "desktop.invalid"},
		"port 0":            {func(d *Desktop) { d.Port = 0 }, "", "desktop.invalid"},
		"port 65536":        {func(d *Desktop) { d.Port = 65536 }, "", "desktop.invalid"},
		"no host":           {func(d *Desktop) { d.Host = "" }, "", "desktop.invalid"},
		"host with a port":  {func(d *Desktop) { d.Host = "a:5900" }, "", "desktop.invalid"},
		"host with a path":  {func(d *Desktop) { d.Host = "a/b" }, "", "desktop.invalid"},
		"host with a user":  {func(d *Desktop) { d.Host = "a@b" }, "", "desktop.invalid"},
		"half an address":   {func(d *Desktop) { d.Host = "127.1" }, "", "desktop.invalid"},
		"a number":          {func(d *Desktop) { d.Host = "2130706433" }, "", "desktop.invalid"},
		"unspecified":       {func(d *Desktop) { d.Host = "0.0.0.0" }, "", "desktop.forbidden"},
		"unspecified, six":  {func(d *Desktop) { d.Host = "::" }, "", "desktop.forbidden"},
		"cloud metadata":    {func(d *Desktop) { d.Host = "169.254.169.254" }, "", "desktop.forbidden"},
		"mapped metadata":   {func(d *Desktop) { d.Host = "::ffff:169.254.169.254" }, "", "desktop.forbidden"},
		"link-local":        {func(d *Desktop) { d.Host = "fe80::1" }, "", "desktop.forbidden"},
		"with a zone":       {func(d *Desktop) { d.Host = "fe80::1%eth0" }, "", "desktop.forbidden"},
		"multicast":         {func(d *Desktop) { d.Host = "224.0.0.1" }, "", "desktop.forbidden"},
		"broadcast":         {func(d *Desktop) { d.Host = "255.255.255.255" }, "", "desktop.forbidden"},
		"an operator's PC":  {func(d *Desktop) { d.Host = "100.64.0.2" }, "", "desktop.forbidden"},
		"long secret":       {func(d *Desktop) {}, "123456789", "desktop.invalid"},
		"secret in kana":    {func(d *Desktop) {}, "あ", "desktop.invalid"},
		"secret with a NUL": {func(d *Desktop) {}, "a\x00", "desktop.invalid"},
	} {
		d := good
		c.change(&d)
		_, err := r.Create(t.Context(), "admin", d, c.secret)
		if sekisho.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if err != nil && c.secret != "" && strings.Contains(err.Error(), c.secret) {
			t.Errorf("%s: the error tells the secret", name)
		}
	}
	if list, err := r.List(t.Context()); err != nil || len(list) != 0 {
		t.Fatal("a refusal left something behind:", list, err)
	}
	if _, err := r.Create(t.Context(), "admin", Desktop{Name: "six", Host: "2001:db8::7", Port: 5900}, ""); err != nil {
		t.Fatal("control:", err)
	}
}

// failing lets nothing into the log.
type failing struct{ *audit.Log }

var errLog = errors.New("the log is full")

func (failing) Append(context.Context, storage.Tx, audit.Event) error { return errLog }

func TestNothingHappensWithoutItsAuditRow(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	d, err := r.Create(t.Context(), "admin", Desktop{Name: "a", Host: "192.0.2.7", Port: 5900}, "")
	if err != nil {
		t.Fatal(err)
	}
	r.audit = failing{r.log}
	_, create := r.Create(t.Context(), "admin", Desktop{Name: "b", Host: "192.0.2.7", Port: 5900}, "")
	renamed := d
	renamed.Name = "c"
	_, change := r.Update(t.Context(), "admin", renamed, nil)
	_, _, open := r.open(t.Context(), Visit{Desktop: d.ID, Person: "p"})
	for _, err := range []error{create, change, r.Delete(t.Context(), "admin", d.ID), open} {
		if !errors.Is(err, errLog) {
			t.Error(err)
		}
	}
	if list, err := r.List(t.Context()); err != nil || len(list) != 1 || list[0] != d {
		t.Fatal(list, err)
	}
}
