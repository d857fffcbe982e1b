package stack

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// segment builds a TCP packet by gVisor's own encoder.
func segment(src, dst netip.AddrPort, flags header.TCPFlags, seq, ack uint32, payload int) []byte {
	b := make([]byte, 40+payload)
	ip := header.IPv4(b)
	ip.Encode(&header.IPv4Fields{
		TotalLength: uint16(len(b)), TTL: 64, Protocol: ProtoTCP,
		SrcAddr: full(src).Addr, DstAddr: full(dst).Addr,
	})
	ip.SetChecksum(^ip.CalculateChecksum())
	header.TCP(b[20:]).Encode(&header.TCPFields{
		SrcPort: src.Port(), DstPort: dst.Port(), SeqNum: seq, AckNum: ack, DataOffset: 20, Flags: flags, WindowSize: 1000,
	})
	return b
}

func datagram(src, dst netip.AddrPort, payload int) []byte {
	b := make([]byte, 28+payload)
	header.IPv4(b).Encode(&header.IPv4Fields{TotalLength: uint16(len(b)), TTL: 64, Protocol: ProtoUDP, SrcAddr: full(src).Addr, DstAddr: full(dst).Addr})
	header.UDP(b[20:]).Encode(&header.UDPFields{SrcPort: src.Port(), DstPort: dst.Port(), Length: uint16(8 + payload)})
	return b
}

var (
	pc   = netip.MustParseAddrPort("100.64.0.2:40000")
	door = netip.MustParseAddrPort("100.64.0.1:80")
)

func TestParsePacket(t *testing.T) {
	k, ok := ParsePacket(segment(pc, door, header.TCPFlagSyn, 7, 9, 3))
	want := Packet{Src: pc, Dst: door, Proto: ProtoTCP, Flags: FlagSYN, Seq: 7, Ack: 9, Payload: 3}
	if !ok || k != want {
		t.Fatalf("%v %+v", ok, k)
	}
	k, ok = ParsePacket(datagram(pc, door, 5))
	want = Packet{Src: pc, Dst: door, Proto: ProtoUDP, Payload: 5}
	if !ok || k != want {
		t.Fatalf("%v %+v", ok, k)
	}
}

func TestParsePacketRefusesWhatItCannotJudge(t *testing.T) {
	change := func(at int, v byte) func([]byte) []byte {
		return func(b []byte) []byte { b[at] = v; return b }
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"empty":               func([]byte) []byte { return nil },
		"short":               func(b []byte) []byte { return b[:19] },
		"IPv6":                change(0, 6<<4|5),
		"IP options":          change(0, 4<<4|6),
		"length beyond":       change(3, 60),
		"length below":        change(3, 30),
		"first fragment":      change(6, 0x20),
		"later fragment":      change(7, 1),
		"reserved bit":        change(6, 0x80),
		"ICMP":                change(9, 1),
		"no TCP header":       func(b []byte) []byte { b[3] = 30; return b[:30] },
		"data offset small":   change(32, 4<<4),
		"data offset beyond":  change(32, 15<<4),
		"trailing bytes":      func(b []byte) []byte { return append(b, 0) },
		"protocol 41 (6in4)":  change(9, 41),
		"protocol 4 (ipip)":   change(9, 4),
		"UDP length disagree": change(9, ProtoUDP),
	} {
		if k, ok := ParsePacket(spoil(segment(pc, door, header.TCPFlagAck, 1, 2, 0))); ok {
			t.Errorf("%s: read as %+v", name, k)
		}
	}
}

func TestResetSegmentIsWellFormed(t *testing.T) {
	for _, c := range []struct {
		flags    header.TCPFlags
		payload  int
		seq, ack uint32
		want     header.TCPFlags
	}{
		{header.TCPFlagAck, 10, 500, 0, header.TCPFlagRst},
		{header.TCPFlagSyn, 0, 0, 101, header.TCPFlagRst | header.TCPFlagAck},
		{header.TCPFlagFin, 4, 0, 105, header.TCPFlagRst | header.TCPFlagAck},
	} {
		k, _ := ParsePacket(segment(pc, door, c.flags, 100, 500, c.payload))
		b := k.reset()
		ip, tcp := header.IPv4(b), header.TCP(b[20:])
		if !ip.IsValid(len(b)) || !ip.IsChecksumValid() {
			t.Fatalf("IP header: %x", b)
		}
		if !tcp.IsChecksumValid(ip.SourceAddress(), ip.DestinationAddress(), checksum.Checksum(nil, 0), 0) {
			t.Fatalf("TCP checksum: %x", b)
		}
		r, ok := ParsePacket(b)
		if !ok || r.Src != door || r.Dst != pc || header.TCPFlags(r.Flags) != c.want || r.Seq != c.seq || r.Ack != c.ack || r.Payload != 0 {
			t.Fatalf("%v: %+v", c, r)
		}
	}
}

func FuzzParsePacket(f *testing.F) {
	f.Add(segment(pc, door, header.TCPFlagSyn, 1, 2, 10))
	f.Add(datagram(pc, door, 10))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, ok := ParsePacket(b)
		if !ok {
			return
		}
		if k.Payload < 0 || k.Payload > len(b) || int(binary.BigEndian.Uint16(b[2:])) != len(b) {
			t.Fatalf("%+v", k)
		}
		if k.Proto == ProtoTCP {
			if _, ok := ParsePacket(k.reset()); !ok {
				t.Fatalf("the answer to %x does not parse", b)
			}
		}
	})
}
