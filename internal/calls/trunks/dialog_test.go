package trunks

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// TestHoldAndResume: sendonly, inactive and 0.0.0.0 are answered as RFC 3264 has it,
// nothing is sent meanwhile, and each answer's version rises.
func TestHoldAndResume(t *testing.T) {
	legs := make(chan *Leg, 1)
	_, p := listed(t, clock.System(), answering(t, legs))
	to := p.call("hold", p.sdp())
	leg := <-legs
	version := ""
	for i, test := range []struct {
		body, want string
		held       bool
	}{
		{p.sdp("sendonly"), "recvonly", true}, {p.sdp("inactive"), "inactive", true}, {p.sdp(), "sendrecv", false},
		{strings.Replace(p.sdp(), "c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", 1), "recvonly", true}, {p.sdp("sendrecv"), "sendrecv", false},
	} {
		cseq := fmt.Sprint(i + 2)
		p.say("INVITE", dialled, "hold"+cseq, within("hold", cseq+" INVITE", to), test.body)
		m := p.hears("SIP/2.0 200")
		p.ack("hold", cseq, to, "")
		if !strings.Contains(m, "a="+test.want+"\r\n") || leg.Held() != test.held {
			t.Errorf("%s: held %v, %q", test.want, leg.Held(), m)
		}
		for _, l := range strings.Split(bodyOf(m), "\r\n") {
			if strings.HasPrefix(l, "o=") {
				if l <= version && len(l) <= len(version) {
					t.Errorf("%q after %q", l, version)
				}
				version = l
			}
		}
		eventually(t, "the ACK came", func() bool { leg.mu.Lock(); defer leg.mu.Unlock(); return true })
		time.Sleep(20 * time.Millisecond) // the ACK is on its way: the next INVITE is not glare
	}
	p.say("BYE", dialled, "holdbye", within("hold", "9 BYE", to), "")
	p.hears("SIP/2.0 200")
	<-leg.Ended()
	p.say("BYE", dialled, "holdbye2", within("hold", "10 BYE", to), "")
	p.hears("SIP/2.0 481")
}

// TestTheWaysOfDialogs: what RFC 3261 and its companions ask of one that answers.
func TestTheWaysOfDialogs(t *testing.T) {
	legs := make(chan *Leg, 1)
	_, p := listed(t, clock.System(), answering(t, legs))
	t.Run("delayed offer", func(t *testing.T) {
		p.say("INVITE", dialled, "late", headOf("late", "1 INVITE"), "")
		m := p.hears("SIP/2.0 200")
		if !strings.Contains(m, "m=audio") || !strings.Contains(m, "RTP/AVP 0 8 101") {
			t.Fatalf("%q", m)
		}
		leg := <-legs
		p.ack("late", "1", lineOf(m, "To"), p.sdp())
		eventually(t, "the answer is taken", func() bool { return leg.Codec() == calls.PCMU })
		leg.Hang(calls.ByOperator)
		if m := p.hears("BYE "); lineOf(m, "CSeq") == "" || !strings.HasPrefix(m, "BYE sip:peer@127.0.0.1:5999 SIP/2.0") {
			t.Errorf("%q", m)
		}
	})
	t.Run("a session too short", func(t *testing.T) {
		p.say("INVITE", dialled, "short", headOf("short", "1 INVITE")+"Session-Expires: 60\r\nSupported: timer\r\n", p.sdp())
		if m := p.hears("SIP/2.0 422"); lineOf(m, "Min-SE") != "90" {
			t.Errorf("%q", m)
		}
	})
	t.Run("a session that they refresh", func(t *testing.T) {
		p.say("INVITE", dialled, "timer", headOf("timer", "1 INVITE")+"Session-Expires: 120;refresher=uac\r\nSupported: timer\r\n", p.sdp())
		m := p.hears("SIP/2.0 200")
		if lineOf(m, "Session-Expires") != "120;refresher=uac" || lineOf(m, "Require") != "timer" {
			t.Errorf("%q", m)
		}
		to := lineOf(m, "To")
		p.ack("timer", "1", to, "")
		<-legs
		p.say("UPDATE", dialled, "timer2", within("timer", "2 UPDATE", to)+"Session-Expires: 180;refresher=uac\r\nSupported: timer\r\n", "")
		if m := p.hears("SIP/2.0 200"); lineOf(m, "Session-Expires") != "180;refresher=uac" || bodyOf(m) != "" {
			t.Errorf("%q", m)
		}
		p.say("INVITE", dialled, "timer1", within("timer", "1 INVITE", to), p.sdp()) // an old number
		p.hears("SIP/2.0 500")
		p.say("INFO", dialled, "timer3", within("timer", "3 INFO", to)+"Content-Type: application/x-other\r\n", "x")
		p.hears("SIP/2.0 415")
		p.say("INVITE", dialled, "timer4", within("timer", "4 INVITE", to), strings.Replace(p.sdp(), "AVP 0 101", "AVP 9", 1))
		p.hears("SIP/2.0 488")
		p.say("BYE", dialled, "timer5", within("timer", "5 BYE", strings.Replace(to, "tag=", "tag=x", 1)), "")
		p.hears("SIP/2.0 481")
		p.say("BYE", dialled, "timer6", within("timer", "6 BYE", to), "")
		p.hears("SIP/2.0 200")
	})
	t.Run("pictures and other codecs", func(t *testing.T) {
		p.say("INVITE", dialled, "video", headOf("video", "1 INVITE"), p.sdp()+"m=video 50000 RTP/AVP 96\r\n")
		m := p.hears("SIP/2.0 200")
		if !strings.Contains(m, "m=video 0 RTP/AVP 96") {
			t.Errorf("%q", m)
		}
		p.ack("video", "1", lineOf(m, "To"), "")
		(<-legs).Hang(calls.ByOperator)
		p.say("INVITE", dialled, "g722", headOf("g722", "1 INVITE"), strings.Replace(p.sdp(), "AVP 0 101", "AVP 9", 1))
		p.hears("SIP/2.0 488")
		p.say("INVITE", dialled, "savp", headOf("savp", "1 INVITE"), strings.Replace(p.sdp("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"+strings.Repeat("A", 40)), "RTP/AVP", "RTP/SAVP", 1))
		p.hears("SIP/2.0 488")
	})
}

