package web

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestPagesCarryTheNoncePlaceholder(t *testing.T) {
	for name, files := range map[string]fs.FS{"desk": Desk(), "console": Console()} {
		t.Run(name, func(t *testing.T) { carries(t, name, files) })
	}
}

// unbuilt skips where npm has built nothing, or fails where everything is to be run.
func unbuilt(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not built: make web", name)
	}
	t.Skipf("%s is not built: make web", name)
}

func carries(t *testing.T, name string, files fs.FS) {
	t.Helper()
	if _, err := fs.Stat(files, ".gitkeep"); err != nil {
		t.Errorf("%s: .gitkeep is gone, a checkout without npm would not build: %v", name, err)
	}
	page, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		unbuilt(t, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "__NONCE__") {
		t.Errorf("%s: index.html has no place for the nonce", name)
	}
	if strings.Contains(string(page), "https://") || strings.Contains(string(page), "<style") {
		t.Errorf("%s: index.html fetches from elsewhere or carries inline style", name)
	}
}

func TestDeskCarriesTheModelRuntime(t *testing.T) {
	if _, err := fs.Stat(Desk(), "index.html"); err != nil {
		unbuilt(t, "desk")
	}
	entries, err := fs.ReadDir(Desk(), "ort")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Errorf("ort/ holds %d files, want the module and its wasm alone", len(entries))
	}
}
