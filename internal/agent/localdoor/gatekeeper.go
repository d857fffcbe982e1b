package localdoor

import (
	"log/slog"
	"net"
)

// gatekeeper lets in connections of one user of this PC alone.
type gatekeeper struct {
	net.Listener
	user  int // negative is the agent's own account
	check func(conn net.Conn, user int) error
}

// Accept waits for the next connection of the right user; others, and those
// whose user cannot be told, are closed before one byte of theirs is read.
func (g gatekeeper) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if err = g.check(conn, g.user); err == nil {
			return conn, nil
		}
		slog.Warn("refused a connection of another user of this PC", "error", err)
		_ = conn.Close() // refused: its error tells nothing
	}
}
