package wire

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// raised finds the codes that rooms raise.
var raised = regexp.MustCompile(`sekisho\.Fail\(\s*sekisho\.Kind\w+,\s*"([^"]+)"`)

// TestEveryRaisedCodeHasAText: a code without one would tell a person only that
// something failed, and nothing of what to do.
func TestEveryRaisedCodeHasAText(t *testing.T) {
	known := map[string]bool{}
	for _, c := range catalogues {
		for code := range c {
			known[code] = true
		}
	}
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range raised.FindAllStringSubmatch(string(text), -1) {
			if seen++; !known[m[1]] {
				t.Errorf("%s raises %s, which has no text", path, m[1])
			}
		}
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d codes found: %v", seen, err)
	}
}
