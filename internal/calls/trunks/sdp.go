package trunks

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Limits of a session description (RFC 8866): beyond them nothing is read.
const (
	maxSDP     = 16 << 10
	maxMedia   = 8
	maxFormats = 32
)

var (
	errSDP   = sekisho.Fail(sekisho.KindInvalid, "trunk.sdp")
	errCodec = sekisho.Fail(sekisho.KindInvalid, "trunk.no_codec")
)

// direction is who sends (RFC 3264 §5.1), as the one who wrote it sees it.
type direction uint8

const (
	inactive direction = 0
	sends    direction = 1
	hears    direction = 2
	both               = sends | hears
)

func (d direction) String() string {
	return [...]string{"inactive", "sendonly", "recvonly", "sendrecv"}[d&both]
}

// reversed is what the other side may answer at most (RFC 3264 §6.1).
func (d direction) reversed() direction { return d>>1&1 | d<<1&2 }

// noEvent says that no telephone-event was agreed on.
const noEvent = 255

// media is what a description says of the one stream of sound that we take.
type media struct {
	at        netip.AddrPort // where the writer wants sound; invalid: nowhere (0.0.0.0 or port 0)
	control   netip.AddrPort // where it wants RTCP
	mux       bool           // RTCP on the same port (RFC 5761)
	direction direction      // of the writer
	codec     calls.Codec    // the first that we know, in the writer's order
	payload   uint8          // its payload type
	event     uint8          // payload type of telephone-event, or noEvent
	ptime     int            // ms; 20 if nothing is said
	secure    bool           // RTP/SAVP or SAVPF
	keys      []cryptoLine   // SDES, in the writer's order
	index     int            // which m-line it is
	lines     []mediaLine    // all m-lines, for the answer
}

type mediaLine struct{ kind, protocol, format string }

// readSDP reads an offer or an answer. It never panics, whatever it is given.
func readSDP(text []byte) (m media, err error) {
	defer func() {
		if recover() != nil {
			m, err = media{}, errSDP
		}
	}()
	if len(text) == 0 || len(text) > maxSDP || strings.Count(string(text), "\nm=") > maxMedia {
		return media{}, errSDP
	}
	var s sdp.SessionDescription
	if err := s.Unmarshal(text); err != nil {
		return media{}, errSDP // the cause may quote the text
	}
	m.index = -1
	for i, d := range s.MediaDescriptions {
		if len(d.MediaName.Formats) == 0 || len(d.MediaName.Formats) > maxFormats {
			return media{}, errSDP
		}
		line := mediaLine{clean(d.MediaName.Media), clean(strings.Join(d.MediaName.Protos, "/")), clean(d.MediaName.Formats[0])}
		if line.kind == "" || line.protocol == "" || line.format == "" {
			return media{}, errSDP
		}
		m.lines = append(m.lines, line)
		if m.index < 0 && line.kind == "audio" && d.MediaName.Port.Value != 0 {
			if one, ok := readAudio(s, d, line.protocol); ok {
				one.index, one.lines = i, m.lines
				m = one
			}
		}
	}
	if m.index < 0 {
		return media{}, errCodec
	}
	return m, nil
}

// clean lets only what may stand in an m-line of ours pass.
func clean(s string) string {
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return ""
		}
	}
	return s[:min(len(s), 64)]
}

// readAudio reads one m-line of sound; false if it is none that we could take.
func readAudio(s sdp.SessionDescription, d *sdp.MediaDescription, protocol string) (m media, ok bool) {
	switch protocol {
	case "RTP/AVP", "RTP/AVPF":
	case "RTP/SAVP", "RTP/SAVPF":
		m.secure = true
	default:
		return m, false
	}
	where := d.ConnectionInformation
	if where == nil {
		where = s.ConnectionInformation
	}
	if where == nil || where.Address == nil {
		return m, false
	}
	ip, err := netip.ParseAddr(where.Address.Address)
	port := d.MediaName.Port.Value
	if err != nil || ip.IsMulticast() || ip.Zone() != "" || port < 1024 || port > 65535 {
		return m, false
	}
	if !ip.IsUnspecified() {
		m.at = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	}
	m.attributes(s, d, ip.Unmap())
	if !m.at.IsValid() {
		m.direction &^= hears // hold as RFC 2543 had it
	}
	return m, m.formats(d) && m.ptime > 0
}

