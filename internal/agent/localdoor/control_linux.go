package localdoor

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ServiceDir is the folder of the control socket that another user can reach:
// the one that systemd makes for a service (RuntimeDirectory=), which only root
// can put into its place.
func ServiceDir() string {
	if dir := os.Getenv("RUNTIME_DIRECTORY"); dir != "" {
		return dir
	}
	return "/run/sekisho-agent"
}

// mayAsk compares the peer's user id, as the kernel knows it, with ours and with
// that of the user whom the agent runs for. Root may ask: it can read our memory anyway.
func mayAsk(conn net.Conn, user int) error {
	u, ok := conn.(*net.UnixConn)
	if !ok {
		return errors.New("localdoor: not a local socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return err
	}
	var cred *unix.Ucred
	var inner error
	err = raw.Control(func(fd uintptr) { cred, inner = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err := errors.Join(err, inner); err != nil {
		return err
	}
	uid := int(cred.Uid)
	if uid == os.Geteuid() || uid == 0 || (user >= 0 && uid == user) {
		return nil
	}
	return fmt.Errorf("localdoor: user id %d", uid)
}

// sharedFolder refuses a folder that others than its owner can write in, and an
// owner who is neither we nor root.
func sharedFolder(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return errService.Because(err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o022 != 0 || (int(owner.Uid) != os.Geteuid() && owner.Uid != 0) {
		return errService.Because(&fs.PathError{Op: "use", Path: dir, Err: fs.ErrPermission})
	}
	return nil
}
