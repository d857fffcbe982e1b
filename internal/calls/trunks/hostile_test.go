package trunks

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// listed is a room with one trunk, to whose list 127.0.0.1 belongs.
func listed(t testing.TB, clk clock.Clock, b board) (room, *phone) {
	t.Helper()
	r := open(t, clk, Config{UDP: "127.0.0.1:0", TCP: "127.0.0.1:0"}, b)
	p := newPhone(t, "127.0.0.1", r.Listening(UDP))
	r.trunkTo(t, ourNumber, p.port(), nil)
	return r, p
}

// TestStrangersHearNothing: not even that something listens here.
func TestStrangersHearNothing(t *testing.T) {
	r, p := listed(t, clock.System(), func(in *Incoming) { t.Error("a stranger's call arrived") })
	stranger := newPhone(t, "127.0.0.2", r.Listening(UDP))
	for _, method := range []string{"OPTIONS", "REGISTER", "INVITE", "NONSENSE"} {
		stranger.say(method, dialled, "stranger"+method, headOf("s", "1 "+method), "")
	}
	if m := stranger.next(300 * time.Millisecond); m != "" {
		t.Errorf("a stranger was answered: %q", m)
	}
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 3)}}
	c, err := d.Dial("tcp", r.Listening(TCP).String())
	must(t, err)
	defer c.Close()
	must(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	if n, err := c.Read(make([]byte, 1)); err == nil || n > 0 {
		t.Error("a stranger's connection was kept")
	}
	p.say("OPTIONS", dialled, "known", headOf("k", "1 OPTIONS"), "") // control: a known peer is answered
	p.hears("SIP/2.0 200")
	if r.net.unknown.Load() < 5 {
		t.Errorf("%d of strangers were counted", r.net.unknown.Load())
	}
}

// torture are the messages of RFC 4475 that come with sipgo, and what they must be answered.
var torture = map[string]string{
	// Valid. What no trunk has reason to send is refused by its method.
	"dblreq": "405", "esc01": "404", "esc02": "501", "escnull": "405", "intmeth": "501", "lwsdisp": "200", "mpart01": "405",
	"noreason": "", "semiuri": "200", "transports": "200", "unreason": "",
	// Valid, but sipgo finds no branch in their Via (spaces around "=", folded lists).
	"longreq": "400", "wsinv": "400",
	// Invalid (3.1.2), and what the transaction and application layers refuse (3.2, 3.3).
	"badbranch": "400", "badvers": "505", "bext01": "420", "bigcode": "", "clerr": "", "escruri": "400", "insuf": "400", "inv2543": "400",
	"ltgtruri": "", "lwsruri": "", "lwsstart": "", "mcl01": "400", "mismatch01": "400", "mismatch02": "501", "multi01": "400", "ncl": "",
	"novelsc": "", "quotbal": "", "regaut01": "405", "regescrt": "405", "cparam01": "405", "cparam02": "405", "regbadct": "405", "scalar02": "",
	"scalarlg": "", "trws": "", "unkscm": "416", "unksm2": "405", "zeromf": "200", "badaspec": "", "baddate": "404", "baddn": "", "badinv01": "", "bcast": "", "invut": "415", "sdp01": "404", "test": "",
}

// TestTorture sends them all from a known peer: each has its status, or no answer,
// and what comes next is answered as ever.
func TestTorture(t *testing.T) {
	_, p := listed(t, clock.System(), func(in *Incoming) {})
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/emiago/sipgo").Output()
	must(t, err)
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "sip/testdata/torture/*/*.dat"))
	must(t, err)
	if len(files) < 50 {
		t.Fatalf("%d messages", len(files))
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		must(t, err)
		name := strings.TrimSuffix(filepath.Base(f), ".dat")
		p.raw(text)
		p.say("OPTIONS", dialled, "after"+name, headOf("after-"+name, "1 OPTIONS"), "") // messages are handled in their order
		got := ""
		for {
			m := p.next(5 * time.Second)
			if m == "" || lineOf(m, "Call-ID") == "after-"+name {
				break
			}
			if s := strings.Fields(m); len(s) > 1 && got == "" {
				got = s[1]
			}
		}
		if want, ok := torture[name]; !ok || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	p.say("OPTIONS", dialled, "after", headOf("after", "1 OPTIONS"), "")
	p.hears("SIP/2.0 200")
}

