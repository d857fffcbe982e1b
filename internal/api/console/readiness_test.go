package console_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/wire"
)

// everybodyAtHome are facts of a centre in which every operator works at home and
// has a PC whose key lies in a TPM, but for op-b, whose key lies in software.
type everybodyAtHome struct{ c *centre }

func (f everybodyAtHome) AtHome(ctx context.Context) (out []sekisho.PersonID, err error) {
	list, err := f.c.people.List(ctx)
	for _, p := range list {
		if p.Has(sekisho.RoleOperator) {
			out = append(out, p.ID)
		}
	}
	return out, err
}

func (f everybodyAtHome) WorksAtHome(context.Context, sekisho.PersonID, sekisho.DeviceID) (bool, error) {
	return true, nil
}

func (f everybodyAtHome) Survey() readiness.Survey {
	return readiness.Survey{AtHome: f.AtHome, Sources: []readiness.Source{{Tells: []readiness.ID{readiness.TPM, readiness.Log}, Find: func(ctx context.Context) (map[readiness.ID][]readiness.Subject, error) {
		out := map[readiness.ID][]readiness.Subject{readiness.Log: {{Light: readiness.Green}}}
		people, err := f.AtHome(ctx)
		for _, p := range people {
			l := readiness.Green
			if p == f.c.who["op-b"].ID {
				l = readiness.Red
			}
			out[readiness.TPM] = append(out[readiness.TPM], readiness.Subject{Person: p, Light: l})
		}
		return out, err
	}}}}
}

// checked has somebody answer the self-check of the house, with a photograph.
func (c *centre) checked(login string) sekisho.RoomCheckID {
	c.t.Helper()
	var picture bytes.Buffer
	must(c.t, jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 200, 150)), nil))
	in := wire.RoomAnswers{Photo: picture.Bytes(), Remark: "居間の隣の部屋です"}
	for _, q := range readiness.Builtin().Questions {
		in.Answers = append(in.Answers, wire.RoomAnswer{Question: q.ID, Yes: true})
	}
	person := c.who[login].ID
	must(c.t, c.readiness.Answer(c.t.Context(), readiness.By{Person: person, Device: "pc", Session: sekisho.SessionID(wire.NewID())}, in))
	_, checks, _, err := c.readiness.OfPerson(c.t.Context(), person)
	must(c.t, err)
	return checks[0].ID
}

func measure(t *testing.T, list []console.MeasureView, id string) console.MeasureView {
	t.Helper()
	i := slices.IndexFunc(list, func(m console.MeasureView) bool { return m.ID == id })
	if i < 0 {
		t.Fatalf("no measure %s", id)
	}
	return list[i]
}

// TestReadinessOfOneClientIsItsPeopleAlone: by either route, and another's by none.
func TestReadinessOfOneClientIsItsPeopleAlone(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	id := c.checked("op-b")
	own := c.as("client-a")
	for _, path := range []string{"/readiness", "/readiness/clients/" + string(held[ofA].client)} {
		a := own.do("GET", path, nil)
		var view console.ReadinessView
		a.into(t, &view)
		if m := measure(t, view.Measures, "tpm"); m.Green != 1 || m.Red != 0 || m.Light != "green" {
			t.Errorf("%s: %+v", path, m)
		}
		if len(view.Clients) != 0 || strings.Contains(a.body, "模擬物産") || strings.Contains(a.body, string(c.who["op-b"].ID)) || strings.Contains(a.body, "見本 op") {
			t.Errorf("%s tells of others, or names people: %s", path, a.body)
		}
		if slices.ContainsFunc(view.Measures, func(m console.MeasureView) bool { return m.ID == "log" || m.ID == "administrators" }) {
			t.Errorf("%s tells of the centre's own affairs", path)
		}
	}
	for path, method := range map[string]string{
		"/readiness/people/" + string(c.who["op-b"].ID): "GET", "/readiness/people/" + string(c.who["op-a"].ID): "GET", "/readiness/checks": "GET",
		"/readiness/checks/" + string(id) + "/photo": "POST", "/readiness/checks/" + string(id) + "/decide": "POST", "/readiness/rules": "GET",
	} {
		if a := own.do(method, path, bodyFor(method)); a.status != http.StatusForbidden {
			t.Errorf("%s %s: %d", method, path, a.status)
		}
	}
	theirs, nobodys := own.do("GET", "/readiness/clients/"+string(held[ofB].client), nil), own.do("GET", "/readiness/clients/none", nil)
	if theirs.status != http.StatusNotFound || theirs.body != nobodys.body {
		t.Errorf("%d %s, nobody's: %d %s", theirs.status, theirs.body, nobodys.status, nobodys.body)
	}

	// The control: the centre's administrator sees each part, and all of it with names.
	admin := c.as("admin")
	var b, whole console.ReadinessView
	admin.do("GET", "/readiness/clients/"+string(held[ofB].client), nil).into(t, &b)
	if m := measure(t, b.Measures, "tpm"); m.Red != 1 || m.Green != 0 || len(m.Who) != 1 || m.Who[0].Name != c.who["op-b"].Name {
		t.Errorf("%+v", m)
	}
	admin.do("GET", "/readiness", nil).into(t, &whole)
	if m := measure(t, whole.Measures, "tpm"); m.Red != 1 || m.Green != 2 || m.Light != "red" || len(whole.Clients) != 2 {
		t.Errorf("%+v", m)
	}
	if m := measure(t, whole.Measures, "siem"); m.Light != "unknown" || m.Trouble != "unreadable" {
		t.Errorf("what no source tells of: %+v", m)
	}
	var auditors console.ReadinessView
	c.as("auditor").do("GET", "/readiness", nil).into(t, &auditors)
	if m := measure(t, auditors.Measures, "tpm"); len(m.Who) != 0 || m.Red != 1 {
		t.Errorf("an auditor is told names: %+v", m)
	}
}

