package reports

import (
	"os"
	"regexp"
	"testing"
)

// Every word of the report is there in both languages, and every line of the
// map names something.
func TestWordsAndControlsAreWhole(t *testing.T) {
	for name, w := range words {
		if w.JA == "" || w.EN == "" && name != "honorific" {
			t.Errorf("%s: %+v", name, w)
		}
	}
	used := map[string]bool{}
	paper, err := os.ReadFile("paper.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`say[ (]"([^"]+)"`).FindAllStringSubmatch(pageText+string(paper), -1) {
		used[m[1]] = true
		if _, ok := words[m[1]]; !ok {
			t.Errorf("the page says %q, which has no words", m[1])
		}
	}
	for name := range words {
		if !used[name] {
			t.Errorf("nothing says %q", name)
		}
	}
	lines := map[string]int{}
	for _, c := range controls {
		lines[c.standard]++
		if c.title.JA == "" || c.title.EN == "" || len(c.facts) == 0 {
			t.Errorf("%+v", c)
		}
	}
	for _, s := range standards {
		if lines[s.key] == 0 || s.name.JA == "" || s.name.EN == "" {
			t.Errorf("%s has %d lines", s.key, lines[s.key])
		}
		delete(lines, s.key)
	}
	if len(lines) != 0 {
		t.Errorf("lines of standards that are not listed: %v", lines)
	}
}
