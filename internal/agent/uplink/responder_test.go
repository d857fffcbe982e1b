package uplink

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"net"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const ms = time.Millisecond

type responderStand struct {
	*Responder
	t      *testing.T
	public ed25519.PublicKey
}

func newResponder(t *testing.T) responderStand {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return responderStand{NewResponder(sekisho.SessionID(wire.NewID()), private), t, public}
}

func (s responderStand) nonce(counter, acked uint64, at time.Duration) bool {
	return s.Nonce(wire.LeaseNonce{Session: s.session, Counter: counter, Nonce: [16]byte{byte(counter)}, Acked: acked}, at)
}

func (s responderStand) parse(b []byte) wire.LeaseRenewal {
	s.t.Helper()
	r, err := wire.ParseLeaseRenewal(b, s.public)
	if err != nil {
		s.t.Fatalf("no renewal: %x, %v", b, err)
	}
	return r
}

func TestResponderAnswersWithALaterFrameOnly(t *testing.T) {
	s := newResponder(t)
	if b := s.Verdict(Verdict{State: sekisho.Present, Captured: 900 * ms}, 1000*ms); b != nil {
		t.Error("answered without a nonce")
	}
	s.nonce(1, 0, 1000*ms)
	for name, v := range map[string]Verdict{
		"captured before the nonce":     {State: sekisho.Present, Captured: 990 * ms},
		"captured as the nonce arrived": {State: sekisho.Present, Captured: 1000 * ms},
	} {
		if b := s.Verdict(v, 1050*ms); b != nil {
			t.Errorf("answered with a frame %s", name)
		}
	}
	if b := s.Verdict(Verdict{State: sekisho.Present, Captured: 1001 * ms}, 1001*ms+wire.MaxVerdictAge+1); b != nil {
		t.Error("answered with a stale frame")
	}
	b := s.Verdict(Verdict{State: sekisho.Unsure, InState: 70 * ms, Captured: 1020 * ms}, 1050*ms)
	if r := s.parse(b); r.Counter != 1 || r.Nonce != [16]byte{1} || r.State != sekisho.Unsure || r.InState != 70*ms || r.Age != 30*ms {
		t.Errorf("%+v", r)
	}
	if again := s.Verdict(Verdict{State: sekisho.Present, Captured: 1100 * ms}, 1110*ms); again != nil {
		t.Error("answered the same nonce twice, with another verdict")
	}
}

func TestResponderRepeatsByteForByte(t *testing.T) {
	s := newResponder(t)
	s.nonce(1, 0, 0)
	b := s.Verdict(Verdict{State: sekisho.Present, Captured: 10 * ms}, 20*ms)
	if r := s.Repeat(219 * ms); r != nil {
		t.Error("repeated too early")
	}
	if r := s.Repeat(220 * ms); !bytes.Equal(r, b) {
		t.Error("repeated something else")
	}
	if r := s.Repeat(300 * ms); r != nil {
		t.Error("repeated too often")
	}
	s.nonce(1, 1, 310*ms) // the server's acknowledgement: the nonce again
	if r := s.Repeat(time.Second); r != nil {
		t.Error("repeated what was taken")
	}
}

func TestResponderNewNonceReplacesTheOld(t *testing.T) {
	s := newResponder(t)
	s.nonce(1, 0, 0)
	s.Verdict(Verdict{State: sekisho.Present, Captured: 10 * ms}, 20*ms)
	if !s.nonce(2, 0, 2000*ms) {
		t.Error("not taken as fresh")
	}
	if r := s.Repeat(3000 * ms); r != nil {
		t.Error("repeats the answer to an old nonce")
	}
	if s.nonce(1, 0, 2100*ms) {
		t.Error("an older nonce was taken")
	}
	if r := s.parse(s.Verdict(Verdict{State: sekisho.Present, Captured: 2010 * ms}, 2020*ms)); r.Counter != 2 {
		t.Errorf("%+v", r)
	}
	if s.Nonce(wire.LeaseNonce{Session: sekisho.SessionID(wire.NewID()), Counter: 9}, 3000*ms) {
		t.Error("took a nonce of another session")
	}
}

