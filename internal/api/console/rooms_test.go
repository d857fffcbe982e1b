package console_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

func (c *centre) registered(b *browser) console.DeviceView {
	c.t.Helper()
	var one console.DeviceView
	b.do("POST", "/devices", map[string]any{
		"asset_tag": "PC-" + wire.NewID()[28:], "model": "見本", "place": "home", "person": c.who["op"].ID, "policy": "home",
	}).into(c.t, &one)
	return one
}

func TestIssuingAPC(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	one := c.registered(b)
	if one.State != "registered" || one.PersonName != c.who["op"].Name {
		t.Fatalf("%+v", one.State)
	}
	a := b.do("POST", "/devices/"+string(one.ID)+"/code", map[string]any{"handover": "in_person"})
	var code console.EnrolmentCodeView
	a.into(t, &code)
	if parsed, err := wire.ParseEnrolmentCode(code.Code); err != nil || parsed.Server != "sekisho.example.jp:8444" || code.Until == nil {
		t.Fatalf("code %v, %v", parsed, err)
	}
	for _, path := range []string{"/devices", "/devices/" + string(one.ID)} { // shown once, and never again
		if a := b.do("GET", path, nil); strings.Contains(a.body, "SK1-") || !strings.Contains(a.body, "code_until") {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	if a := b.do("POST", "/devices/"+string(one.ID)+"/approve", map[string]any{"fingerprint": "0000-0000"}); a.status != http.StatusConflict {
		t.Errorf("approved a PC that has shown no key: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/devices/"+string(one.ID)+"/revoke", map[string]any{"reason": ""}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("revoked without a reason: %d", a.status)
	}
	if a := b.do("POST", "/devices/"+string(one.ID)+"/revoke", map[string]any{"reason": "紛失"}); a.status != http.StatusNoContent {
		t.Errorf("revoke: %d %s", a.status, a.body)
	}
	rows := c.rows("device.revoked")
	if len(rows) != 1 || rows[0].Event.Actor.Person != c.who["admin"].ID || rows[0].Event.Actor.Role != sekisho.RoleAdministrator {
		t.Errorf("the row: %+v", rows)
	}
}

func TestSecretsOfDesktopsNeverComeOut(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	const secret = "Zq7!pW2x"
	a := b.do("POST", "/desktops", map[string]any{"name": "受注", "host": "vdi.example.jp", "port": 5900, "level": "little", "secret": secret})
	var one console.DesktopView
	a.into(t, &one)
	answers := a.body
	if !one.HasSecret || one.Level != "little" || len(one.People) != 0 {
		t.Errorf("%+v", one)
	}
	answers += b.do("PUT", "/desktops/"+string(one.ID)+"/people", map[string]any{"people": []sekisho.PersonID{c.who["op"].ID}}).body
	answers += b.do("PATCH", "/desktops/"+string(one.ID), map[string]any{"name": "受注システム"}).body
	answers += b.do("GET", "/desktops", nil).body
	if strings.Contains(answers, secret) || !strings.Contains(answers, "受注システム") || !strings.Contains(answers, c.who["op"].Name) {
		t.Errorf("answers: %s", answers)
	}
	if a := b.do("PUT", "/desktops/"+string(one.ID)+"/people", map[string]any{"people": []string{wire.NewID()}}); a.status != http.StatusNotFound {
		t.Errorf("a grant to nobody: %d", a.status)
	}
	if a := b.do("DELETE", "/desktops/"+string(one.ID), nil); a.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", a.status, a.body)
	}
	if left := made(c.book.Allowed(t.Context(), one.ID))(t); len(left) != 0 {
		t.Error("a deleted desktop is still allowed to somebody")
	}
}

func (c *centre) asked(b *browser) approvals.Question {
	c.t.Helper()
	one := c.registered(b)
	return made(c.approvals.Ask(c.t.Context(), approvals.Question{
		Kind: approvals.KindSession, Person: c.who["op"].ID, Device: one.ID, Connection: sekisho.ConnectionID(wire.NewID()), Note: "眼帯をしています",
	}))(c.t)
}

// TestApprovalNeedsTheOperatorsNumber: the code is on the operator's screen alone.
func TestApprovalNeedsTheOperatorsNumber(t *testing.T) {
	c := newCentre(t, true)
	q := c.asked(c.as("admin"))
	b := c.as("sv")
	a := b.do("GET", "/approvals", nil)
	if strings.Contains(a.body, q.Code) || !strings.Contains(a.body, "眼帯") || !strings.Contains(a.body, "PC-") {
		t.Fatalf("list: %s", a.body)
	}
	path := "/approvals/" + string(q.ID) + "/decide"
	wrong := "0000"
	if q.Code == wrong {
		wrong = "0001"
	}
	if a := b.do("POST", path, map[string]any{"approve": true, "code": wrong}); a.code() != "approval.code" {
		t.Errorf("a wrong number: %d %s", a.status, a.body)
	}
	if a := b.do("POST", path, map[string]any{"approve": true, "code": ""}); a.code() != "approval.code" {
		t.Errorf("no number: %d %s", a.status, a.body)
	}
	var view console.ApprovalView
	b.do("POST", path, map[string]any{"approve": true, "code": q.Code}).into(t, &view)
	if view.State != "approved" {
		t.Errorf("state %s", view.State)
	}
}

func TestFloorAndClosing(t *testing.T) {
	c := newCentre(t, true)
	admin, b := c.as("admin"), c.as("sv")
	one := c.registered(admin)
	var floor console.FloorView
	b.do("GET", "/floor", nil).into(t, &floor)
	if len(floor.Seats) != 0 {
		t.Fatal("a PC that was never issued has a seat")
	}
	connection := sekisho.ConnectionID(wire.NewID())
	must(t, c.book.Connect(t.Context(), grants.Connection{
		ID: connection, Device: one.ID, Person: c.who["op"].ID, Address: netip.MustParseAddr("100.64.0.2"),
		LeaseKey: make([]byte, 32), Tier: sekisho.TierB, Policy: "home",
	}))
	b.do("GET", "/floor", nil).into(t, &floor)
	if len(floor.Seats) != 1 || floor.Seats[0].Phase != "quarantine" || floor.Seats[0].Name != c.who["op"].Name || floor.Seats[0].Session != "" {
		t.Fatalf("seats %+v", floor.Seats)
	}
	id := wire.NewID()
	if a := b.do("POST", "/sessions/"+id+"/close", map[string]any{"reason": "確認のため"}); a.code() != "console.session_over" {
		t.Errorf("a session that is not there: %d %s", a.status, a.body)
	}
	rows := c.rows("session.close_ordered")
	if len(rows) != 1 || rows[0].Event.Decision != audit.Deny || rows[0].Event.Actor.Person != c.who["sv"].ID || rows[0].Event.Personal["reason"] != "確認のため" {
		t.Errorf("rows %+v", rows)
	}
}

func TestUnlock(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("sv")
	if a := b.do("POST", "/floor/"+string(c.who["op"].ID)+"/unlock", nil); a.status != http.StatusNoContent {
		t.Errorf("unlock: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/floor/"+string(c.who["sv"].ID)+"/unlock", nil); a.status != http.StatusForbidden {
		t.Errorf("himself: %d %s", a.status, a.body)
	}
	if rows := c.rows("face.cleared"); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["sv"].ID {
		t.Errorf("rows %+v", rows)
	}
}

// incident lets a PC report a detection and upload its sealed record, as the
// agent does through the desk door.
func (c *centre) incident() (incident sekisho.IncidentID, hash, ciphertext string) {
	c.t.Helper()
	ctx := c.t.Context()
	public, key := generated(c.t)
	one := c.registered(c.as("admin"))
	connection := sekisho.ConnectionID(wire.NewID())
	must(c.t, c.book.Connect(ctx, grants.Connection{
		ID: connection, Device: one.ID, Person: c.who["op"].ID, Address: netip.MustParseAddr("100.64.0.9"), LeaseKey: public, Tier: sekisho.TierB, Policy: "home",
	}))
	roster := sealing.Roster{Version: 1, Issued: c.clk.Now(), Expires: c.clk.Now().AddDate(1, 0, 0)}
	for _, id := range []string{"officer-1", "officer-2"} {
		_, recipient, err := sealing.NewOfficerKey("")
		must(c.t, err)
		roster.Officers = append(roster.Officers, sealing.Officer{ID: id, Recipient: recipient})
	}
	c.rosters = rosters{roster}
	sealed, hash, err := sealing.Seal(roster, sealing.Manifest{Kind: "incident"}, []sealing.Part{{Name: "camera.jpg", Data: []byte("picture")}})
	must(c.t, err)
	incident = sekisho.IncidentID(wire.NewID())
	must(c.t, c.presence.Report(ctx, connection, wire.SignWith(key, wire.DomainRecord, wire.IncidentReport{
		Incident: incident, Connection: connection, Person: c.who["op"].ID, State: sekisho.Onlooker, Faces: 2, FirstMS: 212, Evidence: []string{hash}, OSLocked: true,
	})))
	from := evidence.Origin{Incident: incident, Person: c.who["op"].ID, Device: one.ID}
	must(c.t, c.evidence.Put(ctx, from, hash, bytes.NewReader(sealed)))
	must(c.t, c.presence.EvidenceArrived(ctx, incident))
	return incident, hash, string(sealed)
}

func generated(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	must(t, err)
	return public, key
}

func TestIncidentsByRole(t *testing.T) {
	c := newCentre(t, true)
	id, hash, _ := c.incident()
	var list console.IncidentsView
	c.as("sv").do("GET", "/incidents", nil).into(t, &list)
	if len(list.Incidents) != 1 || list.Incidents[0].State != "onlooker" || list.Incidents[0].Evidence != "arrived" || list.Incidents[0].Name != c.who["op"].Name {
		t.Fatalf("%+v", list.Incidents)
	}
	auditor := c.as("auditor").do("GET", "/incidents/"+string(id), nil)
	if auditor.status != http.StatusOK || strings.Contains(auditor.body, hash) || !strings.Contains(auditor.body, `"pictures":1`) {
		t.Errorf("auditor: %d %s", auditor.status, auditor.body)
	}
	b := c.as("officer")
	var one console.IncidentDetailView
	b.do("GET", "/incidents/"+string(id), nil).into(t, &one)
	if len(one.Bundles) != 1 || one.Bundles[0].Hash != hash || one.Faces != 2 || one.FirstMS != 212 || !one.OSLocked || len(one.Viewers) != 0 {
		t.Fatalf("officer: %+v", one)
	}
	b.do("GET", "/evidence/"+hash+"?reason=%E7%A2%BA%E8%AA%8D", nil)
	b.do("GET", "/incidents/"+string(id), nil).into(t, &one)
	if len(one.Viewers) != 1 || one.Viewers[0].Name != c.who["officer"].Name || one.Viewers[0].Reason != "確認" {
		t.Errorf("viewers: %+v", one.Viewers)
	}
	if a := b.do("POST", "/incidents/"+string(id)+"/decide", map[string]any{"decision": "harmless", "note": ""}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("decided without a word: %d", a.status)
	}
	var decided console.IncidentView
	b.do("POST", "/incidents/"+string(id)+"/decide", map[string]any{"decision": "harmless", "note": "家族が通りました"}).into(t, &decided)
	if decided.Decision != "harmless" || decided.DecidedBy != c.who["officer"].Name {
		t.Errorf("%+v", decided)
	}
	if a := b.do("POST", "/incidents/"+string(id)+"/decide", map[string]any{"decision": "true", "note": "やはり"}); a.status != http.StatusConflict {
		t.Errorf("decided twice: %d %s", a.status, a.body)
	}
}

// TestHoldKeepsRecords: for a police case, beyond the seven days, until an officer
// lets them go; and what the PC only named is not offered.
func TestHoldKeepsRecords(t *testing.T) {
	c := newCentre(t, true)
	id, hash, _ := c.incident()
	b := c.as("officer")
	at := "/incidents/" + string(id)
	if a := b.do("POST", at+"/decide", map[string]any{"decision": "true", "note": "警察に相談中"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.do("POST", at+"/hold", map[string]any{"reason": ""}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("held without a reason: %d", a.status)
	}
	if a := b.do("POST", at+"/hold", map[string]any{"reason": "警察の照会"}); a.status != http.StatusNoContent {
		t.Fatalf("hold: %d %s", a.status, a.body)
	}
	seen := func() (one console.IncidentDetailView) {
		t.Helper()
		b = c.as("officer") // the days pass, sessions do not
		b.do("GET", at, nil).into(t, &one)
		return one
	}
	purge := func() {
		t.Helper()
		c.clk.Advance(8 * 24 * time.Hour)
		made(c.evidence.Purge(t.Context()))(t)
	}
	purge()
	if one := seen(); !one.Held || one.DeleteAt != nil || one.Pictures != 1 || len(one.Bundles) != 1 || one.Bundles[0].Hash != hash {
		t.Errorf("held: %+v", one)
	}
	if a := b.do("POST", at+"/release", map[string]any{"reason": "照会が終わった"}); a.status != http.StatusNoContent {
		t.Fatalf("release: %d %s", a.status, a.body)
	}
	purge()
	if one := seen(); one.Held || one.Pictures != 0 || len(one.Bundles) != 0 || one.Evidence != "deleted" {
		t.Errorf("released: %+v", one)
	}
	for _, kind := range []string{"evidence.held", "evidence.released"} {
		if rows := c.rows(kind); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["officer"].ID || rows[0].Event.Personal["reason"] == "" {
			t.Errorf("%s: %+v", kind, rows)
		}
	}
}

func TestEvidenceIsForOfficersWithAReason(t *testing.T) {
	c := newCentre(t, true)
	_, hash, ciphertext := c.incident()
	for _, login := range []string{"sv", "admin", "auditor"} {
		if a := c.as(login).do("GET", "/evidence/"+hash+"?reason=x", nil); a.status != http.StatusForbidden || strings.Contains(a.body, ciphertext[:64]) {
			t.Errorf("%s: %d", login, a.status)
		}
	}
	b := c.as("officer")
	for _, query := range []string{"", "?reason=", "?reason=" + strings.Repeat("x", 600)} {
		if a := b.do("GET", "/evidence/"+hash+query, nil); a.status < 400 || strings.Contains(a.body, ciphertext[:64]) {
			t.Errorf("%q: %d", query, a.status)
		}
	}
	if n := len(c.rows("evidence.viewed")); n != 0 {
		t.Fatalf("%d rows for refused fetches", n)
	}
	a := b.do("GET", "/evidence/"+hash+"?reason=%E7%A2%BA%E8%AA%8D%E3%81%AE%E3%81%9F%E3%82%81", nil)
	if a.status != http.StatusOK || a.body != ciphertext || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", a.status, a.header)
	}
	if rows := c.rows("evidence.viewed"); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["officer"].ID {
		t.Errorf("rows %+v", rows)
	}
	if a := b.do("GET", "/evidence/"+strings.Repeat("f", 64)+"?reason=%E7%A2%BA%E8%AA%8D%E3%81%AE%E3%81%9F%E3%82%81", nil); a.status != http.StatusNotFound {
		t.Errorf("one that is not there: %d %s", a.status, a.body)
	}
}

func TestAuditSearchPages(t *testing.T) {
	c := newCentre(t, true)
	for i := range 12 {
		c.log.Afterwards(audit.Event{Kind: "test.row", Actor: audit.Actor{Person: c.who["sv"].ID}, Detail: map[string]string{"n": fmt.Sprint(i)}})
	}
	must(t, c.log.Flush(t.Context()))
	b := c.as("auditor")
	var seen []string
	for before, pages := int64(0), 0; ; pages++ {
		var p console.AuditPageView
		b.do("GET", fmt.Sprintf("/audit?kind=test.row&limit=5&before=%d", before), nil).into(t, &p)
		for _, r := range p.Rows {
			seen = append(seen, r.Detail["n"])
		}
		if before = p.Before; before == 0 {
			if pages != 2 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
	}
	if got := strings.Join(seen, " "); got != "11 10 9 8 7 6 5 4 3 2 1 0" {
		t.Errorf("rows %s", got)
	}
	var p console.AuditPageView
	b.do("GET", "/audit?kind=test.row&person="+string(c.who["admin"].ID), nil).into(t, &p)
	if len(p.Rows) != 0 {
		t.Errorf("%d rows of somebody else", len(p.Rows))
	}
	b.do("GET", "/audit?person="+string(c.who["sv"].ID)+"&limit=1", nil).into(t, &p)
	if len(p.Rows) != 1 || p.Names[string(c.who["sv"].ID)] != c.who["sv"].Name {
		t.Errorf("names %v", p.Names)
	}
	for _, bad := range []string{"limit=9999", "limit=x", "before=-1", "from=yesterday"} {
		if a := b.do("GET", "/audit?"+bad, nil); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestProofVerifiesAnywhere(t *testing.T) {
	c := newCentre(t, true)
	must(t, c.log.Flush(t.Context()))
	b := c.as("auditor")
	var head console.CheckpointView
	b.do("GET", "/audit/checkpoint", nil).into(t, &head)
	verifier := made(checkpoint.NewVerifier(head.Key))(t)
	opened, err := checkpoint.Open([]byte(head.Text), verifier, "test.audit")
	if err != nil || opened.Size != head.Size || hex.EncodeToString(opened.Root[:]) != head.Root || !head.Opened {
		t.Fatalf("checkpoint %+v, %v", head, err)
	}
	a := b.do("GET", "/audit/0/proof", nil)
	proof, err := checkpoint.ParseProof([]byte(a.body))
	if err != nil || !strings.Contains(a.header.Get("Content-Disposition"), ".tlog-proof") {
		t.Fatalf("%v: %s", err, a.body)
	}
	signed := made(checkpoint.Open(proof.Checkpoint, verifier, "test.audit"))(t)
	if err := tlog.CheckRecord(proof.Hashes, signed.Size, signed.Root, proof.Index, tlog.RecordHash(proof.Extra)); err != nil {
		t.Errorf("the proof does not hold: %v", err)
	}
	var row console.AuditPageView
	b.do("GET", "/audit/0", nil).into(t, &row)
	leaf := tlog.RecordHash(proof.Extra)
	if len(row.Rows) != 1 || row.Rows[0].Leaf != hex.EncodeToString(leaf[:]) {
		t.Error("the row shows another leaf than the proof")
	}
	if a := b.do("GET", "/audit/99999/proof", nil); a.status != http.StatusNotFound {
		t.Errorf("a row that is not there: %d", a.status)
	}
}

func TestExportVerifiesAndIsItselfInTheLog(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("officer")
	a := b.do("GET", "/audit/export", nil)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	report, err := audit.VerifyExport(t.Context(), strings.NewReader(a.body), int64(len(a.body)), audit.Expect{Key: c.log.VerifierKey()})
	if err != nil || !report.OK() {
		t.Fatalf("%+v, %v", report, err)
	}
	rows := c.rows("audit.exported")
	if len(rows) != 1 || rows[0].Event.Actor.Person != c.who["officer"].ID || rows[0].Event.Actor.Role != sekisho.RoleOfficer || rows[0].Seq >= report.Size {
		t.Errorf("rows %+v, size %d", rows, report.Size)
	}
	if n := c.taken.Load(); n != 1 {
		t.Errorf("open pages were told %d times", n)
	}
}

func TestPolicies(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var list console.PoliciesView
	b.do("GET", "/policies", nil).into(t, &list)
	p := list.Policies[0]
	p.AbsentMS = 8000
	var put wire.GuardPolicy
	b.do("PUT", "/policies/"+string(p.Name), p).into(t, &put)
	if put.Version != p.Version+1 || put.AbsentMS != 8000 {
		t.Errorf("%+v", put)
	}
	if a := b.do("PUT", "/policies/"+string(p.Name), p); a.status != http.StatusConflict {
		t.Errorf("overwrote what another had changed: %d %s", a.status, a.body)
	}
	if a := b.do("PUT", "/policies/other", put); a.status != http.StatusUnprocessableEntity {
		t.Errorf("name in path and body differ: %d", a.status)
	}
	put.AbsentMS = 60_000
	if a := b.do("PUT", "/policies/"+string(p.Name), put); a.code() != "policy.absent" {
		t.Errorf("out of bounds: %d %s", a.status, a.body)
	}
}

// TestNothingPersonalInLogs runs through the door and looks at what it logged.
func TestNothingPersonalInLogs(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	c := newCentre(t, true)
	b := c.as("admin")
	b.do("GET", "/people", nil)
	b.do("POST", "/people", map[string]any{"name": "見本 重複", "kana": "", "login": "admin", "roles": []string{"operator"}, "face_usable": true, "place": "home"})
	now := time.Now()
	for _, v := range []any{
		console.SeatView{Name: "見本 重複"}, console.PersonView{Name: "見本 重複"}, console.DeviceView{PersonName: "見本 重複"},
		console.SessionView{Person: &console.MeView{Name: "見本 重複"}, Expires: &now}, console.EnrolmentCodeView{Code: "SK1-見本"},
		console.InvitationView{URL: "見本"}, console.IncidentView{Name: "見本"}, console.IncidentDetailView{Note: "見本"}, console.ApprovalView{Name: "見本"},
		console.AuditPageView{Names: map[string]string{"x": "見本"}}, console.Identity{Name: "見本"},
	} {
		slog.InfoContext(context.Background(), "view", "value", v)
	}
	if strings.Contains(out.String(), "見本") {
		t.Errorf("the log knows somebody: %s", out.String())
	}
}
