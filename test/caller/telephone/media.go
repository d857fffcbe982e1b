package telephone

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

const ours = 101 // our payload type of telephone-event

// media is the sound of one call, and the goroutines that carry it.
type media struct {
	conn *net.UDPConn
	say  []int16
	Options
	tell func(string, ...any)

	mu        sync.Mutex
	to        *net.UDPAddr
	law       sound.Law
	event     uint8 // their payload type of telephone-event; 0: none
	recvonly  bool
	heard     []int16
	stream    uint32 // SSRC of what is heard
	base      uint32 // its timestamp of heard[offset]
	offset    int
	seq       uint16
	packets   int
	lost      int
	told      int // samples whose level was told
	stop      chan struct{}
	closing   sync.Once
	goroutine sync.WaitGroup
}

func listen(local net.IP, o Options) (*media, error) {
	m := &media{Options: o, stop: make(chan struct{}), tell: func(string, ...any) {}}
	if o.Say != nil {
		pcm, err := sound.ReadWAV(o.Say, 10*time.Minute)
		if err != nil {
			return nil, err
		}
		m.say = pcm
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: local})
	if err != nil {
		return nil, err
	}
	m.conn = conn
	m.goroutine.Go(m.receive)
	return m, nil
}

// close ends all and gives what was heard.
func (m *media) close() (heard []int16, packets, lost int) {
	m.closing.Do(func() {
		close(m.stop)
		_ = m.conn.Close() // a socket that is being left
	})
	m.goroutine.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heard, m.packets, m.lost
}

func (m *media) offer() []byte { return m.describe("sendrecv", ours) }

func (m *media) describe(direction string, event uint8) []byte {
	at := m.conn.LocalAddr().(*net.UDPAddr)
	family := "IP4"
	if at.IP.To4() == nil {
		family = "IP6"
	}
	lines := []string{
		"v=0", fmt.Sprintf("o=- %d %d IN %s %s", at.Port, time.Now().Unix(), family, at.IP), "s=-", fmt.Sprintf("c=IN %s %s", family, at.IP), "t=0 0",
		fmt.Sprintf("m=audio %d RTP/AVP 0 8 %d", at.Port, event), "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
		fmt.Sprintf("a=rtpmap:%d telephone-event/8000", event), fmt.Sprintf("a=fmtp:%d 0-15", event), "a=ptime:20", "a=" + direction, "",
	}
	return []byte(strings.Join(lines, "\r\n"))
}

// answered takes the other side's answer and begins to speak.
func (m *media) answered(body []byte) error {
	if err := m.learn(body); err != nil {
		return err
	}
	m.goroutine.Go(m.speak)
	return nil
}

