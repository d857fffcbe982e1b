//go:build !windows

package localdoor

import "net"

// listenExclusive: the kernel refuses a second listener on an address that is
// listened on, whether it is named or covered by a wildcard.
func listenExclusive(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}
