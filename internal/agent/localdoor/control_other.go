//go:build !linux

package localdoor

import "net"

// sameUser rests on the state folder's access list here: whoever can enter it
// can reach the socket.
func sameUser(net.Conn) bool { return true }
