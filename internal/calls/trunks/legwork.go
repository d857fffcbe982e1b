package trunks

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"time"

	"github.com/pion/rtcp"

	"github.com/sekisho/sekisho/internal/calls"
)

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// agree takes the peer's offer or answer as what holds from now on. Where it
// names another address, the next source of sound is learned anew.
func (l *Leg) agree(m media) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.secure != l.own.secure {
		return errCrypto
	}
	if m.secure {
		if err := l.agreeKeys(m); err != nil {
			return err
		}
	}
	if m.at.IsValid() && m.at != l.peer.at || m.codec != l.peer.codec {
		l.latch.again()
	}
	if !m.at.IsValid() { // hold the old way: where it was, but nothing goes there
		m.at, m.control = l.peer.at, l.peer.control
	}
	l.peer, l.heard = m, l.clk.Mono()
	l.law.Store(uint32(m.codec))
	return nil
}

// agreeKeys chooses a line and keeps what need not change: another context for
// the same key would forget its rollover counter and its window against replays.
func (l *Leg) agreeKeys(m media) error {
	line, ok := choose(m.keys)
	if !ok {
		return errCrypto
	}
	mine := cryptoLine{tag: -1}
	for _, k := range l.own.keys {
		if k.suite.profile == line.suite.profile {
			mine = cryptoLine{tag: line.tag, suite: line.suite, key: k.key}
		}
	}
	if mine.tag < 0 {
		mine = newCrypto(line.tag, line.suite)
	}
	if l.sealed == nil || len(l.own.keys) != 1 || string(l.own.keys[0].key) != string(mine.key) {
		c, err := mine.context()
		if err != nil {
			return errCrypto.Because(err)
		}
		l.sealed = c
	}
	if id := line.suite.name + string(line.key); l.opened == nil || id != l.openKey {
		c, err := line.context()
		if err != nil {
			return errCrypto.Because(err)
		}
		l.opened, l.openKey = c, id
		l.latch.again()
	}
	l.own.keys = []cryptoLine{mine}
	return nil
}

// answer is our description after agree took the offer.
func (l *Leg) answer() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own.version++
	return l.own.answer(l.peer)
}

// offer is our description where the peer gave none, or where we ask anew.
func (l *Leg) offer() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.own.secure && len(l.own.keys) == 0 {
		for i, s := range suites[:2] { // never a 32-bit tag by our own wish
			l.own.keys = append(l.own.keys, newCrypto(i+1, s))
		}
	}
	l.own.version++
	agreed := l.peer
	agreed.mux = false
	return l.own.offer(agreed)
}

// SendDigit presses a key towards the party: as telephone-event, or by SIP INFO
// where none was agreed on. It returns at once; keys follow one after the other.
func (l *Leg) SendDigit(d calls.Digit) error {
	if !d.Valid() {
		return errDigit
	}
	select {
	case l.keys <- d:
		return nil
	default:
		return errDigit
	}
}

// A key is held for keyTime, and keyPause follows it (ITU-T Q.24 asks for 40 ms each).
const (
	keyStep  = 20 * time.Millisecond
	keySteps = 5 // of keyStep
	keyPause = 60 * time.Millisecond
)

func (l *Leg) sendKeys() {
	defer l.ports.wait.Done()
	source, seq := rand.Uint32(), uint16(0)
	step := time.NewTimer(0)
	defer step.Stop()
	<-step.C
	pause := func(d time.Duration) bool {
		step.Reset(d)
		select {
		case <-l.ended:
			return false
		case <-step.C:
			return true
		}
	}
	for {
		select {
		case <-l.ended:
			return
		case d := <-l.keys:
			if !l.sendKey(d, source, &seq, pause) {
				return
			}
		}
	}
}

