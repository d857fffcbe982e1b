package calls

// Stream numbers what goes out to one party (RFC 3550 §5.1): one SSRC, sequence
// numbers and timestamps without a break, whoever is heard through it. While the
// source stays the same its own time line is kept, so that a packet that was lost
// or late leaves the gap it had; another source begins where the last one ended
// and is marked. Not safe for use by several goroutines.
type Stream struct {
	SSRC uint32

	started bool
	source  uint32
	in      uint32 // newest timestamp of the source
	inSeq   uint16
	out     uint32 // what in became
	seq     uint16 // newest that went out
	last    uint32 // samples in the newest frame
}

// NewStream begins at seq and stamp, which should be random (RFC 3550 §5.1).
func NewStream(ssrc uint32, seq uint16, stamp uint32) *Stream {
	return &Stream{SSRC: ssrc, seq: seq, out: stamp}
}

// maxJump is how far a source may jump within its own time line; beyond it is
// taken as another source. Ten seconds.
const maxJump = 10 * Rate

// Next gives the header fields of a frame on its way out. A frame that is older
// than the newest of its source keeps its place, if that is not before the source began.
func (s *Stream) Next(f Frame) (seq uint16, stamp uint32, marker bool) {
	ahead := int32(f.Stamp - s.in)
	if s.started && f.Source == s.source && ahead <= maxJump && ahead >= -maxJump {
		seq = s.seq + (f.Seq - s.inSeq)
		stamp = s.out + uint32(ahead)
		if int16(f.Seq-s.inSeq) > 0 {
			s.seq, s.inSeq, s.in, s.out, s.last = seq, f.Seq, f.Stamp, stamp, uint32(f.Samples())
		}
		return seq, stamp, f.Marker
	}
	s.seq++
	if s.started {
		s.out += max(s.last, 160)
	}
	s.started, s.source, s.in, s.inSeq, s.last = true, f.Source, f.Stamp, f.Seq, uint32(f.Samples())
	return s.seq, s.out, true
}
