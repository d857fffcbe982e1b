package trunks

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/pion/rtp"

	"github.com/sekisho/sekisho/internal/calls"
)

// readSound owns the RTP port until it is given back.
func (l *Leg) readSound() {
	defer l.ports.wait.Done()
	defer l.ports.drain(l.pair)
	buf := make([]byte, 2048)
	for !l.over() {
		if err := l.pair.rtp.SetReadDeadline(time.Now().Add(lostEnd)); err != nil {
			return
		}
		if l.over() { // finish may have come between: its deadline was overwritten
			return
		}
		n, from, err := l.pair.rtp.ReadFromUDPAddrPort(buf)
		if err != nil {
			if isTimeout(err) {
				l.quiet()
				continue
			}
			return
		}
		l.arrived(buf[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
	}
}

// arrived judges one packet. Whatever it holds, the process goes on.
func (l *Leg) arrived(b []byte, from netip.AddrPort) {
	defer l.contain()
	if len(b) >= 2 && b[1] >= 192 && b[1] <= 223 { // RFC 5761 §4
		l.report(b, from)
		return
	}
	f, digits, ok := l.admit(b, from)
	l.tell(digits)
	if sink := l.sink.Load(); ok && sink != nil {
		(*sink).Take(f)
	}
}

// admit takes a packet in, or counts it as foreign.
func (l *Leg) admit(b []byte, from netip.AddrPort) (f calls.Frame, digits []calls.Digit, ok bool) {
	now := l.clk.Mono()
	l.mu.Lock()
	defer l.mu.Unlock()
	var h rtp.Header
	n, err := h.Unmarshal(b)
	if err != nil || h.Version != 2 || l.latch.foreign(from, l.fromPeer) || !l.speaks(h.PayloadType) {
		l.foreign++
		return f, nil, false
	}
	payload := b[n:]
	if l.own.secure {
		if l.opened == nil {
			l.foreign++
			return f, nil, false
		}
		clear, err := l.opened.DecryptRTP(nil, b, &h)
		if err != nil || len(clear) < n {
			l.foreign++
			return f, nil, false
		}
		payload = clear[n:]
	}
	if payload = unpad(payload, h.Padding); payload == nil || !l.latch.admits(from, h.SSRC) {
		l.foreign++
		return f, nil, false
	}
	l.heard, l.some = now, true
	l.got.take(h.SSRC, h.SequenceNumber, h.Timestamp, now)
	f = calls.Frame{Codec: l.peer.codec, Source: h.SSRC, Seq: h.SequenceNumber, Stamp: h.Timestamp, Marker: h.Marker, At: now, Payload: payload}
	switch h.PayloadType {
	case l.peer.payload:
		f.Kind = calls.Sound
		return f, l.keypad.silence(now), len(payload) > 0 && len(payload) <= 480 && l.peer.direction&sends != 0
	case l.peer.event:
		f.Kind = calls.Key
		e, ok := readEvent(h.SSRC, h.Timestamp, payload)
		if !ok {
			return f, nil, false
		}
		f.Payload = payload[:4]
		return f, l.keypad.press(e, now), true
	}
	return f, l.keypad.silence(now), false // comfort noise is not passed on
}

// unpad takes the padding off (RFC 3550 §5.1); nil if there is more than payload.
func unpad(payload []byte, padded bool) []byte {
	if !padded {
		return payload
	}
	if len(payload) == 0 || int(payload[len(payload)-1]) > len(payload) || payload[len(payload)-1] == 0 {
		return nil
	}
	return payload[:len(payload)-int(payload[len(payload)-1])]
}

// speaks says whether a payload type was agreed on; 13 is comfort noise.
func (l *Leg) speaks(pt uint8) bool {
	return l.peer.codec != calls.NoCodec && (pt == l.peer.payload || pt == l.peer.event || pt == 13)
}

func (l *Leg) fromPeer(a netip.Addr) bool {
	return l.peer.at.IsValid() && l.peer.at.Addr() == a || l.permitted(a)
}

// quiet is called when nothing came for a moment: a key may have lost its ends.
func (l *Leg) quiet() {
	defer l.contain()
	l.mu.Lock()
	digits := l.keypad.silence(l.clk.Mono())
	l.mu.Unlock()
	l.tell(digits)
}

func (l *Leg) tell(digits []calls.Digit) {
	if f := l.pressed.Load(); f != nil {
		for _, d := range digits {
			(*f)(d)
		}
	}
}

// contain keeps what one packet breaks within that packet.
func (l *Leg) contain() {
	if recover() == nil {
		return
	}
	l.mu.Lock()
	l.panics++
	first := l.panics == 1
	l.mu.Unlock()
	if first {
		slog.Error("trunks: a packet of sound broke its handler")
	}
}
