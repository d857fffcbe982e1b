package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/wire"
)

// kitted registers n PCs for op; every third is an office PC of op-a.
func (c *centre) kitted(n int) (out []devices.Device) {
	c.t.Helper()
	by := audit.Actor{Person: c.who["admin"].ID, Role: sekisho.RoleAdministrator}
	var assets []devices.Asset
	for i := range n {
		a := devices.Asset{Tag: fmt.Sprintf("PC-%d", i+1), Model: "見本ノート", Place: sekisho.PlaceHome, Person: c.who["op"].ID, Policy: "home"}
		if i%3 == 0 {
			a.Place, a.Person, a.Policy = sekisho.PlaceOffice, c.who["op-a"].ID, "office"
		}
		assets = append(assets, a)
	}
	for part := range slices.Chunk(assets, devices.MaxKit) {
		kit := made(c.devices.Kit(c.t.Context(), by, part, "gate.example:8444", func(context.Context, storage.Tx, []devices.Device) error { return nil }))(c.t)
		for _, one := range kit {
			out = append(out, one.Device)
		}
	}
	return out
}

// TestPagesOfTheInventory walks the list of PCs page by page, in several orders.
func TestPagesOfTheInventory(t *testing.T) {
	c := newCentre(t, true)
	pcs := c.kitted(23)
	must(t, c.devices.Revoke(t.Context(), audit.Actor{Person: c.who["admin"].ID, Role: sekisho.RoleAdministrator}, pcs[4].ID, "電車内で紛失"))
	admin := c.as("admin")
	for _, sort := range []string{"", "tag", "state", "person", "place", "tier", "policy", "since"} {
		for _, desc := range []string{"false", "true"} {
			var tags []string
			for offset := 0; offset < 23; offset += 5 {
				var list console.DevicesView
				admin.do("GET", fmt.Sprintf("/devices?sort=%s&desc=%s&offset=%d&limit=5", sort, desc, offset), nil).into(t, &list)
				if sort == "" { // the parameter is left out, not empty
					admin.do("GET", fmt.Sprintf("/devices?desc=%s&offset=%d&limit=5", desc, offset), nil).into(t, &list)
				}
				if list.Page.Found != 23 || list.Page.All != 23 || list.Page.Offset != offset || list.Page.Counts["registered"] != 22 || list.Page.Counts["revoked"] != 1 {
					t.Fatalf("%s: %+v", sort, list.Page)
				}
				for _, one := range list.Devices {
					tags = append(tags, one.AssetTag)
				}
			}
			once := slices.Clone(tags)
			slices.Sort(once)
			if len(slices.Compact(once)) != 23 || len(tags) != 23 {
				t.Errorf("by %s: %v", sort, tags)
			}
			if sort == "tag" && desc == "true" && tags[0] != "PC-23" || sort == "tag" && desc == "false" && (tags[1] != "PC-2" || tags[22] != "PC-23") {
				t.Errorf("by tag: %v", tags)
			}
		}
	}
	for query, want := range map[string]int{
		"q=" + url.QueryEscape("ｐｃ－２"): 5, "q=" + url.QueryEscape("PC-2 OP-A"): 1, "state=revoked": 1, "state=standing": 22, "place=office": 8, "q=nobody": 0,
		"person=" + string(c.who["op-a"].ID): 8, "place=office&q=" + url.QueryEscape("見本ノート"): 8,
	} {
		var list console.DevicesView
		admin.do("GET", "/devices?"+query, nil).into(t, &list)
		if list.Page.Found != want || len(list.Devices) != want {
			t.Errorf("%s: %d, %+v", query, len(list.Devices), list.Page)
		}
	}
	var beyond console.DevicesView
	admin.do("GET", "/devices?offset=1000&limit=10", nil).into(t, &beyond)
	if beyond.Page.Offset != 20 || len(beyond.Devices) != 3 {
		t.Errorf("beyond the end: %+v, %d", beyond.Page, len(beyond.Devices))
	}
}

// TestListsRefuseWhatIsOutOfBounds: every list, in words, and never by giving more.
func TestListsRefuseWhatIsOutOfBounds(t *testing.T) {
	c := newCentre(t, true)
	for path, login := range map[string]string{"/people": "admin", "/devices": "admin", "/loans": "sv", "/training": "auditor", "/shifts": "admin", "/floor": "sv"} {
		b := c.as(login)
		for _, bad := range []string{
			"limit=0", "limit=501", "limit=-1", "limit=x", "offset=-1", "offset=1000001", "offset=99999999999999999999", "sort=id", "sort=tag%3Bdrop", "desc=perhaps",
			"q=" + strings.Repeat("a", 101), "state=everything&group=everything&role=everything&show=everything&sort=everything",
		} {
			if a := b.do("GET", path+"?"+bad, nil); a.status != http.StatusUnprocessableEntity || a.code() != "request.malformed" || !strings.Contains(a.body, "action") || strings.Contains(a.body, "everything") {
				t.Errorf("%s?%.40s: %d %s", path, bad, a.status, a.body)
			}
		}
		for _, good := range []string{"limit=1", "limit=500", "offset=1000000", "q=" + url.QueryEscape("%_'\";--\x00"), "q=" + strings.Repeat("a", 100)} { // the control
			if a := b.do("GET", path+"?"+good, nil); a.status != http.StatusOK || !strings.Contains(a.body, `"page"`) {
				t.Errorf("%s?%.40s: %d %s", path, good, a.status, a.body)
			}
		}
	}
}

