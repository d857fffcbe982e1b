package trunks

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"pgregory.net/rapid"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// bare is a leg without a call around it.
func bare(t testing.TB, secure bool) *Leg {
	t.Helper()
	p := newPorts(loopback, 20000, 60000)
	p.idle = 10 * time.Millisecond
	l, err := newLeg(p, clock.System(), loopback, secure, func(netip.Addr) bool { return false })
	must(t, err)
	l.hang = l.finish
	t.Cleanup(func() { l.finish(calls.ByFlow); p.close() })
	return l
}

// TestOnlyAuthenticSoundIsHeard: with SRTP neither sound in the clear, nor of another
// key, nor a packet that was altered or came before is taken, whoever sends it.
func TestOnlyAuthenticSoundIsHeard(t *testing.T) {
	for _, s := range suites {
		t.Run(s.name, func(t *testing.T) {
			l := bare(t, true)
			peer, wrong := newCrypto(4, s), newCrypto(4, s)
			m := mustMedia(t)
			m.secure, m.keys, m.at = true, []cryptoLine{peer}, netip.AddrPortFrom(loopback, 50000)
			must(t, l.agree(m))
			ours := string(l.own.keys[0].key)
			must(t, l.agree(m)) // a re-INVITE that changes nothing keeps the keys
			if string(l.own.keys[0].key) != ours || l.own.keys[0].tag != 4 {
				t.Error("our key was changed")
			}
			good, err := peer.context()
			must(t, err)
			bad, err := wrong.context()
			must(t, err)
			var heard ear
			l.Listen(&heard)
			packet := func(seq uint16) []byte {
				b, err := (&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: uint32(seq) * 160, SSRC: 9}, Payload: []byte("abcdefgh")}).Marshal()
				must(t, err)
				return b
			}
			for i := range uint16(10) {
				l.arrived(packet(i), m.at)
				forged, err := bad.EncryptRTP(nil, packet(i), nil)
				must(t, err)
				l.arrived(forged, m.at)
			}
			if heard.heard() != 0 || l.Quality().Foreign != 20 {
				t.Fatalf("%d were heard, %d refused", heard.heard(), l.Quality().Foreign)
			}
			var last []byte
			for i := range uint16(10) {
				last, err = good.EncryptRTP(nil, packet(100+i), nil)
				must(t, err)
				l.arrived(last, m.at)
			}
			l.arrived(last, m.at)
			last[len(last)-1] ^= 1
			l.arrived(last, m.at)
			if heard.heard() != 8 || l.Quality().Foreign != 20+2+2 {
				t.Errorf("%d were heard, %d refused", heard.heard(), l.Quality().Foreign)
			}
			m.keys = nil
			if err := l.agree(m); err == nil {
				t.Error("a description without keys was agreed to")
			}
		})
	}
}

// TestALatchHoldsToOneAddress, whatever others send.
func TestALatchHoldsToOneAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l latch
		home := netip.MustParseAddrPort("192.0.2.1:4000")
		for range enough {
			l.admits(home, 1)
		}
		for range rapid.IntRange(0, 50).Draw(t, "packets") {
			from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, rapid.Uint8Range(1, 3).Draw(t, "ip")}), rapid.Uint16Range(3999, 4001).Draw(t, "port"))
			if l.admits(from, rapid.Uint32Range(1, 3).Draw(t, "source")) && from != home {
				t.Fatalf("%v was admitted", from)
			}
		}
		if !l.locked || l.at != home {
			t.Fatalf("%+v", l)
		}
	})
	var l latch
	if l.admits(netip.MustParseAddrPort("192.0.2.1:4000"), 1) || l.admits(netip.MustParseAddrPort("192.0.2.1:4000"), 2) || l.admits(netip.MustParseAddrPort("192.0.2.1:4000"), 1) {
		t.Error("three packets of two sources were enough")
	}
}

// TestLossAndJitter are counted as RFC 3550 has it.
func TestLossAndJitter(t *testing.T) {
	var r reception
	at := time.Duration(0)
	for i := range 100 {
		at += 20 * time.Millisecond
		if i%10 == 5 {
			continue
		}
		late := time.Duration(0)
		if i%2 == 1 {
			late = 8 * time.Millisecond
		}
		r.take(1, uint16(65500+i), uint32(i*160), at+late)
	}
	q := r.total()
	if q.Received != 90 || q.Lost != 10 || q.Jitter < 5*time.Millisecond || q.Jitter > 9*time.Millisecond {
		t.Errorf("%+v", q)
	}
	if b := r.block(at); b.TotalLost != 10 || b.FractionLost != 25 || b.LastSequenceNumber != 65500+99 {
		t.Errorf("%+v", b)
	}
	r.take(2, 1, 1, at)
	if q := r.total(); q.Received != 91 || q.Lost != 10 {
		t.Errorf("after another source: %+v", q)
	}
}

// TestNobodyIsHeardAfterTheEnd.
func TestNobodyIsHeardAfterTheEnd(t *testing.T) {
	l := bare(t, false)
	m := mustMedia(t)
	must(t, l.agree(m))
	var heard ear
	l.Listen(&heard)
	l.Hang(calls.ByOperator)
	l.Take(calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Payload: make([]byte, 160)})
	if l.sent != 0 || l.sink.Load() != nil || l.Cause() != calls.ByOperator {
		t.Errorf("%d packets were sent after the end", l.sent)
	}
}

func FuzzSound(f *testing.F) {
	f.Add([]byte{0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4})
	f.Add([]byte{0x80, 0xE5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 5, 0x8A, 3, 32})
	f.Add([]byte{0xB1, 101, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0xBE, 0xDE, 0, 1, 0x10, 1, 0, 0, 5, 0x8A, 3, 32})
	f.Add([]byte{0x81, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1})
	l := bare(f, false)
	m := media{codec: calls.PCMU, event: 101, at: netip.AddrPortFrom(loopback, 50000), direction: both}
	must(f, l.agree(m))
	l.Listen(calls.SinkFunc(func(fr calls.Frame) {
		if fr.Kind == calls.NoSound || len(fr.Payload) == 0 || len(fr.Payload) > 480 {
			f.Errorf("%+v", fr)
		}
	}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for range enough {
			l.arrived(b, m.at)
		}
		if l.panics != 0 {
			t.Fatal("a packet broke its handler")
		}
	})
}

// TestRoundTrip is what a peer's report says of ours (RFC 3550 §6.4.1).
func TestRoundTrip(t *testing.T) {
	start := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	sent := ntpTime(start)
	var r reception
	back := &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 7, LastSenderReport: uint32(sent >> 16), Delay: 65536 / 2}}}
	r.reported([]rtcp.Packet{back}, 8, ntpTime(start.Add(600*time.Millisecond)), 0)
	if r.trip != 0 {
		t.Error("a report about somebody else was taken")
	}
	r.reported([]rtcp.Packet{back}, 7, ntpTime(start.Add(600*time.Millisecond)), 0)
	if r.trip < 99*time.Millisecond || r.trip > 101*time.Millisecond {
		t.Errorf("%v", r.trip)
	}
	r.reported([]rtcp.Packet{&rtcp.SenderReport{NTPTime: sent}}, 7, sent, time.Second)
	if b := r.block(time.Second + 250*time.Millisecond); b.LastSenderReport != uint32(sent>>16) || b.Delay != 65536/4 {
		t.Errorf("%+v", b)
	}
}
