//go:build !linux && !windows

package localdoor

import (
	"errors"
	"net"
)

// Who is at the other end of a connection is not known here, and nobody is let
// in by guess.

// ServiceDir is the folder of a service's control socket; here there is none.
func ServiceDir() string { return "" }

func peerIs(net.Conn, int) error { return errors.ErrUnsupported }

func mayAsk(net.Conn, int) error { return errors.ErrUnsupported }

func sharedFolder(string) error { return errService.Because(errors.ErrUnsupported) }

func holder(int) string { return "ask the system who listens there" }
