package web

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestPagesCarryTheNoncePlaceholder(t *testing.T) {
	for name, files := range map[string]fs.FS{"desk": Desk(), "console": Console()} {
		if _, err := fs.Stat(files, ".gitkeep"); err != nil {
			t.Errorf("%s: .gitkeep is gone, a checkout without npm would not build: %v", name, err)
		}
		page, err := fs.ReadFile(files, "index.html")
		if errors.Is(err, fs.ErrNotExist) {
			t.Logf("%s: not built here", name)
			continue
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
}

func TestDeskCarriesTheModelRuntime(t *testing.T) {
	if _, err := fs.Stat(Desk(), "index.html"); err != nil {
		t.Log("desk: not built here")
		return
	}
	entries, err := fs.ReadDir(Desk(), "ort")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Errorf("ort/ holds %d files, want the module and its wasm alone", len(entries))
	}
}