// TestReliableRinging: with 100rel, 180 is repeated until its PRACK.
func TestReliableRinging(t *testing.T) {
	done := make(chan struct{})
	_, p := listed(t, clock.System(), func(in *Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-in.Gone()
		close(done)
	})
	p.say("INVITE", dialled, "rel", headOf("rel", "1 INVITE")+"Require: 100rel\r\n", p.sdp())
	m := p.hears("SIP/2.0 180")
	if again := p.hears("SIP/2.0 180"); lineOf(again, "RSeq") != lineOf(m, "RSeq") || lineOf(m, "Require") != "100rel" {
		t.Errorf("%q, then %q", m, again)
	}
	p.say("PRACK", dialled, "rel2", within("rel", "2 PRACK", lineOf(m, "To"))+"RAck: 999 1 INVITE\r\n", "")
	p.hears("SIP/2.0 481")
	p.say("PRACK", dialled, "rel3", within("rel", "3 PRACK", lineOf(m, "To"))+"RAck: "+lineOf(m, "RSeq")+" 1 INVITE\r\n", "")
	p.hears("SIP/2.0 200")
	p.say("CANCEL", dialled, "rel", headOf("rel", "1 CANCEL"), "")
	p.hears("SIP/2.0 487")
	<-done
}

// TestAnAnswerThatNobodyConfirms is repeated, twice as late each time, and hung up after 32 s.
func TestAnAnswerThatNobodyConfirms(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	legs := make(chan *Leg, 1)
	_, p := listed(t, clk, answering(t, legs))
	p.say("INVITE", dialled, "noack", headOf("noack", "1 INVITE"), p.sdp())
	p.hears("SIP/2.0 200")
	leg := <-legs
	for _, gap := range []time.Duration{t1, 2 * t1, 4 * t1, t2} {
		clk.Advance(gap - time.Millisecond)
		if m := p.next(120 * time.Millisecond); m != "" {
			t.Fatalf("%v: too early: %q", gap, m)
		}
		clk.Advance(time.Millisecond)
		p.hears("SIP/2.0 200")
	}
	clk.Advance(t64)
	p.hears("BYE ")
	<-leg.Ended()
	if leg.Cause() != calls.TrunkLost {
		t.Error(leg.Cause())
	}
}

// TestASessionThatNobodyRefreshes ends; one that we refresh goes on, by UPDATE.
func TestASessionThatNobodyRefreshes(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	legs := make(chan *Leg, 1)
	_, p := listed(t, clk, answering(t, legs))
	p.say("INVITE", dialled, "lapse", headOf("lapse", "1 INVITE")+"Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n", p.sdp("inactive"))
	m := p.hears("SIP/2.0 200")
	p.ack("lapse", "1", lineOf(m, "To"), "")
	leg := <-legs
	eventually(t, "the ACK came", func() bool { return confirmedAll(leg) })
	time.Sleep(100 * time.Millisecond)
	clk.Advance(61 * time.Second)
	p.hears("BYE ")
	<-leg.Ended()

	p.say("INVITE", dialled, "ours", headOf("ours", "1 INVITE")+"Session-Expires: 90\r\nSupported: timer\r\nAllow: INVITE, UPDATE\r\n", p.sdp("inactive"))
	m = p.hears("SIP/2.0 200")
	if lineOf(m, "Session-Expires") != "90;refresher=uas" {
		t.Errorf("%q", m)
	}
	p.ack("ours", "1", lineOf(m, "To"), "")
	leg = <-legs
	time.Sleep(100 * time.Millisecond)
	for range 3 {
		clk.Advance(46 * time.Second)
		m := p.hears("UPDATE ")
		p.raw([]byte("SIP/2.0 200 OK\r\nVia: " + lineOf(m, "Via") + "\r\nFrom: " + lineOf(m, "From") + "\r\nTo: " + lineOf(m, "To") + "\r\nCall-ID: " + lineOf(m, "Call-ID") +
			"\r\nCSeq: " + lineOf(m, "CSeq") + "\r\nContent-Length: 0\r\n\r\n"))
		time.Sleep(100 * time.Millisecond) // until the next beat has seen the answer
	}
	if leg.over() {
		t.Error("a session that was refreshed ended")
	}
}

