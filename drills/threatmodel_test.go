package drills

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the threat model says is refused must be tried by something that exists:
// a drill, a Go test or a figure of the bench, each by its name.
func TestThreatModelNamesWhatTriesIt(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "threat-model.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| attack | by what | bound | tried by |")
	table, _, _ = strings.Cut(table, "## Said openly")
	drills := map[string]bool{}
	for _, g := range Groups() {
		for _, d := range g.Drills {
			drills[d.Name] = true
		}
	}
	rows := 0
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if len(cells) != 4 || strings.HasPrefix(line, "|---") {
			continue
		}
		rows++
		named := 0
		for _, m := range regexp.MustCompile(`\*([^*]+)\*`).FindAllStringSubmatch(cells[3], -1) {
			named++
			if !drills[m[1]] {
				t.Errorf("%s: there is no drill %q", cells[0], m[1])
			}
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[3], -1) {
			named++
			if dir, test, ok := strings.Cut(m[1], " "); !exists(t, dir, test, ok) {
				t.Errorf("%s: there is no %s", cells[0], m[1])
			}
		}
		if named == 0 {
			t.Errorf("%s: nothing tries it", cells[0])
		}
	}
	if rows < 10 {
		t.Errorf("%d rows: the table was not read", rows)
	}
}

// exists says that a folder has the Go test, or the bench the figure.
func exists(t *testing.T, dir, test string, isTest bool) bool {
	want, where := "func "+test+"(", filepath.Join("..", filepath.FromSlash(dir), "*_test.go")
	if !isTest {
		want, where = `"`+dir+`"`, filepath.Join("..", "bench", "*.go")
	}
	files, err := filepath.Glob(where)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), want) {
			return true
		}
	}
	return false
}
