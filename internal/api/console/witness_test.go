package console_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestAWitnessByVideo goes the way of an enrolment that a supervisor in another
// place watches, with the rooms that answer for it: his own pictures alone, the
// question answered by his confirmation, an incident where he saw somebody else.
func TestAWitnessByVideo(t *testing.T) {
	c := newCentre(t, true)
	pc := c.registered(c.as("admin"))
	sv, sv2 := c.as("sv"), c.as("sv2")
	seat := witnesses.Seat{Person: c.who["op"].ID, Device: pc.ID, Connection: "c-1"}
	asked := func() (approvals.Question, string) {
		q := made(c.approvals.Ask(t.Context(), approvals.Question{Kind: approvals.KindWitness, Person: seat.Person, Device: seat.Device, Connection: seat.Connection}))(t)
		return q, "/witness/" + string(q.ID)
	}
	watched := func(q approvals.Question, path string) console.WitnessView {
		var v console.WitnessView
		sv.do("POST", path+"/take", map[string]any{}).into(t, &v)
		if v.Request != nil || v.Picture != "" || v.Name == "" || v.AssetTag == "" {
			t.Fatalf("before the person has agreed: %+v", v.Request)
		}
		run := made(c.witnesses.Of(t.Context(), seat, q.ID))(t).Run
		made(c.witnesses.Agree(t.Context(), seat, q.ID, run, true))(t)
		var b bytes.Buffer
		must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil))
		made(c.witnesses.Picture(t.Context(), seat, q.ID, run, b.Bytes()))(t)
		made(c.witnesses.Offer(t.Context(), seat, q.ID, witnesses.Enrolment{Commitment: "c", Model: "m", Picture: "p"}))(t)
		sv.do("GET", path, nil).into(t, &v)
		if v.State != "offered" || v.Picture == "" || v.Request == nil || len(v.Digest) != 64 || v.Old != "none" {
			t.Fatalf("what the witness sees: %s, %d, %v", v.State, len(v.Picture), v.Request)
		}
		return v
	}

	q, path := asked()
	v := watched(q, path)
	for _, try := range []struct{ method, path string }{{"GET", path}, {"POST", path + "/begin"}, {"POST", path + "/confirm"}} {
		if a := sv2.do(try.method, try.path, bodyOf(try.method, v.Digest)); a.status != http.StatusNotFound || strings.Contains(a.body, v.Picture) {
			t.Errorf("%s %s by another supervisor: %d", try.method, try.path, a.status)
		}
	}
	if a := sv2.do("POST", path+"/take", map[string]any{}); a.code() != "witness.taken" {
		t.Errorf("taken by another supervisor: %s", a.code())
	}
	if a := sv.do("POST", path+"/confirm", bodyOf("POST", strings.Repeat("0", 64))); a.code() != "witness.changed" {
		t.Errorf("something else confirmed: %s", a.code())
	}
	sv.do("POST", path+"/confirm", bodyOf("POST", v.Digest)).into(t, &v)
	if got := made(c.approvals.Get(t.Context(), q.ID, seat.Person))(t); v.State != "confirmed" || got.State != approvals.Approved || got.Decider != c.who["sv"].ID {
		t.Errorf("confirmed: %s, %s by %s", v.State, got.State, got.Decider)
	}

	q, path = asked()
	watched(q, path)
	sv.do("POST", path+"/refuse", map[string]any{"reason": "another_person"}).into(t, &v)
	if got := made(c.approvals.Get(t.Context(), q.ID, seat.Person))(t); v.State != "refused" || v.Reason != "witness.another_person" || got.State != approvals.Refused {
		t.Errorf("refused: %s %s, %s", v.State, v.Reason, got.State)
	}
	var incidents console.IncidentsView
	c.as("officer").do("GET", "/incidents", nil).into(t, &incidents)
	if len(incidents.Incidents) != 1 || incidents.Incidents[0].State != sekisho.Other.String() || incidents.Incidents[0].Device != pc.ID {
		t.Errorf("incidents: %+v", incidents.Incidents)
	}
	if wire.TextOf("witness.another_person").JA == "" {
		t.Error("the person reads nothing")
	}
}

func bodyOf(method, digest string) any {
	if method == "GET" {
		return nil
	}
	return map[string]any{"digest": digest, "ceremony": ""}
}
