package permits

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

type holders map[sekisho.DeviceID]sekisho.PersonID

func (h holders) HolderOf(_ context.Context, d sekisho.DeviceID) (sekisho.PersonID, error) {
	if p, ok := h[d]; ok {
		return p, nil
	}
	return "", errors.New("no such PC")
}

type room struct {
	*Permits
	*testing.T
	clk *clock.Fake
	log *audit.Log
}

var supervisor = audit.Actor{Person: "sv", Role: sekisho.RoleSupervisor}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, clk: clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))}
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(log.Close()) })
	r.log = log
	r.Permits = New(db, r.clk, log, holders{"pc": "op", "pc2": "op", "svs": "sv"})
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if sekisho.CodeOf(err) != code {
		r.Errorf("%v, want %s", err, code)
	}
}

// days gives a permit for the PC from so many days ahead, for so many.
func (r *room) days(d sekisho.DeviceID, from, long int) Permit {
	at := r.clk.Now().AddDate(0, 0, from)
	return Permit{Device: d, Where: AtHome, From: at, Until: at.AddDate(0, 0, long)}
}

func (r *room) holds(d sekisho.DeviceID, p sekisho.PersonID) bool {
	r.Helper()
	ok, err := r.Holds(r.Context(), d, p)
	r.must(err)
	return ok
}

// TestAPermitCountsInItsDaysAlone: not before, not after, not for another PC or person.
func TestAPermitCountsInItsDaysAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		p, err := r.Give(t.Context(), supervisor, r.days("pc", 1, 2))
		r.must(err)
		if p.Person != "op" || p.Approver != "sv" || r.holds("pc", "op") {
			t.Fatalf("%+v counts before its first day", p)
		}
		r.clk.Advance(24 * time.Hour)
		if !r.holds("pc", "op") || r.holds("pc2", "op") || r.holds("pc", "other") || r.holds("", "") {
			t.Fatal("a permit is for one PC and one person")
		}
		if h, err := r.Holders(t.Context()); err != nil || len(h) != 1 || !h["op"] {
			t.Fatalf("%v, %v", h, err)
		}
		r.clk.Advance(48*time.Hour - time.Microsecond)
		if !r.holds("pc", "op") {
			t.Fatal("over before its last moment")
		}
		r.clk.Advance(time.Microsecond)
		if r.holds("pc", "op") {
			t.Fatal("it counts after its last moment")
		}
		if list, err := r.List(t.Context()); err != nil || len(list) != 0 {
			t.Fatalf("%v, %v", list, err)
		}
		if rows, err := r.log.Search(t.Context(), audit.Filter{Kind: "permit.given"}); err != nil || len(rows) != 1 || rows[0].Event.Detail["where"] != "home" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

// TestAPermitTakenBackCountsNoMore, and what is open on the PC is looked at before End returns.
func TestAPermitTakenBackCountsNoMore(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		told := []sekisho.DeviceID{}
		r.OnEnded(func(d sekisho.DeviceID) {
			if r.holds(d, "op") {
				t.Error("told before it was over")
			}
			told = append(told, d)
		})
		p, err := r.Give(t.Context(), supervisor, r.days("pc", 0, 5))
		r.must(err)
		r.must(r.End(t.Context(), supervisor, p.ID))
		if r.holds("pc", "op") || len(told) != 1 || told[0] != "pc" {
			t.Fatalf("told %v", told)
		}
		r.refused(r.End(t.Context(), supervisor, p.ID), "permit.ended")
		r.refused(r.End(t.Context(), supervisor, "none"), "permit.unknown")
		_, err = r.Give(t.Context(), supervisor, r.days("pc", 0, 5)) // the days are free again
		r.must(err)
		list, err := r.Of(t.Context(), "pc")
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
	})
}

// TestPermitsEndWithTheirPC: those ahead too, each with its row, and no other PC's.
func TestPermitsEndWithTheirPC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		told := 0
		r.OnEnded(func(sekisho.DeviceID) { told++ })
		for _, p := range []Permit{r.days("pc", 0, 5), r.days("pc", 10, 5), r.days("pc2", 20, 5)} {
			_, err := r.Give(t.Context(), supervisor, p)
			r.must(err)
		}
		for range 2 {
			r.must(r.ForgetDevice(t.Context(), "pc"))
		}
		if h, err := r.Holders(t.Context()); err != nil || len(h) != 0 || r.holds("pc", "op") {
			t.Errorf("it counts for %v, %v", h, err)
		}
		if list, err := r.List(t.Context()); err != nil || len(list) != 1 || list[0].Device != "pc2" {
			t.Errorf("%+v, %v", list, err)
		}
		rows, err := r.log.Search(t.Context(), audit.Filter{Kind: "permit.ended"})
		if err != nil || len(rows) != 2 || rows[0].Event.Actor.Process != "server" || told != 1 {
			t.Errorf("%+v, told %d, %v", rows, told, err)
		}
	})
}

func TestPermitsThatNobodyMayGive(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	_, err := r.Give(t.Context(), supervisor, r.days("pc", 0, 10))
	r.must(err)
	for name, test := range map[string]struct {
		permit Permit
		code   string
	}{
		"his own":              {r.days("svs", 0, 1), "permit.own"},
		"a PC nobody holds":    {r.days("gone", 0, 1), "permit.device"},
		"over already":         {r.days("pc2", -3, 2), "permit.over"},
		"backwards":            {r.days("pc2", 2, -1), "permit.days"},
		"no time at all":       {r.days("pc2", 2, 0), "permit.days"},
		"longer than a year":   {r.days("pc2", 0, 367), "permit.days"},
		"in the far future":    {r.days("pc2", 400, 1), "permit.days"},
		"twice the same days":  {r.days("pc", 9, 5), "permit.overlap"},
		"a place with no name": {Permit{Device: "pc2", From: r.clk.Now(), Until: r.clk.Now().Add(time.Hour)}, "permit.where"},
		"an address":           {Permit{Device: "pc2", Where: "東京都", From: r.clk.Now(), Until: r.clk.Now().Add(time.Hour)}, "permit.where"},
	} {
		_, err := r.Give(t.Context(), supervisor, test.permit)
		if sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if _, err := r.Give(t.Context(), audit.Actor{Process: "nobody"}, r.days("pc2", 0, 1)); sekisho.CodeOf(err) != "permit.own" {
		t.Errorf("given by nobody: %v", err)
	}
	if (Permit{}).Counts(r.clk.Now()) {
		t.Error("the zero permit counts")
	}
}
