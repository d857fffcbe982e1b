package trunks

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// TestGlare: both ask at once; theirs is answered 491, ours waits and is asked again
// (RFC 3261 §14.1, §14.2).
func TestGlare(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	legs := make(chan *Leg, 1)
	_, p := listed(t, clk, answering(t, legs))
	p.say("INVITE", dialled, "glare", headOf("glare", "1 INVITE")+"Session-Expires: 90\r\nSupported: timer\r\nAllow: UPDATE\r\n", p.sdp("inactive"))
	to := lineOf(p.hears("SIP/2.0 200"), "To")
	p.ack("glare", "1", to, "")
	leg := <-legs
	time.Sleep(100 * time.Millisecond) // the ACK is on its way
	clk.Advance(46 * time.Second)
	ours := p.hears("UPDATE ")
	p.say("INVITE", dialled, "glare2", within("glare", "2 INVITE", to), p.sdp())
	p.hears("SIP/2.0 491")
	p.ack("glare2", "2", to, "")
	p.raw([]byte("SIP/2.0 491 Request Pending\r\nVia: " + lineOf(ours, "Via") + "\r\nFrom: " + lineOf(ours, "From") + "\r\nTo: " + lineOf(ours, "To") +
		"\r\nCall-ID: " + lineOf(ours, "Call-ID") + "\r\nCSeq: " + lineOf(ours, "CSeq") + "\r\nContent-Length: 0\r\n\r\n"))
	time.Sleep(200 * time.Millisecond) // the answer is on its way
	clk.Advance(5 * time.Second)
	if again := p.hears("UPDATE "); lineOf(again, "CSeq") == lineOf(ours, "CSeq") && lineOf(again, "Via") != lineOf(ours, "Via") {
		t.Errorf("the number did not rise: %q", again)
	}
	if leg.over() {
		t.Error("glare ended the call")
	}
}
