package telephone

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/pion/rtp"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// centre answers a call: it rings, answers in A-law with telephone-event 96, sends
// back what it hears, notes keys, and hangs up after a while if it is told to.
type centre struct {
	t      *testing.T
	status int
	hangup time.Duration
	sip    *net.UDPConn
	rtp    *net.UDPConn
	all    sync.WaitGroup

	mu     sync.Mutex
	keys   []byte
	ends   int
	stamps map[uint32]bool
	invite *sip.Request
}

func newCentre(t *testing.T, status int, hangup time.Duration) *centre {
	t.Helper()
	c := &centre{t: t, status: status, hangup: hangup, stamps: map[uint32]bool{}}
	for _, conn := range []**net.UDPConn{&c.sip, &c.rtp} {
		var err error
		if *conn, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	ua, err := sipgo.NewUA()
	if err != nil {
		t.Fatal(err)
	}
	server, err := sipgo.NewServer(ua)
	if err != nil {
		t.Fatal(err)
	}
	client, err := sipgo.NewClient(ua, sipgo.WithClientHostname("127.0.0.1"), sipgo.WithClientConnectionAddr(c.sip.LocalAddr().String()))
	if err != nil {
		t.Fatal(err)
	}
	at := c.sip.LocalAddr().(*net.UDPAddr)
	dialogs := sipgo.NewDialogServerCache(client, sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: "centre", Host: "127.0.0.1", Port: at.Port}})
	server.OnInvite(func(req *sip.Request, tx sip.ServerTransaction) { c.invited(dialogs, req, tx) })
	server.OnAck(func(req *sip.Request, tx sip.ServerTransaction) { _ = dialogs.ReadAck(req, tx) })
	server.OnBye(func(req *sip.Request, tx sip.ServerTransaction) { _ = dialogs.ReadBye(req, tx) })
	c.all.Go(func() { _ = server.ServeUDP(c.sip) })
	c.all.Go(c.echo)
	t.Cleanup(func() {
		_ = ua.Close()
		_ = c.sip.Close()
		_ = c.rtp.Close()
		c.all.Wait()
	})
	return c
}

func (c *centre) invited(dialogs *sipgo.DialogServerCache, req *sip.Request, tx sip.ServerTransaction) {
	c.mu.Lock()
	c.invite = req.Clone()
	c.mu.Unlock()
	d, err := dialogs.ReadInvite(req, tx)
	if err != nil {
		c.t.Error(err)
		return
	}
	defer d.Close()
	_ = d.Respond(180, "Ringing", nil)
	time.Sleep(100 * time.Millisecond) // it rings: answers that are sent at once may change places
	if c.status != 200 {
		_ = d.Respond(c.status, "Busy Here", nil)
		return
	}
	port := c.rtp.LocalAddr().(*net.UDPAddr).Port
	body := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\n", port)
	if err := d.RespondSDP([]byte(body)); err != nil {
		c.t.Error(err)
		return
	}
	if c.hangup > 0 {
		time.Sleep(c.hangup)
		bye, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		_ = d.Bye(bye) // the caller's side tells whether it came
		return
	}
	<-tx.Done()
}

func (c *centre) echo() {
	buf := make([]byte, 2048)
	for {
		n, from, err := c.rtp.ReadFromUDP(buf)
		if err != nil {
			return
		}
		var p rtp.Packet
		if p.Unmarshal(buf[:n]) != nil {
			continue
		}
		if p.PayloadType == 8 {
			_, _ = c.rtp.WriteToUDP(buf[:n], from)
			continue
		}
		c.mu.Lock()
		if p.PayloadType == 96 && len(p.Payload) == 4 && p.Payload[1]&0x80 != 0 {
			if c.ends++; !c.stamps[p.Timestamp] {
				c.stamps[p.Timestamp] = true
				c.keys = append(c.keys, "0123456789*#ABCD"[p.Payload[0]])
			}
		}
		c.mu.Unlock()
	}
}

func (c *centre) uri() string {
	return fmt.Sprintf("sip:0312345678@%s", c.sip.LocalAddr())
}

// hello is two seconds of 700 Hz as a WAV file.
func hello() []byte {
	le := binary.LittleEndian
	out := le.AppendUint32([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data"), 32000)
	for i := range 16000 {
		out = le.AppendUint16(out, uint16(int16(8000*math.Sin(2*math.Pi*700*float64(i)/8000))))
	}
	return out
}

func TestACallerSpeaksPressesAndHears(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("call", func(t *testing.T) {
		c := newCentre(t, 200, 0)
		var mu sync.Mutex
		var told []string
		call, err := Ring(t.Context(), Options{To: c.uri(), From: "09012345678", Say: hello(), Press: "12#", After: 300 * time.Millisecond, Hold: 2500 * time.Millisecond, Told: func(s string) { mu.Lock(); told = append(told, s); mu.Unlock() }})
		if err != nil {
			t.Fatal(err)
		}
		if call.Status != 200 || call.Ringing == 0 || call.Answered < call.Ringing || call.ByThem {
			t.Errorf("%d, ringing %v, answered %v, by them %v", call.Status, call.Ringing, call.Answered, call.ByThem)
		}
		if len(call.Heard) < 15000 || call.Lost > 6*5 { // the keys took the place of sound, and of its numbers
			t.Errorf("%d samples, %d lost", len(call.Heard), call.Lost)
		}
		if l := sound.Level(call.Heard[500:2000]); math.Abs(l-20*math.Log10(8000.0/32768)) > 0.5 {
			t.Errorf("its own voice came back at %.1f dBFS", l)
		}
		if pcm, err := sound.ReadWAV(call.WAV(), time.Minute); err != nil || len(pcm) != len(call.Heard) {
			t.Errorf("%d, %v", len(pcm), err)
		}
		c.mu.Lock()
		if string(c.keys) != "12#" || c.ends != 9 || c.invite.From().Address.User != "09012345678" {
			t.Errorf("pressed %q, %d ends, from %s", c.keys, c.ends, c.invite.From())
		}
		c.mu.Unlock()
		mu.Lock()
		lines := strings.Join(told, "\n")
		mu.Unlock()
		for _, want := range []string{"ringing after", "answered after", "pressed 1", "pressed #", "heard -", "ended by us"} {
			if !strings.Contains(lines, want) {
				t.Errorf("never said %q:\n%s", want, lines)
			}
		}
	})
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

func TestTheOtherSideHangsUp(t *testing.T) {
	c := newCentre(t, 200, 400*time.Millisecond)
	call, err := Ring(t.Context(), Options{To: c.uri(), From: "anonymous"})
	if err != nil || !call.ByThem {
		t.Errorf("%+v, %v", call.ByThem, err)
	}
	if c.invite.From().Address.Host != "anonymous.invalid" {
		t.Errorf("withheld, and shown: %s", c.invite.From())
	}
}

func TestRefused(t *testing.T) {
	c := newCentre(t, 486, 0)
	call, err := Ring(t.Context(), Options{To: c.uri(), From: "1"})
	if err != nil || call.Status != 486 || call.Answered != 0 || len(call.Heard) != 0 {
		t.Errorf("%d, %v, %v", call.Status, call.Answered, err)
	}
	for _, bad := range []Options{{To: "tel"}, {To: c.uri(), Press: "x"}, {To: c.uri(), Say: []byte("MP3")}} {
		if _, err := Ring(t.Context(), bad); err == nil {
			t.Errorf("%+v", bad)
		}
	}
}
