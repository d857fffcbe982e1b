package posture

import (
	"crypto/ed25519"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// house is the room on a fake clock with one connected PC.
type house struct {
	*testing.T
	*Posture
	clk *clock.Fake
	log *audit.Log
	by  By
	key ed25519.PrivateKey
	n   uint64
}

func newHouse(t *testing.T, db *storage.DB) *house {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	clk.Advance(time.Hour)
	h := &house{T: t, clk: clk}
	h.must(db.Migrate(t.Context(), audit.Schema, Schema))
	var err error
	h.log, err = audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	h.must(err)
	t.Cleanup(func() { h.must(h.log.Close()) })
	h.Posture = New(db, clk, h.log)
	h.by, h.key = caller(t, pc)
	return h
}

func caller(t *testing.T, d sekisho.DeviceID) (By, ed25519.PrivateKey) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return By{Connection: sekisho.ConnectionID(wire.NewID()), Device: d, Person: "person", LeaseKey: public, Policy: "home", Place: sekisho.PlaceHome}, key
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) code(err error, want string) {
	h.Helper()
	if err == nil || sekisho.CodeOf(err) != want {
		h.Fatalf("%v, want %s", err, want)
	}
}

// report signs a good report of the house's PC, as changed.
func (h *house) report(change func(*wire.PostureReport)) wire.Signed {
	r := good()
	h.n++
	r.Connection, r.Number = h.by.Connection, h.n
	if change != nil {
		change(&r)
	}
	return wire.SignWith(h.key, wire.DomainPosture, r)
}

func (h *house) rows(kind string) []audit.Event {
	h.Helper()
	h.must(h.log.Flush(h.Context()))
	found, err := h.log.Search(h.Context(), audit.Filter{Kind: kind})
	h.must(err)
	out := []audit.Event{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event)
	}
	return out
}

func TestAReportAdmitsUntilItIsStale(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		ctx := t.Context()
		h.code(h.Admit(ctx, h.by), "posture.missing")
		h.must(h.Take(h.by, h.report(nil)))
		h.must(h.Admit(ctx, h.by))
		h.clk.Advance(wire.PostureStale)
		h.must(h.Holds(h.by.Connection))
		h.clk.Advance(time.Millisecond)
		h.code(h.Holds(h.by.Connection), "posture.stale")
		h.code(h.Admit(ctx, h.by), "posture.stale")
		h.must(h.Take(h.by, h.report(nil)))
		h.must(h.Holds(h.by.Connection))
		h.clk.Jump(-time.Hour) // the wall clock decides nothing
		h.must(h.Holds(h.by.Connection))
		h.Forget(h.by.Connection)
		h.code(h.Holds(h.by.Connection), "posture.missing")
	})
}

// What is no report of this connection takes the place of the last good one.
func TestWhatIsNoReportIsWorseThanNone(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	ctx := t.Context()
	_, strange := caller(t, pc)
	for name, signed := range map[string]func() wire.Signed{
		"of another connection": func() wire.Signed {
			return h.report(func(r *wire.PostureReport) { r.Connection = sekisho.ConnectionID(wire.NewID()) })
		},
		"signed by another key": func() wire.Signed {
			r := good()
			r.Connection, r.Number = h.by.Connection, 99
			return wire.SignWith(strange, wire.DomainPosture, r)
		},
		"signed as another statement": func() wire.Signed {
			r := good()
			r.Connection, r.Number = h.by.Connection, 99
			return wire.SignWith(h.key, wire.DomainRecord, r)
		},
		"with a field of its own": func() wire.Signed {
			return wire.SignWith(h.key, wire.DomainPosture, map[string]any{"connection": h.by.Connection, "number": 99, "trust_me": true})
		},
		"no JSON": func() wire.Signed {
			s := wire.SignWith(h.key, wire.DomainPosture, "x")
			return s
		},
		"a check twice": func() wire.Signed {
			return h.report(func(r *wire.PostureReport) { r.Findings = append(r.Findings[:2], r.Findings[0]) })
		},
		"words of its own": func() wire.Signed {
			return h.report(func(r *wire.PostureReport) { r.Findings[0].Names = []string{"<b>全部良い</b>"} })
		},
		"from the future": func() wire.Signed { return h.report(func(r *wire.PostureReport) { r.Findings[0].AgoMS = -1 }) },
	} {
		h.must(h.Take(h.by, h.report(nil)))
		h.must(h.Admit(ctx, h.by))
		h.code(h.Take(h.by, signed()), "posture.statement")
		h.code(h.Holds(h.by.Connection), "posture.statement")
		if err := h.Admit(ctx, h.by); sekisho.CodeOf(err) != "posture.statement" {
			t.Errorf("%s: admitted: %v", name, err)
		}
	}
	h.must(h.Take(h.by, h.report(nil)))
	h.must(h.Admit(ctx, h.by)) // the control
}

