package story

import (
	"context"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/test/browser"
)

// TestTelephone: a real browser's microphone is heard at the gateway and the gateway
// in the browser, through the agent's relay and the tunnel; the newest place is the
// only one; and when the lease dies nothing passes any more.
func TestTelephone(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	_, err := browser.Find()
	need(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	s := setPhoneStage(t, buildPhone(t))
	tone := filepath.Join(t.TempDir(), "tone.wav")
	fatal(t, beeps(tone))
	b, err := browser.Launch(ctx, browser.Options{Flags: []string{
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-audio-capture=" + tone, "--autoplay-policy=no-user-gesture-required",
	}})
	fatal(t, err)
	defer b.Close()

	began := time.Now()
	first := s.tab(ctx, b)
	t.Logf("open in %v", time.Since(began).Round(time.Millisecond))
	stop := make(chan struct{})
	var humming sync.WaitGroup
	humming.Go(func() { s.hum(stop) })
	defer humming.Wait()
	defer sync.OnceFunc(func() { close(stop) })()

	line, heard := s.line(), &ear{}
	line.Listen(heard)
	settle(t, "1 kHz is heard at the gateway", func() bool { best, _ := heard.heard(); return best > 0.8 && line.Ready() })
	if err := first.Wait(ctx, "phone.energy().then((e) => e > 0.01)", 20*time.Second); err != nil {
		t.Fatal("the browser hears nothing: ", err)
	}
	fatal(t, first.Eval(ctx, "phone.line.sendDigit('5')", nil))
	settle(t, "the key 5 arrives", func() bool { _, keys := heard.heard(); return slices.Contains(keys, 5) })
	settle(t, "the round trip is known", func() bool { return line.Quality().RoundTrip > 0 })
	t.Logf("quality %+v, MOS %.2f", line.Quality(), line.Quality().MOS())

	t.Run("the same person elsewhere", func(t *testing.T) {
		var offer string
		fatal(t, first.Eval(ctx, `(async () => { const pc = new RTCPeerConnection(); pc.addTransceiver('audio'); const o = await pc.createOffer(); pc.close(); return o.sdp })()`, &offer))
		other := softphone.Session{ID: "other", Person: "p", Address: netip.MustParseAddr("100.64.9.9")}
		if _, _, err := s.phones.Open(ctx, other, offer); err != nil {
			t.Fatal(err)
		}
		if err := first.Wait(ctx, "phone.states.at(-1) === 'elsewhere'", 10*time.Second); err != nil {
			t.Error(err)
		}
		if <-line.Ended(); line.Cause() != calls.Replaced {
			t.Errorf("%q", line.Cause())
		}
		s.ring(ctx, first)
		if l, ok := s.phones.Line("other"); ok {
			t.Errorf("the other place is still open: %v", l.ID)
		}
	})
	line = s.line()
	second := s.tab(ctx, b)
	if <-line.Ended(); line.Cause() != calls.Replaced {
		t.Errorf("%q", line.Cause())
	}
	if err := first.Wait(ctx, "!['open', 'opening'].includes(phone.states.at(-1))", 20*time.Second); err != nil {
		t.Error("the first tab still says that it is open: ", err)
	}
	if err := second.Wait(ctx, "phone.states.at(-1) === 'open'", 10*time.Second); err != nil {
		t.Error(err)
	}
	s.cut(ctx, second)
}

// cut has the lease die while sound goes both ways, and measures its last packet.
func (s *phoneStage) cut(ctx context.Context, p *browser.Page) {
	t := s.t
	line, heard := s.line(), &ear{}
	line.Listen(heard)
	settle(t, "sound comes", func() bool { return heard.n.Load() > 20 })
	died := time.Now()
	s.die()
	closed := time.Now()
	time.Sleep(500 * time.Millisecond)                                                // nothing is to come: there is nothing to wait for
	last := time.Duration(max(heard.at.Load(), s.socket.at.Load()) - died.UnixNano()) // below 0: before it died
	t.Logf("media_cut %.3f ms, all closed in %.3f ms", float64(last)/1e6, float64(closed.Sub(died))/1e6)
	if last > 100*time.Millisecond || line.Ready() || line.Cause() != calls.GateClosed {
		t.Errorf("last packet %v after the end; ready %v, %q", last, line.Ready(), line.Cause())
	}
	var before, after float64
	fatal(t, p.Eval(ctx, "phone.packets()", &before))
	time.Sleep(300 * time.Millisecond)
	fatal(t, p.Eval(ctx, "phone.packets()", &after))
	if after > before {
		t.Errorf("%v packets reached the page after the end", after-before)
	}
	if err := p.Wait(ctx, "phone.states.at(-1) === 'failed' && phone.problem === 'session.required'", 30*time.Second); err != nil {
		t.Error("the page does not say that the session is over: ", err)
	}
	if s.knock() {
		t.Error("the gateway's media port answered without a lease")
	}
}

// knock sends a STUN request straight into the tunnel, past relay and page.
func (s *phoneStage) knock() (answered bool) {
	c, to, err := s.Media(context.Background())
	fatal(s.t, err)
	defer c.Close()
	_, err = c.WriteTo([]byte("\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl"), net.UDPAddrFromAddrPort(to))
	fatal(s.t, err)
	fatal(s.t, c.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
	n, _, err := c.ReadFrom(make([]byte, 100))
	return n > 0 || err == nil
}
