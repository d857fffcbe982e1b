package offices

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

const (
	sv    = sekisho.RoleSupervisor
	admin = sekisho.RoleAdministrator
)

var (
	office = From{Address: netip.MustParseAddr("192.0.2.9")}
	home   = From{Address: netip.MustParseAddr("198.51.100.1")}
	pc     = From{Address: netip.MustParseAddr("100.64.0.2"), Guarded: true}
)

func newRoom(t *testing.T, db *storage.DB) (*Offices, *audit.Log) {
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

func wants(t *testing.T, what string, err error, code string) {
	t.Helper()
	if sekisho.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestParse(t *testing.T) {
	r, err := Parse([]sekisho.Role{sv, admin, sv}, []string{" 192.0.2.0/24", "198.51.100.7", "192.0.2.0/24"})
	if err != nil || r.rolesText() != "administrator supervisor" || !slices.Equal(r.Texts(), []string{"192.0.2.0/24", "198.51.100.7/32"}) {
		t.Errorf("%+v, %v", r, err)
	}
	for _, role := range []sekisho.Role{"", "auditor", "client_auditor", "anyone", "Supervisor"} {
		_, err := Parse([]sekisho.Role{role}, nil)
		wants(t, string(role), err, "office.role")
	}
	for _, text := range []string{"", "0.0.0.0/0", "::/0", "192.0.2.1/24", "fe80::1%eth0", "::ffff:192.0.2.0/120", "example.jp"} {
		_, err := Parse(nil, []string{text})
		wants(t, text, err, "office.range")
	}
	_, err = Parse(nil, make([]string, maxRanges+1))
	wants(t, "too many", err, "office.too_many")
}

func FuzzParse(f *testing.F) {
	f.Add("supervisor", "192.0.2.0/24")
	f.Add("operator", "::1/128")
	f.Fuzz(func(t *testing.T, role, text string) {
		r, err := Parse([]sekisho.Role{sekisho.Role(role)}, []string{text})
		if err != nil {
			return
		}
		again, err := Parse(r.Roles, r.Texts())
		if err != nil || !slices.Equal(again.Ranges, r.Ranges) || r.Ranges[0].Bits() == 0 {
			t.Fatalf("%q: %+v, then %+v, %v", text, r, again, err)
		}
	})
}

func TestWhoIsBoundWhere(t *testing.T) {
	r, err := Parse([]sekisho.Role{sv}, []string{"192.0.2.0/24"})
	must(t, err)
	for name, c := range map[string]struct {
		roles []sekisho.Role
		from  From
		want  bool
	}{
		"a supervisor at home":               {[]sekisho.Role{sv}, home, false},
		"whoever is more than a supervisor":  {[]sekisho.Role{admin, sv}, home, false},
		"behind a proxy":                     {[]sekisho.Role{sv}, From{}, false},
		"a supervisor in the office":         {[]sekisho.Role{sv}, office, true},
		"the same, written as IPv6":          {[]sekisho.Role{sv}, From{Address: netip.MustParseAddr("::ffff:192.0.2.9")}, true},
		"a supervisor under the guard":       {[]sekisho.Role{sv}, pc, true},
		"the tunnel's address without lease": {[]sekisho.Role{sv}, From{Address: pc.Address}, false},
		"the server's own machine":           {[]sekisho.Role{sv}, From{Address: netip.MustParseAddr("127.0.0.1")}, true},
		"another role":                       {[]sekisho.Role{admin}, home, true},
		"no role":                            {nil, home, true},
	} {
		if got := r.lets(c.roles, c.from); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !(Rule{}).lets(Bindable, home) {
		t.Error("bound without a rule")
	}
}

func TestWhatLoosens(t *testing.T) {
	rule := func(roles string, ranges ...string) Rule {
		var list []sekisho.Role
		if roles != "" {
			list = []sekisho.Role{sv}
		}
		if roles == "both" {
			list = append(list, admin)
		}
		r, err := Parse(list, ranges)
		must(t, err)
		return r
	}
	for name, c := range map[string]struct {
		old, next Rule
		want      int
	}{
		"a first rule":     {rule(""), rule("both", "192.0.2.0/24"), 0},
		"the rule is gone": {rule("both", "192.0.2.0/24"), rule(""), 3},
		"a role less":      {rule("both"), rule("sv"), 1},
		"a role more":      {rule("sv"), rule("both"), 0},
		"a wider office":   {rule("sv", "192.0.2.0/25"), rule("sv", "192.0.2.0/24"), 2},
		"a part of it":     {rule("sv", "192.0.2.0/24"), rule("sv", "192.0.2.0/25"), 0},
		"another and less": {rule("both", "192.0.2.0/24"), rule("sv", "203.0.113.0/24"), 3},
		"one for another":  {rule("sv", "192.0.2.0/24"), rule("both", "203.0.113.0/24"), 3},
		"nobody was bound": {rule("", "192.0.2.0/24"), rule("sv", "203.0.113.0/24"), 0},
	} {
		if got := c.old.loosens(c.next); len(got) != c.want {
			t.Errorf("%s: %+v", name, got)
		}
		for _, d := range c.old.loosens(c.next) { // whoever confirms sees what it tightens too
			if tightens := (d.Field == "office.role") == (d.After == "true"); d.Beside != tightens {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

func TestPutGetAndLockOut(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		o, log := newRoom(t, db)
		ctx := t.Context()
		both, ranges := []sekisho.Role{sv, admin}, []string{"192.0.2.0/24"}
		must(t, o.Allows(ctx, both, home)) // by default nobody is bound
		for name, from := range map[string]From{"home": home, "a proxy": {}} {
			_, err := o.Put(ctx, "admin", 0, both, ranges, from)
			wants(t, "every administrator is locked out, from "+name, err, "office.locks_you_out")
		}
		if r, err := o.Get(ctx); err != nil || r.Version != 0 {
			t.Fatalf("a refused rule is stored: %+v, %v", r, err)
		}
		_, err := o.Put(ctx, "admin", 0, both, nil, pc)
		must(t, err) // under the guard he can go on, wherever the office is
		_, err = o.Put(ctx, "admin", 0, both, ranges, office)
		wants(t, "a change of an old version", err, "office.changed_meanwhile")
		r, err := o.Put(ctx, "admin", 1, both, ranges, office)
		if err != nil || r.Version != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
		wants(t, "at home", o.Allows(ctx, []sekisho.Role{sv}, home), "office.outside")
		must(t, o.Allows(ctx, []sekisho.Role{sv}, office))
		must(t, o.Allows(ctx, []sekisho.Role{sv}, pc))
		must(t, o.Allows(ctx, []sekisho.Role{sekisho.RoleAuditor}, home))
		if d, err := o.Loosens(ctx, 2, nil, ranges); err != nil || len(d) != 2 {
			t.Errorf("%+v, %v", d, err)
		}
		_, err = o.Loosens(ctx, 1, nil, ranges)
		wants(t, "judged against an old version", err, "office.changed_meanwhile")
		r, err = o.Lift(ctx)
		if err != nil || r.Version != 3 {
			t.Fatalf("%+v, %v", r, err)
		}
		must(t, o.Allows(ctx, both, home))
		must(t, log.Flush(ctx))
		rows, err := log.Search(ctx, audit.Filter{Kind: "offices.changed"})
		if err != nil || len(rows) != 3 || rows[0].Event.Actor.Process != "cli" || rows[1].Event.Detail["roles"] != "administrator supervisor" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

// TestAnUnreadableRuleRefuses writes past the room, as a hand in the database
// would; the host's command is the way out.
func TestAnUnreadableRuleRefuses(t *testing.T) {
	o, _ := newRoom(t, storagetest.SQLite(t))
	must(t, o.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO offices_rules (version, roles, ranges, author, at) VALUES (1, 'everybody', '', '', 0)")
		return err
	}))
	for _, from := range []From{home, office, pc} {
		if err := o.Allows(t.Context(), []sekisho.Role{sv}, from); err == nil {
			t.Errorf("%+v: allowed", from)
		}
	}
	if r, err := o.Lift(t.Context()); err != nil || r.Version != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	must(t, o.Allows(t.Context(), []sekisho.Role{sv}, home))
}