func TestResponderEndsAtOnceAndForGood(t *testing.T) {
	s := newResponder(t)
	s.nonce(1, 0, 0)
	s.Verdict(Verdict{State: sekisho.Present, Captured: 10 * ms}, 20*ms)
	end := s.Verdict(Verdict{State: sekisho.Onlooker, InState: 5 * ms, Captured: 0, Ends: true}, 100*ms) // no fresh nonce, an old frame
	if r := s.parse(end); r.State != sekisho.Onlooker || r.Counter != 1 {
		t.Errorf("%+v", r)
	}
	s.nonce(2, 1, 150*ms)
	if b := s.Verdict(Verdict{State: sekisho.Present, Captured: 200 * ms}, 210*ms); b != nil {
		t.Error("renewed after the end")
	}
	if b := s.Repeat(400 * ms); !bytes.Equal(b, end) {
		t.Error("the end is not repeated")
	}
	if s.Closed(wire.LeaseClosed{Session: sekisho.SessionID(wire.NewID())}) {
		t.Error("took another session's notice")
	}
	if !s.Closed(wire.LeaseClosed{Session: s.session}) || s.Repeat(time.Second) != nil {
		t.Error("repeats after the server has closed")
	}
	before := newResponder(t)
	if r := before.parse(before.Verdict(Verdict{State: sekisho.Break, Ends: true}, 5*ms)); r.State != sekisho.Break {
		t.Errorf("end before the first nonce: %+v", r)
	}
}

// Whatever happens in whatever order: every renewal that does not end the
// lease rests on a frame captured after the nonce that it answers had arrived,
// each nonce gets one answer, and nothing renews after an end.
func TestResponderProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newResponder(t)
		var now time.Duration
		arrivals, answers, ended := map[uint64]time.Duration{}, map[uint64][]byte{}, false
		var highest uint64
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			now += time.Duration(rapid.IntRange(0, 900).Draw(rt, "pause")) * ms
			var out []byte
			captured := now - time.Duration(rapid.IntRange(0, 2500).Draw(rt, "age"))*ms
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				counter := uint64(rapid.IntRange(1, 20).Draw(rt, "counter"))
				if s.nonce(counter, uint64(rapid.IntRange(0, 20).Draw(rt, "acked")), now) {
					arrivals[counter], highest = now, counter
				}
			case 1:
				out = s.Verdict(Verdict{State: sekisho.Present, Captured: captured}, now)
				if out != nil && ended {
					rt.Fatal("renewed after the end")
				}
			case 2:
				out = s.Repeat(now)
			case 3:
				if rapid.IntRange(0, 9).Draw(rt, "end") == 0 {
					out = s.Verdict(Verdict{State: sekisho.Other, Captured: captured, Ends: true}, now)
					ended = true
				}
			}
			if out == nil {
				continue
			}
			r := s.parse(out)
			if r.State == sekisho.Other {
				continue
			}
			if r.Counter != highest && !ended {
				rt.Fatalf("answered nonce %d, the newest is %d", r.Counter, highest)
			}
			if earlier, ok := answers[r.Counter]; ok {
				if !bytes.Equal(earlier, out) {
					rt.Fatal("two answers to one nonce")
				}
				continue
			}
			answers[r.Counter] = out
			if shot := now - r.Age; shot <= arrivals[r.Counter] || r.Age > wire.MaxVerdictAge {
				rt.Fatalf("frame of %v answers a nonce that arrived at %v", shot, arrivals[r.Counter])
			}
		}
	})
}

func TestLeaseLoopOverTheTunnel(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	session := sekisho.SessionID(wire.NewID())
	nonces, closed := make(chan string, 4), make(chan wire.LeaseClosed, 4)
	l, err := c.Lease(session, Heard{Nonce: func(n string) { nonces <- n }, Closed: func(c wire.LeaseClosed) { closed <- c }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(pcAddr, wire.LeasePort))
	send := func(b []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.lease.WriteTo(b, to); err != nil {
			t.Fatal(err)
		}
	}
	receive := func() []byte {
		t.Helper()
		buf := make([]byte, 512)
		_ = s.lease.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, _, err := s.lease.ReadFrom(buf)
		if err != nil {
			t.Fatal(err)
		}
		return buf[:n]
	}
	send([]byte("rubbish"), nil)
	send(wire.LeaseNonce{Session: session, Counter: 1, Nonce: [16]byte{7}}.MarshalBinary())
	if n := <-nonces; n != "07000000000000000000000000000000" {
		t.Errorf("nonce %q", n)
	}
	l.Verdict(Verdict{State: sekisho.Present, Captured: c.clock.Mono()})
	first := receive()
	if r, err := wire.ParseLeaseRenewal(first, ed25519.PublicKey(s.binding.LeaseKey)); err != nil || r.State != sekisho.Present || r.Counter != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if again := receive(); !bytes.Equal(again, first) {
		t.Error("repeated something else")
	}
	send(wire.LeaseClosed{Session: session, State: sekisho.Onlooker, Reason: "lease.onlooker"}.MarshalBinary())
	if n := <-closed; n.Reason != "lease.onlooker" {
		t.Errorf("%+v", n)
	}
}
