package uplink

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

func filled(t *testing.T, dir string) (*Outbox, sekisho.IncidentID) {
	t.Helper()
	o, err := OpenOutbox(dir, MaxOutbox, wallClock{time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Belong(wire.TrustRoots{CA: []byte("one centre")}); err != nil {
		t.Fatal(err)
	}
	r := wire.IncidentReport{Incident: sekisho.IncidentID(wire.NewID()), State: sekisho.Onlooker}
	if err := o.Open(r); err != nil {
		t.Fatal(err)
	}
	if err := o.Seal(r, []byte("sealed pictures")); err != nil {
		t.Fatal(err)
	}
	return o, r.Incident
}

func names(t *testing.T, pattern ...string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(pattern...))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What one centre's officers are to have is not offered to another's server.
func TestOutboxOfAnotherCentreIsSetAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	o, id := filled(t, dir)
	if err := o.Belong(wire.TrustRoots{CA: []byte("one centre")}); err != nil {
		t.Fatal(err)
	}
	if ids, err := o.waiting(); err != nil || len(ids) != 1 {
		t.Fatalf("control: %v, %v", ids, err)
	}
	if err := o.Belong(wire.TrustRoots{CA: []byte("another")}); err != nil {
		t.Fatal(err)
	}
	if ids, err := o.waiting(); err != nil || len(ids) != 0 || len(names(t, dir, "*.sealed")) != 0 {
		t.Errorf("offered to another server: %v, %v", ids, err)
	}
	if o.size > 64 {
		t.Errorf("%d bytes are counted still", o.size)
	}
	if aside := names(t, dir+"-*", string(id)+".json"); len(aside) != 1 || len(names(t, dir+"-*", "*.sealed")) != 1 {
		t.Errorf("not kept: %v", aside)
	}
	again, err := OpenOutbox(dir, MaxOutbox, wallClock{time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Belong(wire.TrustRoots{CA: []byte("another")}); err != nil || len(names(t, dir+"-*")) != 1 {
		t.Errorf("after a restart: %v", err)
	}
}

// One damaged entry costs itself alone: the agent starts, the others go out, and
// what may be its pictures stays.
func TestDamagedEntryIsSetAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	_, bad := filled(t, dir)
	o, good := filled(t, dir)
	if err := os.WriteFile(filepath.Join(dir, string(bad)+".json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // at the second start too
		var err error
		if o, err = OpenOutbox(dir, MaxOutbox, wallClock{time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if ids, err := o.waiting(); err != nil || len(ids) != 1 || ids[0] != good {
		t.Errorf("waiting: %v, %v", ids, err)
	}
	if len(names(t, dir, damaged, string(bad)+".json")) != 1 || len(names(t, dir, "*.sealed")) == 0 {
		t.Error("not kept")
	}
}

// A sealed file that no entry names would count against the limit for ever.
func TestOrphansAreRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	filled(t, dir)
	for _, name := range []string{"0123.sealed", ".new-4711"} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 1000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o, err := OpenOutbox(dir, MaxOutbox, wallClock{time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if left := names(t, dir, "*.sealed"); len(left) != 1 || o.size > 1000 || len(names(t, dir, ".new-*")) != 0 {
		t.Errorf("left %v, %d bytes counted", left, o.size)
	}
}
