package console_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/wire"
)

// authority is the certificate of a maker of TPMs who does not exist.
func authority(t testing.TB, name string) wire.Bytes {
	t.Helper()
	key := made(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(2_000_000_000, 0),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	return made(x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key))(t)
}

func (c *centre) desktop(b *browser, name, level string) console.DesktopView {
	c.t.Helper()
	var one console.DesktopView
	b.do("POST", "/desktops", map[string]any{"name": name, "host": "vdi.example.jp", "port": 5900, "level": level}).into(c.t, &one)
	return one
}

// home is the course of the house with a change.
func home(change map[string]any) map[string]any {
	body := map[string]any{
		"title": map[string]any{"ja": "在宅勤務の基本", "en": "Working at home"}, "draw": 15, "pass_percent": 80, "pause_min": 10, "valid_months": 12, "required": true, "version": 1,
	}
	for k, v := range change {
		body[k] = v
	}
	return body
}

// back is somebody with an own role who was suspended.
func (c *centre) back(login string) sekisho.PersonID {
	c.t.Helper()
	c.holder(login, own.WatchFloor)
	made(c.people.Suspend(c.t.Context(), c.who["admin"].ID, c.who[login].ID, "見本"))(c.t)
	return c.who[login].ID
}

// TestEverySmallLooseningNeedsTwo: what loosens one course, PC, desktop, maker or
// self-check, and what lets an own role come back.
func TestEverySmallLooseningNeedsTwo(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	returns := c.back("away")
	desktop, pc := c.desktop(admin, "受注", "full"), c.registered(admin)
	c.reports(pc.ID)
	admin.do("PUT", "/attestation", map[string]any{"only_known": true})
	var room console.RoomRulesView
	admin.do("GET", "/readiness/rules", nil).into(t, &room)
	room.Questions = room.Questions[1:]
	c.administrators()
	c.needTwo([]loosening{
		{"course", "PUT", "/training/courses/home", home(map[string]any{"pass_percent": 60, "draw": 20}), "/training/courses", `"pass_percent":60`},
		{"course", "PUT", "/training/courses/home", home(map[string]any{"pass_percent": 60, "required": false, "version": 2}), "/training/courses", `"required":false`},
		{"room", "PUT", "/readiness/rules", room, "/readiness/rules", `"version":1`},
		{"tpm.authority", "POST", "/attestation/authorities", map[string]any{"certificate": authority(t, "Invented TPM Root")}, "/attestation", "Invented TPM Root"},
		{"tpm.unknown", "PUT", "/attestation", map[string]any{"only_known": false}, "/attestation", `"only_known":false`},
		{"desktop.level", "PATCH", "/desktops/" + string(desktop.ID), map[string]any{"level": "none"}, "/desktops", `"level":"none"`},
		{"device.place", "PUT", "/devices/" + string(pc.ID) + "/place", map[string]any{"name": "見本の家"}, "/devices/" + string(pc.ID) + "/posture", "見本の家"},
		{"person.resume", "POST", "/people/" + string(returns) + "/resume", map[string]any{}, "/people", `"login":"away","roles":["operator"],"face_usable":true,"place":"","active":true`},
	})
}

// TestTighteningSmallThingsNeedsNobody is the control.
func TestTighteningSmallThingsNeedsNobody(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	desktop := c.desktop(admin, "受注", "none") // while there is one administrator
	plain := c.who["op"].ID
	made(c.people.Suspend(t.Context(), c.who["admin"].ID, plain, "見本"))(t)
	c.administrators()
	for _, l := range []loosening{
		{"", "PUT", "/training/courses/home", home(map[string]any{"pass_percent": 90}), "", ""},
		{"", "POST", "/training/courses", home(map[string]any{"pass_percent": 50, "required": false, "version": 0}), "", ""},
		{"", "PUT", "/attestation", map[string]any{"only_known": true}, "", ""},
		{"", "PATCH", "/desktops/" + string(desktop.ID), map[string]any{"name": "受注2", "level": "little"}, "", ""},
		{"", "PATCH", "/desktops/" + string(desktop.ID), map[string]any{"level": "full"}, "", ""},
		{"", "POST", "/people/" + string(plain) + "/resume", map[string]any{}, "", ""},
	} {
		if a := admin.do(l.method, l.path, l.body); a.status >= 300 {
			t.Errorf("%s %s: %d %s", l.method, l.path, a.status, a.body)
		}
	}
	if rows := c.rows("act.alone"); len(rows) != 1 || rows[0].Event.Detail["act"] != "desktop.level" {
		t.Errorf("while there was one administrator: %+v", rows)
	}
}

