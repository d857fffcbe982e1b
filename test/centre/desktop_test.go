package centre

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestDesktopLeavesNothing: its X server's lock and socket lie in the temporary
// folder of everybody, not in ours.
func TestDesktopLeavesNothing(t *testing.T) {
	for _, program := range []string{"Xtigervnc", "xterm"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	d, err := StartDesktop(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	number := strings.TrimPrefix(d.Display, ":")
	lock, socket := fmt.Sprintf("/tmp/.X%s-lock", number), "/tmp/.X11-unix/X"+number
	for _, file := range []string{lock, socket} {
		if _, err := os.Stat(file); err != nil {
			t.Errorf("the server runs without %s: %v", file, err)
		}
	}
	d.Close()
	for _, file := range []string{lock, socket} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s was left behind", file)
		}
	}
}