// accept takes an offer within the call and gives our answer.
func (m *media) accept(body []byte) []byte {
	if len(body) == 0 {
		return m.offer()
	}
	if err := m.learn(body); err != nil {
		m.tell("not understood: %v", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	event := m.event
	if event == 0 {
		event = ours
	}
	switch {
	case strings.Contains(string(body), "a=inactive"):
		return m.describe("inactive", event)
	case m.recvonly:
		return m.describe("recvonly", event)
	}
	return m.describe("sendrecv", event)
}

// learn reads where and how the other side wants its sound.
func (m *media) learn(body []byte) error {
	var d sdp.SessionDescription
	if err := d.Unmarshal(body); err != nil {
		return err
	}
	for _, one := range d.MediaDescriptions {
		if one.MediaName.Media != "audio" || one.MediaName.Port.Value == 0 {
			continue
		}
		where := one.ConnectionInformation
		if where == nil {
			where = d.ConnectionInformation
		}
		if where == nil || where.Address == nil || len(one.MediaName.Formats) == 0 {
			return errors.New("the answer says nowhere to speak to")
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.to = &net.UDPAddr{IP: net.ParseIP(where.Address.Address), Port: one.MediaName.Port.Value}
		if m.law = sound.Mu; one.MediaName.Formats[0] == "8" {
			m.law = sound.A
		}
		m.recvonly, m.event = false, 0
		for _, a := range one.Attributes {
			if pt, name, ok := strings.Cut(a.Value, " "); ok && a.Key == "rtpmap" && strings.HasPrefix(name, "telephone-event/8000") {
				n, err := strconv.ParseUint(pt, 10, 7)
				if err != nil {
					return err
				}
				if !m.InBand {
					m.event = uint8(n)
				}
			}
			m.recvonly = m.recvonly || a.Key == "sendonly" || a.Key == "inactive"
		}
		return nil
	}
	return errors.New("the answer has no sound")
}

// keys gives what each frame of 20 ms sends of the keys: nil where it sends sound.
func (m *media) keys() func(frame int) (key byte, nth int) {
	const tone, gap = 5, 3 // frames: 100 and 60 ms
	wait := max(1, int(m.After/(20*time.Millisecond)))
	next, at := 0, wait
	return func(frame int) (byte, int) {
		if next >= len(m.Press) || frame < at {
			return 0, 0
		}
		if nth := frame - at; nth < tone+gap {
			if nth < tone {
				return m.Press[next], nth + 1
			}
			return m.Press[next], -1 // the gap after it
		}
		next, at = next+1, frame+wait
		return 0, 0
	}
}

// speak sends a frame every 20 ms: what is to be said, then silence, and the keys.
func (m *media) speak() {
	header := rtp.Header{Version: 2, SSRC: rand.Uint32(), SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32(), Marker: true}
	keys, pressed := m.keys(), uint32(0)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for frame := 0; ; frame++ {
		select {
		case <-m.stop:
			return
		case <-ticker.C:
		}
		m.mu.Lock()
		to, law, event, mute := m.to, m.law, m.event, m.recvonly
		m.mu.Unlock()
		h := header
		h.PayloadType = map[sound.Law]uint8{sound.Mu: 0, sound.A: 8}[law]
		key, nth := keys(frame)
		switch {
		case mute:
		case nth > 0 && event != 0:
			if h.PayloadType, h.Marker = event, nth == 1; nth == 1 {
				pressed = header.Timestamp
				m.tell("pressed %c", key)
			}
			h.Timestamp = pressed
			m.press(&header, h, to, key, nth)
		case nth > 0:
			if nth == 1 {
				m.tell("pressed %c, as sound", key)
			}
			var pcm [sound.Frame]int16
			sound.Dial(pcm[:], key, (nth-1)*sound.Frame)
			m.sound(&header, h, to, law, pcm[:])
		default:
			var pcm [sound.Frame]int16
			if at := frame * sound.Frame; at < len(m.say) {
				copy(pcm[:], m.say[at:])
			}
			m.sound(&header, h, to, law, pcm[:])
		}
		header.Timestamp += sound.Frame
	}
}

// sound sends one frame.
func (m *media) sound(header *rtp.Header, h rtp.Header, to *net.UDPAddr, law sound.Law, pcm []int16) {
	var payload [sound.Frame]byte
	law.Encode(payload[:], pcm)
	m.send(h, to, payload[:])
	header.SequenceNumber++
	header.Marker = false
}

// press sends the nth packet of a key, and its end three times (RFC 4733 §2.5.1.4).
func (m *media) press(header *rtp.Header, h rtp.Header, to *net.UDPAddr, key byte, nth int) {
	last, duration := nth == 5, uint16(nth*sound.Frame)
	body := []byte{byte(strings.IndexByte("0123456789*#ABCD", key)), 10, byte(duration >> 8), byte(duration)}
	times := 1
	if last {
		body[1] |= 0x80
		times = 3
	}
	for range times {
		h.SequenceNumber = header.SequenceNumber
		m.send(h, to, body)
		header.SequenceNumber++
	}
}

func (m *media) send(h rtp.Header, to *net.UDPAddr, payload []byte) {
	packet, err := (&rtp.Packet{Header: h, Payload: payload}).Marshal()
	if err == nil {
		_, err = m.conn.WriteToUDP(packet, to)
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		m.tell("cannot speak: %v", err)
	}
}
