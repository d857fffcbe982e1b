package softphone

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/sekisho/sekisho/internal/calls"
)

const mimeKeys = "audio/telephone-event"

// formats are the payload types that a browser and we agreed on.
type formats struct {
	sound [3]uint8 // by calls.Codec; 255 is none
	keys  uint8    // 255: none
	first calls.Codec
}

func formatsOf(codecs []webrtc.RTPCodecParameters) formats {
	f := formats{sound: [3]uint8{255, 255, 255}, keys: 255}
	for _, c := range codecs {
		law := calls.NoCodec
		switch {
		case strings.EqualFold(c.MimeType, webrtc.MimeTypePCMU):
			law = calls.PCMU
		case strings.EqualFold(c.MimeType, webrtc.MimeTypePCMA):
			law = calls.PCMA
		case strings.EqualFold(c.MimeType, mimeKeys) && c.ClockRate == calls.Rate:
			f.keys = uint8(c.PayloadType)
			continue
		default:
			continue
		}
		f.sound[law] = uint8(c.PayloadType)
		if f.first == calls.NoCodec {
			f.first = law
		}
	}
	return f
}

// kind says what a payload type carries.
func (f formats) kind(pt uint8) (calls.Kind, calls.Codec) {
	switch pt {
	case f.keys:
		return calls.Key, calls.NoCodec
	case f.sound[calls.PCMU]:
		return calls.Sound, calls.PCMU
	case f.sound[calls.PCMA]:
		return calls.Sound, calls.PCMA
	}
	return calls.NoSound, calls.NoCodec
}

// maxSound is the longest packet of sound that is passed on: 120 ms.
const maxSound = 960

// voice is what the browser hears: a track that writes frames as they come.
type voice struct {
	bound func(formats)

	mu     sync.Mutex
	out    webrtc.TrackLocalWriter
	agreed formats
	stream *calls.Stream
	header rtp.Header
	law    [maxSound]byte
}

// Bind implements webrtc.TrackLocal.
func (v *voice) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	codecs := ctx.CodecParameters()
	agreed := formatsOf(codecs)
	if agreed.first == calls.NoCodec {
		return webrtc.RTPCodecParameters{}, errors.New("softphone: no G.711 in common")
	}
	v.mu.Lock()
	v.agreed, v.out = agreed, ctx.WriteStream()
	v.stream = calls.NewStream(uint32(ctx.SSRC()), uint16(rand.Uint32()), rand.Uint32())
	v.mu.Unlock()
	v.bound(agreed)
	for _, c := range codecs {
		if uint8(c.PayloadType) == agreed.sound[agreed.first] {
			return c, nil
		}
	}
	return webrtc.RTPCodecParameters{}, errors.New("softphone: no G.711 in common")
}

// Unbind implements webrtc.TrackLocal.
func (v *voice) Unbind(webrtc.TrackLocalContext) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.out = nil
	return nil
}

// ID implements webrtc.TrackLocal.
func (v *voice) ID() string { return "far" }

// RID implements webrtc.TrackLocal.
func (v *voice) RID() string { return "" }

// StreamID implements webrtc.TrackLocal.
func (v *voice) StreamID() string { return "call" }

// Kind implements webrtc.TrackLocal.
func (v *voice) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// write sends a frame. What fails is lost: sound is never late.
func (v *voice) write(f calls.Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.out == nil || len(f.Payload) == 0 || len(f.Payload) > maxSound {
		return
	}
	pt, payload := v.agreed.keys, f.Payload
	switch f.Kind {
	case calls.Sound:
		if f.Codec != calls.PCMU && f.Codec != calls.PCMA {
			return
		}
		if pt = v.agreed.sound[f.Codec]; pt == 255 {
			pt, payload = v.agreed.sound[v.agreed.first], v.law[:f.Codec.Law().Convert(v.law[:], v.agreed.first.Law(), f.Payload)]
		}
	case calls.Key:
	default:
		return
	}
	if pt == 255 {
		return
	}
	seq, stamp, marker := v.stream.Next(f)
	v.header = rtp.Header{Version: 2, PayloadType: pt, SequenceNumber: seq, Timestamp: stamp, Marker: marker, SSRC: v.stream.SSRC}
	_, _ = v.out.WriteRTP(&v.header, payload) // a packet that does not go is a packet lost
}
