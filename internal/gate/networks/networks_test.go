package networks

import (
	"crypto/ed25519"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func newRoom(t *testing.T, db *storage.DB) (*Networks, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	return New(db, clk, log), log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestParse(t *testing.T) {
	got, err := Parse([]string{" 192.0.2.0/24", "2001:db8::/48", "198.51.100.7", "192.0.2.0/24"})
	if err != nil || !slices.Equal(Texts(got), []string{"192.0.2.0/24", "198.51.100.7/32", "2001:db8::/48"}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{
		"", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/024", "0.0.0.0/0", "::/0", "::ffff:192.0.2.0/120", "fe80::1%eth0", "192.0.2", "example.jp", "192.0.2.0/24 ; x", "192.0.2.0/-1",
	} {
		if p, err := Parse([]string{bad}); sekisho.CodeOf(err) != "network.range" {
			t.Errorf("%q: %v, %v", bad, p, err)
		}
	}
	if _, err := Parse(make([]string, maxRanges+1)); sekisho.CodeOf(err) != "network.too_many" {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"192.0.2.0/24", "2001:db8::/48", "::ffff:1.2.3.4", "1.2.3.4/0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse([]string{text})
		if err != nil {
			return
		}
		again, err := Parse(Texts(got))
		if err != nil || !slices.Equal(got, again) || got[0].Bits() == 0 {
			t.Fatalf("%q: %v, then %v, %v", text, got, again, err)
		}
	})
}

func TestWhoReachesADoor(t *testing.T) {
	ranges, err := Parse([]string{"192.0.2.0/24", "2001:db8::/48"})
	must(t, err)
	for from, want := range map[string][2]bool{ // console, agents
		"192.0.2.9": {true, true}, "::ffff:192.0.2.9": {true, true}, "2001:db8::1": {true, true},
		"192.0.3.1": {false, false}, "2001:db8:1::1": {false, false}, "127.0.0.1": {true, false}, "::1": {true, false}, "": {false, false},
	} {
		var a netip.Addr
		if from != "" {
			a = netip.MustParseAddr(from)
		}
		if got := [2]bool{List{Door: Console, Ranges: ranges}.Contains(a), List{Door: Agents, Ranges: ranges}.Contains(a)}; got != want {
			t.Errorf("%s: %v, want %v", from, got, want)
		}
		if !(List{}).Contains(a) {
			t.Errorf("%s: refused by no list", from)
		}
	}
}

func TestPutGetAndLockOut(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, log := newRoom(t, db)
		ctx := t.Context()
		office, home := netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("198.51.100.1")
		must(t, r.Allows(ctx, Console, home))
		if _, err := r.Put(ctx, "admin", Console, 0, []string{"192.0.2.0/24"}, home); sekisho.CodeOf(err) != "network.locks_you_out" {
			t.Errorf("saved from outside: %v", err)
		}
		if _, err := r.Put(ctx, "admin", Console, 0, []string{"192.0.2.0/24"}, netip.Addr{}); sekisho.CodeOf(err) != "network.locks_you_out" {
			t.Errorf("saved through a proxy: %v", err)
		}
		l, err := r.Put(ctx, "admin", Console, 0, []string{"192.0.2.0/24"}, office)
		if err != nil || l.Version != 1 {
			t.Fatalf("%+v, %v", l, err)
		}
		if _, err := r.Put(ctx, "admin", Console, 0, nil, office); sekisho.CodeOf(err) != "network.changed_meanwhile" {
			t.Errorf("a change made on an old version: %v", err)
		}
		if err := r.Allows(ctx, Console, home); sekisho.CodeOf(err) != "network.refused" {
			t.Errorf("%v", err)
		}
		must(t, r.Allows(ctx, Console, office))
		must(t, r.Allows(ctx, Agents, home)) // the other door has its own
		_, err = r.Put(ctx, "admin", Agents, 0, []string{"203.0.113.0/24"}, home)
		must(t, err)
		_, err = r.Put(ctx, "admin", Console, 1, nil, home)
		must(t, err)
		must(t, r.Allows(ctx, Console, home))
		if _, err := r.Put(ctx, "admin", "cellar", 0, nil, home); err == nil {
			t.Error("a door that nobody has")
		}
		rows, err := log.Search(ctx, audit.Filter{Kind: "networks.changed"})
		if err != nil || len(rows) != 3 || rows[2].Event.Detail["ranges"] != "192.0.2.0/24" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

// TestAnUnreadableListRefuses writes past the room, as a hand in the database would.
func TestAnUnreadableListRefuses(t *testing.T) {
	r, _ := newRoom(t, storagetest.SQLite(t))
	must(t, r.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO networks_lists (door, version, ranges, author, at) VALUES ('console', 1, 'everywhere', '', 0)")
		return err
	}))
	if err := r.Allows(t.Context(), Console, netip.MustParseAddr("192.0.2.9")); err == nil {
		t.Error("allowed")
	}
}
