package localdoor

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows tells which process holds the other end of a connection, and the
// process's token tells whose it is. All of this is compiled, and has not been
// run on Windows: whatever does not hold exactly refuses.

// ServiceDir is the folder of a service's control socket; here there is none:
// on Windows the agent runs as the operator.
func ServiceDir() string { return "" }

func sharedFolder(string) error { return errService.Because(errors.ErrUnsupported) }

func holder(int) string { return "ask the system who listens there" }

// peerIs says that the process at the other end of a loopback connection runs
// as our own account. Other users than ours have no number here.
func peerIs(conn net.Conn, user int) error {
	if user >= 0 {
		return errors.ErrUnsupported
	}
	theirs, err1 := netip.ParseAddrPort(conn.RemoteAddr().String())
	ours, err2 := netip.ParseAddrPort(conn.LocalAddr().String())
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	pid, err := processOf(theirs, ours)
	if err != nil {
		return err
	}
	return runsAsUs(pid)
}

// ioctlPeerPID is SIO_AF_UNIX_GETPEERPID.
const ioctlPeerPID = 0x58000100

// mayAsk says that the process at the other end of the control socket runs as us.
func mayAsk(conn net.Conn, _ int) error {
	u, ok := conn.(*net.UnixConn)
	if !ok {
		return errors.New("localdoor: not a local socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return err
	}
	var pid, n uint32
	var inner error
	err = raw.Control(func(fd uintptr) {
		inner = windows.WSAIoctl(windows.Handle(fd), ioctlPeerPID, nil, 0, (*byte)(unsafe.Pointer(&pid)), 4, &n, nil, 0)
	})
	if err := errors.Join(err, inner); err != nil {
		return err
	}
	if n != 4 {
		return errors.New("localdoor: no process at the other end")
	}
	return runsAsUs(pid)
}

// runsAsUs compares the user of a process with ours.
func runsAsUs(pid uint32) error {
	if pid == 0 {
		return errors.New("localdoor: no process at the other end")
	}
	p, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return fmt.Errorf("localdoor: process %d: %w", pid, err)
	}
	defer windows.CloseHandle(p)
	var token windows.Token
	if err := windows.OpenProcessToken(p, windows.TOKEN_QUERY, &token); err != nil {
		return fmt.Errorf("localdoor: process %d: %w", pid, err)
	}
	defer token.Close()
	theirs, err := token.GetTokenUser()
	if err != nil {
		return fmt.Errorf("localdoor: process %d: %w", pid, err)
	}
	ours, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return fmt.Errorf("localdoor: our own user: %w", err)
	}
	if !theirs.User.Sid.Equals(ours.User.Sid) {
		return fmt.Errorf("localdoor: process %d of another user", pid)
	}
	return nil
}

var extendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

const (
	tableOfConnections = 4 // TCP_TABLE_OWNER_PID_CONNECTIONS
	maxTable           = 16 << 20
)

// processOf finds the process whose end is local and whose far end is remote.
func processOf(local, remote netip.AddrPort) (uint32, error) {
	family := uint32(windows.AF_INET)
	if local.Addr().Unmap().Is6() {
		family = windows.AF_INET6
	}
	table, err := connections(family)
	if err != nil {
		return 0, err
	}
	for _, row := range parseConnections(table, family == windows.AF_INET6) {
		if row.local == plain(local) && row.remote == plain(remote) {
			return row.pid, nil
		}
	}
	return 0, fmt.Errorf("localdoor: nobody owns %v", local)
}

func connections(family uint32) ([]byte, error) {
	if err := extendedTCPTable.Find(); err != nil {
		return nil, err
	}
	size := uint32(64 << 10)
	for range 5 { // the table may grow between two calls
		buf := make([]byte, size)
		r, _, _ := extendedTCPTable.Call(uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&size)), 0, uintptr(family), tableOfConnections, 0)
		switch windows.Errno(r) {
		case windows.ERROR_SUCCESS:
			return buf, nil
		case windows.ERROR_INSUFFICIENT_BUFFER:
			if size > maxTable {
				return nil, errors.New("localdoor: the table of connections is too long")
			}
		default:
			return nil, fmt.Errorf("localdoor: table of connections: %w", windows.Errno(r))
		}
	}
	return nil, errors.New("localdoor: the table of connections does not hold still")
}
