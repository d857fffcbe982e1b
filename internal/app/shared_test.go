package app

import (
	"context"
	"crypto/ed25519"
	"net/netip"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/pools"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// counter is an opened server with a PC of the office.
type counter struct {
	*Server
	t     *testing.T
	admin audit.Actor
	who   map[string]sekisho.PersonID
	pc    devices.Device
}

func openCounter(t *testing.T) *counter {
	t.Helper()
	srv, seeded := opened(t)
	c := &counter{Server: srv, t: t, who: map[string]sekisho.PersonID{}}
	for login, id := range seeded.People {
		c.who[login] = sekisho.PersonID(id)
	}
	c.admin = audit.Actor{Person: c.who["admin"], Role: sekisho.RoleAdministrator}
	c.pc = c.register("COUNTER-1", sekisho.PlaceOffice, "demo-office")
	return c
}

func (c *counter) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) register(tag string, place sekisho.Place, policy sekisho.PolicyName) devices.Device {
	c.t.Helper()
	d, err := c.devices.Register(c.t.Context(), c.admin, devices.Asset{Tag: tag, Place: place, Person: c.who["operator"], Policy: policy})
	c.must(err)
	return d
}

// share makes the PC one that operator and operator2 use.
func (c *counter) share() pools.Pool {
	c.t.Helper()
	ctx := c.t.Context()
	p, err := c.pools.Create(ctx, c.admin, "窓口", "")
	c.must(err)
	c.must(c.pools.AddPC(ctx, c.admin, p.ID, c.pc.ID))
	for _, login := range []string{"operator", "operator2"} {
		c.must(c.pools.AddPerson(ctx, c.admin, p.ID, c.who[login]))
	}
	return p
}

func (c *counter) exec(query string) {
	c.t.Helper()
	c.must(c.db.Write(c.t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(c.t.Context(), query)
		return err
	}))
}

// placeRule changes what the policy asks of the place.
func (c *counter) placeRule(policy sekisho.PolicyName, place sekisho.Place, level string, on []string) {
	c.t.Helper()
	rules, err := c.posture.Rules(c.t.Context(), policy, place)
	c.must(err)
	for i, r := range rules.Rules {
		if r.Check == "place" {
			rules.Rules[i].Level, rules.Rules[i].On = level, on
		}
	}
	if len(rules.Places) == 0 {
		rules.Places = []wire.PosturePlace{{Name: "札幌", Routers: []string{"02:00:00:00:00:01"}, Around: []string{}}}
	}
	_, err = c.posture.Put(c.t.Context(), c.who["admin"], place, rules)
	c.must(err)
}

