package policies

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func newRoom(t *testing.T, db *storage.DB) (*Policies, *audit.Log) {
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
	return New(db, clk, log), log
}

func TestBuiltinPoliciesAreValidAndStrict(t *testing.T) {
	for name, p := range builtin {
		if err := Validate(p); err != nil || p.Name != name {
			t.Errorf("%s: %v", name, err)
		}
		if p.AllowSoftware {
			t.Errorf("%s names tier C", name)
		}
	}
	if h := builtin["home"]; !h.Onlooker || h.Reentry != "strict" || !h.LockOS {
		t.Errorf("home is not strict: %+v", h)
	}
	if builtin["office"].Onlooker {
		t.Error("office has the onlooker rule")
	}
}

func TestValidate(t *testing.T) {
	valid := builtin["home"]
	for name, test := range map[string]struct {
		change func(*wire.GuardPolicy)
		code   string
	}{
		"zero":                      {func(p *wire.GuardPolicy) { *p = wire.GuardPolicy{} }, "policy.name"},
		"name with a slash":         {func(p *wire.GuardPolicy) { p.Name = "a/b" }, "policy.name"},
		"no place":                  {func(p *wire.GuardPolicy) { p.Place = "" }, "policy.place"},
		"absent 4,999":              {func(p *wire.GuardPolicy) { p.AbsentMS = 4999 }, "policy.absent"},
		"absent 30,001":             {func(p *wire.GuardPolicy) { p.AbsentMS = 30001 }, "policy.absent"},
		"re-entry unknown":          {func(p *wire.GuardPolicy) { p.Reentry = "" }, "policy.reentry"},
		"confirm 14":                {func(p *wire.GuardPolicy) { p.ConfirmEvery = 14 }, "policy.confirm"},
		"confirm 301":               {func(p *wire.GuardPolicy) { p.ConfirmEvery = 301 }, "policy.confirm"},
		"confirm negative":          {func(p *wire.GuardPolicy) { p.ConfirmEvery = -1 }, "policy.confirm"},
		"home without the onlooker": {func(p *wire.GuardPolicy) { p.Onlooker = false }, "policy.onlooker_at_home"},
	} {
		p := valid
		test.change(&p)
		if err := Validate(p); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	for _, ms := range []int{5000, 30000} {
		p := valid
		p.AbsentMS = ms
		if err := Validate(p); err != nil {
			t.Errorf("absent %d: %v", ms, err)
		}
	}
}

func TestPutGetList(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, log := newRoom(t, db)
		ctx := t.Context()
		if _, err := r.Get(ctx, "lax"); sekisho.CodeOf(err) != "policy.unknown" {
			t.Fatalf("unknown: %v", err)
		}
		home, err := r.Get(ctx, "home")
		if err != nil || home != builtin["home"] {
			t.Fatalf("%+v, %v", home, err)
		}
		home.AbsentMS = 8000
		second, err := r.Put(ctx, "admin", home)
		if err != nil || second.Version != 2 {
			t.Fatalf("%+v, %v", second, err)
		}
		if _, err := r.Put(ctx, "admin", home); sekisho.CodeOf(err) != "policy.changed_meanwhile" {
			t.Fatalf("a change made on an old version: %v", err)
		}
		bad := second
		bad.AbsentMS = 1
		if _, err := r.Put(ctx, "admin", bad); sekisho.CodeOf(err) != "policy.absent" {
			t.Fatalf("invalid: %v", err)
		}
		fresh := builtin["office"]
		fresh.Name, fresh.Version, fresh.AllowSoftware = "demo", 0, true
		if p, err := r.Put(ctx, "admin", fresh); err != nil || p.Version != 1 {
			t.Fatalf("%+v, %v", p, err)
		}
		list, err := r.List(ctx)
		if err != nil || len(list) != 3 || list[0].Name != "demo" || list[1] != second || list[2].Name != "office" {
			t.Fatalf("%+v, %v", list, err)
		}
		rows, err := log.Search(ctx, audit.Filter{Kind: "policy.changed"})
		if err != nil || len(rows) != 2 || rows[1].Event.Detail["absent_s"] != "10 → 8" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

func TestOneOfTwoChangesAtOnceWins(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _ := newRoom(t, db)
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() {
				p := builtin["home"]
				p.AbsentMS = 5000 + i
				_, errs[i] = r.Put(t.Context(), "admin", p)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if sekisho.CodeOf(err) != "policy.changed_meanwhile" {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Fatalf("%d changes of version 1 won", won)
		}
	})
}

// TestWhatIsNotValidAnyMoreIsAnError writes rows past the room, as a hand in the database would.
func TestWhatIsNotValidAnyMoreIsAnError(t *testing.T) {
	r, _ := newRoom(t, storagetest.SQLite(t))
	for name, body := range map[string]string{
		"lenient":   `{"name":"home","version":2,"place":"home","onlooker":false,"absent_ms":30000,"reentry":"standard","lock_os":false,"allow_software":true,"confirm_every_s":60}`,
		"renamed":   `{"name":"office","version":2,"place":"office","onlooker":false,"absent_ms":30000,"reentry":"standard","lock_os":false,"allow_software":true,"confirm_every_s":60}`,
		"more":      `{"name":"home","version":2,"place":"home","onlooker":true,"absent_ms":30000,"reentry":"standard","lock_os":false,"allow_software":true,"confirm_every_s":60,"x":1}`,
		"no policy": `null`,
	} {
		err := r.db.Write(t.Context(), func(tx storage.Tx) error {
			_, err := tx.Exec(t.Context(), "DELETE FROM policies_versions")
			_, more := tx.Exec(t.Context(), "INSERT INTO policies_versions (name, version, body, author, at) VALUES ('home', 2, ?, '', 0)", body)
			return errors.Join(err, more)
		})
		if err != nil {
			t.Fatal(err)
		}
		if p, err := r.Get(context.Background(), "home"); err == nil {
			t.Errorf("%s: %+v is in force", name, p)
		}
	}
}
