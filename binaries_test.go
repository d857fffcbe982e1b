package sekisho_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestShippedBinariesLinkNoTests: load generators, protocol peers and attacks
// speak to the product from outside. None of them, and no test support, is in
// what we ship, on any system that we ship it for.
func TestShippedBinariesLinkNoTests(t *testing.T) {
	for _, system := range []string{"linux/amd64", "linux/arm64", "windows/amd64"} {
		goos, arch, _ := strings.Cut(system, "/")
		programs := []string{"./cmd/sekisho-agent"}
		if goos == "linux" {
			programs = append(programs, "./cmd/sekisho")
		}
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-deps"}, programs...)...)
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+arch, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		linked := strings.Fields(string(out))
		if len(linked) < 100 {
			t.Fatalf("%s: go list names %d packages", system, len(linked))
		}
		for _, p := range linked {
			if p == "testing" || strings.HasSuffix(p, "test") && strings.HasPrefix(p, module) || outside(p) {
				t.Errorf("%s links %s", system, p)
			}
		}
	}
}

// outside says whether a package is one of those that only ever look at the product.
func outside(p string) bool {
	for _, area := range []string{"/test", "/bench", "/drills"} {
		if rest, ok := strings.CutPrefix(p, module+area); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}
