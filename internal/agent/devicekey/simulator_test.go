package devicekey

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// eachTPM runs a test against both implementations of a TPM that run here: swtpm
// (libtpms), and the Go simulator (Microsoft's reference code).
func eachTPM(t *testing.T, test func(t *testing.T, start func(*testing.T) *emulator)) {
	t.Run("swtpm", func(t *testing.T) { test(t, startEmulator) })
	t.Run("simulator", func(t *testing.T) { test(t, startSimulator) })
}

// startSimulator starts the Go simulator as a process of its own, since there is
// one in a process. It forgets everything at its end: it cannot be started again.
func startSimulator(t *testing.T) *emulator {
	t.Helper()
	binary, err := simulatorBinary()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("apt-get install gcc libc6-dev libssl-dev: %v", err)
		}
		t.Skipf("apt-get install gcc libc6-dev libssl-dev: %v", err)
	}
	dir, err := os.MkdirTemp("", "tpm") // socket paths must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	e := &emulator{socket: filepath.Join(dir, "s")}
	var said bytes.Buffer
	e.cmd = exec.Command(binary, e.socket)
	e.cmd.Stderr = &said
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.stop)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // another process: there is nothing else to wait on
		conn, err := net.Dial("unix", e.socket)
		if err == nil {
			conn.Close()
			return e
		}
		if time.Now().After(end) {
			t.Fatalf("the simulator does not answer: %v\n%s", err, said.String())
		}
	}
}

var built string // folder of what was built for these tests

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// simulatorBinary builds the simulator once, with cgo: this test itself has none.
var simulatorBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "simtpm")
	if err != nil {
		return "", err
	}
	built = dir
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "simtpm"), "github.com/sekisho/sekisho/test/simtpm")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	return filepath.Join(dir, "simtpm"), nil
})