func (m *media) attributes(s sdp.SessionDescription, d *sdp.MediaDescription, ip netip.Addr) {
	m.direction, m.ptime = both, 20
	if m.at.IsValid() && m.at.Port() < 65535 {
		m.control = netip.AddrPortFrom(ip, m.at.Port()+1)
	}
	for _, a := range append(append([]sdp.Attribute{}, s.Attributes...), d.Attributes...) {
		switch a.Key {
		case "sendrecv":
			m.direction = both
		case "sendonly":
			m.direction = sends
		case "recvonly":
			m.direction = hears
		case "inactive":
			m.direction = inactive
		case "ptime":
			if n, err := strconv.Atoi(a.Value); err == nil && n >= 10 && n <= 60 {
				m.ptime = n
			}
		case "rtcp-mux":
			m.mux = true
		case "rtcp": // RFC 3605; only another port of the same address
			text, _, _ := strings.Cut(a.Value, " ")
			if n, err := strconv.ParseUint(text, 10, 16); err == nil && n >= 1024 && m.at.IsValid() {
				m.control = netip.AddrPortFrom(ip, uint16(n))
			}
		case "crypto":
			if line, ok := readCrypto(a.Value); ok && len(m.keys) < maxFormats {
				m.keys = append(m.keys, line)
			}
		}
	}
	if m.mux {
		m.control = m.at
	}
}

// formats finds the law, in the writer's order, and telephone-event at 8,000 Hz.
func (m *media) formats(d *sdp.MediaDescription) bool {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"}
	for _, a := range d.Attributes {
		if pt, name, ok := strings.Cut(a.Value, " "); ok && a.Key == "rtpmap" {
			names[pt] = strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(name), "/1"))
		}
	}
	m.event = noEvent
	for _, f := range d.MediaName.Formats {
		pt, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		switch name := names[f]; {
		case name == "PCMU/8000" && m.codec == calls.NoCodec:
			m.codec, m.payload = calls.PCMU, uint8(pt)
		case name == "PCMA/8000" && m.codec == calls.NoCodec:
			m.codec, m.payload = calls.PCMA, uint8(pt)
		case name == "TELEPHONE-EVENT/8000" && m.event == noEvent:
			m.event = uint8(pt)
		}
	}
	return m.codec != calls.NoCodec
}

// ours is what we say of ourselves in a description.
type ours struct {
	session uint64 // below 2^62
	version uint64 // rises with every change
	at      netip.AddrPort
	secure  bool
	keys    []cryptoLine
}

func (o ours) head(b *strings.Builder) {
	family := "IP4"
	if o.at.Addr().Is6() {
		family = "IP6"
	}
	fmt.Fprintf(b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", o.session, o.version, family, o.at.Addr(), family, o.at.Addr())
}

func (o ours) audio(b *strings.Builder, protocol string, m media) {
	formats := strconv.Itoa(int(m.payload))
	lines := fmt.Sprintf("a=rtpmap:%d %s/8000\r\n", m.payload, m.codec)
	if m.codec == calls.NoCodec { // an offer of both
		formats, lines = "0 8", "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
	}
	if m.event != noEvent {
		formats += " " + strconv.Itoa(int(m.event))
		lines += fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", m.event, m.event)
	}
	fmt.Fprintf(b, "m=audio %d %s %s\r\n%sa=ptime:%d\r\na=%s\r\n", o.at.Port(), protocol, formats, lines, m.ptime, m.direction)
	if m.mux {
		b.WriteString("a=rtcp-mux\r\n")
	}
	for _, k := range o.keys {
		b.WriteString("a=crypto:" + k.value() + "\r\n")
	}
}

// answer writes our answer: every m-line has one, all but the chosen with port 0.
func (o ours) answer(offer media) []byte {
	var b strings.Builder
	o.head(&b)
	for i, line := range offer.lines {
		if i != offer.index {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", line.kind, line.protocol, line.format)
			continue
		}
		m := offer
		m.direction = offer.direction.reversed()
		o.audio(&b, line.protocol, m)
	}
	return []byte(b.String())
}

// offer writes an offer of ours: both laws, or what was agreed on already.
func (o ours) offer(agreed media) []byte {
	var b strings.Builder
	o.head(&b)
	m := media{codec: agreed.codec, payload: agreed.payload, event: agreed.event, ptime: 20, direction: both}
	if m.codec == calls.NoCodec {
		m.event = 101
	}
	protocol := "RTP/AVP"
	if o.secure {
		protocol = "RTP/SAVP"
	}
	o.audio(&b, protocol, m)
	return []byte(b.String())
}
