package trunks

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// caller is what SIPp does: rings, plays the keys 1, 5 and # as recorded packets, hangs up.
const sippCaller = `<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:0398765432@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-11,16
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="200" rtd="true"/>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:0398765432@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0
]]></send>
<nop><action><exec play_pcap_audio="PCAPS/g711a.pcap"/></action></nop>
<pause milliseconds="500"/>
<nop><action><exec play_pcap_audio="PCAPS/dtmf_2833_1.pcap"/></action></nop>
<pause milliseconds="600"/>
<nop><action><exec play_pcap_audio="PCAPS/dtmf_2833_5.pcap"/></action></nop>
<pause milliseconds="600"/>
<nop><action><exec play_pcap_audio="PCAPS/dtmf_2833_pound.pcap"/></action></nop>
<pause milliseconds="800"/>
<send retrans="500"><![CDATA[
BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:0398765432@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0
]]></send>
<recv response="200"/>
</scenario>
`

func freePort(t testing.TB) int {
	return int(newPhone(t, "127.0.0.1", netip.AddrPort{}).portAndClose())
}

func (p *phone) portAndClose() uint16 {
	n := p.port()
	p.conn.Close()
	return n
}

// TestSIPpCallsUs with sound and keys from recordings of real telephones (30 ms
// packets, ends with one sequence number).
func TestSIPpCallsUs(t *testing.T) {
	sipp := need(t, "sipp")
	var mu sync.Mutex
	var keys string
	var law calls.Codec
	var heard ear
	r := open(t, clock.System(), Config{}, func(in *Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		leg, err := in.Answer(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		leg.OnDigit(func(d calls.Digit) { mu.Lock(); keys += string(rune(d)); mu.Unlock() })
		leg.Listen(&heard)
		<-in.Gone()
		mu.Lock()
		law = leg.Codec()
		mu.Unlock()
	})
	port := freePort(t)
	r.trunkTo(t, ourNumber, uint16(port), nil)
	dir := t.TempDir()
	pcaps := "/usr/share/sip-tester"
	must(t, os.WriteFile(filepath.Join(dir, "caller.xml"), []byte(strings.ReplaceAll(sippCaller, "PCAPS", pcaps)), 0o600))
	cmd := exec.CommandContext(t.Context(), sipp, "-sf", "caller.xml", "-s", "0312345678", r.Listening(UDP).String(), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", strconv.Itoa(port), "-m", "1", "-timeout", "20s", "-nostdin")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	eventually(t, "the call is over", func() bool { return r.open() == 0 })
	eventually(t, "all keys came once", func() bool { mu.Lock(); defer mu.Unlock(); return keys == "15#" && law == calls.PCMA })
	if heard.heard() < 10 {
		t.Errorf("%d frames of sound", heard.heard())
	}
}

// TestWeCallSIPp: what we say comes back, and the peer hangs up.
func TestWeCallSIPp(t *testing.T) {
	sipp := need(t, "sipp")
	r := open(t, clock.System(), Config{}, func(in *Incoming) {})
	port := freePort(t)
	line := r.trunkTo(t, ourNumber, uint16(port), nil)
	cmd := exec.CommandContext(t.Context(), sipp, "-sn", "uas", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", strconv.Itoa(port), "-rtp_echo", "-mp", "62000", "-m", "1", "-timeout", "30s", "-nostdin")
	cmd.Dir = t.TempDir()
	must(t, cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	var leg *Leg
	eventually(t, "SIPp answers", func() (ok bool) {
		var err error
		leg, err = r.Dial(t.Context(), Outgoing{By: "op", Trunk: line.ID, To: otherNumber, From: ourNumber, Show: calls.Show})
		return err == nil
	})
	var heard ear
	leg.Listen(&heard)
	speak(t, leg, 0x5A)
	eventually(t, "our own voice comes back", func() bool { return heard.of(0x5A) > 20 })
	leg.Hang(calls.ByOperator)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// registrar is the peer of a registration trunk: it wants a digest for all that comes.
func registrar(t *testing.T, p *phone, stop <-chan struct{}) (seen func() []string) {
	t.Helper()
	var mu sync.Mutex
	var log []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			m := p.next(100 * time.Millisecond)
			if m == "" || strings.HasPrefix(m, "SIP/2.0") || strings.HasPrefix(m, "ACK") {
				continue
			}
			method, _, _ := strings.Cut(m, " ")
			status, more := "401 Unauthorized", "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\r\nWWW-Authenticate: Digest realm=\"carrier\", nonce=\"def\", qop=\"auth\", algorithm=SHA-256\r\n"
			if c, err := digest.ParseCredentials(lineOf(m, "Authorization")); err == nil {
				want, err := digest.Digest(&digest.Challenge{Realm: "carrier", Nonce: "def", QOP: []string{"auth"}, Algorithm: "SHA-256"},
					digest.Options{Method: method, URI: c.URI, Username: "line1", Password: "s3cret", Cnonce: c.Cnonce, Count: c.Nc})
				if err == nil && want.Response == c.Response {
					status, more = "200 OK", "Contact: "+lineOf(m, "Contact")+";expires="+lineOf(m, "Expires")+"\r\n"
				} else {
					status, more = "403 Forbidden", ""
				}
			}
			if method == "INVITE" && strings.HasPrefix(status, "200") {
				status, more = "486 Busy Here", ""
			}
			mu.Lock()
			log = append(log, method+" "+status[:3]+" "+lineOf(m, "Expires"))
			mu.Unlock()
			answer(p, m, status, more)
		}
	}()
	t.Cleanup(func() { <-done })
	return func() []string { mu.Lock(); defer mu.Unlock(); return append([]string{}, log...) }
}

func answer(p *phone, m, status, more string) {
	text := fmt.Sprintf("SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=reg\r\nCall-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n", status,
		lineOf(m, "Via"), lineOf(m, "From"), lineOf(m, "To"), lineOf(m, "Call-ID"), lineOf(m, "CSeq"), more)
	_, _ = p.conn.WriteToUDPAddrPort([]byte(text), p.to) // a lost answer is asked for again
}

// TestRegistration: with the strongest digest that is offered, again before it lapses,
// taken back at the end; a wrong password says so; calls out authenticate as well.
func TestRegistration(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	stop, outer := make(chan struct{}), t
	p := newPhone(t, "127.0.0.1", netip.AddrPort{})
	seen := func() []string { return nil }
	t.Run("while it serves", func(t *testing.T) {
		r := open(t, clk, Config{}, func(in *Incoming) {})
		p.to = r.Listening(UDP)
		seen = registrar(outer, p, stop)
		line := r.trunkTo(t, ourNumber, p.port(), func(tr *Trunk) { tr.Kind, tr.User = ByRegistration, "line1" })
		registered := func() bool { s, ok := r.Standing(line.ID); return ok && s.Registered && s.Code == "" }
		eventually(t, "registered", registered)
		clk.Advance(registerFor/2 + time.Second)
		eventually(t, "registered again", func() bool { return strings.Count(strings.Join(seen(), ","), "REGISTER 200 3600") == 2 })
		if _, err := r.Dial(t.Context(), Outgoing{By: "op", Trunk: line.ID, To: otherNumber, From: ourNumber}); CauseOf(err) != calls.Busy {
			t.Errorf("%v, %q", err, seen())
		}
		wrong := "wrong"
		_, err := r.Change(t.Context(), "admin", line, &wrong)
		must(t, err)
		clk.Advance(registerFor)
		eventually(t, "a wrong password is told", func() bool { s, _ := r.Standing(line.ID); return !s.Registered && s.Code == "trunk.credentials" })
		right := "s3cret"
		_, err = r.Change(t.Context(), "admin", line, &right)
		must(t, err)
		clk.Advance(2 * registerRetry)
		eventually(t, "registered once more", registered)
	})
	all := seen()
	close(stop)
	if len(all) == 0 || all[len(all)-1] != "REGISTER 200 0" {
		t.Errorf("it was not taken back: %q", all)
	}
}
