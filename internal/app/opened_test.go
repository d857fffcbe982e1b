package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// opened is the whole server with demonstration data, opened as `sekisho serve`
// does it, on ports that the system chooses.
func opened(t *testing.T, change ...func(*Settings)) (*Server, demoSeeded) {
	t.Helper()
	set := DefaultSettings()
	set.Data = filepath.Join(t.TempDir(), "server")
	set.Console.Listen, set.Agents.Listen, set.WireGuard.Listen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	for _, fn := range change {
		fn(&set)
	}
	if err := set.complete(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(set.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	seeded, err := seedDemo(t.Context(), set, clock.System(), 0, "")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := Open(context.WithoutCancel(t.Context()), set, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		srv.Stop()
		if err := srv.Wait(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return srv, seeded
}

// visitor is somebody's browser at the opened console.
type visitor struct {
	t      *testing.T
	origin string
	addr   string
	cookie string
}

// visit signs a demonstration's person in.
func visit(t *testing.T, srv *Server, person string) *visitor {
	t.Helper()
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.Addresses.ConsoleOrigin, "http://"), ":")
	v := &visitor{t: t, origin: srv.Addresses.ConsoleOrigin, addr: "http://127.0.0.1:" + port}
	if status, body := v.post("/session/demo", map[string]string{"person": person}); status != http.StatusOK {
		t.Fatalf("sign in: %d %s", status, body)
	}
	return v
}

func (v *visitor) post(path string, in any) (int, string) {
	v.t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, v.addr+"/api/console/v1"+path, bytes.NewReader(b))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Host = strings.TrimPrefix(v.origin, "http://")
	for name, value := range map[string]string{"Origin": v.origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"} {
		r.Header.Set(name, value)
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		v.cookie = c.Name + "=" + c.Value
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestSupervisorUnlocks: the button that lets a locked person try his face
// again reaches the room that locked him, in the server as it is really wired.
func TestSupervisorUnlocks(t *testing.T) {
	srv, seeded := opened(t)
	locked := seeded.People["operator"]
	err := srv.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO faces_attempts (person, run) VALUES (?, 50)", locked)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := visit(t, srv, seeded.People["admin"]).post("/floor/"+locked+"/unlock", struct{}{}); status != http.StatusForbidden {
		t.Fatalf("an administrator unlocked: %d %s", status, body)
	}
	if status, body := visit(t, srv, seeded.People["supervisor"]).post("/floor/"+locked+"/unlock", struct{}{}); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	run := -1
	err = srv.db.Read(t.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COALESCE(MAX(run), 0) FROM faces_attempts WHERE person = ?", locked).Scan(&run)
	})
	if err != nil || run != 0 {
		t.Fatalf("%d failures are left: %v", run, err)
	}
	rows, err := srv.log.Search(t.Context(), audit.Filter{Kind: "face.cleared"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
}

// TestHostInvites: where nobody in the console can let somebody in, the host
// can; and the log says that it was the host.
func TestHostInvites(t *testing.T) {
	srv, _ := opened(t)
	var link printedLink
	if err := askHost(t.Context(), srv.settings.Data, "/invite", "Supervisor", &link); err != nil || !strings.Contains(link.URL, "/invitation#token=") {
		t.Fatalf("%q %v", link.URL, err)
	}
	if err := askHost(t.Context(), srv.settings.Data, "/invite", "nobody", &link); err == nil || !strings.Contains(err.Error(), "person.unknown") {
		t.Errorf("a link for nobody: %v", err)
	}
	rows, err := srv.log.Search(t.Context(), audit.Filter{Kind: "person.invited"})
	if err != nil || len(rows) != 1 || rows[0].Event.Actor.Process != "cli" || rows[0].Event.Actor.Person != "" {
		t.Fatalf("%+v %v", rows, err)
	}
}