// TestASharedPCIsOfTheOfficeByEveryRule: its place, its policy's place, and a rule
// that closes everywhere else, on whatever system. One that is missing refuses.
func TestASharedPCIsOfTheOfficeByEveryRule(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	must := func(what string, d devices.Device, code string) {
		t.Helper()
		if err := c.office(ctx, d); code == "" && err != nil || code != "" && (err == nil || sekisho.CodeOf(err) != code) {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	must("demonstration data", c.pc, "")
	must("a PC of the home in demonstration data", devices.Device{Asset: devices.Asset{Place: sekisho.PlaceHome, Policy: "demo-office"}}, "shared.away")
	must("a policy of the home in demonstration data", c.register("HOME-2", sekisho.PlaceOffice, "demo"), "shared.away")
	c.exec("DELETE FROM operators_demo") // from here on as in a real centre
	must("nothing asks for the place", c.pc, "shared.away")
	for what, one := range map[string]struct {
		level string
		on    []string
	}{
		"it is warned of":        {posture.Warn, wire.PosturePlatforms},
		"it is off":              {posture.Off, wire.PosturePlatforms},
		"asked on Windows alone": {posture.Close, []string{"windows"}},
		"asked on all but one":   {posture.Close, wire.PosturePlatforms[:len(wire.PosturePlatforms)-1]},
	} {
		c.placeRule("demo-office", sekisho.PlaceOffice, one.level, one.on)
		must(what, c.pc, "shared.away")
	}
	c.placeRule("demo-office", sekisho.PlaceOffice, posture.Close, wire.PosturePlatforms)
	must("everything closes elsewhere", c.pc, "")
	c.placeRule("demo", sekisho.PlaceHome, posture.Close, wire.PosturePlatforms)
	for _, d := range []devices.Device{{Asset: devices.Asset{Place: sekisho.PlaceHome, Policy: "demo-office"}}, {Asset: devices.Asset{Policy: "demo-office"}}, {Asset: devices.Asset{Place: sekisho.PlaceOffice, Policy: "demo"}}} {
		must("a place that is another one: "+string(d.Place)+" under "+string(d.Policy), d, "shared.away")
	}
	if err := c.office(ctx, devices.Device{Asset: devices.Asset{Place: sekisho.PlaceOffice, Policy: "nobody's"}}); err == nil {
		t.Error("a policy that nobody knows")
	}
}

// TestWhatCannotBeReadIsNoOffice refuses at each of the three questions, and not
// in words that say the PC is away.
func TestWhatCannotBeReadIsNoOffice(t *testing.T) {
	for _, table := range []string{"policies_versions", "posture_rules", "operators_demo"} {
		t.Run(table, func(t *testing.T) {
			c, ctx := openCounter(t), t.Context()
			c.exec("DELETE FROM operators_demo")
			c.placeRule("demo-office", sekisho.PlaceOffice, posture.Close, wire.PosturePlatforms)
			c.share()
			if err := (seats{c.House}).MaySit(ctx, c.who["operator2"], c.pc.ID); err != nil {
				t.Fatal("control:", err)
			}
			c.exec("ALTER TABLE " + table + " RENAME TO gone")
			err := c.office(ctx, c.pc)
			if err == nil || sekisho.KindOf(err) != sekisho.KindInternal {
				t.Errorf("%v", err)
			}
			if err := (seats{c.House}).MaySit(ctx, c.who["operator2"], c.pc.ID); err == nil {
				t.Error("sits where nobody can tell")
			}
		})
	}
}

// TestWhoMaySitWhere: at a shared PC its group and nobody else, its holder among
// them; at any other one its holder alone.
func TestWhoMaySitWhere(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	own := c.register("OWN-1", sekisho.PlaceOffice, "demo-office")
	p := c.share()
	c.must(c.pools.RemovePerson(ctx, c.admin, p.ID, c.who["operator"])) // its holder leaves the group
	for _, one := range []struct {
		who string
		pc  sekisho.DeviceID
		may bool
	}{
		{"operator2", c.pc.ID, true}, {"operator", c.pc.ID, false}, {"operator3", c.pc.ID, false}, {"", c.pc.ID, false},
		{"operator", own.ID, true}, {"operator2", own.ID, false}, {"", own.ID, false}, {"operator", "nowhere", false},
	} {
		if err := (seats{c.House}).MaySit(ctx, c.who[one.who], one.pc); (err == nil) != one.may {
			t.Errorf("%q at %s: %v", one.who, one.pc, err)
		}
	}
	if _, err := (permitDevices{c.House}).HolderOf(ctx, c.pc.ID); sekisho.CodeOf(err) != "permit.shared" {
		t.Errorf("a shared PC goes home: %v", err)
	}
	if p, err := (permitDevices{c.House}).HolderOf(ctx, own.ID); err != nil && sekisho.CodeOf(err) == "permit.shared" {
		t.Errorf("control: %v %v", p, err)
	}
}

// TestWhoNamesAColleagueTakesNothingFromHim: at a shared PC a name deletes no face
// and ends no consent, to whichever text it was given.
func TestWhoNamesAColleagueTakesNothingFromHim(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	c.share()
	named := desk.Caller{Connection: "c", Device: c.pc.ID, Person: c.who["operator"]}
	answer := func(by desk.Caller, accept bool) error {
		return deskFaces{c.House}.Answer(ctx, by, wire.ConsentAnswer{Version: c.faces.Consent("ja").Version, Accept: accept})
	}
	c.must(answer(named, false)) // a first no takes nothing: whoever refuses needs no face
	c.must(answer(named, true))
	for _, earlier := range []string{"", "UPDATE faces_consents SET version = version - 1"} {
		if earlier != "" {
			c.exec(earlier)
		}
		if err := answer(named, false); sekisho.CodeOf(err) != "shared.prove_first" {
			t.Errorf("%q: %v", earlier, err)
		}
		if holds, err := c.faces.Holds(ctx, c.who["operator"]); err != nil || !holds {
			t.Errorf("%q: his consent is gone: %v", earlier, err)
		}
	}
	proved := named
	proved.Session = "s"
	c.must(answer(proved, false))
	if holds, err := c.faces.Holds(ctx, c.who["operator"]); err != nil || holds {
		t.Errorf("control: he himself takes it back: %v, %v", holds, err)
	}
}

// TestANameAloneShowsALoginAndNoMore before a session: no name, and not what the
// person may do in the console.
func TestANameAloneShowsALoginAndNoMore(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	c.share()
	own := c.register("OWN-2", sekisho.PlaceOffice, "demo-office")
	gate := deskGate{h: c.House, console: func(context.Context, operators.Person) (bool, error) { return true, nil }}
	for i, d := range []sekisho.DeviceID{c.pc.ID, own.ID} {
		pub, _, err := ed25519.GenerateKey(nil)
		c.must(err)
		conn := grants.Connection{
			ID: sekisho.ConnectionID(wire.NewID()), Device: d, Person: c.who["operator"],
			Address: netip.AddrFrom4([4]byte{100, 64, 0, byte(20 + i)}), LeaseKey: pub, Tier: sekisho.TierB, Policy: "demo-office",
		}
		c.must(c.book.Connect(ctx, conn))
		me, err := gate.Me(ctx, desk.Caller{Connection: conn.ID, Device: d, Person: conn.Person})
		c.must(err)
		shared := d == c.pc.ID
		if shared != (me.Person.Name == "operator") || shared == me.Person.Console || shared != (c.trainee(ctx, desk.Caller{Connection: conn.ID, Device: d, Person: conn.Person}).Shared) {
			t.Errorf("shared %v: %q, console %v", shared, me.Person.Name, me.Person.Console)
		}
	}
}

// TestTakingOneOutClosesHisSeatAlone: it ends what he has on a PC and
// leaves a colleague's alone.
func TestTakingOneOutClosesHisSeatAlone(t *testing.T) {
	c, ctx := openCounter(t), t.Context()
	p := c.share()
	at := func(who string, host byte) grants.Connection {
		pub, _, err := ed25519.GenerateKey(nil)
		c.must(err)
		conn := grants.Connection{ID: sekisho.ConnectionID(wire.NewID()), Device: c.pc.ID, Person: c.who[who], Address: netip.AddrFrom4([4]byte{100, 64, 0, host}), LeaseKey: pub, Tier: sekisho.TierB, Policy: "demo-office"}
		c.must(c.book.Connect(ctx, conn))
		return conn
	}
	conn := at("operator2", 30)
	c.must(c.pools.RemovePerson(ctx, c.admin, p.ID, c.who["operator"]))
	if _, ok := c.book.Connection(conn.ID); !ok {
		t.Error("a colleague's connection was closed")
	}
	c.must(c.pools.RemovePerson(ctx, c.admin, p.ID, c.who["operator2"]))
	if _, ok := c.book.Connection(conn.ID); ok {
		t.Error("taken out, and still connected")
	}
}