// A report that was overtaken does not bring an older state back.
func TestAnOlderReportIsRefused(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	first := h.report(nil)
	bad := h.report(func(r *wire.PostureReport) { say(r, "disk_encryption", "no", 0) })
	h.must(h.Take(h.by, first))
	h.must(h.Admit(t.Context(), h.by))
	h.must(h.Take(h.by, bad))
	h.code(h.Take(h.by, first), "posture.statement")
	h.code(h.Holds(h.by.Connection), "posture.refused")
	h.must(h.Take(h.by, h.report(nil)))
	h.must(h.Holds(h.by.Connection))
}

func TestAReportCountsForItsConnectionAlone(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	h.must(h.Take(h.by, h.report(nil)))
	second, _ := caller(t, pc)
	h.code(h.Admit(t.Context(), second), "posture.missing")
	h.code(h.Holds(second.Connection), "posture.missing")
	h.code(h.Take(second, h.report(nil)), "posture.statement")
}

func TestChangesAndRefusalsAreInTheLog(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		ctx := t.Context()
		keep := func(change func(*wire.PostureReport)) bool {
			t.Helper()
			h.must(h.Take(h.by, h.report(change)))
			changed, err := h.Keep(ctx, h.by)
			h.must(err)
			return changed
		}
		bad := func(r *wire.PostureReport) {
			say(r, "disk_encryption", "no", 0)
			say(r, "virtual_machine", "no", 0, "QEMU")
		}
		if !keep(nil) || keep(nil) || !keep(bad) || keep(bad) {
			t.Fatal("what did not change is told, or what did is not")
		}
		rows := h.rows("posture.changed")
		if len(rows) != 2 || len(rows[0].Detail) != len(wire.PostureChecks) ||
			!reflect.DeepEqual(rows[1].Detail, map[string]string{"disk_encryption": "pass → fail", "virtual_machine": "pass → fail"}) {
			t.Fatalf("%+v", rows)
		}
		h.code(h.Admit(ctx, h.by), "posture.refused")
		h.code(h.Admit(ctx, h.by), "posture.refused") // again, and no row more
		refused := h.rows("posture.refused")
		if len(refused) != 1 || refused[0].Reason != "posture.refused" || refused[0].Detail["failed"] != "disk_encryption virtual_machine" || refused[0].Decision != audit.Deny {
			t.Fatalf("%+v", refused)
		}
		s, err := h.OfDevice(ctx, pc, "home", sekisho.PlaceHome, true)
		h.must(err)
		if !s.Refused || s.At == nil || s.Checks[0].Do == "" || s.Checks[0].Seen != "Not encrypted" || s.Checks[0].At == nil {
			t.Fatalf("%+v", s)
		}
		for _, c := range s.Checks {
			if c.Name == "" || c.Seen == "" || strings.Contains(c.Seen, "{") {
				t.Errorf("%+v", c)
			}
		}
		h.clk.Advance(time.Hour) // switched off: as it was seen last, and too old
		s, err = h.OfDevice(ctx, pc, "home", sekisho.PlaceHome, false)
		h.must(err)
		if s.Code != "posture.stale" || s.Checks[0].Outcome != Fail || h.clk.Now().Sub(*s.Checks[0].At) < time.Hour {
			t.Fatalf("%+v", s)
		}
		if s, err = h.OfDevice(ctx, "never", "home", sekisho.PlaceHome, false); err != nil || s.At != nil || s.Code != "posture.missing" || s.Checks[0].At != nil {
			t.Fatalf("%+v %v", s, err)
		}
	})
}

