package console_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

func TestTrainingOfAllNamesOnlyOperators(t *testing.T) {
	c := newCentre(t, true)
	must(t, c.training.SeedDemo(t.Context(), []sekisho.PersonID{c.who["op"].ID}, nil))
	var all console.TrainingView
	c.as("sv").do("GET", "/training", nil).into(t, &all)
	working := []sekisho.PersonID{c.who["op"].ID, c.who["op-a"].ID, c.who["op-b"].ID}
	if len(all.People) != len(working) || slices.ContainsFunc(all.People, func(p console.TrainedPersonView) bool { return !slices.Contains(working, p.Person) }) {
		t.Fatalf("%+v", all)
	}
	trained := func() console.TrainedPersonView {
		return all.People[slices.IndexFunc(all.People, func(p console.TrainedPersonView) bool { return p.Person == c.who["op"].ID })]
	}
	if p := trained(); p.State != "done" || p.DocumentsDone != 4 || p.CoursesDone != 1 {
		t.Fatalf("%+v", all)
	}
	var one console.PersonTrainingView
	c.as("sv").do("GET", "/training/people/"+string(c.who["op"].ID), nil).into(t, &one)
	if len(one.Needs) != 5 {
		t.Errorf("needs %+v", one.Needs)
	}
	for _, n := range one.Needs {
		if n.Title.JA == "" || n.Title.EN == "" || n.Done == nil {
			t.Errorf("need %+v", n)
		}
	}
	c.clk.Advance(400 * 24 * time.Hour)
	c.as("sv").do("GET", "/training", nil).into(t, &all)
	if p := trained(); p.State != "overdue" {
		t.Errorf("after a year: %s", p.State)
	}
}

// A supervisor sees who is trained and never the key.
func TestKeyIsForAdministratorsAlone(t *testing.T) {
	c := newCentre(t, true)
	var questions console.QuestionsView
	c.as("admin").do("GET", "/training/courses/home/questions", nil).into(t, &questions)
	if len(questions.Questions) != 60 {
		t.Fatalf("%d questions", len(questions.Questions))
	}
	explain := questions.Questions[0].Explain.JA
	for _, who := range []string{"sv", "auditor", "officer"} {
		b := c.as(who)
		for _, path := range []string{"/training", "/training/courses", "/training/courses/home/questions", "/training/documents", "/training/records"} {
			if a := b.do("GET", path, nil); strings.Contains(a.body, explain) {
				t.Errorf("%s gets the key at %s", who, path)
			}
		}
	}
}

// A name that is a formula must stay a name in a spreadsheet.
func TestRecordsAsCSVRunNothing(t *testing.T) {
	c := newCentre(t, true)
	names := []string{`=HYPERLINK("http://x","y")`, "+1", "-1", "@SUM(A1)", "＝1+1"}
	people := []sekisho.PersonID{}
	for i, name := range names {
		p := made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{
			Name: name, Login: "f" + string(rune('a'+i)), Roles: []sekisho.Role{sekisho.RoleOperator}, FaceUsable: true,
		}))(t)
		people = append(people, p.ID)
	}
	must(t, c.training.SeedDemo(t.Context(), people, nil))
	a := c.as("auditor").do("GET", "/training/records", nil)
	if a.status != http.StatusOK || !strings.HasPrefix(a.body, "\uFEFF氏名,") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%d %s %.60s", a.status, a.header.Get("Content-Type"), a.body)
	}
	rows := made(csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\uFEFF"))).ReadAll())(t)
	if len(rows) != 1+5*len(names) {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		if row[0][0] != '\'' || row[9] != "デモデータ" {
			t.Errorf("row %q", row)
		}
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("cell %q is a formula", cell)
			}
		}
	}
	if rows := auditRows(c, "training.exported"); rows != 1 {
		t.Errorf("%d rows of the export", rows)
	}
}

func auditRows(c *centre, kind string) int {
	c.t.Helper()
	must(c.t, c.log.Flush(c.t.Context()))
	var page console.AuditPageView
	c.as("auditor").do("GET", "/audit?kind="+kind, nil).into(c.t, &page)
	return len(page.Rows)
}

func TestImportSaysLineAndRemedyInBothLanguages(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var got console.ImportView
	b.do("POST", "/training/courses/home/import", map[string]any{"text": "良い{=a ~b####x}\n\n悪い{=a}", "dry": false}).into(t, &got)
	if got.Stored || got.Questions != 0 || len(got.Faults) != 1 || got.Faults[0].Line != 3 || !strings.HasSuffix(got.Faults[0].Action, "。") {
		t.Fatalf("%+v", got)
	}
	b.header.Set("Accept-Language", "en")
	b.do("POST", "/training/courses/home/import", map[string]any{"text": "{", "dry": true}).into(t, &got)
	if len(got.Faults) != 1 || !strings.Contains(got.Faults[0].Title, "brace") {
		t.Fatalf("%+v", got)
	}
	b.do("POST", "/training/courses/home/import", map[string]any{"text": "良い{=a ~b####x}", "dry": false}).into(t, &got)
	if !got.Stored || got.Questions != 1 {
		t.Fatalf("control: %+v", got)
	}
}

func TestRulesArePublishedAndCompared(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var whole console.RuleTextView
	b.do("GET", "/training/documents/pledge", nil).into(t, &whole)
	body := map[string]string{"ja": whole.Body.JA + "2.3 足した項です。\n", "en": whole.Body.EN + "2.3 Added.\n"}
	publish := map[string]any{"version": 1, "title": whole.Document.Title, "body": body, "note": "2.3を追加"}
	var doc console.RuleDocumentView
	b.do("POST", "/training/documents/pledge/versions", publish).into(t, &doc)
	if a := b.do("POST", "/training/documents/pledge/versions", publish); a.code() != "training.changed_meanwhile" {
		t.Errorf("published twice: %d %s", a.status, a.body)
	}
	var d console.DifferenceView
	c.as("auditor").do("GET", "/training/documents/pledge/difference?from=1&to=2", nil).into(t, &d)
	last := d.JA[len(d.JA)-1]
	if doc.Version != 2 || last.Op != "added" || last.Text != "2.3 足した項です。" {
		t.Errorf("%+v %+v", doc, last)
	}
	if a := b.do("GET", "/training/documents/pledge/difference?from=1&to=9", nil); a.status != http.StatusNotFound {
		t.Errorf("a version that is not there: %d", a.status)
	}
	b.do("GET", "/training/documents/pledge", nil).into(t, &whole)
	if len(whole.Versions) != 2 || whole.Versions[0].Publisher == "" || whole.Versions[1].Publisher != "" {
		t.Errorf("versions %+v", whole.Versions)
	}
}
