package softphone

import (
	"sync"
	"time"

	"github.com/pion/rtcp"

	"github.com/sekisho/sekisho/internal/calls"
)

// reception counts what arrives of one stream (RFC 3550 appendix A.3 and A.8).
type reception struct {
	mu       sync.Mutex
	begun    bool
	source   uint32
	first    uint32 // extended sequence number
	highest  uint32
	received uint64
	foreign  uint64
	transit  int64 // of the last packet of sound, in samples
	jitter   float64
	trip     time.Duration
}

// took notes a packet of the stream.
func (r *reception) took(f calls.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.received++
	arrived := int64(f.At * calls.Rate / time.Second)
	transit := arrived - int64(f.Stamp)
	if !r.begun || f.Source != r.source {
		r.begun, r.source, r.received = true, f.Source, 1
		r.first, r.highest, r.transit, r.jitter = uint32(f.Seq), uint32(f.Seq), transit, 0
		return
	}
	if ahead := int16(f.Seq - uint16(r.highest)); ahead > 0 {
		r.highest += uint32(ahead)
	}
	if f.Kind != calls.Sound {
		return // an event keeps its timestamp while it lasts (RFC 4733 §2.2)
	}
	d := float64(int32(uint32(transit - r.transit)))
	if r.transit = transit; d < 0 {
		d = -d
	}
	r.jitter += (min(d, 10*calls.Rate) - r.jitter) / 16
}

func (r *reception) strange() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.foreign++
}

// told takes what the browser reports of our stream: the round trip (§6.4.1).
func (r *reception) told(packets []rtcp.Packet, now time.Time) {
	for _, p := range packets {
		var blocks []rtcp.ReceptionReport
		switch report := p.(type) {
		case *rtcp.ReceiverReport:
			blocks = report.Reports
		case *rtcp.SenderReport:
			blocks = report.Reports
		}
		for _, b := range blocks {
			if b.LastSenderReport == 0 {
				continue
			}
			units := ntpMiddle(now) - b.LastSenderReport - b.Delay
			if trip := time.Duration(units) * time.Second >> 16; int32(units) >= 0 && trip < 10*time.Second {
				r.mu.Lock()
				r.trip = trip
				r.mu.Unlock()
			}
		}
	}
}

// ntpMiddle is the middle 32 bits of an NTP timestamp: units of 1/65536 s.
func ntpMiddle(t time.Time) uint32 {
	const since1900 = 2208988800
	return uint32(uint64(t.Unix()+since1900)<<16) | uint32(uint64(t.Nanosecond())<<16/1e9)
}

func (r *reception) quality() calls.Quality {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := calls.Quality{Received: r.received, Foreign: r.foreign, RoundTrip: r.trip}
	if r.begun {
		if expected := uint64(r.highest-r.first) + 1; expected > r.received {
			q.Lost = expected - r.received
		}
		q.Jitter = time.Duration(r.jitter * float64(time.Second) / calls.Rate)
	}
	return q
}