func TestRules(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		ctx := t.Context()
		rules, err := h.Rules(ctx, "home", sekisho.PlaceHome)
		if err != nil || !reflect.DeepEqual(rules, builtin("home", sekisho.PlaceHome)) {
			t.Fatalf("%+v %v", rules, err)
		}
		next := all()
		next.Places[0].Routers = []string{"10-6F-3F-01-02-03", router}
		next, err = h.Put(ctx, "admin", sekisho.PlaceHome, next)
		if err != nil || next.Version != 1 || !slices.Equal(next.Places[0].Routers, []string{router}) {
			t.Fatalf("%+v %v", next, err)
		}
		if _, err := h.Put(ctx, "admin", sekisho.PlaceHome, all()); sekisho.CodeOf(err) != "posture.changed" {
			t.Fatalf("a change made on an old version: %v", err)
		}
		got, err := h.Rules(ctx, "home", sekisho.PlaceHome)
		if err != nil || !reflect.DeepEqual(got, next) {
			t.Fatalf("%+v %v", got, err)
		}
		row := h.rows("posture.rules_changed")
		if len(row) != 1 || row[0].Object.ID != "home" || row[0].Detail["usb_storage"] != "warn windows+linux+darwin → close windows+linux+darwin" || row[0].Detail["places"] != "0 → 1" {
			t.Fatalf("%+v", row)
		}
		for _, body := range []string{"null", `{"policy":"office","version":2}`, strings.Replace(`{"policy":"home","version":2,"rules":[],"agent":"","places":[]}`, "x", "", 1)} {
			h.must(db.Write(ctx, func(tx storage.Tx) error {
				_, err := tx.Exec(ctx, "UPDATE posture_rules SET body = ?", body)
				return err
			}))
			if _, err := h.Rules(ctx, "home", sekisho.PlaceHome); err == nil {
				t.Errorf("%s is in force", body)
			}
			if err := h.Admit(ctx, h.by); err == nil {
				t.Errorf("admitted under %s", body)
			}
		}
	})
}

func TestASessionKeepsTheRulesItOpenedUnder(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	ctx := t.Context()
	h.must(h.Take(h.by, h.report(func(r *wire.PostureReport) { say(r, "usb_storage", "no", 0) })))
	h.must(h.Admit(ctx, h.by))
	_, err := h.Put(ctx, "admin", sekisho.PlaceHome, all())
	h.must(err)
	h.must(h.Holds(h.by.Connection))
	h.code(h.Admit(ctx, h.by), "posture.refused")
}

func TestAPlaceIsLearntFromTheReport(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		ctx := t.Context()
		rules := builtin("home", sekisho.PlaceHome)
		rules.Rules[slices.Index(wire.PostureChecks, "place")].Level = Close
		_, err := h.Put(ctx, "admin", sekisho.PlaceHome, rules)
		h.must(err)
		h.code(h.SetPlace(ctx, "admin", pc, "自宅"), "posture.no_network")
		h.must(h.Take(h.by, h.report(nil)))
		_, err = h.Keep(ctx, h.by)
		h.must(err)
		h.code(h.Admit(ctx, h.by), "posture.refused")
		h.code(h.SetPlace(ctx, "admin", pc, ""), "posture.place")
		h.must(h.SetPlace(ctx, "admin", pc, "自宅"))
		h.must(h.Admit(ctx, h.by))
		if p, err := h.PlaceOf(ctx, pc); err != nil || p == nil || p.Name != "自宅" || strings.Contains(p.Routers[0], ":") {
			t.Fatalf("%+v %v", p, err)
		}
		h.must(h.Take(h.by, h.report(func(r *wire.PostureReport) { r.Network.Around = mark(elsewhere1, elsewhere2) })))
		h.code(h.Holds(h.by.Connection), "posture.refused")
		h.must(h.ClearPlace(ctx, "admin", pc))
		if len(h.rows("posture.place_set")) != 1 || len(h.rows("posture.place_cleared")) != 1 {
			t.Error("a place came or went without a row")
		}
	})
}

