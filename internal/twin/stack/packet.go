package stack

import (
	"encoding/binary"
	"net/netip"
)

// Protocol numbers of IPv4 (RFC 791 §3.1) that the house knows.
const (
	ProtoTCP = 6
	ProtoUDP = 17
)

// TCP flags (RFC 9293 §3.1).
const (
	FlagFIN = 1 << iota
	FlagSYN
	FlagRST
	flagPSH
	FlagACK
)

const (
	ipv4Header = 20
	tcpHeader  = 20
	udpHeader  = 8
)

// Packet is what a Gate needs to know of one IPv4 packet.
type Packet struct {
	Src, Dst netip.AddrPort
	Proto    uint8  // ProtoTCP or ProtoUDP, nothing else
	Flags    uint8  // TCP only
	Seq, Ack uint32 // TCP only
	Payload  int    // bytes after the TCP or UDP header
}

// ParsePacket reads an IPv4 packet that carries TCP or UDP. It is false for all
// else: other versions and protocols, fragments (their ports cannot be known),
// IP options (source routes) and lengths that contradict each other.
func ParsePacket(p []byte) (k Packet, ok bool) {
	if len(p) < ipv4Header || p[0] != 4<<4|ipv4Header/4 {
		return k, false
	}
	if int(binary.BigEndian.Uint16(p[2:])) != len(p) {
		return k, false
	}
	if binary.BigEndian.Uint16(p[6:])&0xbfff != 0 { // all but "don't fragment": more fragments, offset, reserved
		return k, false
	}
	src, dst := netip.AddrFrom4([4]byte(p[12:16])), netip.AddrFrom4([4]byte(p[16:20]))
	k.Proto, p = p[9], p[ipv4Header:]
	switch k.Proto {
	case ProtoTCP:
		if len(p) < tcpHeader {
			return k, false
		}
		data := int(p[12]>>4) * 4
		if data < tcpHeader || data > len(p) {
			return k, false
		}
		k.Seq, k.Ack = binary.BigEndian.Uint32(p[4:]), binary.BigEndian.Uint32(p[8:])
		k.Flags, k.Payload = p[13], len(p)-data
	case ProtoUDP:
		if len(p) < udpHeader || int(binary.BigEndian.Uint16(p[4:])) != len(p) {
			return k, false
		}
		k.Payload = len(p) - udpHeader
	default:
		return k, false
	}
	k.Src = netip.AddrPortFrom(src, binary.BigEndian.Uint16(p))
	k.Dst = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(p[2:]))
	return k, true
}

// reset builds the segment that refuses k without keeping any state (RFC 9293
// §3.10.7.1): its sequence number is what the peer acknowledged, so that the
// peer's TCP accepts it whatever was lost on the way.
func (k Packet) reset() []byte {
	b := make([]byte, ipv4Header+tcpHeader)
	b[0] = 4<<4 | ipv4Header/4
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	b[6], b[8], b[9] = 0x40, 64, ProtoTCP // don't fragment, 64 hops
	src, dst := k.Dst.Addr().As4(), k.Src.Addr().As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], ^sum16(0, b[:ipv4Header]))
	t := b[ipv4Header:]
	binary.BigEndian.PutUint16(t, k.Dst.Port())
	binary.BigEndian.PutUint16(t[2:], k.Src.Port())
	t[12] = tcpHeader / 4 << 4
	if k.Flags&FlagACK != 0 {
		binary.BigEndian.PutUint32(t[4:], k.Ack)
		t[13] = FlagRST
	} else {
		n := uint32(k.Payload)
		if k.Flags&FlagSYN != 0 {
			n++
		}
		if k.Flags&FlagFIN != 0 {
			n++
		}
		binary.BigEndian.PutUint32(t[8:], k.Seq+n)
		t[13] = FlagRST | FlagACK
	}
	pseudo := []byte{src[0], src[1], src[2], src[3], dst[0], dst[1], dst[2], dst[3], 0, ProtoTCP, 0, tcpHeader}
	binary.BigEndian.PutUint16(t[16:], ^sum16(uint32(sum16(0, pseudo)), t))
	return b
}

// sum16 is the ones' complement sum of RFC 1071 over an even number of bytes.
func sum16(sum uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
