package softphone

import (
	"net"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Sound goes both ways frame by frame, and keys in their own payload type.
func TestSoundBothWays(t *testing.T) {
	s, b, _ := setUp(t)
	l, f := opened(t, s, sessionAt("a", "127.0.0.1"))
	got := make(chan calls.Frame, 500)
	l.Listen(calls.SinkFunc(func(f calls.Frame) { f.Payload = slices.Clone(f.Payload); got <- f }))
	f.say(50, 0x42)
	until(t, "ready", l.Ready)
	first := <-got
	if first.Kind != calls.Sound || first.Codec != calls.PCMU || len(first.Payload) != 160 || first.Payload[0] != 0x42 || l.Codec() != calls.PCMU {
		t.Fatalf("%+v, %v", first, l.Codec())
	}
	for i := range 5 {
		l.Take(sound(i, calls.PCMU, 0x33))
	}
	l.Take(calls.Frame{Kind: calls.Key, Source: 7, Seq: 5, Stamp: 5 * 160, Payload: []byte{5, 0, 0, 160}})
	l.Take(calls.Frame{Kind: calls.NoSound, Payload: []byte{1}})
	last := uint16(0)
	for i := range 6 {
		p := <-f.heard
		if i > 0 && p.SequenceNumber != last+1 {
			t.Errorf("packet %d has number %d after %d", i, p.SequenceNumber, last)
		}
		last = p.SequenceNumber
		if i < 5 && (p.PayloadType != 0 || p.Payload[0] != 0x33) || i == 5 && (p.PayloadType != 126 || len(p.Payload) != 4) {
			t.Errorf("packet %d: type %d, %d bytes", i, p.PayloadType, len(p.Payload))
		}
	}
	if q := l.Quality(); q.Received < 40 || q.MOS() < 3 {
		t.Errorf("%+v: %.1f", q, q.MOS())
	}
	l.Hang(calls.ByOperator)
	l.Hang(calls.ByCaller)
	if <-l.Ended(); l.Cause() != calls.ByOperator || l.Ready() {
		t.Errorf("%q, ready %v", l.Cause(), l.Ready())
	}
	f.await(webrtc.PeerConnectionStateClosed)
	until(t, "both rows", func() bool { return slices.Equal(b.kinds(), []string{"line.opened", "line.closed"}) })
}

func TestTheAnswerNamesOneWay(t *testing.T) {
	s, _, _ := setUp(t)
	f := browserAt(t, "127.0.0.1")
	answer, _, err := s.Open(t.Context(), sessionAt("a", "127.0.0.1"), f.offer())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(answer, "a=candidate:") != strings.Count(answer, " "+strings.Replace(s.cfg.Address.String(), ":", " ", 1)+" typ host") ||
		!strings.Contains(answer, "a=candidate:") || !strings.Contains(answer, "a=ice-lite") || !strings.Contains(answer, "telephone-event/8000") || strings.Contains(answer, "opus") {
		t.Error(answer)
	}
}

// After Mute(true) has returned, nothing passes in either direction.
func TestMute(t *testing.T) {
	s, _, _ := setUp(t)
	l, f := opened(t, s, sessionAt("a", "127.0.0.1"))
	var heard, late atomic.Int64
	var muted atomic.Bool
	l.Listen(calls.SinkFunc(func(calls.Frame) {
		heard.Add(1)
		if muted.Load() {
			late.Add(1)
		}
	}))
	go f.say(400, 1)
	until(t, "heard", func() bool { return heard.Load() > 20 })
	l.Mute(true)
	muted.Store(true)
	for len(f.heard) > 0 {
		<-f.heard
	}
	for i := range 50 {
		l.Take(sound(i, calls.PCMU, 1))
	}
	time.Sleep(100 * time.Millisecond) // nothing is to arrive: there is nothing to wait for
	if late.Load() != 0 || len(f.heard) != 0 {
		t.Errorf("%d frames in and %d packets out after Mute", late.Load(), len(f.heard))
	}
	muted.Store(false)
	l.Mute(false)
	before := heard.Load()
	until(t, "heard again", func() bool { return heard.Load() > before })
	l.Take(sound(60, calls.PCMU, 1))
	<-f.heard
}

// Cut: nothing at all leaves for the session's address once it has returned.
func TestCut(t *testing.T) {
	s, _, c := setUp(t)
	session := sessionAt("a", "127.0.0.1")
	l, f := opened(t, s, session)
	var last atomic.Int64
	l.Listen(calls.SinkFunc(func(calls.Frame) { last.Store(time.Now().UnixNano()) }))
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				l.Take(sound(i, calls.PCMU, 1))
				f.say(1, 1)
			}
		}
	}()
	until(t, "heard", func() bool { return last.Load() != 0 && len(f.heard) > 20 })
	began := time.Now()
	s.Cut(session.ID)
	returned := time.Now()
	sent := c.sent.Load()
	time.Sleep(300 * time.Millisecond) // nothing is to come: there is nothing to wait for
	if c.sent.Load() != sent || last.Load() > returned.UnixNano() {
		t.Errorf("%d packets out after the cut", c.sent.Load()-sent)
	}
	cut := max(c.last.Load(), last.Load()) - began.UnixNano()
	t.Logf("media_cut %.3f ms", float64(max(cut, 0))/1e6)
	if time.Duration(cut) > 100*time.Millisecond || l.Cause() != calls.GateClosed {
		t.Errorf("cut after %v: %q", time.Duration(cut), l.Cause())
	}
	l.Mute(false)
	l.Take(sound(9999, calls.PCMU, 1))
	if c.sent.Load() != sent {
		t.Error("an ended line was brought back")
	}
	if _, ok := s.Line(session.ID); ok {
		t.Error("the line is still entered")
	}
}

