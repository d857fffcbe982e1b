package telephone

import (
	"errors"
	"net"

	"github.com/pion/rtp"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// longest is the most that is kept of what is heard: an hour.
const longest = 3600 * sound.Rate

// receive takes what arrives until the socket is closed.
func (m *media) receive() {
	buf := make([]byte, 2048)
	for {
		n, err := m.conn.Read(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		var p rtp.Packet
		if err != nil || p.Unmarshal(buf[:n]) != nil || p.PayloadType != 0 && p.PayloadType != 8 {
			continue
		}
		m.take(&p)
	}
}

// take puts a packet where its timestamp says: what is missing stays silence.
func (m *media) take(p *rtp.Packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.packets++
	switch step := int(int16(p.SequenceNumber - m.seq)); {
	case m.packets == 1 || p.SSRC != m.stream:
		m.stream, m.base, m.offset, m.seq = p.SSRC, p.Timestamp, len(m.heard), p.SequenceNumber
	case step > 0:
		m.lost += step - 1
		m.seq = p.SequenceNumber
	default:
		m.lost = max(0, m.lost-1) // it was only late
	}
	at := m.offset + int(int32(p.Timestamp-m.base))
	end := at + len(p.Payload)
	if at < 0 || end > longest || end-len(m.heard) > 60*sound.Rate {
		return
	}
	if end > len(m.heard) {
		m.heard = append(m.heard, make([]int16, end-len(m.heard))...)
	}
	law := sound.Mu
	if p.PayloadType == 8 {
		law = sound.A
	}
	law.Decode(m.heard[at:end], p.Payload)
	for len(m.heard)-m.told >= sound.Rate {
		m.tell("heard %.1f dBFS", sound.Level(m.heard[m.told:m.told+sound.Rate]))
		m.told += sound.Rate
	}
}
