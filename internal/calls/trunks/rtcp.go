package trunks

import (
	"time"

	"github.com/pion/rtcp"

	"github.com/sekisho/sekisho/internal/calls"
)

// reception counts what came of one source (RFC 3550 §6.4.1, A.1, A.3, A.8).
type reception struct {
	source   uint32
	begun    bool
	base     uint32 // first sequence number, extended
	highest  uint32
	count    uint64
	earlier  calls.Quality // of sources before this one
	transit  int64
	jitter   float64 // samples
	expected uint32  // at the last report
	counted  uint64
	sender   uint32        // middle of the NTP time of the peer's last sender report
	senderAt time.Duration // when it came
	trip     time.Duration
}

func (r *reception) take(source uint32, seq uint16, stamp uint32, at time.Duration) {
	if !r.begun || source != r.source {
		r.earlier = r.total()
		*r = reception{source: source, begun: true, base: uint32(seq), highest: uint32(seq), earlier: r.earlier, trip: r.trip}
	}
	r.count++
	if ahead := int16(seq - uint16(r.highest)); ahead > 0 {
		r.highest += uint32(ahead)
	}
	transit := int64(at*calls.Rate/time.Second) - int64(stamp)
	if r.count > 1 {
		d := transit - r.transit
		if d < 0 {
			d = -d
		}
		if d < 10*calls.Rate { // a jump of its clock is no jitter
			r.jitter += (float64(d) - r.jitter) / 16
		}
	}
	r.transit = transit
}

func (r *reception) total() calls.Quality {
	q := r.earlier
	if !r.begun {
		return q
	}
	q.Received += r.count
	if want := uint64(r.highest-r.base) + 1; want > r.count {
		q.Lost += want - r.count
	}
	q.Jitter = time.Duration(r.jitter * float64(time.Second) / calls.Rate)
	q.RoundTrip = r.trip
	return q
}

// block is the report about it; it begins the next interval.
func (r *reception) block(now time.Duration) rtcp.ReceptionReport {
	expected := r.highest - r.base + 1
	interval, got := expected-r.expected, r.count-r.counted
	r.expected, r.counted = expected, r.count
	b := rtcp.ReceptionReport{SSRC: r.source, LastSequenceNumber: r.highest, Jitter: uint32(r.jitter), LastSenderReport: r.sender}
	if lost := int64(interval) - int64(got); lost > 0 && interval > 0 {
		b.FractionLost = uint8(min(255, lost*256/int64(interval)))
	}
	if lost := int64(expected) - int64(r.count); lost > 0 {
		b.TotalLost = uint32(min(lost, 0x7FFFFF))
	}
	if r.sender != 0 {
		b.Delay = uint32((now - r.senderAt) * 65536 / time.Second)
	}
	return b
}

// reported reads a peer's packets: its clock, and how long ours took there and back.
func (r *reception) reported(packets []rtcp.Packet, own uint32, ntp uint64, now time.Duration) {
	for _, p := range packets {
		var blocks []rtcp.ReceptionReport
		switch p := p.(type) {
		case *rtcp.SenderReport:
			r.sender, r.senderAt, blocks = uint32(p.NTPTime>>16), now, p.Reports
		case *rtcp.ReceiverReport:
			blocks = p.Reports
		}
		for _, b := range blocks {
			if b.SSRC != own || b.LastSenderReport == 0 {
				continue
			}
			trip := int64(int32(uint32(ntp>>16) - b.LastSenderReport - b.Delay))
			if d := time.Duration(trip) * time.Second / 65536; d >= 0 && d < 10*time.Second {
				r.trip = d
			}
		}
	}
}

// ntpTime is a time as RTCP writes it: seconds since 1900, and 2^-32 of one.
func ntpTime(t time.Time) uint64 {
	return uint64(t.Unix()+2208988800)<<32 | uint64(t.Nanosecond())<<32/1_000_000_000
}