func TestValidate(t *testing.T) {
	for _, r := range []wire.PostureRules{builtin("home", sekisho.PlaceHome), builtin("office", sekisho.PlaceOffice), Nothing("demo"), all()} {
		if err := Validate(r); err != nil {
			t.Errorf("%s: %v", r.Policy, err)
		}
	}
	for name, c := range map[string]struct {
		change func(*wire.PostureRules)
		code   string
	}{
		"zero":                 {func(r *wire.PostureRules) { *r = wire.PostureRules{} }, "posture.rules"},
		"a rule less":          {func(r *wire.PostureRules) { r.Rules = r.Rules[1:] }, "posture.rules"},
		"in another order":     {func(r *wire.PostureRules) { slices.Reverse(r.Rules) }, "posture.rules"},
		"a level of its own":   {func(r *wire.PostureRules) { r.Rules[0].Level = "maybe" }, "posture.rules"},
		"a system twice":       {func(r *wire.PostureRules) { r.Rules[0].On = []string{"linux", "linux"} }, "posture.rules"},
		"no system of ours":    {func(r *wire.PostureRules) { r.Rules[0].On = []string{"plan9"} }, "posture.rules"},
		"6 days":               {func(r *wire.PostureRules) { r.Rules[1].Limit = 6 }, "posture.limit"},
		"an hour and a second": {func(r *wire.PostureRules) { r.Rules[5].Limit = 3601 }, "posture.limit"},
		"a limit for nothing":  {func(r *wire.PostureRules) { r.Rules[0].Limit = 1 }, "posture.rules"},
		"no version":           {func(r *wire.PostureRules) { r.Agent = "" }, "posture.version"},
		"no such version":      {func(r *wire.PostureRules) { r.Agent = "new" }, "posture.version"},
		"a nameless place":     {func(r *wire.PostureRules) { r.Places[0].Name = "" }, "posture.place"},
		"a place anywhere":     {func(r *wire.PostureRules) { r.Places[0].Routers = nil }, "posture.place"},
		"a router without MAC": {func(r *wire.PostureRules) { r.Places[0].Routers = []string{"192.168.0.1"} }, "posture.place"},
		"too many places":      {func(r *wire.PostureRules) { r.Places = slices.Repeat(r.Places, 51) }, "posture.rules"},
	} {
		r := all()
		c.change(&r)
		if err := Validate(r); sekisho.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// A PC's words neither break the room nor reach a screen unbounded.
func FuzzTake(f *testing.F) {
	seed := wire.SignWith(ed25519.NewKeyFromSeed(make([]byte, 32)), wire.DomainPosture, good())
	f.Add([]byte(seed.Payload))
	f.Add([]byte(`{"connection":"c","number":1,"findings":[{"check":"place"}]}`))
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	by := By{Connection: "c", Device: pc, LeaseKey: key.Public().(ed25519.PublicKey)}
	f.Fuzz(func(t *testing.T, payload []byte) {
		r := New(nil, clock.NewFake(time.Unix(0, 0)), unread{})
		signed := wire.Signed{Payload: payload, Signature: ed25519.Sign(key, append(append([]byte(wire.DomainPosture), 0), payload...))}
		err := r.Take(by, signed)
		h := r.held["c"]
		if (err == nil) == h.broken || h.report != nil && !h.report.Valid() {
			t.Fatalf("%v %+v", err, h)
		}
		for _, c := range standing(h.judge(asked{rules: all()}, 0), time.Time{}, time.Time{}, true).Checks {
			if len(c.Seen) > 512 {
				t.Fatalf("%d bytes: %s", len(c.Seen), c.Seen)
			}
		}
	})
}

type unread struct{ Audit }

func (unread) Afterwards(audit.Event) {}
