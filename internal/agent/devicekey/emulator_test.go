package devicekey

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// emulator is a real swtpm process with its own state folder, as a PC has its own TPM.
type emulator struct {
	state  string
	socket string
	cmd    *exec.Cmd
}

func startEmulator(t *testing.T) *emulator {
	t.Helper()
	if _, err := exec.LookPath("swtpm"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("swtpm is not installed: apt-get install swtpm")
		}
		t.Skip("swtpm is not installed: apt-get install swtpm")
	}
	dir, err := os.MkdirTemp("", "tpm") // socket paths must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	e := &emulator{state: dir, socket: filepath.Join(dir, "s")}
	e.start(t)
	t.Cleanup(func() { e.stop() })
	return e
}

func (e *emulator) start(t *testing.T) {
	t.Helper()
	var said bytes.Buffer
	e.cmd = exec.Command("swtpm", "socket", "--tpm2", "--tpmstate", "dir="+e.state,
		"--server", "type=unixio,path="+e.socket, "--ctrl", "type=unixio,path="+e.socket+"c", "--flags", "not-need-init,startup-clear")
	e.cmd.Stderr = &said
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // another process: there is nothing else to wait on
		conn, err := net.Dial("unix", e.socket)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("swtpm does not answer: %v\n%s", err, said.String())
		}
	}
}

func (e *emulator) stop() {
	_ = e.cmd.Process.Kill()
	_ = e.cmd.Wait()
	_ = os.Remove(e.socket)
	_ = os.Remove(e.socket + "c")
}

func (e *emulator) config(dir string) Config {
	return Config{Dir: dir, Kind: KindTPM, Device: "unix:" + e.socket}
}
