package calls

import "time"

// Rate is the number of samples, bytes and RTP timestamp units in a second.
const Rate = 8000

// Codec is the G.711 law of a stream (ITU-T G.711; RFC 3551 §4.5.14).
type Codec uint8

// Codecs. The zero value carries nothing.
const (
	NoCodec Codec = iota
	PCMU          // μ-law, payload type 0
	PCMA          // A-law, payload type 8
)

// String is the codec's name in SDP.
func (c Codec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case PCMA:
		return "PCMA"
	}
	return ""
}

// PayloadType is the codec's static payload type (RFC 3551 §6).
func (c Codec) PayloadType() uint8 {
	if c == PCMA {
		return 8
	}
	return 0
}

// Silence is the byte of silence: 0xFF in μ-law, 0xD5 in A-law.
func (c Codec) Silence() byte {
	if c == PCMA {
		return 0xD5
	}
	return 0xFF
}

// Kind is what a frame carries.
type Kind uint8

// Kinds. The zero value is not passed on to anybody.
const (
	NoSound Kind = iota
	Sound        // G.711 samples
	Key          // one telephone-event packet (RFC 4733 §2.3), four bytes
)

// Frame is one RTP packet without its header. Payload belongs to the sender and
// is valid only until the call that hands the frame over returns.
type Frame struct {
	Kind    Kind
	Codec   Codec         // of sound
	Source  uint32        // SSRC of the stream it came in: another one means another time line
	Seq     uint16        // as it came
	Stamp   uint32        // RTP timestamp in samples, as it came
	Marker  bool          // first after silence, or of an event
	At      time.Duration // monotonic: when it arrived
	Payload []byte
}

// Samples is how many samples of sound a frame holds.
func (f Frame) Samples() int {
	if f.Kind != Sound {
		return 0
	}
	return len(f.Payload)
}

// Sink takes what a party says. Take must neither block nor keep the payload,
// and is called by one goroutine at a time for each leg.
type Sink interface{ Take(Frame) }

// SinkFunc is a function as a Sink.
type SinkFunc func(Frame)

// Take implements Sink.
func (fn SinkFunc) Take(f Frame) { fn(f) }
