package localdoor

import (
	"errors"
	"log/slog"
	"net"
)

// gatekeeper lets in connections of one user of this PC alone.
type gatekeeper struct {
	net.Listener
	user int
	uid  func(net.Conn) (int, error)
}

// Accept waits for the next connection of the right user; others are closed
// before one byte of theirs is read.
func (g gatekeeper) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		uid, err := g.uid(conn)
		if err == nil && uid == g.user {
			return conn, nil
		}
		if errors.Is(err, errors.ErrUnsupported) { // not Linux: see peer_other.go
			return conn, nil
		}
		slog.Warn("refused a connection of another user of this PC", "uid", uid, "error", err)
		_ = conn.Close() // refused: its error tells nothing
	}
}
