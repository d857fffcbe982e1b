package localdoor

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"syscall"
)

// Listen holds port on both loopback addresses. A port of 0 chooses a free one.
// A browser asks either address for sekisho.localhost, so that holding one alone
// would leave the other to a program that wants to be us.
func Listen(port int) (listeners []net.Listener, actual int, err error) {
	for attempt := 0; ; attempt++ {
		listeners, actual, err = listenBoth(port)
		// With a free choice the other address may happen to have the port in use.
		if err == nil || port != 0 || attempt == 20 {
			return listeners, actual, err
		}
	}
}

func listenBoth(port int) ([]net.Listener, int, error) {
	v4, err := listenExclusive("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, 0, taken(port, err)
	}
	port = v4.Addr().(*net.TCPAddr).Port
	v6, err := listenExclusive("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
		// A machine without IPv6 has no [::1] that anybody could hold.
		slog.Warn("no IPv6 loopback on this machine; the desk answers on 127.0.0.1 alone")
		return []net.Listener{v4}, port, nil
	}
	if err != nil {
		v4.Close()
		return nil, 0, taken(port, err)
	}
	return []net.Listener{v4, v6}, port, nil
}

func taken(port int, err error) error {
	return errPort.Because(fmt.Errorf("localdoor: port %d: %w (%s)", port, err, holder(port)))
}
