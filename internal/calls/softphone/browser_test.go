package softphone

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// book is the gate's book and the log by hand.
type book struct {
	mu   sync.Mutex
	dead map[sekisho.SessionID]bool
	rows []audit.Event
	lost []sekisho.LineID
}

func (b *book) Alive(s sekisho.SessionID, _ netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.dead[s]
}

func (b *book) kill(s sekisho.SessionID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dead[s] = true
}

func (b *book) Commit(_ context.Context, e audit.Event) error { b.Afterwards(e); return nil }
func (b *book) Afterwards(e audit.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows = append(b.rows, e)
}

func (b *book) kinds() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.rows {
		out = append(out, e.Kind)
	}
	return out
}

// counted is a socket that knows when it sent its last packet.
type counted struct {
	net.PacketConn
	last atomic.Int64
	sent atomic.Int64
}

func (c *counted) WriteTo(b []byte, a net.Addr) (int, error) {
	c.sent.Add(1)
	c.last.Store(time.Now().UnixNano())
	return c.PacketConn.WriteTo(b, a)
}

func setUp(t testing.TB) (*Softphones, *book, *counted) {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{PacketConn: conn}
	b := &book{dead: map[sekisho.SessionID]bool{}}
	s, err := New(Config{Conn: c, Address: conn.LocalAddr().(*net.UDPAddr).AddrPort()}, clock.System(), b, Deps{
		Leases: b,
		Replaced: func(_ sekisho.PersonID, l sekisho.LineID) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.lost = append(b.lost, l)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, b, c
}

func sessionAt(name, addr string) Session {
	return Session{ID: sekisho.SessionID("s-" + name), Person: sekisho.PersonID("p-" + name), Address: netip.MustParseAddr(addr)}
}

// far is a browser's WebRTC: a full ICE agent on a loopback address of its own.
type far struct {
	t     testing.TB
	pc    *webrtc.PeerConnection
	track *webrtc.TrackLocalStaticRTP
	heard chan rtp.Packet
	state chan webrtc.PeerConnectionState
	seq   uint16
}

func browserAt(t testing.TB, addr string) *far {
	t.Helper()
	socket, err := net.ListenPacket("udp4", addr+":0")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err) // only Linux has all of 127/8
	}
	mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: socket, Logger: quiet().NewLogger("far")})
	var m webrtc.MediaEngine
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeKeys, ClockRate: 8000}, PayloadType: 126}, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	e := webrtc.SettingEngine{LoggerFactory: quiet()}
	e.SetICEUDPMux(mux)
	e.SetIncludeLoopbackCandidate(true)
	e.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithSettingEngine(e)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	f := &far{t: t, pc: pc, heard: make(chan rtp.Packet, 1000), state: make(chan webrtc.PeerConnectionState, 20)}
	if f.track, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}, "mic", "mic"); err != nil {
		t.Fatal(err)
	}
	if _, err = pc.AddTrack(f.track); err != nil {
		t.Fatal(err)
	}
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { f.state <- s })
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case f.heard <- *p:
			default:
			}
		}
	})
	t.Cleanup(func() { f.close(); _ = mux.Close(); _ = socket.Close() })
	return f
}

func (f *far) close() { _ = f.pc.GracefulClose() }

func (f *far) offer() string {
	f.t.Helper()
	o, err := f.pc.CreateOffer(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(f.pc)
	if err := f.pc.SetLocalDescription(o); err != nil {
		f.t.Fatal(err)
	}
	<-gathered
	return f.pc.LocalDescription().SDP
}

func (f *far) take(answer string) {
	f.t.Helper()
	if err := f.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *far) await(want webrtc.PeerConnectionState) {
	f.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case s := <-f.state:
			if s == want {
				return
			}
		case <-limit:
			f.t.Fatalf("not %v in 20 s", want)
		}
	}
}

// say sends n packets of sound, 1 ms apart.
func (f *far) say(n int, fill byte) {
	payload := make([]byte, 160)
	for i := range payload {
		payload[i] = fill
	}
	for range n {
		f.seq++
		_ = f.track.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: f.seq, Timestamp: uint32(f.seq) * 160}, Payload: payload})
		time.Sleep(time.Millisecond)
	}
}

// opened is a line that a browser has connected to.
func opened(t testing.TB, s *Softphones, session Session) (*Line, *far) {
	t.Helper()
	f := browserAt(t, session.Address.String())
	answer, l, err := s.Open(t.Context(), session, f.offer())
	if err != nil {
		t.Fatal(err)
	}
	f.take(answer)
	f.await(webrtc.PeerConnectionStateConnected)
	return l, f
}

// sound is a frame of a stream.
func sound(i int, law calls.Codec, fill byte) calls.Frame {
	p := make([]byte, 160)
	for j := range p {
		p[j] = fill
	}
	return calls.Frame{Kind: calls.Sound, Codec: law, Source: 7, Seq: uint16(i), Stamp: uint32(i) * 160, Payload: p}
}

func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("not in 10 s: " + what)
		}
	}
}
