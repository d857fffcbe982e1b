package app

import (
	"crypto/x509"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// TestAFleetIsMadeOnlyWithItsDemonstration: PCs whose keys lie in a file come
// into being only in the act that makes an empty folder a demonstration.
func TestAFleetIsMadeOnlyWithItsDemonstration(t *testing.T) {
	dir := t.TempDir()
	set, err := LoadSettings(filepath.Join(dir, "none.toml"), false)
	if err != nil {
		t.Fatal(err)
	}
	set.Data, set.Storage.DSN = filepath.Join(dir, "server"), "sqlite:"+filepath.Join(dir, "server", "sekisho.db")
	if err := os.MkdirAll(set.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "fleet.json")
	for _, bad := range []struct {
		n   int
		out string
	}{{-1, file}, {maxFleet + 1, file}, {3, ""}, {0, file}} {
		if _, err := seedDemo(t.Context(), set, clock.System(), bad.n, bad.out); err == nil {
			t.Fatalf("a fleet of %d into %q was made", bad.n, bad.out)
		}
	}
	if _, err := seedDemo(t.Context(), set, clock.System(), 3, file); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var f demoFleet
	if err := json.Unmarshal(b, &f); err != nil || len(f.PCs) != 3 {
		t.Fatalf("%d PCs, %v", len(f.PCs), err)
	}
	for _, pc := range f.PCs {
		if _, err := x509.ParseCertificate(pc.Certificate); err != nil {
			t.Error(pc.Tag, err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := seedDemo(t.Context(), set, clock.System(), 1, file); err == nil {
		t.Fatal("a folder with people in it took a fleet")
	}
	if _, err := os.Stat(file); err == nil {
		t.Fatal("and its keys were written")
	}
}