// TestFourGigabytesAreNotBelieved: nothing is allocated for a length that is only said.
func TestFourGigabytesAreNotBelieved(t *testing.T) {
	r, _ := listed(t, clock.System(), func(in *Incoming) {})
	for _, length := range []string{"4294967295", "99999999999999999999", "-1", "40000"} {
		c, err := net.Dial("tcp", r.Listening(TCP).String())
		must(t, err)
		_, err = fmt.Fprintf(c, "INVITE %s SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKbig\r\nContent-Length: %s\r\n\r\n", dialled, length)
		must(t, err)
		must(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
		if n, err := c.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("%s: the connection was kept", length)
		}
		c.Close()
	}
	c, err := net.Dial("tcp", r.Listening(TCP).String()) // control
	must(t, err)
	defer c.Close()
	_, err = fmt.Fprintf(c, "\r\n\r\nOPTIONS %s SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKsmall\r\nMax-Forwards: 70\r\n%sContent-Length: 3\r\n\r\nabc", dialled, headOf("small", "1 OPTIONS"))
	must(t, err)
	must(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "SIP/2.0 200") {
		t.Errorf("%q %v", line, err)
	}
}

// TestAFloodOfCalls: a trunk that is full says so, and when to come again; others go on.
func TestAFloodOfCalls(t *testing.T) {
	r, p := listed(t, clock.System(), func(in *Incoming) { <-in.Gone() })
	list, err := r.List(t.Context())
	must(t, err)
	one := list[0]
	one.MaxCalls, one.Rules.MaxCalls = 3, 3
	_, err = r.Change(t.Context(), "admin", one, nil)
	must(t, err)
	refused := 0
	for i := range 60 {
		p.say("INVITE", dialled, fmt.Sprint("flood", i), headOf(fmt.Sprint("flood", i), "1 INVITE"), p.sdp())
		for {
			m := p.next(2 * time.Second)
			if strings.HasPrefix(m, "SIP/2.0 503") {
				if lineOf(m, "Retry-After") == "" {
					t.Fatalf("%q", m)
				}
				refused++
				break
			}
			if m == "" || strings.HasPrefix(m, "SIP/2.0 100") {
				break
			}
		}
	}
	if r.open() != 3 || refused < 50 {
		t.Errorf("%d calls, %d refused", r.open(), refused)
	}
	p.say("CANCEL", dialled, "flood0", headOf("flood0", "1 CANCEL"), "")
	eventually(t, "one is given back", func() bool { return r.open() == 2 })
}

// TestPasswordsAreNotTried: there is no door here that takes one.
func TestPasswordsAreNotTried(t *testing.T) {
	_, p := listed(t, clock.System(), func(in *Incoming) {})
	for i := range 20 {
		p.say("REGISTER", "sip:127.0.0.1", fmt.Sprint("guess", i), headOf("guess", fmt.Sprint(i+1, " REGISTER"))+
			fmt.Sprintf("Authorization: Digest username=\"100\", realm=\"x\", nonce=\"n\", uri=\"sip:x\", response=\"%032d\"\r\n", i), "")
		if m := p.hears("SIP/2.0 405"); strings.Contains(m, "WWW-Authenticate") {
			t.Fatalf("%q", m)
		}
	}
}

