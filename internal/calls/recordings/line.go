package recordings

import "github.com/sekisho/sekisho/internal/calls"

const (
	lateness  = calls.Rate / 2  // samples that a packet may come after its place in time; a second is sealed that long after its end
	maxJump   = 10 * calls.Rate // beyond it, timestamps are another time line
	tardy     = 25              // packets in a row that are too late make a new time line
	firstSpan = calls.Rate      // drift is judged after a second, and then
	nextSpan  = 10 * calls.Rate // every ten
	slew      = 16              // samples (2 ms) that drift is followed by within a span: 200 ppm
	stepOver  = calls.Rate / 50 // a drift beyond 20 ms is followed at once
)

// line maps the RTP timestamps of one party onto the tape's time. The first packet
// of a source stands where it arrived; those after it by their timestamps, so
// that jitter and loss move nothing. The clocks of two machines differ by up to
// 100 ppm: the packet that came with the least delay within a span says by how much.
type line struct {
	started bool
	source  uint32
	newest  uint32 // timestamp of the newest frame
	pos     int64  // where on the tape that is, in samples
	late    int    // frames in a row that came too late

	least   int64 // least delay against the time line within this span, in samples
	spanEnd int64
}

// place says where on the tape a frame belongs that arrived at now; false: nowhere.
func (l *line) place(f calls.Frame, now int64) (int64, bool) {
	ahead := int32(f.Stamp - l.newest)
	if !l.started || f.Source != l.source || ahead > maxJump || ahead < -maxJump {
		return l.begin(f, now), true
	}
	pos := l.pos + int64(ahead)
	switch behind := now - pos; {
	case behind < -lateness: // nothing arrives before it was said
		return l.begin(f, now), true
	case behind > lateness && ahead <= 0:
		return 0, false
	case behind > lateness:
		if l.late++; l.late < tardy && !f.Marker {
			return 0, false
		}
		return l.begin(f, now), true
	default:
		l.late = 0
		if ahead > 0 {
			l.newest, l.pos = f.Stamp, pos
			l.follow(behind, now)
		}
		return pos, true
	}
}

func (l *line) begin(f calls.Frame, now int64) int64 {
	*l = line{started: true, source: f.Source, newest: f.Stamp, pos: now, spanEnd: now + firstSpan}
	return now
}

// follow moves the time line by what the span has shown.
func (l *line) follow(behind, now int64) {
	if l.least = min(l.least, behind); now < l.spanEnd {
		return
	}
	step := l.least
	if step >= -stepOver && step <= stepOver {
		step = min(max(step, -slew), slew)
	}
	l.pos += step
	l.least, l.spanEnd = maxJump, now+nextSpan
}
