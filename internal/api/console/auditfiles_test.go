package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestRowsAreTakenWithTheirProofs(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("auditor")
	verifier := made(checkpoint.NewVerifier(c.log.VerifierKey()))(t)
	for _, format := range []string{"csv", "json"} {
		a := b.do("GET", "/audit/rows?kind=login.accepted&format="+format, nil)
		if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), "."+format) {
			t.Fatalf("%s: %d %s", format, a.status, a.body)
		}
		v, err := searches.Verify([]byte(a.body), verifier)
		if err != nil || v.Rows == 0 || v.By != string(c.who["auditor"].ID) {
			t.Errorf("%s: %+v, %v", format, v, err)
		}
		if !strings.Contains(a.body, c.who["auditor"].Name) {
			t.Errorf("%s names nobody", format)
		}
	}
	rows := c.rows(searches.KindTaken)
	if len(rows) != 2 || rows[0].Event.Actor.Person != c.who["auditor"].ID || rows[0].Event.Actor.Role != "auditor" {
		t.Fatalf("%+v", rows)
	}
	for query, code := range map[string]string{
		"format=csv&kind=nothing.": "search.nothing", "format=csv&from=yesterday": "search.query", "format=csv&kind=%27%3B": "search.query",
	} {
		if a := b.do("GET", "/audit/rows?"+query, nil); a.code() != code {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	for _, query := range []string{"", "format=xlsx", "format=csv&text=" + strings.Repeat("x", 201)} {
		if a := b.do("GET", "/audit/rows?"+query, nil); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	// The other auditor sees at once what was taken, by the one choice of the page.
	var p console.AuditPageView
	c.as("officer").do("GET", "/audit?kind="+url.QueryEscape("audit.exported,audit.rows_exported"), nil).into(t, &p)
	if len(p.Rows) != 2 || p.Rows[0].Kind != searches.KindTaken || p.Rows[0].Detail["kind"] != "login.accepted" {
		t.Errorf("%+v", p.Rows)
	}
}

func TestSavedSearchesAreOnesOwnHere(t *testing.T) {
	c := newCentre(t, true)
	mine, other := c.as("auditor"), c.as("officer")
	query := map[string]string{"text": "", "person": "", "device": "", "session": "", "object": "", "kind": "session.", "from": "2026-11-01", "to": ""}
	var saved console.SavedSearchView
	mine.do("POST", "/audit/searches", map[string]any{"name": "今月の接続", "query": query}).into(t, &saved)
	var list console.SavedSearchesView
	mine.do("GET", "/audit/searches", nil).into(t, &list)
	if len(list.Searches) != 1 || list.Searches[0] != saved || saved.Query.Kind != "session." {
		t.Errorf("%+v", list)
	}
	other.do("GET", "/audit/searches", nil).into(t, &list)
	if len(list.Searches) != 0 {
		t.Errorf("somebody else sees %+v", list)
	}
	if a := other.do("DELETE", "/audit/searches/"+string(saved.ID), nil); a.code() != "search.unknown" {
		t.Errorf("somebody else deletes: %d %s", a.status, a.body)
	}
	if a := mine.do("DELETE", "/audit/searches/"+string(saved.ID), nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	query["from"] = "soon"
	if a := mine.do("POST", "/audit/searches", map[string]any{"name": "x", "query": query}); a.code() != "search.query" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// Words are looked for on the door's own page, object and kinds by index.
func TestSearchByObject(t *testing.T) {
	c := newCentre(t, true)
	c.log.Afterwards(audit.Event{Kind: "test.row", Object: audit.Object{Type: "thing", ID: "one"}, Late: true})
	must(t, c.log.Flush(t.Context()))
	b := c.as("auditor")
	var p console.AuditPageView
	b.do("GET", "/audit?object=one", nil).into(t, &p)
	if len(p.Rows) != 1 || !p.Rows[0].Late || p.Looked != nil || p.Before != 0 {
		t.Errorf("%+v", p)
	}
}

// A customer and a call are searched for, kept and taken away like a person.
func TestSearchByCustomerAndCall(t *testing.T) {
	c := newCentre(t, true)
	customer, call := wire.NewID(), wire.NewID()
	c.log.Afterwards(audit.Event{Kind: "test.row", Customer: sekisho.CustomerID(customer), Call: sekisho.CallID(call)})
	c.log.Afterwards(audit.Event{Kind: "test.row", Customer: sekisho.CustomerID(wire.NewID())})
	must(t, c.log.Flush(t.Context()))
	b := c.as("auditor")
	for _, query := range []string{"customer=" + customer, "call=" + call, "customer=" + customer + "&call=" + call} {
		var p console.AuditPageView
		b.do("GET", "/audit?"+query, nil).into(t, &p)
		if len(p.Rows) != 1 || string(p.Rows[0].Customer) != customer || string(p.Rows[0].Call) != call {
			t.Errorf("%s: %+v", query, p.Rows)
		}
		if a := b.do("GET", "/audit/rows?format=csv&"+query, nil); a.status != 200 || strings.Count(a.body, customer) < 1 {
			t.Errorf("%s: %d %.80s", query, a.status, a.body)
		}
	}
	var kept console.SavedSearchView
	b.do("POST", "/audit/searches", map[string]any{"name": "顧客の問い合わせ", "query": map[string]any{
		"text": "", "person": "", "device": "", "session": "", "customer": customer, "call": call, "object": "", "kind": "", "from": "", "to": "",
	}}).into(t, &kept)
	if kept.Query.Customer != customer || kept.Query.Call != call {
		t.Errorf("%+v", kept)
	}
	if a := b.do("GET", "/audit?customer="+strings.Repeat("9", 65), nil); a.status != 422 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestReportsAreMadeByOfficersAndFetchedByBoth(t *testing.T) {
	c := newCentre(t, true)
	officer, auditor := c.as("officer"), c.as("auditor")
	ask := map[string]string{"from": "2026-11-01", "to": "2026-11-22", "language": "ja", "format": "html", "addressee": "例示商事株式会社"}
	var one console.ReportView
	officer.do("POST", "/reports", ask).into(t, &one)
	if one.By != c.who["officer"].Name || one.Addressee != "例示商事株式会社" || one.Size == 0 {
		t.Errorf("%+v", one)
	}
	var list console.ReportsView
	auditor.do("GET", "/reports", nil).into(t, &list)
	if len(list.Reports) != 1 || list.Reports[0].SHA256 != one.SHA256 || list.Key != c.log.VerifierKey() {
		t.Errorf("%+v", list)
	}
	a := auditor.do("GET", "/reports/"+string(one.ID)+"/file", nil)
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", a.status, a.header)
	}
	verifier := made(checkpoint.NewVerifier(c.log.VerifierKey()))(t)
	if v, err := reports.Verify([]byte(a.body), verifier); err != nil || v.Report != string(one.ID) {
		t.Errorf("%+v, %v", v, err)
	}
	if rows := c.rows("report.downloaded"); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["auditor"].ID {
		t.Errorf("%+v", rows)
	}
	ask["format"] = "pdf"
	officer.do("POST", "/reports", ask).into(t, &one)
	a = auditor.do("GET", "/reports/"+string(one.ID)+"/file", nil)
	if v, err := reports.Verify([]byte(a.body), verifier); err != nil || v.Report != string(one.ID) || a.header.Get("Content-Type") != "application/pdf" || one.Format != "pdf" {
		t.Errorf("%+v, %v, %v", v, err, a.header)
	}
	ask["to"] = "2026-10-01"
	if a := officer.do("POST", "/reports", ask); a.code() != "report.span" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := auditor.do("GET", "/reports/none/file", nil); a.code() != "report.unknown" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestSIEMStateIsSaid(t *testing.T) {
	c := newCentre(t, true)
	var s console.SIEMView
	c.as("officer").do("GET", "/audit/siem", nil).into(t, &s)
	if s != (console.SIEMView{}) {
		t.Errorf("off: %+v", s)
	}
}

func TestEveryColumnHasAHeading(t *testing.T) {
	for _, column := range searches.Columns {
		if words := console.Heading(column); words[0] == "" || words[1] == "" {
			t.Errorf("%s: %v", column, words)
		}
	}
}