// TestNoWayRoundADesktopsLevel: by making it anew, moving it, or in company.
func TestNoWayRoundADesktopsLevel(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	open := c.desktop(admin, "案内", "none")
	c.administrators()
	second := c.as("admin2")
	if a := admin.do("POST", "/desktops", map[string]any{"name": "同じ端末", "host": "vdi.example.jp", "port": 5900, "level": "none"}); a.code() != "desktop.level_apart" {
		t.Errorf("made anew: %d %s", a.status, a.body)
	}
	if a := admin.do("GET", "/desktops", nil); strings.Contains(a.body, "同じ端末") {
		t.Error("refused, and it was made")
	}
	path := "/desktops/" + string(open.ID)
	if a := admin.do("PATCH", path, map[string]any{"host": "crm.example.jp", "level": "none"}); a.code() != "desktop.level_apart" {
		t.Errorf("moved with its level: %d %s", a.status, a.body)
	}
	var now console.DesktopView
	admin.do("PATCH", path, map[string]any{"host": "crm.example.jp"}).into(t, &now)
	if now.Host != "crm.example.jp" || now.Level != "full" {
		t.Fatalf("moved, and it is still said to show little: %+v", now)
	}
	if a := admin.do("PATCH", path, map[string]any{"level": "none"}); a.code() != "act.asked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	waiting := second.acts().Open[0]
	admin.do("PATCH", path, map[string]any{"port": 5901}) // asked for one machine, confirmed for another
	if a := second.confirm(waiting); a.code() != "act.changed_meanwhile" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := admin.do("GET", "/desktops", nil); strings.Contains(a.body, `"level":"none"`) {
		t.Error("it took effect")
	}
}

// TestTwoRequestsAtOnceLowerNoLevel: one says again what is set, the other one moves
// the desktop in between.
func TestTwoRequestsAtOnceLowerNoLevel(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	var all []console.DesktopView
	for _, name := range []string{"案内A", "案内B", "案内C", "案内D"} {
		all = append(all, c.desktop(admin, name, "none"))
	}
	c.administrators()
	for _, one := range all {
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range 8 {
			b, body := c.as("admin"), map[string]any{"level": "none"}
			if i == 3 {
				body = map[string]any{"host": "crm.example.jp"}
			}
			wg.Go(func() {
				<-start
				b.do("PATCH", "/desktops/"+string(one.ID), body)
			})
		}
		close(start)
		wg.Wait()
	}
	var now console.DesktopsView
	admin.do("GET", "/desktops", nil).into(t, &now)
	for _, one := range now.Desktops {
		if one.Host == "crm.example.jp" && one.Level != "full" {
			t.Errorf("%s was moved and shows %s", one.Name, one.Level)
		}
	}
}

