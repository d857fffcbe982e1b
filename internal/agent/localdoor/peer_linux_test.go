package localdoor

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestHeldDoorCannotBeSharedLater(t *testing.T) {
	s := open(t)
	for _, address := range []string{"127.0.0.1:", "[::1]:", "0.0.0.0:", "[::]:"} {
		lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
			return c.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1) })
		}}
		if l, err := lc.Listen(t.Context(), "tcp", address+s.port); err == nil {
			l.Close()
			t.Errorf("another program could listen on %s%s too", address, s.port)
		}
	}
}

func TestOtherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("needs root")
		}
		t.Skip("needs root to become another user")
	}
	s := open(t)
	ask := func(uid uint32) string {
		cmd := exec.Command("/bin/bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/`+s.port+` && printf 'GET / HTTP/1.1\r\nHost: `+s.host+`\r\nSec-Fetch-Site: none\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n' >&3 && cat <&3`)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		cmd.Dir = "/"
		out, _ := cmd.CombinedOutput() // a reset makes it fail: what it printed decides
		return string(out)
	}
	if out := ask(65534); strings.Contains(out, "関所") || strings.Contains(out, "HTTP/1.1") {
		t.Errorf("another user was answered: %s", out)
	}
	if out := ask(0); !strings.Contains(out, "関所") {
		t.Errorf("control: %s", out)
	}
}

func TestParseSockets(t *testing.T) {
	got, err := appendSockets(nil, strings.NewReader(`  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1E61 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:1E61 0000000000000000FFFF00000100007F:D431 01 00000000:00000000 00:00000000 00000000     7        0 1 1 0
   rubbish
   2: XX:1E61 0:0 0A 0 0 0 1000 0 1
`))
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0].local.String() != "127.0.0.1:7777" || got[0].uid != 1000 || got[0].state != stateListen || got[0].inode != "4242" {
		t.Errorf("%+v", got[0])
	}
	if got[1].local.String() != "[::1]:7777" || got[1].remote.String() != "127.0.0.1:54321" || got[1].uid != 7 {
		t.Errorf("%+v", got[1])
	}
}

func FuzzParseSockets(f *testing.F) {
	f.Add("h\n 0: 0100007F:1E61 00000000:0000 0A 0:0 0:0 0 1000 0 4242")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := appendSockets(nil, strings.NewReader(text)); err != nil && !strings.Contains(err.Error(), "too long") {
			t.Fatal(err)
		}
	})
}
