package app

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/reports"
)

// told is every fact that the wired sources give.
func told(t *testing.T, srv *Server, of reports.Span) map[string]string {
	t.Helper()
	facts := map[string]string{}
	for _, source := range srv.sections() {
		s, err := source.Section(t.Context(), of)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Facts {
			facts[f.Key] = f.Value.EN
		}
	}
	return facts
}

func lately() reports.Span {
	return reports.Span{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}
}

// No control of the report may wait for a fact that nobody tells: once something
// was measured and a SIEM is named, each has its source.
func TestEveryFactOfAControlHasASource(t *testing.T) {
	srv, _ := opened(t)
	srv.log.Afterwards(audit.Event{Kind: "session.ended", Closing: true, Detail: map[string]string{"state": "onlooker", "after_verdict_ms": "12"}})
	srv.log.Afterwards(audit.Event{Kind: "flows.closed", Closing: true, Detail: map[string]string{"n": "1", "ms": "1"}})
	if err := srv.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	receiver := httptest.NewTLSServer(nil)
	defer receiver.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: receiver.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	stream, err := siem.New(srv.db, srv.clock, srv.log, siem.Settings{Address: receiver.Listener.Addr().String(), Format: siem.RFC5424, CA: ca})
	if err != nil {
		t.Fatal(err)
	}
	srv.siem = stream
	facts := told(t, srv, lately())
	for _, key := range reports.FactKeys() {
		if _, ok := facts[key]; !ok {
			t.Errorf("%s is named by a control and told by no source", key)
		}
	}
}

// A report to one client tells figures of its own part alone.
func TestAReportTellsAClientsPartAlone(t *testing.T) {
	srv, seeded := opened(t)
	ctx := t.Context()
	list, err := srv.clients.List(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	part := lately()
	for _, c := range list {
		part.Client = c.ID
		file, err := srv.clients.Get(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		own := slices.DeleteFunc(file.Assignments, func(a clients.Assignment) bool { return !a.Covers(time.Now()) })
		facts := told(t, srv, part)
		if facts["people.active"] != people(len(own)).EN || facts["training.passed"] == "" || facts["posture.passed"] == "" {
			t.Errorf("%s: %v", c.ID, facts)
		}
		for _, key := range []string{"people.administrators", "access.logins", "pcs.returned"} {
			if _, ok := facts[key]; ok {
				t.Errorf("%s is told to one client", key)
			}
		}
	}
	whole := told(t, srv, lately())
	if whole["people.active"] == people(2).EN || whole["people.administrators"] == "" { // the control
		t.Errorf("the whole centre: %v", whole)
	}
	// What another's operator did is not counted.
	for login, n := range map[string]int{"operator": 2, "operator3": 3} {
		for range n {
			srv.log.Afterwards(audit.Event{Kind: "session.ended", Closing: true, Object: audit.Object{Type: "session", ID: "s"},
				Actor: audit.Actor{Person: sekisho.PersonID(seeded.People[login]), Role: sekisho.RoleOperator}})
		}
	}
	if err := srv.log.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, c := range list {
		part.Client = c.ID
		switch told(t, srv, part)["revocation.sessions"] {
		case times(2).EN:
			sum += 2
		case times(3).EN:
			sum += 3
		}
	}
	if sum != 5 {
		t.Errorf("the parts are not what each did: %d", sum)
	}
}
