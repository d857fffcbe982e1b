package console_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/papers/papertest"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

// trained makes so many people who have five records each.
func (c *centre) trained(n int) (people []sekisho.PersonID) {
	c.t.Helper()
	for i := range n {
		p := made(c.people.Create(c.t.Context(), c.who["admin"].ID, operators.Person{
			Name: fmt.Sprintf("見本 研修%03d", i), Login: fmt.Sprintf("trained%03d", i), Roles: []sekisho.Role{sekisho.RoleOperator}, FaceUsable: true,
		}))(c.t)
		people = append(people, p.ID)
	}
	must(c.t, c.training.SeedDemo(c.t.Context(), people, nil))
	return people
}

// The paper is read back: everybody's, or one person's and nobody else's; in the
// caller's language; and the log names its hash.
func TestRecordsAsPDFAreReadBack(t *testing.T) {
	c := newCentre(t, true)
	people := c.trained(12)
	b := c.as("auditor")
	for _, test := range []struct {
		query, title string
		records      int
		pages        int
		english      bool
	}{
		{"format=pdf", "受講記録", 60, 3, false},
		{"format=pdf&person=" + string(people[3]), "受講記録（個人）", 5, 1, false},
		{"format=pdf&person=" + string(c.who["admin"].ID), "受講記録（個人）", 0, 1, false},
		{"format=pdf&person=" + string(people[3]), "Training records (one person)", 5, 1, true},
	} {
		b.header = http.Header{"Accept-Language": {"ja"}}
		if test.english {
			b.header.Set("Accept-Language", "en")
		}
		a := b.do("GET", "/training/records?"+test.query, nil)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.Contains(a.header.Get("Content-Disposition"), "sekisho-training.pdf") {
			t.Fatalf("%s: %d %v %.200s", test.query, a.status, a.header, a.body)
		}
		pages := papertest.Read(t, []byte(a.body))
		text := ""
		for _, p := range pages {
			text += p.Text()
		}
		if len(pages) != test.pages || !strings.Contains(pages[0].Text(), test.title) || strings.Count(text, "デモデータ")+strings.Count(text, "Demonstration data") != test.records {
			t.Errorf("%s: %d pages, %d records: %.300s", test.query, len(pages), strings.Count(text, "デモデータ"), text)
		}
		if others := strings.Count(text, "見本 研修"); strings.Contains(test.query, "person=") && test.records > 0 && others != 1+test.records {
			t.Errorf("%s: names stand %d times", test.query, others)
		}
		sum := sha256.Sum256([]byte(a.body))
		must(t, c.log.Flush(t.Context()))
		var page console.AuditPageView
		b.do("GET", "/audit?kind=training.exported&limit=1", nil).into(t, &page)
		if row := page.Rows[0]; row.Detail["sha256"] != hex.EncodeToString(sum[:]) || row.Detail["format"] != "pdf" || row.Detail["records"] != fmt.Sprint(test.records) {
			t.Errorf("%s: the log says %+v", test.query, row)
		}
	}
	for query, status := range map[string]int{"format=xlsx": 422, "format=pdf&person=" + wire.NewID(): 404, "person=" + strings.Repeat("a", 65): 422} {
		if a := b.do("GET", "/training/records?"+query, nil); a.status != status {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

// Many records leave when a second person has confirmed just these, once.
func TestManyRecordsNeedASecondPerson(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	people := c.trained(201)
	b := c.as("auditor")
	for _, format := range []string{"csv", "pdf"} {
		a := b.do("GET", "/training/records?format="+format, nil)
		if a.status != http.StatusForbidden || !strings.Contains(a.body, "act.asked_for_rows") {
			t.Fatalf("%s: %d %.200s", format, a.status, a.body)
		}
		var waiting []console.ActView
		for _, act := range c.as("admin").acts().Open {
			if act.Kind == "records" && act.State == "waiting" && act.Asker == c.who["auditor"].Name {
				waiting = append(waiting, act)
			}
		}
		if len(waiting) != 1 {
			t.Fatalf("%s: %d wait", format, len(waiting))
		}
		if a := c.as("admin").confirm(waiting[0]); a.status/100 != 2 {
			t.Fatalf("%s: %d %s", format, a.status, a.body)
		}
		other := map[string]string{"csv": "pdf", "pdf": "csv"}[format]
		if a := b.do("GET", "/training/records?format="+other, nil); a.status != http.StatusForbidden {
			t.Errorf("another form: %d", a.status)
		}
		if a := c.as("admin").do("GET", "/training/records?format="+format, nil); a.status != http.StatusForbidden {
			t.Errorf("another person: %d", a.status)
		}
		if a := b.do("GET", "/training/records?format="+format, nil); a.status != http.StatusOK {
			t.Errorf("%s, confirmed: %d %.200s", format, a.status, a.body)
		}
		if a := b.do("GET", "/training/records?format="+format, nil); a.status != http.StatusForbidden {
			t.Errorf("%s, a second time: %d", format, a.status)
		}
	}
	if a := b.do("GET", "/training/records?format=pdf&person="+string(people[0]), nil); a.status != http.StatusOK {
		t.Errorf("one person's: %d %s", a.status, a.body)
	}
}
