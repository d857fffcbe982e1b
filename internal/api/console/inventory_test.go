package console_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

func TestAPCGoesOutAndComesBack(t *testing.T) {
	c := newCentre(t, true)
	admin, sv := c.as("admin"), c.as("sv")
	one := c.registered(admin)
	path := "/loans/" + string(one.ID)
	if a := admin.do("PUT", path, map[string]any{"items": []string{"プライバシーフィルター", "ヘッドセット"}, "until": "2027-03-31"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var loan console.LoanView
	sv.do("GET", path, nil).into(t, &loan)
	if len(loan.Items) != 2 || loan.Until != "2027-03-31" || loan.CardState != "none" || loan.PersonName != c.who["op"].Name {
		t.Fatalf("%+v", loan.Items)
	}
	permit := func(from, until string) reply {
		return sv.do("POST", path+"/permits", map[string]any{"where": "home", "from": from, "until": until})
	}
	if a := permit("2026-11-22", "2026-11-30"); a.status != http.StatusOK { // a day of its own, in Japan
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := permit("2026-11-30", "2026-12-30"); a.code() != "permit.overlap" {
		t.Errorf("%d %s", a.status, a.body)
	}
	var list console.LoansView
	c.as("auditor").do("GET", "/loans", nil).into(t, &list)
	p := list.Loans[0].Permit
	if len(list.Loans) != 1 || p == nil || p.State != "now" || p.Until != "2026-11-30" || p.ApproverName != c.who["sv"].Name {
		t.Fatalf("%+v", list.Loans)
	}
	if ok, err := c.permits.Holds(t.Context(), one.ID, c.who["op"].ID); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if a := sv.do("POST", "/permits/"+string(p.ID)+"/end", nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	admin.do("POST", path+"/return", map[string]any{"back": []string{"ヘッドセット"}, "note": ""}).into(t, &loan)
	if loan.State != "returned" || loan.Items[0].State != "missing" || loan.Items[1].State != "back" || loan.BackToName != c.who["admin"].Name {
		t.Fatalf("%+v", loan)
	}
	for _, kind := range []string{"loan.noted", "permit.given", "permit.ended", "loan.returned", "device.returned"} {
		if len(c.rows(kind)) != 1 {
			t.Errorf("%d rows of %s", len(c.rows(kind)), kind)
		}
	}
}

// TestALossCardWorksWithoutALoginAndOnce: guessed and used ones close nothing.
func TestALossCardWorksWithoutALoginAndOnce(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	one, other := c.registered(admin), c.registered(admin)
	closed := map[string]int{}
	c.devices.OnClosed(func(d sekisho.DeviceID, _ string) { closed[string(d)]++ })
	var card console.CardView
	admin.do("POST", "/loans/"+string(one.ID)+"/card", nil).into(t, &card)
	link, token, ok := strings.Cut(card.Link, "/#/lost?token=")
	if !ok || link != origin || len(token) != 26 || card.AssetTag != one.AssetTag {
		t.Fatalf("%+v", card.Link)
	}
	for _, page := range []string{"/loans", "/loans/" + string(one.ID), "/devices"} {
		if a := admin.do("GET", page, nil); strings.Contains(a.body, token) {
			t.Errorf("%s shows the secret again", page)
		}
	}
	stranger := c.browser()
	try := func(path, token string) reply {
		return stranger.do("POST", "/lost/"+path, map[string]any{"token": token})
	}
	for _, guess := range []string{"A", strings.Repeat("A", 26), token[1:] + "A"} {
		for _, path := range []string{"look", "report"} {
			if a := try(path, guess); a.code() != "loss.unknown" || strings.Contains(a.body, "PC-") {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	}
	var lost console.LostView
	try("look", token).into(t, &lost)
	if lost.AssetTag != one.AssetTag || len(closed) != 0 {
		t.Fatalf("looking closed something: %v", closed)
	}
	foreign := c.browser()
	foreign.header.Set("Origin", "https://evil.example")
	if a := foreign.do("POST", "/lost/report", map[string]any{"token": token}); a.code() != "console.foreign_origin" {
		t.Errorf("from another page: %d %s", a.status, a.body)
	}
	try("report", token).into(t, &lost) // the control
	if closed[string(one.ID)] == 0 || closed[string(other.ID)] != 0 {
		t.Fatalf("%v", closed)
	}
	if d := made(c.devices.Get(t.Context(), one.ID))(t); d.State != devices.Revoked {
		t.Errorf("%s", d.State)
	}
	if a := try("report", token); a.code() != "loss.used" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if len(c.rows("loan.lost")) != 1 || len(c.rows("loan.card_refused")) < 7 {
		t.Errorf("%d lost, %d refused", len(c.rows("loan.lost")), len(c.rows("loan.card_refused")))
	}
	busy := 0
	for range 60 { // one source has its share of guesses
		if a := try("look", strings.Repeat("B", 26)); a.code() == "request.busy" {
			busy++
		}
	}
	if busy < 20 {
		t.Errorf("%d of 60 guesses were turned away unread", busy)
	}
}

func TestASupervisorClosesALostPC(t *testing.T) {
	c := newCentre(t, true)
	one := c.registered(c.as("admin"))
	sv := c.as("sv")
	if a := sv.do("POST", "/loans/"+string(one.ID)+"/lost", map[string]any{"note": "電車に置き忘れ"}); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if d := made(c.devices.Get(t.Context(), one.ID))(t); d.State != devices.Revoked {
		t.Errorf("%s", d.State)
	}
	if rows := c.rows("loan.lost"); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["sv"].ID || rows[0].Event.Actor.Role != "supervisor" {
		t.Errorf("%+v", rows)
	}
}

func TestAReplacementGetsItsOwnCard(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	one := c.registered(admin)
	var card console.CardView
	admin.do("POST", "/loans/"+string(one.ID)+"/replace", map[string]any{"asset_tag": "PC-NEXT", "model": "", "reason": "故障", "lost": false}).into(t, &card)
	if card.AssetTag != "PC-NEXT" || card.PersonName != c.who["op"].Name || card.Link == "" {
		t.Fatalf("%+v", card.AssetTag)
	}
	if d := made(c.devices.Get(t.Context(), one.ID))(t); d.State != devices.Returned {
		t.Errorf("%s", d.State)
	}
}

func TestAKitIsShownThenRegistered(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	body := func(text, seen string) map[string]any {
		out := map[string]any{"file": base64.RawURLEncoding.EncodeToString([]byte(text))}
		if seen != "" {
			out["seen"] = seen
		}
		return out
	}
	bad := "資産番号,ログインID,付属品\nKIT-1,op,ヘッドセット\nKIT-1,nobody,\n"
	var plan console.KitView
	admin.do("POST", "/kitting/plan", body(bad, "")).into(t, &plan)
	if plan.Refused != 2 || plan.Rows[1].Faults[0].Title == "" {
		t.Fatalf("%+v", plan)
	}
	if a := admin.do("POST", "/kitting/apply", body(bad, plan.Seen)); a.code() != "list.refused_rows" {
		t.Errorf("%d %s", a.status, a.body)
	}
	good := "資産番号,ログインID,付属品\nKIT-1,op,ヘッドセット\nKIT-2,op-a,\n"
	admin.do("POST", "/kitting/plan", body(good, "")).into(t, &plan)
	if list := made(c.devices.List(t.Context()))(t); len(list) != 0 || plan.Refused != 0 {
		t.Fatalf("showing it registered %d, refused %d", len(list), plan.Refused)
	}
	var slips console.KitSlipsView
	admin.do("POST", "/kitting/apply", body(good, plan.Seen)).into(t, &slips)
	if len(slips.Slips) != 2 || !strings.HasPrefix(slips.Slips[0].Code, "SK1-") || !strings.Contains(slips.Slips[1].Link, "/#/lost?token=") {
		t.Fatalf("%d slips", len(slips.Slips))
	}
	id := slips.Slips[0].Device
	var one console.DeviceView
	admin.do("GET", "/devices/"+string(id), nil).into(t, &one)
	if !one.CodeHeld {
		t.Error("the code does not wait for the receipt")
	}
	if a := c.as("sv").do("POST", "/loans/"+string(id)+"/received", nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	admin.do("GET", "/devices/"+string(id), nil).into(t, &one)
	if one.CodeHeld || one.CodeUntil == nil || !one.CodeUntil.Equal(c.clk.Now().Add(14*24*time.Hour)) {
		t.Errorf("%+v", one.CodeUntil)
	}
}
