package localdoor

import (
	"context"
	"errors"
	"net"
	"syscall"
)

// soExclusiveAddrUse keeps other programs from sharing the port with SO_REUSEADDR.
const soExclusiveAddrUse = ^syscall.SO_REUSEADDR

func listenExclusive(network, address string) (net.Listener, error) {
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var inner error
		err := c.Control(func(fd uintptr) {
			inner = syscall.SetsockoptInt(syscall.Handle(fd), syscall.SOL_SOCKET, soExclusiveAddrUse, 1)
		})
		return errors.Join(err, inner)
	}}
	return lc.Listen(context.Background(), network, address)
}