// TestNoWayRoundAPlace: what was asked for is where the PC was then, wherever it is now.
func TestNoWayRoundAPlace(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	pc := c.registered(admin)
	c.reports(pc.ID)
	manager := c.holder("pcs", own.ManageDevices)
	c.administrators()
	path := "/devices/" + string(pc.ID) + "/place"
	if a := manager.do("PUT", path, map[string]any{"name": "自宅"}); a.code() != "act.role" {
		t.Errorf("by an own role: %d %s", a.status, a.body)
	}
	if a := admin.do("PUT", path, map[string]any{"name": "自宅"}); a.code() != "act.asked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	one := c.as("admin2").acts().Open[0]
	if one.Object != pc.AssetTag && one.Object != string(pc.ID) || !strings.Contains(printed(one.Differences), pc.AssetTag) || !strings.Contains(printed(one.Differences), wire.PlaceMark(pc.ID, homeRouter)) {
		t.Errorf("whoever confirms is shown %+v", one)
	}
	c.clk.Advance(wire.PostureStale * 2) // it is off, or somewhere else
	if a := c.as("admin2").confirm(one); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	c.reports(pc.ID)
	if a := admin.do("PUT", path, map[string]any{"name": "同じ家の別名"}); a.status != http.StatusNoContent {
		t.Errorf("the same place by another name: %d %s", a.status, a.body)
	}
	if a := admin.do("DELETE", path, nil); a.status != http.StatusNoContent {
		t.Errorf("taking it away waits: %d %s", a.status, a.body)
	}
}

func printed(all []wire.Difference) string {
	var b strings.Builder
	for _, d := range all {
		b.WriteString(d.Field + " " + d.Before + " → " + d.After + "\n")
	}
	return b.String()
}

// TestAnOwnRoleComesBackByTwo: also past the door, and shown with its rights.
func TestAnOwnRoleComesBackByTwo(t *testing.T) {
	c := newCentre(t, true)
	id := c.back("away")
	c.administrators()
	if _, err := c.people.Resume(t.Context(), c.who["admin"].ID, id); sekisho.CodeOf(err) != "person.second_needed" {
		t.Errorf("past the door: %v", err)
	}
	c.as("admin").do("POST", "/people/"+string(id)+"/resume", map[string]any{})
	one := c.as("admin2").acts().Open[0]
	for _, want := range []string{"person.login away", "role.name  → 役割 away", "role.rights  → floor.watch"} {
		if !strings.Contains(printed(one.Differences), want) {
			t.Errorf("whoever confirms is not shown %s: %s", want, printed(one.Differences))
		}
	}
	// A role that he gets while it waits is not what was shown.
	more := made(c.roles.Do(t.Context(), c.who["admin"].ID, own.Change{Act: own.ActMake, Name: "もう一つ", Rights: []own.Right{own.CloseSessions}}, nil))(t)
	_, err := c.roles.Do(t.Context(), c.who["admin"].ID, own.Change{Act: own.ActGive, Role: more.ID, Seen: 1, Person: id}, nil)
	if sekisho.CodeOf(err) != "role.person" {
		t.Errorf("given to somebody who is suspended: %v", err)
	}
}

// FuzzAuthorityRoute sends whatever as a maker's certificate: no failure of ours, a
// refusal with words, and no authority on the list but what two agreed on.
func FuzzAuthorityRoute(f *testing.F) {
	c := newCentre(f, true)
	c.administrators()
	good := authority(f, "Invented TPM Root")
	f.Add([]byte(good))
	f.Add([]byte(good[:len(good)-1]))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"))
	f.Add(make([]byte, 9<<10))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, certificate []byte) {
		c.t = t
		c.clk.Advance(5 * time.Minute) // away from the limits
		admin := c.as("admin")
		a := admin.do("POST", "/attestation/authorities", map[string]any{"certificate": wire.Bytes(certificate)})
		known := a.code() == "attestation.ca_invalid" || a.code() == "act.asked" || a.code() == "request.malformed" || a.status == http.StatusUnprocessableEntity
		if !known || wire.TextOf(a.code()) == wire.TextOf("internal") {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var lists console.AttestationView
		admin.do("GET", "/attestation", nil).into(t, &lists)
		if len(lists.Authorities) != 0 {
			t.Fatalf("trusted by one: %+v", lists.Authorities)
		}
	})
}
