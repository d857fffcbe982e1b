package rawpc

import (
	"encoding/binary"
	"net/netip"
)

// Packets as somebody builds them who has no use for a network stack.

const (
	protoICMP, protoTCP, protoUDP = 1, 6, 17
	header                        = 20
)

// SYN is a TCP segment that asks for a connection.
func SYN(from, to netip.AddrPort) []byte {
	t := make([]byte, 20)
	binary.BigEndian.PutUint16(t, from.Port())
	binary.BigEndian.PutUint16(t[2:], to.Port())
	binary.BigEndian.PutUint32(t[4:], 1)
	t[12], t[13] = 5<<4, 2
	binary.BigEndian.PutUint16(t[14:], 65535)
	binary.BigEndian.PutUint16(t[16:], transport(protoTCP, from.Addr(), to.Addr(), t))
	return ipv4(protoTCP, from.Addr(), to.Addr(), 0, t)
}

// Datagram is a UDP datagram.
func Datagram(from, to netip.AddrPort, payload []byte) []byte {
	u := append(make([]byte, 8), payload...)
	binary.BigEndian.PutUint16(u, from.Port())
	binary.BigEndian.PutUint16(u[2:], to.Port())
	binary.BigEndian.PutUint16(u[4:], uint16(len(u)))
	binary.BigEndian.PutUint16(u[6:], transport(protoUDP, from.Addr(), to.Addr(), u))
	return ipv4(protoUDP, from.Addr(), to.Addr(), 0, u)
}

// Echo is a ping.
func Echo(from, to netip.Addr) []byte {
	e := []byte{8, 0, 0, 0, 0, 1, 0, 1}
	binary.BigEndian.PutUint16(e[2:], ^sum(0, e))
	return ipv4(protoICMP, from, to, 0, e)
}

// Fragments cuts a packet in two, so that only the first shows its ports.
func Fragments(packet []byte) [][]byte {
	from, to := netip.AddrFrom4([4]byte(packet[12:16])), netip.AddrFrom4([4]byte(packet[16:20]))
	body := packet[header:]
	const more = 0x2000
	return [][]byte{
		ipv4(packet[9], from, to, more, body[:16]),
		ipv4(packet[9], from, to, 16/8, body[16:]),
	}
}

// WithOptions adds a loose source route through the packet's own destination.
func WithOptions(packet []byte) []byte {
	o := append(append([]byte(nil), packet[:header]...), 131, 7, 4, packet[16], packet[17], packet[18], packet[19], 0)
	o = append(o, packet[header:]...)
	o[0] = 4<<4 | 7
	binary.BigEndian.PutUint16(o[2:], uint16(len(o)))
	o[10], o[11] = 0, 0
	binary.BigEndian.PutUint16(o[10:], ^sum(0, o[:header+8]))
	return o
}

func ipv4(proto byte, from, to netip.Addr, fragment uint16, body []byte) []byte {
	p := make([]byte, header, header+len(body))
	p[0] = 4<<4 | header/4
	binary.BigEndian.PutUint16(p[2:], uint16(header+len(body)))
	binary.BigEndian.PutUint16(p[4:], 7) // one id: fragments belong together
	binary.BigEndian.PutUint16(p[6:], fragment)
	p[8], p[9] = 64, proto
	src, dst := from.As4(), to.As4()
	copy(p[12:], src[:])
	copy(p[16:], dst[:])
	binary.BigEndian.PutUint16(p[10:], ^sum(0, p))
	return append(p, body...)
}

// transport is TCP's and UDP's checksum over their pseudo header.
func transport(proto byte, from, to netip.Addr, b []byte) uint16 {
	src, dst := from.As4(), to.As4()
	pseudo := append(append(append([]byte{}, src[:]...), dst[:]...), 0, proto, byte(len(b)>>8), byte(len(b)))
	return ^sum(uint32(sum(0, pseudo)), b)
}

// sum is the ones' complement sum of RFC 1071.
func sum(s uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		s += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
