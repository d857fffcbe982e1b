package uplink

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"github.com/sekisho/sekisho/internal/wire"
)

// Media opens a UDP socket inside the tunnel that is connected to the gateway's
// port for sound: it neither sends to nor hears anything else.
func (c *Connection) Media(ctx context.Context) (net.PacketConn, netip.AddrPort, error) {
	to := netip.AddrPortFrom(c.gateway, wire.MediaPort)
	if _, err := c.current(); err != nil {
		return nil, to, err
	}
	conn, err := c.tunnel.DialContext(ctx, "udp4", to.String())
	if err != nil {
		return nil, to, errBroken.Because(err)
	}
	packets, ok := conn.(net.PacketConn)
	if !ok {
		return nil, to, errBroken.Because(errors.Join(errors.New("uplink: the tunnel's socket carries no datagrams"), conn.Close()))
	}
	return packets, to, nil
}
