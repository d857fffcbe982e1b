package bench

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho/internal/twin/vigil"
)

func facesHere(t *testing.T) faceFiles {
	t.Helper()
	f, err := findFaceFiles(t.Context())
	if err == nil {
		_, err = exec.LookPath("node")
	}
	if err == nil {
		_, err = exec.LookPath("ffmpeg")
	}
	if err == nil {
		_, err = os.Stat(f.faces)
	}
	if errors.Is(err, errNoModels) || err != nil {
		t.Skip(err)
	}
	return f
}

// TestFace runs everything that bench runs when it is named: BENCH=face.
func TestFace(t *testing.T) {
	if os.Getenv("BENCH") != "face" {
		t.Skip("set BENCH=face: it takes minutes")
	}
	out, err := Face(t.Context(), t.Logf)
	for _, r := range out {
		b, _ := json.Marshal(r)
		t.Log(string(b))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestGuard runs the part of it that needs a browser: BENCH=guard.
func TestGuard(t *testing.T) {
	if os.Getenv("BENCH") != "guard" {
		t.Skip("set BENCH=guard: it takes minutes")
	}
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	out, err := facesHere(t).guard(t.Context(), th, t.Logf)
	for _, r := range out {
		b, _ := json.Marshal(r)
		t.Log(string(b))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAlbum runs the measuring code on real pictures, laid out as FACES=DIR.
func TestAlbum(t *testing.T) {
	f := facesHere(t)
	dir := t.TempDir()
	lay := func(person, name, from string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, person), 0o700); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, person, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	portraits, err := filepath.Glob(filepath.Join(f.faces, "congress", "*.jpg"))
	if err != nil || len(portraits) < 4 {
		t.Skip("no portraits")
	}
	for i, person := range []string{"a", "b", "c", "d"} {
		lay(person, "1.jpg", portraits[i])
	}
	lay("a", "2.jpg", portraits[0]) // the same picture again: surely the same person
	if err := os.WriteFile(filepath.Join(dir, "groups.json"), []byte(`{"first":["a","b"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	out, err := f.album(context.Background(), dir, th, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name   string
		group  string
		n      int
		errors string
	}{{"face_far", "all", 3, "0"}, {"face_frr", "all", 1, "0"}, {"face_far", "first", 1, "0"}, {"face_frr", "first", 1, "0"}}
	if len(out) != len(want) {
		t.Fatalf("%d results", len(out))
	}
	for i, w := range want {
		r := out[i]
		if r.Name != w.name || r.Labels["group"] != w.group || r.N != w.n || r.Labels["errors"] != w.errors || r.OK != "not shown" {
			t.Errorf("%+v, want %+v", r, w)
		}
	}
}
