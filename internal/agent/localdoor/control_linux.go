package localdoor

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// sameUser compares the peer's user id, as the kernel knows it, with ours.
// Root may ask: it can read our memory anyway.
func sameUser(conn net.Conn) bool {
	u, ok := conn.(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return false
	}
	var cred *unix.Ucred
	var inner error
	if err := raw.Control(func(fd uintptr) { cred, inner = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil || inner != nil {
		return false
	}
	return int(cred.Uid) == os.Geteuid() || cred.Uid == 0
}
