package main

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryPictureIsNamed: the page beside the pictures names each of them, and
// no two of them are the same picture.
func TestEveryPictureIsNamed(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "tour")
	page, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(files) == 0 {
		t.Fatal("no pictures", err)
	}
	seen := map[[32]byte]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, sum := filepath.Base(file), sha256.Sum256(b)
		if !strings.Contains(string(page), "("+name+")") {
			t.Errorf("docs/tour/README.md does not name %s", name)
		}
		if twin, ok := seen[sum]; ok {
			t.Errorf("%s and %s are the same picture", name, twin)
		}
		seen[sum] = name
	}
	if named := strings.Count(string(page), ".png)"); named != len(files) {
		t.Errorf("docs/tour/README.md names %d pictures, there are %d", named, len(files))
	}
}

// TestStrangersFacesStayOutOfTheDocuments: pictures of somebody's own clip go to build.
func TestStrangersFacesStayOutOfTheDocuments(t *testing.T) {
	for _, o := range []options{{enrol: "a"}, {clip: "a"}, {timeline: "a"}, {enrol: "a", clip: "b", timeline: "c"}} {
		if got := o.pictures(); !strings.HasPrefix(got, "build") {
			t.Errorf("%+v: %s", o, got)
		}
	}
	if got := (options{}).pictures(); got != filepath.Join("docs", "tour") {
		t.Error(got)
	}
}