// TestListsShowNobodyWhatIsNotHis: no parameter widens what a caller may see.
func TestListsShowNobodyWhatIsNotHis(t *testing.T) {
	c := newCentre(t, true)
	c.twoClients()
	c.kitted(6)
	for _, path := range []string{"/people", "/devices", "/loans", "/training", "/shifts", "/floor"} {
		for _, query := range []string{"", "?q=op", "?limit=500&offset=0", "?id=" + string(c.who["op"].ID), "?person=" + string(c.who["op"].ID)} {
			if a := c.as("client-a").do("GET", path+query, nil); a.status != http.StatusForbidden || strings.Contains(a.body, "op-a") || strings.Contains(a.body, `"found"`) {
				t.Errorf("a client's auditor at %s%s: %d %s", path, query, a.status, a.body)
			}
			if a := c.as("officer").do("GET", path+query, nil); a.code() != "console.role_missing" {
				t.Errorf("an officer at %s%s: %d", path, query, a.status)
			}
		}
	}
	watch := c.holder("watching", own.WatchFloor)
	if a := watch.do("GET", "/floor?limit=1", nil); a.status != http.StatusOK { // the control
		t.Errorf("an own role at the floor: %d %s", a.status, a.body)
	}
	if a := watch.do("GET", "/people?q=op", nil); a.code() != "console.role_missing" {
		t.Errorf("an own role at the people: %d %s", a.status, a.body)
	}
	// Only operators stand in what supervisors see of training and shifts, whatever they look for.
	for _, path := range []string{"/training", "/shifts"} {
		if a := c.as("sv").do("GET", path+"?q=officer", nil); !strings.Contains(a.body, `"found":0`) || strings.Contains(a.body, "見本 officer") {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

// TestPagesOfTheFloor: what needs a person comes first, and each seat is counted once.
func TestPagesOfTheFloor(t *testing.T) {
	c := newCentre(t, true)
	pcs := c.kitted(7)
	for i, one := range pcs {
		c.clk.Advance(1e9)
		must(t, c.book.Connect(t.Context(), grants.Connection{
			ID: sekisho.ConnectionID(wire.NewID()), Device: one.ID, Person: one.Person, Address: netip.MustParseAddr(fmt.Sprintf("100.64.0.%d", i+2)),
			LeaseKey: make([]byte, 32), Tier: sekisho.TierB, Policy: "home",
		}))
	}
	sv := c.as("sv")
	var seen []string
	for offset := 0; offset < 7; offset += 3 {
		var floor console.FloorView
		sv.do("GET", fmt.Sprintf("/floor?limit=3&offset=%d", offset), nil).into(t, &floor)
		if floor.Page.Found != 7 || floor.Page.Counts["gate"] != 7 || floor.Page.Counts["off"] != 0 || len(floor.Page.Counts) != 6 {
			t.Fatalf("%+v", floor.Page)
		}
		for _, s := range floor.Seats {
			seen = append(seen, s.AssetTag)
			if s.Group != "gate" || s.Phase != "quarantine" {
				t.Errorf("%+v", s)
			}
		}
	}
	if strings.Join(seen, " ") != "PC-1 PC-2 PC-3 PC-4 PC-5 PC-6 PC-7" { // who has waited longest first
		t.Errorf("%v", seen)
	}
	for query, want := range map[string]int{"group=gate": 7, "group=alert": 0, "q=op-a": 3, "q=pc-5": 1, "device=" + string(pcs[2].ID): 1, "device=unknown": 0} {
		var floor console.FloorView
		sv.do("GET", "/floor?"+query, nil).into(t, &floor)
		if floor.Page.Found != want {
			t.Errorf("%s: %+v", query, floor.Page)
		}
	}
	var down console.FloorView
	sv.do("GET", "/floor?sort=since&desc=true&limit=1", nil).into(t, &down)
	if down.Seats[0].AssetTag != "PC-1" {
		t.Errorf("the longest wait: %+v", down.Seats)
	}
}

// TestPagesOfPeople: roles, who is active, one person alone, and what training and shifts make of them.
func TestPagesOfPeople(t *testing.T) {
	c := newCentre(t, true)
	admin := c.who["admin"].ID
	for i := range 12 {
		name := fmt.Sprintf("pager-%02d", i)
		c.who[name] = made(c.people.Create(t.Context(), admin, operators.Person{Name: "模擬 " + name, Kana: fmt.Sprintf("モギ %02d", i), Login: name, Roles: []sekisho.Role{sekisho.RoleOperator}, FaceUsable: true}))(t)
	}
	made(c.people.Suspend(t.Context(), admin, c.who["pager-03"].ID, "確認のため"))(t)
	b := c.as("admin")
	for query, want := range map[string]int{
		"q=pager": 12, "q=pager&active=true": 11, "role=supervisor": 2, "id=" + string(c.who["sv"].ID): 1, "id=" + string(c.who["sv"].ID) + "&role=officer": 0, "q=" + url.QueryEscape("ﾓｷﾞ 07"): 1,
	} {
		var list console.PeopleView
		b.do("GET", "/people?"+query, nil).into(t, &list)
		if list.Page.Found != want || len(list.People) != want {
			t.Errorf("%s: %+v", query, list.Page)
		}
	}
	var list console.PeopleView
	for _, sort := range []string{"name", "login", "roles", "place", "passkeys", "last_day", "state"} {
		seen := map[sekisho.PersonID]bool{}
		for offset := 0; offset < 22; offset += 7 {
			b.do("GET", fmt.Sprintf("/people?sort=%s&limit=7&offset=%d", sort, offset), nil).into(t, &list)
			for _, p := range list.People {
				seen[p.ID] = true
			}
		}
		if len(seen) != 22 || list.Page.All != 22 {
			t.Errorf("by %s: %d of 22, %+v", sort, len(seen), list.Page)
		}
	}
	b.do("GET", "/people?sort=state&limit=1", nil).into(t, &list)
	if list.People[0].ID != c.who["pager-03"].ID {
		t.Errorf("the suspended do not come first: %+v", list.People)
	}
	for path, column := range map[string]string{"/training": "due", "/shifts": "now"} {
		for _, sort := range []string{"sort=name", "sort=" + column, "desc=false"} {
			seen := map[string]bool{}
			for offset := 0; offset < 14; offset += 4 {
				var page struct {
					Page   console.PageView
					People []struct{ ID, Person, Name string }
				}
				b.do("GET", fmt.Sprintf("%s?%s&limit=4&offset=%d", path, sort, offset), nil).into(t, &page)
				for _, p := range page.People {
					seen[p.Name] = true
				}
				if page.Page.Found != 14 || page.Page.All != 14 { // three operators, and eleven of the twelve
					t.Errorf("%s by %s: %+v", path, sort, page.Page)
				}
			}
			if len(seen) != 14 {
				t.Errorf("%s by %s: %d of 14", path, sort, len(seen))
			}
		}
	}
	var trained console.TrainingView
	b.do("GET", "/training?state=grace&limit=2", nil).into(t, &trained)
	if trained.Page.Counts["grace"] != 14 || len(trained.People) != 2 || trained.People[0].State != "grace" {
		t.Errorf("%+v", trained.Page)
	}
}

// TestKeysNameTheirPCs to those alone to whom the inventory is open.
func TestKeysNameTheirPCs(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	one, ek := c.registered(admin), strings.Repeat("ab", 32)
	must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO devices_enrolments (id, device, ticket, state, code, key_kind, key_hash, fingerprint, ek_hash, csr, spki, ek, certificate, hostname, platform, agent, asked, decided)
			VALUES ('e', ?, 't', 'pending', '', 'tpm', 'k', 'f', ?, ?, ?, ?, ?, 'mihon-1', 'linux/amd64', '1', 1, 0)`, string(one.ID), ek, []byte{}, []byte{}, []byte{}, []byte{})
		if err == nil {
			_, err = tx.Exec(t.Context(), "UPDATE devices_devices SET enrolment = 'e' WHERE id = ?", string(one.ID))
		}
		return err
	}))
	if a := admin.do("POST", "/attestation/keys", map[string]any{"csv": wire.Bytes("ek_sha256,label\n" + ek + ",SN-1\n")}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for login, want := range map[string]string{"admin": one.AssetTag, "auditor": ""} {
		var lists console.AttestationView
		a := c.as(login).do("GET", "/attestation", nil)
		a.into(t, &lists)
		if lists.Keys[0].AssetTag != want || (want == "") != (lists.Keys[0].Device == "") || want == "" && strings.Contains(a.body, one.AssetTag) {
			t.Errorf("%s: %s", login, a.body)
		}
	}
	var found console.DevicesView
	admin.do("GET", "/devices?q=MIHON-1", nil).into(t, &found) // by its host name
	if found.Page.Found != 1 {
		t.Errorf("%+v", found.Page)
	}
}