func confirmedAll(l *Leg) bool { return !l.over() }

// TestMediaTimeout: a call in which nothing is heard is given up; one on hold is not.
func TestMediaTimeout(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	legs := make(chan *Leg, 2)
	_, p := listed(t, clk, answering(t, legs))
	p.call("mute", p.sdp())
	silent := <-legs
	p.call("held", p.sdp("sendonly"))
	held := <-legs
	clk.Advance(firstSound + time.Second)
	<-silent.Ended()
	if silent.Cause() != calls.MediaLost || held.over() {
		t.Errorf("%s, held is over: %v", silent.Cause(), held.over())
	}
}

// TestSoundFromElsewhere: sound, keys and reports from a foreign address, of a foreign
// type or before the third packet are counted and never heard.
func TestSoundFromElsewhere(t *testing.T) {
	legs := make(chan *Leg, 1)
	_, p := listed(t, clock.System(), answering(t, legs))
	p.say("INVITE", dialled, "rtp", headOf("rtp", "1 INVITE"), p.sdp())
	m := p.hears("SIP/2.0 200")
	p.ack("rtp", "1", lineOf(m, "To"), "")
	leg, at := <-legs, soundAt(t, m)
	var heard ear
	keys := make(chan calls.Digit, 8)
	leg.Listen(&heard)
	leg.OnDigit(func(d calls.Digit) { keys <- d })
	foreign := newPhone(t, "127.0.0.9", at)
	send := func(from *phone, pt byte, source byte, seq int, payload ...byte) {
		t.Helper()
		b := append([]byte{0x80, pt, byte(seq >> 8), byte(seq), 0, 0, byte(seq), 0, 0, 0, 0, source}, payload...)
		_, err := from.rtp.WriteToUDPAddrPort(b, at)
		must(t, err)
	}
	sound := []byte(strings.Repeat("\x33", 160))
	for i := range 10 {
		send(foreign, 0, 66, i, sound...)
		send(foreign, 101, 66, i, 9, 0x80, 3, 32)
	}
	eventually(t, "foreign packets are counted", func() bool { return leg.Quality().Foreign == 20 })
	for i := range 20 {
		send(p, 0, 5, i, sound...)
	}
	eventually(t, "the peer is heard from its third packet on", func() bool { return heard.heard() == 18 })
	for i := range 10 {
		send(foreign, 0, 5, 20+i, []byte(strings.Repeat("\x44", 160))...)
		send(p, 3, 5, 40+i, sound...) // a type that was not agreed on
	}
	_, err := p.rtp.WriteToUDPAddrPort([]byte{0x80}, at)
	must(t, err)
	eventually(t, "and counted again", func() bool { return leg.Quality().Foreign == 20+2+20+1 })
	if heard.of(0x44) != 0 || len(keys) != 0 || heard.of(0x33) != heard.heard() {
		t.Errorf("of the foreign: %d, keys %d", heard.of(0x44), len(keys))
	}
	for range 3 { // a key, and then the same packets again
		send(p, 101, 5, 60, 4, 0x80, 3, 32)
	}
	send(p, 101, 5, 50, 4, 0x80, 3, 32) // and one of before
	send(p, 0, 5, 70, sound...)
	eventually(t, "the key came", func() bool { return heard.heard() == 19 })
	if len(keys) != 1 || <-keys != '4' {
		t.Error("the key was not told just once")
	}
}

// TestAClosedPortIsDrained: stale sound never reaches the next call.
func TestAClosedPortIsDrained(t *testing.T) {
	legs := make(chan *Leg, 1)
	r, p := listed(t, clock.System(), answering(t, legs))
	r.ports.mu.Lock()
	r.ports.idle = 1500 * time.Millisecond
	r.ports.mu.Unlock()
	to := p.call("old", p.sdp())
	leg := <-legs
	port := leg.pair.port()
	p.say("BYE", dialled, "oldbye", within("old", "2 BYE", to), "")
	p.hears("SIP/2.0 200")
	<-leg.Ended()
	r.ports.mu.Lock()
	r.ports.first, r.ports.last = port, port+1
	r.ports.mu.Unlock()
	for range 10 { // the old call's sender has not noticed
		_, err := p.rtp.WriteToUDPAddrPort([]byte(strings.Repeat("\x80", 172)), netip.AddrPortFrom(loopback, port))
		must(t, err)
		if one, err := r.ports.take(); err == nil {
			r.ports.give(one)
			t.Fatal("a port was given to the next call while its old sender still speaks")
		}
		time.Sleep(50 * time.Millisecond)
	}
	eventually(t, "silence gives it back", func() bool {
		one, err := r.ports.take()
		if err == nil {
			r.ports.give(one)
		}
		return err == nil
	})
}