// TestAPhotographIsSeenWithARow, by a supervisor, and the person reads it in his own records.
func TestAPhotographIsSeenWithARow(t *testing.T) {
	c := newCentre(t, true)
	id := c.checked("op")
	sv := c.as("sv")
	for _, path := range []string{"/readiness/checks", "/readiness/people/" + string(c.who["op"].ID)} {
		if a := sv.do("GET", path, nil); a.status != http.StatusOK || strings.Contains(a.body, "jpeg") || !strings.Contains(a.body, c.who["op"].Name) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if rows := c.rows("readiness.photo_viewed"); len(rows) != 0 {
		t.Fatalf("a list is a look: %+v", rows)
	}
	for _, who := range []string{"officer", "auditor"} {
		if a := c.as(who).do("POST", "/readiness/checks/"+string(id)+"/photo", map[string]any{}); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", who, a.status)
		}
	}
	var photo console.RoomPhotoView
	sv.do("POST", "/readiness/checks/"+string(id)+"/photo", map[string]any{}).into(t, &photo)
	if _, err := jpeg.Decode(bytes.NewReader(photo.JPEG)); err != nil {
		t.Fatal(err)
	}
	records := made(c.presence.Records(t.Context(), c.who["op"].ID, 0))(t)
	i := slices.IndexFunc(records.Records, func(r wire.Record) bool { return r.Kind == "readiness.photo_viewed" })
	if i < 0 || !strings.HasPrefix(records.Records[i].Viewer, c.who["sv"].Name) {
		t.Fatalf("his own records: %+v", records.Records)
	}
	if a := sv.do("POST", "/readiness/checks/"+string(id)+"/decide", map[string]any{"accept": false, "note": ""}); a.code() != "readiness.note" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := sv.do("POST", "/readiness/checks/"+string(id)+"/decide", map[string]any{"accept": true, "note": ""}); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	var person console.PersonReadinessView
	c.as("admin").do("GET", "/readiness/people/"+string(c.who["op"].ID), nil).into(t, &person)
	if person.Room != "accepted" || person.Checks[0].DecidedBy != c.who["sv"].Name || len(person.Checks[0].Answers) != 8 || measure(t, person.Measures, "room").Light != "green" {
		t.Errorf("%+v", person.Checks[0].Answers)
	}
}

func TestRulesOfTheSelfCheck(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	var rules console.RoomRulesView
	admin.do("GET", "/readiness/rules", nil).into(t, &rules)
	rules.Photo = "required"
	var next console.RoomRulesView
	admin.do("PUT", "/readiness/rules", rules).into(t, &next)
	if next.Version != 1 || next.Photo != "required" || len(next.Questions) != 8 {
		t.Errorf("%+v", next)
	}
	if a := admin.do("PUT", "/readiness/rules", rules); a.code() != "readiness.rules_changed" {
		t.Errorf("the version before: %d %s", a.status, a.body)
	}
	if rows := c.rows("readiness.rules_changed"); len(rows) != 1 || rows[0].Event.Detail["photo"] != "optional → required" {
		t.Errorf("%+v", rows)
	}
}
