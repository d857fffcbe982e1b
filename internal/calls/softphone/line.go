package softphone

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Session is a live session as this room needs to know it.
type Session struct {
	ID      sekisho.SessionID
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Address netip.Addr // inside the tunnel
}

const (
	// silent is how long a line may go without a packet of the microphone and still
	// count as ready. Chromium sends one every 20 ms, of silence too.
	silent = time.Second
	// connecting is how long a page may take from its answer to the first connection.
	connecting = 20 * time.Second
)

// Line is one operator's end of a call: a leg.
type Line struct {
	ID      sekisho.LineID
	Session Session

	room  *Softphones
	pc    *webrtc.PeerConnection
	voice *voice
	begun time.Duration

	wire    valve // every packet of its address, STUN included
	in, out valve // sound and keys, from and to the browser
	law     atomic.Uint32
	agreed  atomic.Pointer[formats]
	sink    atomic.Pointer[calls.Sink]
	onReady atomic.Pointer[func(bool)]
	linked  atomic.Bool  // DTLS and ICE stand
	ever    atomic.Bool  // they have stood
	last    atomic.Int64 // monotonic: the newest packet of the microphone
	heard   atomic.Bool  // one track is read, and only one
	telling sync.Mutex   // of told, and while onReady is told
	told    bool

	got     reception
	readers sync.Mutex // of unread
	unread  bool       // it is being released
	reading sync.WaitGroup

	once  sync.Once
	cause calls.Cause
	ended chan struct{}
}

// Codec is the G.711 law that the browser sends first.
func (l *Line) Codec() calls.Codec { return calls.Codec(l.law.Load()) }

// Take implements calls.Sink: what the operator hears.
func (l *Line) Take(f calls.Frame) {
	if !l.out.enter() {
		return
	}
	defer l.out.leave()
	l.voice.write(f)
}

// Listen sends what the operator says to s from now on; nil sends it nowhere.
func (l *Line) Listen(s calls.Sink) {
	if s == nil {
		l.sink.Store(nil)
		return
	}
	l.sink.Store(&s)
}

// Mute stops sound and keys in both directions, or lets them go on. Once Mute(true)
// has returned, nothing passes. It does not bring an ended line back.
func (l *Line) Mute(both bool) {
	if both {
		l.in.close()
		l.out.close()
		return
	}
	l.in.open()
	l.out.open()
	select {
	case <-l.ended: // it ended meanwhile: shut again
		l.in.close()
		l.out.close()
	default:
	}
}

// Ready says whether the browser is connected and its microphone is heard.
func (l *Line) Ready() bool {
	select {
	case <-l.ended:
		return false
	default:
	}
	last := l.last.Load()
	return l.linked.Load() && last != 0 && l.room.clk.Mono()-time.Duration(last) < silent
}

// OnReady has fn told when Ready changes, within 100 ms. One fn at a time; it must
// not block.
func (l *Line) OnReady(fn func(ready bool)) { l.onReady.Store(&fn) }

// Ended is closed when the line is over.
func (l *Line) Ended() <-chan struct{} { return l.ended }

// Cause is why the line ended; "" before.
func (l *Line) Cause() calls.Cause {
	select {
	case <-l.ended:
		return l.cause
	default:
		return ""
	}
}

// Quality is of what arrives from the browser, with the round trip to it.
func (l *Line) Quality() calls.Quality { return l.got.quality() }

// Hang ends the line; the page's connection is closed in order.
func (l *Line) Hang(why calls.Cause) { l.end(why, false) }

// end is Hang, and with cut it lets nothing more out at all. Sound has stopped when
// it returns; what is torn down follows, with the room as its owner.
func (l *Line) end(why calls.Cause, cut bool) {
	if cut {
		l.wire.close()
	}
	l.in.close()
	l.out.close()
	l.once.Do(func() {
		l.cause = why
		close(l.ended)
		l.in.close() // a Mute(false) may have come in between
		l.out.close()
		l.room.leave(l)
	})
}

// hear passes on what one track brings, until it ends.
func (l *Line) hear(track *webrtc.TrackRemote) {
	defer l.room.survive("hear")
	buf := make([]byte, 1500)
	var p rtp.Packet
	for {
		n, _, err := track.Read(buf)
		if err != nil {
			return
		}
		if p.Unmarshal(buf[:n]) == nil {
			l.pass(&p)
		}
	}
}

func (l *Line) pass(p *rtp.Packet) {
	agreed := l.agreed.Load()
	if agreed == nil {
		return
	}
	kind, law := agreed.kind(p.PayloadType)
	if kind == calls.NoSound || len(p.Payload) == 0 || len(p.Payload) > maxSound || kind == calls.Key && len(p.Payload) < 4 {
		l.got.strange()
		return
	}
	f := calls.Frame{
		Kind: kind, Codec: law, Source: p.SSRC, Seq: p.SequenceNumber, Stamp: p.Timestamp, Marker: p.Marker,
		At: l.room.clk.Mono(), Payload: p.Payload,
	}
	l.last.Store(int64(max(f.At, 1)))
	l.got.took(f)
	sink := l.sink.Load()
	if sink == nil || !l.in.enter() {
		return
	}
	defer l.in.leave()
	(*sink).Take(f)
}

// report reads RTCP until it ends: the interceptors live on it, and the round trip
// is told in it.
func (l *Line) report(read func([]byte) (int, interceptor.Attributes, error)) {
	defer l.room.survive("report")
	buf := make([]byte, 1500)
	for {
		n, _, err := read(buf)
		if err != nil {
			return
		}
		if packets, err := rtcp.Unmarshal(buf[:n]); err == nil {
			l.got.told(packets, time.Now())
		}
	}
}

// look tells a change of Ready, and ends what never connected.
func (l *Line) look(now time.Duration) {
	if !l.ever.Load() && now-l.begun >= connecting {
		l.end(calls.MediaLost, false)
		return
	}
	l.tell()
}

// tell has onReady told of a change.
func (l *Line) tell() {
	l.telling.Lock()
	defer l.telling.Unlock()
	fn, ready := l.onReady.Load(), l.Ready()
	if fn == nil || ready == l.told {
		return
	}
	l.told = ready
	(*fn)(ready)
}