// TestCallersAreNumbersOrNobody: nothing that a caller writes comes further than that.
func TestCallersAreNumbersOrNobody(t *testing.T) {
	arrived := make(chan *Incoming, 1)
	_, p := listed(t, clock.System(), func(in *Incoming) { arrived <- in; in.Refuse(calls.Busy) })
	for i, test := range []struct {
		from, more string
		want       calls.Number
		withheld   bool
	}{
		{"<sip:0398765432@127.0.0.1>", "", "+81398765432", false},
		{"<sip:+81398765432@127.0.0.1;user=phone>", "", "+81398765432", false},
		{"<sip:+15551234567@127.0.0.1>", "", "+15551234567", false},
		{"<sip:0398765432@127.0.0.1>", "P-Asserted-Identity: <tel:+81611112222>\r\n", "+81611112222", false},
		{"<sip:0398765432@127.0.0.1>", "P-Asserted-Identity: <sip:0611112222@carrier.example>\r\nPrivacy: id\r\n", "", true},
		{"\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", "", true},
		{"<sip:1840398765432@127.0.0.1>", "", "", true},
		{"<sip:anonymous@127.0.0.1>", "P-Asserted-Identity: \"x\" <sip:Anonymous@c.example>\r\n", "", true},
		{"\"<script>alert(1)</script>\" <sip:0398765432@127.0.0.1>", "", "+81398765432", false},
		{"<sip:%0d%0aBcc:%20all@127.0.0.1>", "", "", true},
		{"<sip:03987\u3000654'--@127.0.0.1>", "", "", true},
	} {
		call := fmt.Sprint("who", i)
		p.say("INVITE", dialled, call, strings.Replace(headOf(call, "1 INVITE"), "<sip:0398765432@127.0.0.1>;", test.from+";", 1)+test.more, p.sdp())
		select {
		case in := <-arrived:
			if in.Caller != test.want || in.Withheld != test.withheld {
				t.Errorf("%s %s: %q %v", test.from, test.more, string(in.Caller), in.Withheld)
			}
			if fmt.Sprintf("%v", in.Caller.LogValue()) != "[hidden]" {
				t.Error("a number is shown")
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: did not arrive", test.from)
		}
		m := p.hears("SIP/2.0 486")
		p.say("ACK", dialled, call, strings.Replace(strings.Replace(headOf(call, "1 ACK"), "To: <"+dialled+">", "To: "+lineOf(m, "To"), 1), "<sip:0398765432@127.0.0.1>;", test.from+";", 1), "")
	}
}

// TestReferIsRefused, within a call and without: nobody is put through to a number
// that a peer names.
func TestReferIsRefused(t *testing.T) {
	legs := make(chan *Leg, 1)
	r, p := listed(t, clock.System(), answering(t, legs))
	to := p.call("refer", p.sdp())
	<-legs
	p.say("REFER", dialled, "refer2", strings.Replace(headOf("refer", "2 REFER"), "To: <"+dialled+">", "To: "+to, 1)+"Refer-To: <sip:+881612345678@127.0.0.1>\r\n", "")
	p.hears("SIP/2.0 603")
	p.say("REFER", dialled, "refer3", headOf("refer3", "1 REFER")+"Refer-To: <sip:+881612345678@127.0.0.1>\r\n", "")
	p.hears("SIP/2.0 603")
	if r.open() != 1 {
		t.Errorf("%d calls", r.open())
	}
}

// answering takes every call.
func answering(t testing.TB, legs chan<- *Leg) board {
	return func(in *Incoming) {
		leg, err := in.Answer(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		legs <- leg
		<-in.Gone()
	}
}

// call begins one that is answered, and gives To with our tag.
func (p *phone) call(name, body string) (to string) {
	p.t.Helper()
	p.say("INVITE", dialled, name, headOf(name, "1 INVITE"), body)
	m := p.hears("SIP/2.0 200")
	to = lineOf(m, "To")
	p.ack(name, "1", to, "")
	return to
}

func (p *phone) ack(name, cseq, to, body string) {
	p.say("ACK", dialled, name+"ack"+cseq, within(name, cseq+" ACK", to), body)
}

func within(name, cseq, to string) string {
	return strings.Replace(headOf(name, cseq), "To: <"+dialled+">", "To: "+to, 1)
}

// soundAt gives where the room wants sound, out of its answer.
func soundAt(t testing.TB, answer string) netip.AddrPort {
	t.Helper()
	m, err := readSDP([]byte(bodyOf(answer)))
	must(t, err)
	return m.at
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte("INVITE sip:0312345678@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx;rport\r\nMax-Forwards: 70\r\n" + headOf("a", "1 INVITE") + "Content-Length: 0\r\n\r\n"))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx\r\n" + headOf("a", "1 INVITE") + "Content-Length: 0\r\n\r\n"))
	f.Add([]byte("REFER tel:+1 SIP/2.0\r\nv: SIP/2.0/TCP a;branch=z9hG4bK\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: 1\r\nCSeq: 1 REFER\r\nRequire: x, y\r\nl: 9\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, v := readMessage(data)
		if req, ok := m.(*sip.Request); ok && v.status != dropped {
			b := respond(req, max(v.status, 200), "tag", v.headers, nil)
			if strings.Count(string(b), "\r\n\r\n") < 1 {
				t.Fatalf("%q", b)
			}
			if v.status == 0 {
				callerOf(req, "81")
				called(req, "81")
			}
		}
	})
}