// A newer line of the same session, and of the same person at another PC, takes the place.
func TestOnePlace(t *testing.T) {
	s, b, _ := setUp(t)
	session := sessionAt("a", "127.0.0.1")
	first, one := opened(t, s, session)
	second, two := opened(t, s, session)
	if <-first.Ended(); first.Cause() != calls.Replaced {
		t.Errorf("%q", first.Cause())
	}
	one.await(webrtc.PeerConnectionStateClosed)
	two.say(10, 1)
	until(t, "the second is heard", second.Ready)
	elsewhere := sessionAt("b", "127.0.0.2")
	elsewhere.Person = session.Person
	third, _ := opened(t, s, elsewhere)
	<-second.Ended()
	b.mu.Lock()
	lost := slices.Clone(b.lost)
	b.mu.Unlock()
	if !slices.Equal(lost, []sekisho.LineID{first.ID, second.ID}) || third.Cause() != "" || s.Stats().Lines != 1 {
		t.Errorf("%v, %q, %+v", lost, third.Cause(), s.Stats())
	}
}

// Another PC that got hold of an answer, credentials and all, has no line by it.
func TestAnotherPCsAddress(t *testing.T) {
	s, _, _ := setUp(t)
	f := browserAt(t, "127.0.0.3")
	_, neighbour := opened(t, s, sessionAt("b", "127.0.0.2")) // with and without a line of his own
	defer neighbour.close()
	for _, addr := range []string{"127.0.0.3", "127.0.0.2"} {
		if addr == "127.0.0.2" {
			f = browserAt(t, addr)
		}
		answer, l, err := s.Open(t.Context(), sessionAt("a", "127.0.0.1"), f.offer())
		if err != nil {
			t.Fatal(err)
		}
		f.take(answer)
		before := s.Stats().Foreign
		time.Sleep(time.Second) // nothing is to happen: there is nothing to wait for
		if l.linked.Load() || f.pc.ConnectionState() == webrtc.PeerConnectionStateConnected {
			t.Errorf("%s has connected to a line of 127.0.0.1", addr)
		}
		if addr == "127.0.0.3" && s.Stats().Foreign == before {
			t.Error("nothing was counted")
		}
	}
}

func TestADeadSessionHasNoLine(t *testing.T) {
	s, b, _ := setUp(t)
	session := sessionAt("a", "127.0.0.1")
	b.kill(session.ID)
	f := browserAt(t, "127.0.0.1")
	if _, l, err := s.Open(t.Context(), session, f.offer()); err == nil || l != nil {
		t.Error("a dead session opened a line")
	}
	if _, _, err := s.Open(t.Context(), Session{}, sdp); sekisho.CodeOf(err) != "softphone.over" {
		t.Error(err)
	}
	if k := b.kinds(); !slices.Equal(k, []string{"line.refused", "line.refused"}) {
		t.Errorf("%v", k)
	}
}

func TestReadyIsTold(t *testing.T) {
	s, _, _ := setUp(t)
	l, f := opened(t, s, sessionAt("a", "127.0.0.1"))
	said := make(chan bool, 10)
	l.OnReady(func(ready bool) { said <- ready })
	f.say(20, 1)
	if !<-said {
		t.Error("not ready")
	}
	if <-said { // the microphone falls silent
		t.Error("ready twice")
	}
	f.say(20, 1)
	if !<-said {
		t.Error("not ready again")
	}
	l.Hang(calls.ByOperator)
	if <-said {
		t.Error("ready after its end")
	}
}

// Goroutines and the port come back.
func TestNothingStays(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		t.Run("", func(t *testing.T) {
			s, _, _ := setUp(t)
			_, f := opened(t, s, sessionAt("a", "127.0.0.1"))
			_, g := opened(t, s, sessionAt("b", "127.0.0.2"))
			f.say(5, 1)
			g.say(5, 1)
			s.Cut("s-b")
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			again, err := net.ListenPacket("udp4", s.cfg.Address.String())
			if err != nil {
				t.Fatal(err)
			}
			again.Close()
			if _, _, err := s.Open(t.Context(), sessionAt("c", "127.0.0.1"), sdp); err == nil {
				t.Error("a closed room opened a line")
			}
		})
	}
	until(t, "goroutines come back", func() bool { return runtime.NumGoroutine() <= before+2 })
}