// sendKey sends one key (RFC 4733 §2.5): packets every 20 ms, the last three times.
func (l *Leg) sendKey(d calls.Digit, source uint32, seq *uint16, pause func(time.Duration) bool) bool {
	l.mu.Lock()
	event := l.peer.event
	l.keying = event != noEvent
	l.mu.Unlock()
	if event == noEvent {
		if l.info != nil && l.info(d) != nil {
			return !l.over() // the peer refuses keys by INFO as well: there is no other way
		}
		return pause(keyPause)
	}
	stamp := uint32(l.clk.Mono() * calls.Rate / time.Second)
	for i := 1; i <= keySteps+2; i++ {
		n := min(i, keySteps)
		end := byte(10) // volume, -10 dBm0
		if i >= keySteps {
			end |= 0x80
		}
		length := uint16(n * int(keyStep/time.Millisecond) * calls.Rate / 1000)
		*seq++
		l.mu.Lock()
		l.send(calls.Frame{Kind: calls.Key, Source: source, Seq: *seq, Stamp: stamp, Marker: i == 1, Payload: []byte{d.Event(), end, byte(length >> 8), byte(length)}})
		l.mu.Unlock()
		if i < keySteps && !pause(keyStep) {
			return false
		}
	}
	ok := pause(keyPause)
	l.mu.Lock()
	l.keying = false
	l.mu.Unlock()
	return ok
}

// readReports owns the RTCP port, writes our reports and watches that sound comes.
func (l *Leg) readReports() {
	defer l.ports.wait.Done()
	buf := make([]byte, 2048)
	next := l.clk.Mono() + reportGap
	for !l.over() {
		if err := l.pair.rtcp.SetReadDeadline(time.Now().Add(time.Second)); err != nil || l.over() {
			return
		}
		n, from, err := l.pair.rtcp.ReadFromUDPAddrPort(buf)
		if err == nil {
			l.readReport(buf[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
		} else if !isTimeout(err) {
			return
		}
		now := l.clk.Mono()
		if now >= next {
			l.sendReport(now)
			next = now + reportGap
		}
		if l.silent(now) {
			l.Hang(calls.MediaLost)
			return
		}
	}
}

// silent says whether sound should have come and did not. A party that put us on
// hold owes none; before an answer nothing is owed either.
func (l *Leg) silent(now time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.peer.codec == calls.NoCodec || l.peer.direction != both {
		l.heard = now
		return false
	}
	if l.some {
		return now-l.heard > laterSound
	}
	return now-l.heard > firstSound
}

func (l *Leg) readReport(b []byte, from netip.AddrPort) {
	defer l.contain()
	l.report(b, from)
}

// report takes a peer's report; one from elsewhere is foreign.
func (l *Leg) report(b []byte, from netip.AddrPort) {
	now := l.clk.Mono()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.fromPeer(from.Addr()) || l.latch.locked && l.latch.at.Addr() != from.Addr() {
		l.foreign++
		return
	}
	if l.own.secure {
		if l.opened == nil {
			l.foreign++
			return
		}
		clear, err := l.opened.DecryptRTCP(nil, b, nil)
		if err != nil {
			l.foreign++
			return
		}
		b = clear
	}
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		l.foreign++
		return
	}
	l.got.reported(packets, l.stream.SSRC, ntpTime(l.clk.Now()), now)
}

func (l *Leg) sendReport(now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	to := l.peer.control
	if l.latch.locked && to.IsValid() && !l.peer.mux {
		to = netip.AddrPortFrom(l.latch.at.Addr(), to.Port())
	} else if l.latch.locked && l.peer.mux {
		to = l.latch.at
	}
	if !to.IsValid() || l.own.secure && l.sealed == nil {
		return
	}
	var blocks []rtcp.ReceptionReport
	if l.got.begun {
		blocks = append(blocks, l.got.block(now))
	}
	var p rtcp.Packet = &rtcp.ReceiverReport{SSRC: l.stream.SSRC, Reports: blocks}
	if l.sent > 0 {
		p = &rtcp.SenderReport{SSRC: l.stream.SSRC, NTPTime: ntpTime(l.clk.Now()), RTPTime: l.stamp, PacketCount: l.sent, OctetCount: l.octets, Reports: blocks}
	}
	name := &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{Source: l.stream.SSRC, Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "sekisho"}}}}}
	b, err := rtcp.Marshal([]rtcp.Packet{p, name})
	if err == nil && l.sealed != nil {
		b, err = l.sealed.EncryptRTCP(nil, b, nil)
	}
	if err != nil {
		return
	}
	conn := l.pair.rtcp
	if l.peer.mux {
		conn = l.pair.rtp
	}
	// A report that is lost is followed by the next one.
	_, _ = conn.WriteToUDPAddrPort(b, to)
}
